import http from 'node:http'
import https from 'node:https'
import { portOf } from './tcp-server.ts'

export type Seen = {
  method: string
  url: string
  headers: http.IncomingHttpHeaders
  body: string
}
export type HttpServer = {
  /** The address to give to a client. */
  address: string
  requests: Seen[]
  /** The most requests that were waiting for an answer at once. */
  peak: () => number
  close(): Promise<void>
}
export type Responding = (
  request: Seen,
  response: http.ServerResponse,
  before: number,
) => void | Promise<void>

/** An HTTP server on 127.0.0.1 that answers as a test says, and remembers what it was asked. */
export async function startHttpServer(
  respond: Responding,
  secure?: https.ServerOptions & { host?: string },
): Promise<HttpServer> {
  const requests: Seen[] = []
  let open = 0
  let peak = 0
  const listener: http.RequestListener = async (request, response) => {
    peak = Math.max(peak, ++open)
    response.on('close', () => open--)
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(Buffer.from(piece))
    const { method = '', url = '', headers } = request
    const seen = { method, url, headers, body: Buffer.concat(pieces).toString() }
    requests.push(seen)
    await respond(seen, response, requests.length - 1)
  }
  const server = secure ? https.createServer(secure, listener) : http.createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = secure ? (secure.host ?? 'localhost') : '127.0.0.1'
  return {
    address: `${secure ? 'https' : 'http'}://${host}:${portOf(server.address())}`,
    requests,
    peak: () => peak,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Answers with JSON, as dimail does. */
export function json(response: http.ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
