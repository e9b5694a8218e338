import { expect, test } from 'vitest'
import { createAsk } from '../../main/dns/wire/create-ask.ts'
import type { Asked } from '../fakes/name-server.ts'
import { askedOnce, askOf, good, once, quick, right, serverFor } from './dns-wire.ts'

test('everything together has a time as well, however many ways are tried', async () => {
  const { reply } = await askedOnce((question) => (question.edns === null ? null : { rcode: 'FORMERR' }), {
    triesMs: [60_000],
    totalMs: 100,
  })
  expect(reply).toMatchObject({ kind: 'none', reason: 'timeout' })
})

test.each([
  ['while UDP is waited for', () => null],
  ['while TCP is waited for', (_question: Asked, over: string) => (over === 'udp' ? { cut: true } : null)],
])('who asks may stop at any time: %s', async (_when, answer) => {
  const stop = new AbortController()
  const last = _when.includes('TCP') ? 'tcp' : 'udp'
  const server = await serverFor((question, over) => {
    if (over === last) setImmediate(() => stop.abort())
    return answer(question, over)
  })
  const ask = askOf(server.host, server.port, { triesMs: [60_000], tcpMs: 60_000 })
  expect(await once(ask, {}, stop.signal)).toMatchObject({ kind: 'none', reason: 'deadline' })
})

test('who has stopped asks nothing more: neither what has begun nor what waits for its turn', async () => {
  const server = await serverFor(() => null)
  const stop = new AbortController()
  const ask = askOf(server.host, server.port, { triesMs: [60_000], sockets: 1 })
  const waiting = [once(ask, {}, stop.signal), once(ask, {}, stop.signal)]
  setImmediate(() => stop.abort())
  const late = await Promise.all([...waiting, once(ask, {}, AbortSignal.abort())])
  expect(late.map((one) => one.kind === 'none' && one.reason)).toEqual(['deadline', 'deadline', 'deadline'])
  expect(server.asked.length).toBeLessThanOrEqual(1)
})

test('no more questions are under way than there may be, and each ends', async () => {
  let under = 0
  let most = 0
  const server = await serverFor(async (question) => {
    most = Math.max(most, ++under)
    await new Promise((done) => setTimeout(done, 5))
    under--
    return good(question)
  })
  const ask = askOf(server.host, server.port, { sockets: 4 })
  const replies = await Promise.all(Array.from({ length: 40 }, () => once(ask)))
  expect(replies.every(({ kind }) => kind === 'reply')).toBe(true)
  expect(most).toBeLessThanOrEqual(4)
})

test('every socket is closed, whatever became of the question', async () => {
  const open = () => process.getActiveResourcesInfo().filter((one) => /^(UDP|TCP)/.test(one)).length
  // Of the tests before this one.
  await expect.poll(open).toBe(0)
  const answers = [
    () => null,
    good,
    () => ({ cut: true }),
    () => Buffer.from('?'),
    () => ({ rcode: 'FORMERR' }),
  ]
  const servers = await Promise.all(answers.map((answer) => serverFor(answer)))
  const asking = servers.map(({ host, port }) => once(askOf(host, port, quick)))
  // Each server has two sockets, and each question one.
  await expect.poll(open, { interval: 1 }).toBeGreaterThan(2 * servers.length)
  await Promise.all(asking)
  await Promise.all(servers.map((server) => server.close()))
  await expect.poll(open).toBe(0)
})

test('an address that must not be asked is not, and its reason is told', async () => {
  const ask = createAsk(() => 'private-address')
  expect(await once(ask)).toEqual({ kind: 'none', reason: 'private-address', tookMs: 0 })
})

test.each([
  ['an empty label', 'a..example'],
  ['a label of 64 octets', `${'a'.repeat(64)}.example`],
  ['256 octets', `${'abcdefg.'.repeat(31)}abcdef`],
  ['a letter beyond ASCII', 'é.example'],
  ['a space', 'a b.example'],
  ['a dot too many', 'town.example.'],
])('field 3.1: a name with %s is asked of nobody', async (_what, name) => {
  const { reply, asked } = await askedOnce(good, {}, { name })
  expect(reply).toMatchObject({ kind: 'none', reason: 'not-asked' })
  expect(asked).toHaveLength(0)
})

test('a name of 255 octets and the root itself are asked for', async () => {
  const name = `${'abcdefg.'.repeat(31)}abcde`
  const { reply } = await askedOnce(good, {}, { name })
  expect(reply).toMatchObject({ ...right, answers: [{ name }] })
  const { asked } = await askedOnce(() => ({}), {}, { name: '', type: 'NS' })
  expect(asked).toMatchObject([{ name: '.', type: 'NS' }])
})
