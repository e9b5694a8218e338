import dgram from 'node:dgram'
import net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Asked, encodeReply, framed, txt } from '../fakes/name-server.ts'
import { portOf } from '../fakes/tcp-server.ts'
import { askedOnce, askOf, good, once, otherId, quick, right, serverFor } from './dns-wire.ts'

test('field 2.1: an answer that is cut is asked for over TCP, and read whole', async () => {
  const strings = Array.from({ length: 30 }, (_, index) => `${index}`.padStart(200, 'x'))
  const { reply, asked } = await askedOnce((question) => ({ answers: [txt(question.name, strings)] }))
  expect(reply).toMatchObject({ over: 'tcp', answers: [{ strings, value: strings.join('') }] })
  expect(asked.map(({ over }) => over)).toEqual(['udp', 'tcp'])
})

test('field 2.1: a datagram that is cut in the middle of a record is not garbled: TCP has the rest', async () => {
  const { reply } = await askedOnce((question, over) =>
    over === 'tcp' ? good(question) : encodeReply(question, { ...good(question), cut: true }).subarray(0, 40),
  )
  expect(reply).toMatchObject({ ...right, over: 'tcp' })
})

test('field 2.1: when TCP refuses, a cut answer counts for nothing', async () => {
  const udp = dgram.createSocket('udp4')
  onTestFinished(() => void udp.close())
  const reserved = net.createServer()
  await new Promise<void>((resolve) => reserved.listen(0, '127.0.0.1', resolve))
  const port = portOf(reserved.address())
  await new Promise<void>((resolve) => reserved.close(() => resolve()))
  udp.on('message', (query, from) => {
    const cut = Buffer.from(query.subarray(0, 12 + 14 + 4))
    cut.writeUInt16BE(0x8600, 2)
    cut.writeUInt16BE(0, 10)
    udp.send(cut, from.port, from.address)
  })
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve))
  expect(await once(askOf('127.0.0.1', port))).toMatchObject({ kind: 'none', reason: 'unreachable' })
})

/** What a server does with a connection, when everything over UDP is cut. */
const overTcp: [string, (question: Asked) => Buffer[] | null, object][] = [
  ['silent', () => null, { kind: 'none', reason: 'timeout' }],
  [
    'answers other questions first',
    (asked) => [otherId(asked), Buffer.alloc(0), encodeReply(asked, good(asked))],
    right,
  ],
  ['only answers other questions', (asked) => [otherId(asked)], { kind: 'none', reason: 'timeout' }],
  [
    'cuts its answer here too',
    (asked) => [encodeReply(asked, { cut: true })],
    { kind: 'none', reason: 'too-large' },
  ],
  [
    'pours out answers to other questions',
    (asked) => Array.from({ length: 40 }, () => Buffer.concat([otherId(asked), Buffer.alloc(60_000)])),
    { kind: 'none', reason: 'too-large' },
  ],
]
test.each(overTcp)(
  'field 3.1: over TCP a server that %s is read for what it says',
  async (_what, messages, expected) => {
    const { reply } = await askedOnce(
      (question, over) => (over === 'udp' ? { cut: true } : messages(question)),
      quick,
    )
    expect(reply).toMatchObject(expected)
  },
)

test('field 2.1: an answer of 64 KB, as long as TCP carries, is read', async () => {
  const strings = Array.from({ length: 250 }, () => 'x'.repeat(255))
  const { reply } = await askedOnce((question) => ({
    answers: [
      txt(question.name, strings),
      txt(question.name, ['y'.repeat(200), 'z'.repeat(250), 'w'.repeat(255), 'v'.repeat(255)]),
    ],
  }))
  expect(reply).toMatchObject({ kind: 'reply', over: 'tcp' })
  expect(reply.kind === 'reply' && reply.answers[0]?.value.length).toBe(250 * 255)
})

/** A server that cuts everything over UDP, and does this with the first octets of a TCP connection. */
async function overTcpOnly(take: (socket: net.Socket, answer: Buffer) => void) {
  const cut: Asked[] = []
  const server = await serverFor(
    (question) => {
      cut.push(question)
      return { cut: true }
    },
    '127.0.0.1',
    (socket) =>
      socket.once('data', () => {
        const [question] = cut
        if (question !== undefined) take(socket, framed(encodeReply(question, good(question))))
      }),
  )
  return askOf(server.host, server.port, quick)
}

const onTcp: [string, (socket: net.Socket, answer: Buffer) => void, object][] = [
  ['closes without a word', (socket) => socket.end(), { kind: 'none', reason: 'unreachable' }],
  ['resets the connection', (socket) => socket.resetAndDestroy(), { kind: 'none', reason: 'unreachable' }],
  [
    'closes within its answer',
    (socket, answer) => socket.end(answer.subarray(0, 20)),
    { kind: 'none', reason: 'malformed' },
  ],
  ['sends one octet at a time', (socket, answer) => dribble(socket, answer, 0), right],
  [
    'sends one octet now and then',
    (socket, answer) => dribble(socket, answer, 50),
    { kind: 'none', reason: 'timeout' },
  ],
  [
    'promises 64 KB and sends some',
    (socket) => socket.write(Buffer.concat([Buffer.of(0xff, 0xff), Buffer.alloc(1000)])),
    { kind: 'none', reason: 'timeout' },
  ],
  [
    'sends nothing but empty messages',
    (socket) => socket.write(Buffer.alloc(2 * 1024 * 1024)),
    { kind: 'none', reason: 'too-large' },
  ],
]
test.each(onTcp)(
  'field 3.1: over TCP a server that %s takes no longer than its time',
  async (_what, take, expected) => {
    const ask = await overTcpOnly(take)
    const reply = await once(ask)
    expect(reply).toMatchObject(expected)
    expect(reply.tookMs).toBeLessThan(5000)
  },
)

function dribble(socket: net.Socket, answer: Buffer, everyMs: number): void {
  let at = 0
  const send = () => {
    if (socket.destroyed || at === answer.length) return
    socket.write(answer.subarray(at, ++at))
    if (everyMs === 0) setImmediate(send)
    else setTimeout(send, everyMs)
  }
  send()
}
