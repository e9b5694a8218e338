import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { open } from './sandbox-wire.ts'

const fix = '/domains/belmont-la-roche.example/fix/'

async function broken() {
  const all = await open({ domains: 1 })
  const domain = all.sandbox.world.domain('belmont-la-roche.example')
  if (domain === undefined) throw new Error('The fleet has no first domain')
  domain.faults.set('ox', { code: 'c', detail: 'd', cure: 'repaired' })
  return { ...all, domain, repair: () => all.ask('GET', fix, { as: all.admin }) }
}

test('the log holds every request as it was on the wire, and no credentials', async () => {
  let now = 1000
  const { sandbox, ask, admin } = await open({ domains: 1, now: () => now })
  await ask('GET', '/token/?username=%C3%A9', { as: admin })
  now = 2000
  await ask('POST', '/domains/a%2Fb/../x', { as: 'Bearer secret', body: {} })
  expect(sandbox.requests).toEqual([
    { method: 'GET', path: '/token/?username=%C3%A9', at: 1000, authorization: 'Basic' },
    { method: 'POST', path: '/domains/a%2Fb/../x', at: 2000, authorization: 'Bearer' },
  ])
})

test('an ordered answer is given as it is, once, to the request it is for, and nothing is done', async () => {
  const { sandbox, domain, repair, ask, admin } = await broken()
  const body = Buffer.from([0xe9, 0xff])
  sandbox.answerNext(`GET ${fix}`, { answer: { status: 502, headers: { 'x-a': 'b' }, body } })
  expect((await ask('GET', '/token/', { as: admin })).status).toBe(200)
  const spoilt = await repair()
  expect([spoilt.status, spoilt.headers['x-a'], spoilt.headers['content-type']]).toEqual([
    502,
    'b',
    undefined,
  ])
  expect(spoilt.headers['content-length']).toBe('2')
  expect(domain.faults.size).toBe(1)
  expect((await repair()).status).toBe(200)
})

test('an ordered answer can hide what was done', async () => {
  const { sandbox, domain, repair } = await broken()
  sandbox.answerNext(/fix/, { answer: { status: 500 }, applied: true })
  expect((await repair()).status).toBe(500)
  expect(domain.faults.size).toBe(0)
})

test.each([
  ['before', 1],
  ['after', 0],
  ['mid-body', 0],
] as const)('a connection cut %s leaves %i fault', async (cut, left) => {
  const { sandbox, domain, repair } = await broken()
  sandbox.answerNext(/fix/, { cut })
  await expect(repair()).rejects.toThrow(/reset|hang up|aborted/i)
  expect(domain.faults.size).toBe(left)
  expect(sandbox.requests.filter(({ path }) => path === fix)).toHaveLength(1)
})

test('a delayed request is answered as usual', async () => {
  const { sandbox, repair } = await broken()
  sandbox.answerNext(/fix/, { delayMs: 80 })
  const began = performance.now()
  expect((await repair()).status).toBe(200)
  expect(performance.now() - began).toBeGreaterThanOrEqual(78)
})

test('a silent request gets no answer while others do, and does not keep the sandbox from closing', async () => {
  const { sandbox, repair, ask, admin } = await broken()
  sandbox.answerNext(/fix/, { silent: true, applied: true })
  const unanswered = repair().catch((error: Error) => error.message)
  await expect.poll(() => sandbox.requests.length).toBe(1)
  expect((await ask('GET', '/token/', { as: admin })).status).toBe(200)
  const { close } = sandbox
  await close()
  expect(await unanswered).toMatch(/hang up|reset/i)
})

test('orders are used in turn, as often as asked, and can be taken back', async () => {
  const { sandbox, repair } = await broken()
  sandbox.answerNext(/fix/, { answer: { status: 500 } }, 2)
  sandbox.answerNext(({ path }) => path === fix, { answer: { status: 503 } })
  const takeBack = sandbox.answerNext(/fix/, { answer: { status: 504 } })
  takeBack()
  const statuses = []
  for (let turn = 0; turn < 4; turn += 1) statuses.push((await repair()).status)
  expect(statuses).toEqual([500, 500, 503, 200])
})

test('the latency of one route does not hold back the others', async () => {
  const { ask, admin } = await open({ domains: 1, latency: { 'domains.fix': 300 } })
  const answered: string[] = []
  const call = async (path: string) => {
    await ask('GET', path, { as: admin })
    answered.push(path)
  }
  const check = fix.replace('fix/', 'check')
  await Promise.all([call(fix), call(check)])
  expect(answered).toEqual([check, fix])
})

test('two requests on one connection are both answered', async () => {
  const { sandbox } = await open({ domains: 1 })
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1')
  const line = 'GET /token/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  socket.write(line + line)
  await expect.poll(() => text.match(/401 Unauthorized/g)?.length).toBe(2)
  socket.destroy()
})
