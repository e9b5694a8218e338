import dgram from 'node:dgram'
import type { UnreadReason } from '../../../preload/dns-shapes.ts'
import type { Reach } from './ask.ts'
import { type Query, type Read, type Reply, readReply } from './packet.ts'
import { reasonOf } from './reach.ts'

/** What came of a question over one transport; `stopped`: the signal said so. */
export type Outcome = Reply | { kind: 'cut' } | { kind: 'stopped' } | { kind: 'none'; reason: UnreadReason }

export const none = (reason: UnreadReason): Outcome => ({ kind: 'none', reason })

/** What was read; null: no answer to the question. */
export function outcomeOf(read: Read): Outcome | null {
  if (read.kind === 'other') return null
  return read.kind === 'malformed' || read.kind === 'too-large' ? none(read.kind) : read
}

/**
 * Asks in datagrams, as often as there are `tries` (milliseconds to wait after each). From one fresh port, connected
 * to the server, so that the system drops what anybody else sends there (RFC 5452 9.2), and an answer to an earlier
 * try is still one. Datagrams that do not answer the question are ignored, not believed and not an error.
 */
export function overUdp(
  reach: Reach,
  query: Query,
  tries: readonly number[],
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ kind: 'stopped' })
    const socket = dgram.createSocket(reach.family === 6 ? 'udp6' : 'udp4')
    let timer: NodeJS.Timeout | undefined
    let sent = 0
    let isOpen = true
    const finish = (outcome: Outcome) => {
      if (!isOpen) return
      isOpen = false
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      socket.close()
      resolve(outcome)
    }
    const stop = () => finish({ kind: 'stopped' })
    const fail = (error: Error | null) => error !== null && finish(none(reasonOf(error, reach)))
    const send = () => {
      if (!isOpen) return
      const wait = tries[sent++]
      if (wait === undefined) return finish(none('timeout'))
      timer = setTimeout(send, wait)
      socket.send(query.bytes, fail)
    }
    signal.addEventListener('abort', stop)
    socket.on('error', fail)
    socket.on('message', (bytes) => {
      const outcome = outcomeOf(readReply(bytes, query))
      if (outcome !== null) finish(outcome)
    })
    socket.once('connect', send)
    socket.connect(reach.port, reach.host)
  })
}
