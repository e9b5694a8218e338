import { createSocket, type Socket as Datagrams } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { type Answerer, respond } from './packet.ts'

const tries = 20
const idleMs = 10_000
const largestWaiting = 65_537

export type Listener = { port: number; close(): Promise<void> }

/**
 * A name server on one port of 127.0.0.1, over UDP and TCP.
 * @throws the error of the system when it has no port for both.
 */
export async function listen(answerer: Answerer, latencyMs: () => number): Promise<Listener> {
  const { udp, tcp, port } = await bind(tries)
  const waiting = new Set<NodeJS.Timeout>()
  const sockets = new Set<Socket>()

  function later(send: () => void) {
    const wait = latencyMs()
    if (wait === 0) return send()
    const timer = setTimeout(() => {
      waiting.delete(timer)
      send()
    }, wait)
    waiting.add(timer)
  }

  udp.on('message', (message, from) => {
    const answer = respond(message, 'udp', answerer)
    if (answer !== null) later(() => udp.send(answer, from.port, from.address))
  })
  // A client that is gone is no concern of ours.
  udp.on('error', () => {})
  tcp.on('error', () => {})
  tcp.on('connection', (socket) => {
    sockets.add(socket)
    socket.setTimeout(idleMs, () => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    const take = framed((message) => {
      const answer = respond(message, 'tcp', answerer)
      if (answer !== null) later(() => socket.writable && socket.write(prefixed(answer)))
    })
    socket.on('data', (chunk) => take(chunk) || socket.destroy())
  })

  async function close() {
    for (const timer of waiting) clearTimeout(timer)
    for (const socket of sockets) socket.destroy()
    const closed = [once(udp, 'close'), once(tcp, 'close')]
    udp.close()
    tcp.close()
    await Promise.all(closed)
  }
  return { port, close }
}

/** Cuts a stream into messages (RFC 1035 4.2.2); false once it holds more than one message can. */
function framed(onMessage: (message: Buffer) => void): (chunk: Buffer) => boolean {
  let held = Buffer.alloc(0)
  return (chunk) => {
    held = Buffer.concat([held, chunk])
    while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
      const end = 2 + held.readUInt16BE(0)
      const message = held.subarray(2, end)
      held = held.subarray(end)
      onMessage(message)
    }
    return held.length <= largestWaiting
  }
}

function prefixed(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

/** The system chooses a port for UDP; whether TCP has it too must be tried. */
async function bind(left: number): Promise<{ udp: Datagrams; tcp: Server; port: number }> {
  const udp = createSocket('udp4')
  udp.bind(0, '127.0.0.1')
  await once(udp, 'listening')
  const { port } = udp.address()
  const tcp = createServer()
  tcp.listen(port, '127.0.0.1')
  try {
    await once(tcp, 'listening')
    return { udp, tcp, port }
  } catch (error) {
    udp.close()
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!isTaken || left <= 1) throw error
    return bind(left - 1)
  }
}
