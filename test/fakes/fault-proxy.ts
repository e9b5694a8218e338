import net from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { portOf } from './tcp-server.ts'

/** The faults of a connection, in Toxiproxy's words (docs/faults.md 5). Milliseconds and bytes. */
export type Toxic =
  | { type: 'latency'; latency: number }
  /** No new connection is accepted, and the open ones end. */
  | { type: 'down' }
  | { type: 'bandwidth'; bytesPerSecond: number }
  /** The end of the connection comes late. */
  | { type: 'slow_close'; delay: number }
  /** Nothing comes through; the connection closes after `timeout`, or never when it is 0. */
  | { type: 'timeout'; timeout: number }
  /** The connection is reset once data came, after `timeout`. */
  | { type: 'reset_peer'; timeout: number }
  | { type: 'slicer'; size: number; delay: number }
  /** The connection closes once so many bytes went through; `reset` does it rudely. */
  | { type: 'limit_data'; bytes: number; reset?: boolean }

export type FaultProxy = {
  port: number
  /** Faults on the way back from the server, from the next byte on. */
  downstream: (...toxics: Toxic[]) => void
  /** Faults on the way to the server. */
  upstream: (...toxics: Toxic[]) => void
  connections: () => number
  close(): Promise<void>
}

/** A TCP proxy on 127.0.0.1 before the server on `target`, which spoils what goes through as told. */
export async function startFaultProxy(target: number): Promise<FaultProxy> {
  let down: Toxic[] = []
  let up: Toxic[] = []
  let connections = 0
  const sockets = new Set<net.Socket>()
  const isDown = () => [...up, ...down].some((toxic) => toxic.type === 'down')
  const server = net.createServer((client) => {
    if (isDown()) {
      client.destroy()
      return
    }
    connections++
    const remote = net.connect(target, '127.0.0.1')
    for (const socket of [client, remote]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => socket.destroy())
    }
    void carry(client, remote, client, () => up)
    void carry(remote, client, client, () => down)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dropWhenDown = () => {
    if (isDown()) for (const socket of sockets) socket.destroy()
  }
  return {
    port: portOf(server.address()),
    downstream: (...toxics) => {
      down = toxics
      dropWhenDown()
    },
    upstream: (...toxics) => {
      up = toxics
      dropWhenDown()
    },
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Copies `from` to `to`; `client` is the side that sees resets. */
async function carry(from: net.Socket, to: net.Socket, client: net.Socket, toxics: () => Toxic[]) {
  let passed = 0
  try {
    for await (const piece of from) {
      if (!Buffer.isBuffer(piece)) throw new Error('Bytes were expected')
      let left = piece
      for (const toxic of toxics()) {
        if (toxic.type === 'latency') await wait(toxic.latency)
        if (toxic.type === 'timeout') {
          left = Buffer.alloc(0)
          if (toxic.timeout > 0) setTimeout(() => client.destroy(), toxic.timeout)
        }
        if (toxic.type === 'reset_peer') {
          await wait(toxic.timeout)
          client.resetAndDestroy()
          return
        }
        if (toxic.type === 'limit_data' && passed + left.length >= toxic.bytes) {
          to.write(left.subarray(0, toxic.bytes - passed), () => {
            if (toxic.reset) client.resetAndDestroy()
            else client.end()
          })
          return
        }
      }
      passed += left.length
      await write(to, left, toxics())
    }
    for (const toxic of toxics()) if (toxic.type === 'slow_close') await wait(toxic.delay)
    to.end()
  } catch {
    to.destroy()
  }
}

async function write(to: net.Socket, piece: Buffer, toxics: Toxic[]): Promise<void> {
  const slow = toxics.find((toxic) => toxic.type === 'slicer' || toxic.type === 'bandwidth')
  const size = slow?.type === 'slicer' ? slow.size : slow ? slow.bytesPerSecond : piece.length
  const delay = slow?.type === 'slicer' ? slow.delay : 1000
  for (let at = 0; at < piece.length && !to.destroyed; at += size) {
    to.write(piece.subarray(at, at + size))
    if (slow) await wait(delay)
  }
}
