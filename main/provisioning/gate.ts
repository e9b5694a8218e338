import type { IncomingMessage } from 'node:http'
import { isSame } from '../http/same.ts'

/** Why a request goes no further than its head; each is answered alike, with 403. */
export type Refusal = 'version' | 'host' | 'browser' | 'key'

/**
 * Whether a request is for this endpoint, from a program, with the key; null: it is (docs/faults.md 28, 29). Only the
 * literal `127.0.0.1:<port>` is its name: `localhost` is what the computer's hosts file says it is, `[::1]` may be
 * somebody else's port, and any other name that leads here was made to, by DNS rebinding.
 */
export function refusalOf(request: IncomingMessage, port: number, key: string | null): Refusal | null {
  const { url = '', headers, httpVersion } = request
  // Of the earlier ones Node reads even 0.9, which has no head at all.
  if (httpVersion !== '1.1') return 'version'
  // A target with a host of its own would go before Host (RFC 9112 3.2.2).
  if (!url.startsWith('/') || all(request, 'host').length !== 1 || headers.host !== `127.0.0.1:${port}`)
    return 'host'
  // Only browsers send these, and no page has any business here.
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) return 'browser'
  const [sent, ...more] = all(request, 'authorization')
  if (key === null || sent === undefined || more.length > 0) return 'key'
  return isSame(Buffer.from(sent, 'latin1'), Buffer.from(`Bearer ${key}`)) ? null : 'key'
}

/** Node keeps the first of several; every one counts here. */
function all({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, place) => place % 2 === 1 && rawHeaders[place - 1]?.toLowerCase() === name)
}
