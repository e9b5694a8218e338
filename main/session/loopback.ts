import { createServer, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { type Pages, pageOf, renderPages } from './loopback-pages.ts'
import { type CallbackPage, type Expectation, judgeRequest } from './loopback-request.ts'

export type { CallbackPage } from './loopback-request.ts'

/** In milliseconds, connections and bytes; docs/faults.md 31 says how many. */
export type LoopbackLimits = {
  /** How long the callback is waited for. */
  whole: number
  /** How long one connection may last, whatever it does. */
  connection: number
  /** How long a second tab is still answered once the callback has come. */
  afterwards: number
  /** At once; one more ends the oldest, so that who hoards them does not keep the browser out. */
  connections: number
  head: number
}

const usualLimits: LoopbackLimits = {
  whole: 5 * 60_000,
  connection: 5000,
  afterwards: 900,
  connections: 20,
  head: 16 * 1024,
}

export type LoopbackOptions = {
  /** Tried in this order: those registered at the provider. */
  ports: readonly number[]
  /** Begins with `/`. */
  path: string
  /** The state of this attempt: 32 characters of chance at least. */
  state: string
  /** The whole HTML of a page, static; its `<style>` is allowed by its hash, and nothing else is. */
  page: (page: CallbackPage) => string
  signal: AbortSignal
  limits?: Partial<LoopbackLimits>
}

export type Loopback = {
  /** `http://127.0.0.1:<port><path>`, whatever a request says. */
  redirectUri: string
  /**
   * The query of the one valid callback, a provider's `error` included. `timeout/sign-in` after five minutes,
   * `cancelled/sign-in` by the signal or by `close`. Never rejects.
   */
  callback: Promise<Result<URLSearchParams>>
  /** Ends every connection and frees the port. */
  close(): void
}

/**
 * Waits on this computer for the provider to send the browser back (RFC 8252 7.3), on the literal 127.0.0.1: the name
 * `localhost` may lead to `[::1]`, where another program may listen on the same port. What is not the callback is
 * refused and changes nothing (docs/faults.md 22, 28 to 31). `not-possible/sign-in-ports` with `ports` when none is
 * free; `cancelled/sign-in` when the signal had been given.
 */
export async function listenForCallback(options: LoopbackOptions): Promise<Result<Loopback>> {
  const { ports, path, state, signal } = options
  const limits = { ...usualLimits, ...options.limits }
  const pages = renderPages(options.page)
  const answer = Promise.withResolvers<Result<URLSearchParams>>()
  const expectation: Expectation = { host: '', path, state }
  const server = serve(expectation, pages, limits, (query) => {
    answer.resolve(ok(query))
    clearTimeout(tooLong)
    setTimeout(close, limits.afterwards)
  })
  const sockets = limitConnections(server, limits)
  const port = await firstFree(server, ports)
  if (port === null) {
    const listed = ports.join(', ')
    return failed('not-possible', 'sign-in-ports', 'No port to sign in by is free.', { ports: listed })
  }
  expectation.host = `127.0.0.1:${port}`

  function close(): void {
    clearTimeout(tooLong)
    signal.removeEventListener('abort', close)
    answer.resolve(failed('cancelled', 'sign-in', 'The sign-in was cancelled.'))
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  const tooLong = setTimeout(() => {
    answer.resolve(failed('timeout', 'sign-in', 'The browser did not come back in time.'))
    close()
  }, limits.whole)
  signal.addEventListener('abort', close)
  if (signal.aborted) {
    close()
    return failed('cancelled', 'sign-in', 'The sign-in was cancelled.')
  }
  return ok({ redirectUri: `http://${expectation.host}${path}`, callback: answer.promise, close })
}

function serve(
  expectation: Expectation,
  pages: Pages,
  limits: LoopbackLimits,
  received: (query: URLSearchParams) => void,
): Server {
  const server = createServer({
    maxHeaderSize: limits.head,
    // A request without Host is judged here, and answered with our headers, as every other.
    requireHostHeader: false,
    keepAlive: false,
  })
  let isOver = false
  server.on('request', (request, response) => {
    const judged = judgeRequest(request, expectation)
    // The state serves once: a callback that comes again is told so, and has no effect.
    if (judged.query !== null && isOver) return reply(response, 410, pages, 'over')
    if (judged.query !== null) isOver = true
    reply(response, judged.status, pages, judged.page)
    if (judged.query !== null) received(judged.query)
  })
  // A connection that the system could not hand over, once it listens: nobody else's trouble either.
  server.on('error', () => {})
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseMalformed(error, socket, pages))
  return server
}

function reply(response: ServerResponse, status: number, pages: Pages, page: CallbackPage): void {
  const { headers, body } = pageOf(pages, page)
  response.writeHead(status, status === 405 ? { ...headers, Allow: 'GET' } : headers).end(body)
}

/** What Node could not read as a request: one socket's trouble, and nobody else's. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex, pages: Pages): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
  const { headers, body } = pageOf(pages, 'refused')
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', ''].join('\r\n')
  socket.end(Buffer.concat([Buffer.from(head, 'latin1'), body]))
}

/** The sockets that are open: `connections` at most, none for longer than `connection`, whatever is sent on it. */
function limitConnections(server: Server, limits: LoopbackLimits): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    const [oldest] = sockets
    if (oldest !== undefined && sockets.size >= limits.connections) {
      sockets.delete(oldest)
      oldest.destroy()
    }
    sockets.add(socket)
    const tooLong = setTimeout(() => socket.destroy(), limits.connection)
    socket.on('close', () => {
      clearTimeout(tooLong)
      sockets.delete(socket)
    })
  })
  return sockets
}

/** A port may be taken, or reserved by the system, which says `EACCES`: either way the next is tried. */
async function firstFree(server: Server, ports: readonly number[]): Promise<number | null> {
  for (const port of ports) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const isRefused = () => resolve(false)
      server.once('error', isRefused)
      server.listen({ host: '127.0.0.1', port }, () => {
        server.off('error', isRefused)
        resolve(true)
      })
    })
    const bound = server.address()
    if (isOpen && bound !== null && typeof bound === 'object') return bound.port
  }
  return null
}
