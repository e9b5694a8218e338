import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { systemCode } from '../csv/system-code.ts'

/** Connections at once; more are closed unheard (docs/faults.md 31). */
const connections = 10

/** What is answered may be on its way out for so long when the server closes. */
const farewellMs = 100

/**
 * An HTTP server on the literal 127.0.0.1 that holds few connections and none for long: each must send its request
 * whole within `patienceMs`, and only one. Fails with `not-possible/port-busy`, whose details say the system's cause.
 */
export async function listenOn(
  port: number,
  patienceMs: number,
  listener: (server: Server) => RequestListener,
): Promise<Result<Server>> {
  const server = createServer({
    requestTimeout: patienceMs,
    headersTimeout: Math.min(patienceMs, 5_000),
    connectionsCheckingInterval: Math.min(patienceMs, 1_000),
    maxHeaderSize: 16 * 1024,
  })
  server.on('request', listener(server))
  server.maxConnections = connections
  // No second request behind the first: ten connections are then ten bodies at most.
  server.maxRequestsPerSocket = 1
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return ok(server)
  } catch (error) {
    const cause = systemCode(error)
    if (cause === null) throw error
    return failed('not-possible', 'port-busy', 'The port cannot be listened on.', { cause })
  }
}

/** Takes no new connection, waits until `answered`, and cuts those that stay. */
export async function closeServer(server: Server, answered: () => Promise<unknown>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await answered()
  const cut = setTimeout(() => server.closeAllConnections(), farewellMs)
  await closed
  clearTimeout(cut)
}

/** The port that the system gave; 0: none any more. */
export function portOf(server: Server): number {
  const address = server.address()
  return address === null || typeof address === 'string' ? 0 : address.port
}
