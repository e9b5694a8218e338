import dgram from 'node:dgram'
import { expect, onTestFinished, test } from 'vitest'
import { type Asked, encodeReply, txt } from '../fakes/name-server.ts'
import { askedOnce, askOf, good, once, otherId, quick, right, serverFor, spoilt } from './dns-wire.ts'

test.each(['127.0.0.1', '::1'] as const)(
  'field 3.1: a question to %s is answered, with EDNS of 1232 octets and no recursion',
  async (host) => {
    const server = await serverFor(good, host)
    const reply = await once(askOf(host, server.port))
    expect(reply).toMatchObject({ ...right, over: 'udp', authoritative: true, validated: false })
    expect(server.asked).toMatchObject([
      { edns: 1232, recursion: false, checkingDisabled: false, dnssecOk: false },
    ])
  },
)

test('recursion and validation are asked of a resolver as the caller says, DNSSEC only for a DS', async () => {
  const server = await serverFor((question) => ({ ...good(question), validated: true }))
  const ask = askOf(server.host, server.port)
  const signal = AbortSignal.timeout(10_000)
  const question = { name: 'town.example', type: 'TXT' } as const
  const reply = await ask('192.0.2.1', question, { signal, recursion: true, checkingDisabled: true })
  await ask('192.0.2.1', { ...question, type: 'DS' }, { signal })
  expect(reply).toMatchObject({ validated: true })
  expect(server.asked).toMatchObject([
    { recursion: true, checkingDisabled: true, dnssecOk: false },
    { recursion: false, checkingDisabled: false, dnssecOk: true },
  ])
})

test.each([
  ['another id', otherId],
  ['another name', (asked: Asked) => encodeReply({ ...asked, name: 'other.example' }, good(asked))],
  ['another type', (asked: Asked) => encodeReply({ ...asked, type: 'MX' }, good(asked))],
  [
    'another class',
    (asked: Asked) => spoilt(asked, (bytes) => bytes.writeUInt16BE(3, 12 + asked.name.length + 2 + 2)),
  ],
  ['the class of mDNS', (asked: Asked) => spoilt(asked, (bytes) => bytes.writeUInt16BE(0x8001, 12 + 16))],
  ['no question', (asked: Asked) => spoilt(asked, (bytes) => bytes.writeUInt16BE(0, 4))],
  ['the question itself', (asked: Asked) => spoilt(asked, (bytes) => bytes.writeUInt8(0, 2))],
  ['another operation', (asked: Asked) => spoilt(asked, (bytes) => bytes.writeUInt8(0xa8, 2))],
  ['eleven octets', (asked: Asked) => encodeReply(asked, good(asked)).subarray(0, 11)],
  ['nothing', () => Buffer.alloc(0)],
])('field 3.1: a datagram with %s is ignored, and the answer after it is taken', async (_what, bytes) => {
  const { reply, asked } = await askedOnce((question) => [
    bytes(question),
    encodeReply(question, good(question)),
  ])
  expect(reply).toMatchObject(right)
  expect(asked).toHaveLength(1)
})

test('field 3.1: with nothing but answers to other questions, there is no answer', async () => {
  const { reply, asked } = await askedOnce((question) => [otherId(question)], quick)
  expect(reply).toMatchObject({ kind: 'none', reason: 'timeout' })
  expect(asked).toHaveLength(3)
})

test('field 3.1: what another port sends, with the right id and question, never arrives', async () => {
  const forger = dgram.createSocket('udp4')
  onTestFinished(() => void forger.close())
  const forge = (question: Asked) =>
    new Promise<void>((sent) => {
      const bytes = encodeReply(question, { answers: [txt(question.name, ['forged'])] })
      forger.send(bytes, question.from, '127.0.0.1', () => sent())
    })
  const { reply } = await askedOnce(async (question) => {
    await forge(question)
    return good(question)
  })
  expect(reply).toMatchObject(right)
})

test('each question has an id and a port of its own', async () => {
  const server = await serverFor(good)
  const ask = askOf(server.host, server.port)
  await Promise.all(Array.from({ length: 40 }, () => once(ask)))
  expect(new Set(server.asked.map(({ id }) => id)).size).toBeGreaterThan(35)
  expect(new Set(server.asked.map(({ from }) => from)).size).toBeGreaterThan(35)
})

test('field 3.1: an answer to the first try is taken after the second was sent, and a lost one is asked again', async () => {
  const late: Asked[] = []
  const { reply, asked } = await askedOnce(
    (question) => {
      late.push(question)
      const [first] = late
      return late.length === 2 && first !== undefined ? encodeReply(first, good(first)) : null
    },
    { triesMs: [50, 5000] },
  )
  expect(reply).toMatchObject(right)
  expect(asked).toHaveLength(2)
})

test('field 3.1: silence is a timeout, after each try has had its time', async () => {
  const { reply, asked } = await askedOnce(() => null, quick)
  expect(reply).toMatchObject({ kind: 'none', reason: 'timeout' })
  expect(reply.tookMs).toBeGreaterThanOrEqual(170)
  expect(asked).toHaveLength(3)
})

test.each(['127.0.0.1', '::1'] as const)(
  'field 3.1: a port of %s that refuses is unreachable, at once',
  async (host) => {
    const server = await serverFor(good, host)
    await server.close()
    const reply = await once(askOf(host, server.port, { triesMs: [20_000] }))
    expect(reply).toMatchObject({ kind: 'none', reason: 'unreachable' })
  },
)

test.each(['FORMERR', 'NOTIMP', 'BADVERS'])(
  'field 3.1: a server that answers EDNS with %s is asked once more without',
  async (rcode) => {
    const { reply, asked } = await askedOnce((question) =>
      question.edns === null ? good(question) : { rcode },
    )
    expect(reply).toMatchObject(right)
    expect(asked.map(({ edns }) => edns)).toEqual([1232, null])
  },
)

test('field 2.1: a server that drops what has EDNS in it is read without', async () => {
  const { reply, asked } = await askedOnce(
    (question) => (question.edns === null ? good(question) : null),
    quick,
  )
  expect(reply).toMatchObject(right)
  expect(asked.map(({ edns }) => edns)).toEqual([1232, 1232, null])
})

test('a bare header that says FORMERR is an answer: without EDNS the question is understood', async () => {
  const { reply } = await askedOnce((question) => {
    if (question.edns === null) return good(question)
    const header = Buffer.alloc(12)
    header.writeUInt16BE(question.id, 0)
    header.writeUInt16BE(0x8001, 2)
    return header
  })
  expect(reply).toMatchObject(right)
})

test('a server that does not understand the question either is told as it says', async () => {
  const { reply, asked } = await askedOnce(() => ({ rcode: 'FORMERR' }))
  expect(reply).toMatchObject({ kind: 'reply', rcode: 'FORMERR' })
  expect(asked).toHaveLength(2)
})

test.each(['SERVFAIL', 'REFUSED', 'NOTAUTH', 'NXDOMAIN', 'YXDOMAIN'])(
  'field 2.1: %s is a reply that says so, with its extended errors',
  async (rcode) => {
    const { reply } = await askedOnce(() => ({ rcode, authoritative: false, extended: [6, 22] }))
    expect(reply).toMatchObject({
      kind: 'reply',
      rcode,
      authoritative: false,
      extended: [6, 22],
      answers: [],
    })
  },
)
