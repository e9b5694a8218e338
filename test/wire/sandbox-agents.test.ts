import { get } from 'node:http'
import { expect, test } from 'vitest'
import { agentsAnswer, deployCenterAnswer } from '../../main/profiles/sandbox-control.ts'
import { accounts } from '../../main/sandbox/accounts.ts'
import { sandboxPeople } from '../../main/session/sandbox-people.ts'
import { deployCenterModes } from '../../preload/session-shapes.ts'
import { field, open } from './sandbox-wire.ts'

const towns = ['villeneuve-les-etangs.example', 'sdis-valdore.example']

async function center() {
  const opened = await open({ domains: 0 })
  const { serviceId, key } = opened.sandbox.deployCenter
  const [, charlie] = accounts
  const path = `/deploycenter/api/v1.0/entitlements/?${new URLSearchParams({
    ...{ service_id: serviceId, account_type: 'user' },
    ...{ account_email: charlie?.email ?? '', siret: charlie?.siret ?? '' },
  })}`
  const headers = { 'x-service-auth': `Bearer ${key}` }
  const list = async () => field({ json: Object(await ask()).json }, 'entitlements')
  const ask = () => opened.ask('GET', path, { headers })
  return { ...opened, path, headers, dc: ask, list }
}

test('the agents are told in the shape that the console reads, without their subject', async () => {
  const { control } = await center()
  const reply = await control('GET', 'agents')
  const { agents } = agentsAnswer.parse(reply.json)
  expect(agents.map(({ id }) => id)).toEqual(accounts.map(({ id }) => id))
  expect(agents[1]).toEqual({
    ...{ id: 'two-towns', name: 'Charlie Panais', email: 'charlie.panais@agglomeration-fictive.example' },
    ...{ domains: towns, subscription: 'active' },
  })
  for (const { sub, siret } of accounts) {
    expect(reply.text).not.toContain(sub)
    expect(reply.text).not.toContain(siret)
  }
})

test('the people whom the console seeds can all sign in, by the same name and address', () => {
  for (const { name, email } of sandboxPeople) {
    const found = accounts.find((account) => account.email === email)
    expect(found && `${found.givenName} ${found.usualName}`).toBe(name)
    expect(found?.subscription).toBe('active')
  }
})

test('entitle changes what DeployCenter says from the next request on, and reset takes it back', async () => {
  const { control, list } = await center()
  expect(await list()).toMatchObject({ can_admin_maildomains: towns })
  const body = { id: 'two-towns', domains: ['port-salin.example'], subscription: 'active' }
  const { agents } = agentsAnswer.parse((await control('POST', 'entitle', body)).json)
  expect(agents.find(({ id }) => id === 'two-towns')).toMatchObject({ domains: ['port-salin.example'] })
  expect(await list()).toMatchObject({ can_admin_maildomains: ['port-salin.example'] })
  await control('POST', 'entitle', { ...body, subscription: 'none' })
  expect(await list()).toEqual({ can_access: false, can_access_reason: 'not_activated' })
  await control('POST', 'reset')
  expect(await list()).toMatchObject({ can_admin_maildomains: towns })
})

test.each([
  ['nobody', { id: 'nobody', domains: [], subscription: 'active' }, 404],
  ['no list', { id: 'support', domains: 'port-salin.example', subscription: 'active' }, 400],
  ['another subscription', { id: 'support', domains: [], subscription: 'maybe' }, 400],
  ['another key', { id: 'support', domains: [], subscription: 'active', x: 1 }, 400],
])('entitle refuses %s', async (_what, body, status) => {
  const { control } = await center()
  const before = (await control('GET', 'agents')).json
  expect((await control('POST', 'entitle', body)).status).toBe(status)
  expect((await control('GET', 'agents')).json).toEqual(before)
})

test('every mode of the console can be ordered, is told in the state, and no other', async () => {
  const { control } = await center()
  const told = async () => deployCenterAnswer.parse((await control('GET', 'state')).json).deployCenter
  for (const mode of deployCenterModes) {
    expect((await control('POST', 'deploycenter', { mode })).status).toBe(200)
    expect(await told()).toBe(mode)
  }
  expect((await control('POST', 'deploycenter', { mode: 'odd' })).status).toBe(400)
  await control('POST', 'reset')
  expect(await told()).toBe('normal')
})

test.each([
  ['unauthorized', 401, 'application/json', /^\{"detail"/],
  ['failing', 500, 'text/html', /<h1>Server Error/],
  ['html', 200, 'text/html', /<h1>Maintenance/],
  ['array', 200, 'application/json', /^\[\]$/],
  ['null', 200, 'application/json', /"entitlements":null/],
] as const)('in mode %s the answer is %d %s', async (mode, status, type, body) => {
  const { sandbox, dc } = await center()
  sandbox.deployCenter.mode = mode
  const reply = await dc()
  expect([reply.status, reply.headers['content-type']]).toEqual([status, expect.stringContaining(type)])
  expect(reply.text).toMatch(body)
  sandbox.deployCenter.mode = 'normal'
  expect((await dc()).status).toBe(200)
})

test('in mode down the connection breaks', async () => {
  const { sandbox, dc } = await center()
  sandbox.deployCenter.mode = 'down'
  await expect(dc()).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('in mode silent nothing comes, and the sandbox still closes', async () => {
  const { sandbox, dc } = await center()
  sandbox.deployCenter.mode = 'silent'
  const answered = dc().then(
    () => 'an answer',
    () => 'broken',
  )
  const waited = new Promise((resolve) => setTimeout(resolve, 100, 'nothing'))
  expect(await Promise.race([answered, waited])).toBe('nothing')
  await sandbox.close()
  expect(await answered).toBe('broken')
})

test('in mode huge 200 MB of JSON come, as far as the client reads', async () => {
  const { sandbox, path, headers } = await center()
  sandbox.deployCenter.mode = 'huge'
  const before = process.memoryUsage.rss()
  const size = await new Promise<number>((resolve, reject) => {
    get(new URL(path, sandbox.url), { headers, agent: false }, (answer) => {
      let read = 0
      answer.on('data', (piece: Buffer) => (read += piece.length))
      answer.on('end', () => resolve(read))
      answer.on('error', reject)
    }).on('error', reject)
  })
  expect(size).toBeGreaterThan(200_000_000)
  expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000)
})
