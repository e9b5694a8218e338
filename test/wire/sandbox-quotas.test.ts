import { expect, test } from 'vitest'
import { accounts } from '../../main/sandbox/accounts.ts'
import { field, open } from './sandbox-wire.ts'

const siret = accounts[1]?.siret ?? ''
const mailbox = 'accueil@villeneuve-les-etangs.example'

async function quotas() {
  const { sandbox, ask } = await open({ domains: 0 })
  const { serviceId: service_id, key } = sandbox.deployCenter
  const headers = { 'x-service-auth': `Bearer ${key}` }
  return {
    sandbox,
    push(body?: unknown, more: Record<string, string> = {}) {
      const query = { service_id, account_type: 'mailbox', account_email: mailbox, siret, ...more }
      const path = `/deploycenter/api/v1.0/entitlements/?${new URLSearchParams(query)}`
      return ask('POST', path, { headers, body })
    },
  }
}
const item = (type: 'mailbox' | 'organization', storage_used: unknown, its = siret) => ({
  account: type === 'mailbox' ? { type, email: mailbox } : { type },
  metrics: { storage_used },
  siret: its,
})

test('entitlements 82: what is pushed is told back, with the limits', async () => {
  const { push } = await quotas()
  const reply = await push({ usage_metrics: [item('mailbox', 42), item('organization', 99)] })
  expect(reply.status).toBe(200)
  expect(field(reply, 'metrics')).toEqual({
    account: { storage_used: 42 },
    organization: { storage_used: 99 },
  })
  expect(field(reply, 'entitlements')).toMatchObject({
    can_store: true,
    max_storage_account: expect.any(Number),
    max_storage_organization: 100_000_000_000,
  })
})

test('entitlements 83: only the mailbox may be pushed, and pushing nothing tells what is known', async () => {
  const { push } = await quotas()
  const before = (await push()).json
  expect((await push({})).json).toEqual(before)
  expect((await push({ usage_metrics: [] })).json).toEqual(before)
  const metrics = field(await push({ usage_metrics: [item('mailbox', 7)] }), 'metrics')
  const { organization } = Object(field({ json: before }, 'metrics'))
  expect(metrics).toEqual({ account: { storage_used: 7 }, organization })
  expect(field(await push(), 'metrics')).toEqual(metrics)
})

test('an address has the same quota in every run, and a plausible one', async () => {
  const [one, two] = [await quotas(), await quotas()]
  for (const account_email of ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@port-salin.example`)) {
    const told = (await one.push(undefined, { account_email })).json
    expect((await two.push(undefined, { account_email })).json).toEqual(told)
    const { max_storage_account: max } = Object(field({ json: told }, 'entitlements'))
    const { account } = Object(field({ json: told }, 'metrics'))
    expect([0, 5e9, 10e9, 15e9]).toContain(max)
    expect(account.storage_used).toBeLessThanOrEqual(max === 0 ? 5e9 : max)
  }
})

test('entitlements 88: an organisation over its limit cannot store', async () => {
  const { push } = await quotas()
  const reply = await push({ usage_metrics: [item('organization', 100_000_000_001)] })
  expect(field(reply, 'entitlements')).toMatchObject({
    can_store: false,
    can_store_resolve_level: 'organization',
  })
})

test.each([
  ['no list', { usage_metrics: {} }],
  ['no objects', { usage_metrics: ['x'] }],
  ['an account that is no object', { usage_metrics: [{ ...item('mailbox', 1), account: 'x' }] }],
  ['metrics that are no object', { usage_metrics: [{ ...item('mailbox', 1), metrics: [] }] }],
  ['no JSON', '{'],
])('%s is 400, and nothing is stored', async (_what, body) => {
  const { push } = await quotas()
  const before = (await push()).json
  expect((await push(body)).status).toBe(400)
  expect((await push()).json).toEqual(before)
})

test('an unknown siret is skipped, and an inactive subscription stores nothing', async () => {
  const { sandbox, push } = await quotas()
  const before = field(await push(), 'metrics')
  await push({ usage_metrics: [item('mailbox', 1, '99900009999999')] })
  expect(field(await push(), 'metrics')).toEqual(before)
  sandbox.agents.entitle('two-towns', { domains: [], subscription: 'inactive' })
  const reply = await push({ usage_metrics: [item('mailbox', 1)] })
  expect([reply.status, field(reply, 'metrics')]).toEqual([200, {}])
  sandbox.agents.entitle('two-towns', { domains: [], subscription: 'active' })
  expect(field(await push(), 'metrics')).toEqual(before)
})

test('reset forgets what was pushed', async () => {
  const { sandbox, push } = await quotas()
  const before = (await push()).json
  await push({ usage_metrics: [item('mailbox', 1)] })
  sandbox.reset()
  expect((await push()).json).toEqual(before)
})
