import net from 'node:net'
import type { Reach } from './ask.ts'
import { none, type Outcome, outcomeOf } from './over-udp.ts'
import { type Query, readReply } from './packet.ts'
import { reasonOf } from './reach.ts'

/** The wire's own limit for one message is 65,535; what is of other questions is read past, so much and so often. */
const mostOctets = 1024 * 1024
const mostMessages = 100

/**
 * Asks over TCP (RFC 7766): messages after their length, those of other questions ignored. `connectMs`: to be
 * connected; `totalMs`: until the answer is whole, however slowly its octets come.
 */
export function overTcp(
  reach: Reach,
  query: Query,
  { connectMs, totalMs }: { connectMs: number; totalMs: number },
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ kind: 'stopped' })
    const socket = net.connect({ host: reach.host, port: reach.port })
    const messages = messagesOf()
    let isOpen = true
    let received = 0
    let passed = 0
    const finish = (outcome: Outcome) => {
      if (!isOpen) return
      isOpen = false
      for (const timer of timers) clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      socket.destroy()
      resolve(outcome)
    }
    const stop = () => finish({ kind: 'stopped' })
    const timers = [
      setTimeout(() => socket.connecting && finish(none('timeout')), connectMs),
      setTimeout(() => finish(none('timeout')), totalMs),
    ]
    signal.addEventListener('abort', stop)
    // Destroyed, it may still report.
    socket.on('error', (error) => finish(none(reasonOf(error, reach))))
    socket.on('close', () => finish(none(messages.isWithin() ? 'malformed' : 'unreachable')))
    socket.on('connect', () => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(query.bytes.length)
      // In one segment: there are servers that read no further than the first.
      socket.write(Buffer.concat([length, query.bytes]))
    })
    socket.on('data', (piece) => {
      received += piece.length
      for (const message of messages.add(piece)) {
        const outcome = outcomeOf(readReply(message, query))
        // Cut although it may be as long as the wire allows.
        if (outcome !== null) return finish(outcome.kind === 'cut' ? none('too-large') : outcome)
        if (++passed > mostMessages) break
      }
      if (received > mostOctets || passed > mostMessages) finish(none('too-large'))
    })
  })
}

/** Puts pieces together into messages; each octet is copied once, however small the pieces. */
function messagesOf() {
  let pieces: Buffer[] = []
  let held = 0
  let wanted = 2
  return {
    isWithin: () => held > 0,
    add(piece: Buffer): Buffer[] {
      pieces.push(piece)
      held += piece.length
      const messages: Buffer[] = []
      while (held >= wanted) {
        // Many messages in one piece are not copied once more for each.
        const [whole = piece] = pieces.length > 1 ? [Buffer.concat(pieces)] : pieces
        const end = 2 + whole.readUInt16BE(0)
        if (held >= end) messages.push(whole.subarray(2, end))
        const rest = held >= end ? whole.subarray(end) : whole
        wanted = held >= end ? 2 : end
        pieces = [rest]
        held = rest.length
      }
      return messages
    },
  }
}
