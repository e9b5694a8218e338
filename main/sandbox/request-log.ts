import type { IncomingMessage } from 'node:http'
import type { LoggedRequest } from './faults.ts'

/** The last `limit` requests, oldest first, without bodies or credentials. */
export function createRequestLog(now: () => number, limit = 20_000) {
  const requests: LoggedRequest[] = []

  function record(incoming: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): LoggedRequest {
    const { method = '', url: path = '', headers } = incoming
    const authorization = headers.authorization?.split(' ', 1)[0] ?? null
    const request = { method, path, at: now(), authorization }
    requests.push(request)
    // Dropped a slice at a time: shifting one for every request would cost more than answering it.
    if (requests.length > limit * 1.25) requests.splice(0, requests.length - limit)
    return request
  }
  return { requests, record }
}
