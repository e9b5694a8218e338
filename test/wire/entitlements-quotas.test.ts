import { describe, expect, test } from 'vitest'
import type { QuotaQuestion } from '../../main/entitlements/entitlements.ts'
import { openEntitlements } from '../../main/entitlements/facade.ts'
import { createLocal } from '../../main/entitlements/local.ts'
import { backendFor, startDeployCenter } from '../fakes/deploycenter.ts'
import { json } from '../fakes/http-server.ts'

const question: QuotaQuestion = {
  address: 'accueil@villeneuve-les-etangs.example',
  organization: '21000000000017',
  usage: { mailbox: 42, organization: 99 },
}
const structured = {
  entitlements: { max_storage_account: 1000, max_storage_organization: 5000 },
  metrics: { account: { storage_used: 42 }, organization: { storage_used: 99 } },
}

async function setUp(body: unknown = structured) {
  const server = await startDeployCenter()
  server.says.respond = (_, response) => json(response, 200, body)
  const { backend, settings, clock, lines } = backendFor(server.endpoint)
  const kept = { read: async () => null, write: async () => {} }
  const entitlements = openEntitlements({ backend, settings, kept, now: () => clock.now })
  const bodyOf = (at: number): unknown => JSON.parse(server.requests[at]?.body ?? 'null')
  return { server, entitlements, clock, lines, bodyOf }
}

describe('a quota', () => {
  test('entitlements 82: one POST pushes both usages and reads both limits', async () => {
    const { server, entitlements, bodyOf } = await setUp()
    expect(await entitlements.quota(question)).toEqual({
      ok: true,
      value: {
        mailbox: { used: 42, max: 1000 },
        organization: { used: 99, max: 5000 },
        answeredAt: 1_800_000_000_000,
        stale: false,
      },
    })
    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]?.method).toBe('POST')
    expect(server.requests[0]?.headers).toMatchObject({ 'content-type': 'application/json' })
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
    expect(Object.fromEntries(server.queries()[0] ?? [])).toEqual({
      service_id: '42',
      account_type: 'mailbox',
      account_email: question.address,
      siret: '21000000000017',
    })
    expect(bodyOf(0)).toEqual({
      usage_metrics: [
        {
          account: { type: 'mailbox', email: question.address },
          metrics: { storage_used: 42 },
          siret: '21000000000017',
        },
        { account: { type: 'organization' }, metrics: { storage_used: 99 }, siret: '21000000000017' },
      ],
    })
  })

  test('entitlements 82: usage that nobody measured is not pushed as a zero', async () => {
    const { entitlements, bodyOf } = await setUp()
    await entitlements.quota({ ...question, usage: { mailbox: null, organization: null } })
    expect(bodyOf(0)).toEqual({ usage_metrics: [] })
    await entitlements.quota({
      ...question,
      address: 'b@c.example',
      usage: { mailbox: 0, organization: null },
    })
    expect(bodyOf(1)).toMatchObject({ usage_metrics: [{ metrics: { storage_used: 0 } }] })
  })

  test('entitlements 83: without an organisation only the mailbox is pushed, and nothing is said of one', async () => {
    const { server, entitlements, bodyOf } = await setUp()
    expect(await entitlements.quota({ ...question, organization: null })).toMatchObject({
      value: { mailbox: { used: 42, max: 1000 }, organization: null },
    })
    expect(server.queries()[0]?.has('siret')).toBe(false)
    expect(bodyOf(0)).toEqual({
      usage_metrics: [
        { account: { type: 'mailbox', email: question.address }, metrics: { storage_used: 42 } },
      ],
    })
  })

  test('entitlements 84: two readings within the time are one POST', async () => {
    const { server, clock, entitlements } = await setUp()
    const [first] = await Promise.all([entitlements.quota(question), entitlements.quota(question)])
    clock.now += 299_000
    expect(await entitlements.quota(question)).toEqual(first)
    expect(server.requests).toHaveLength(1)
    clock.now += 1000
    await entitlements.quota(question)
    expect(server.requests).toHaveLength(2)
  })

  test('entitlements 85: a 500 with nothing known is a failure', async () => {
    const { server, entitlements } = await setUp()
    server.says.respond = (_, response) => json(response, 500, {})
    expect(await entitlements.quota(question)).toMatchObject({
      ok: false,
      failure: { code: 'server-error', reason: 'deploycenter' },
    })
  })

  test('entitlements 85: a 500 with something known gives it, as stale, until it is too old', async () => {
    const { server, clock, entitlements } = await setUp()
    await entitlements.quota(question)
    server.says.respond = (_, response) => json(response, 500, {})
    clock.now += 300_000
    expect(await entitlements.quota(question)).toMatchObject({
      ok: true,
      value: { mailbox: { used: 42 }, stale: true },
    })
    clock.now += 86_400_000
    expect(await entitlements.quota(question)).toMatchObject({ ok: false })
  })

  test('entitlements 87: the local backend knows no quota, so there is no gauge', async () => {
    expect(await createLocal(() => 0).quota(question)).toEqual({ ok: true, value: null })
  })

  test.each<[unknown, string]>([
    [0, 'a limit of 0'],
    [null, 'a limit of null'],
    [undefined, 'no limit'],
    [-5, 'a negative limit'],
    ['1000', 'a limit that is a text'],
  ])('entitlements 87: %j (%s) is no known limit', async (max) => {
    const { entitlements } = await setUp({ ...structured, entitlements: { max_storage_account: max } })
    expect(await entitlements.quota(question)).toMatchObject({
      value: { mailbox: { used: 42, max: null }, organization: { used: 99, max: null } },
    })
  })

  test('entitlements 88: an organisation over its limit is told as it is, for the gauge to be locked', async () => {
    const over = { ...structured.metrics, organization: { storage_used: 6000 } }
    const { entitlements } = await setUp({ ...structured, metrics: over })
    expect(await entitlements.quota(question)).toMatchObject({
      value: { organization: { used: 6000, max: 5000 } },
    })
  })

  test('entitlements 89: a DeployCenter without this call (405) has no gauge, and is not asked again at once', async () => {
    const { server, entitlements } = await setUp()
    server.says.respond = (_, response) => json(response, 405, { detail: 'Méthode « POST » non autorisée.' })
    expect(await entitlements.quota(question)).toEqual({ ok: true, value: null })
    expect(await entitlements.quota(question)).toEqual({ ok: true, value: null })
    expect(server.requests).toHaveLength(1)
  })

  test('the flat form of [DC] is read too, with its numbers as they are printed', async () => {
    const { server, entitlements } = await setUp()
    server.says.respond = (_, response) =>
      void response.end('{"entitlements": {"max_storage": 5000.0}, "metrics": {"storage_used": 500.7}}')
    expect(
      await entitlements.quota({ ...question, usage: { mailbox: null, organization: null } }),
    ).toMatchObject({
      value: { mailbox: { used: 500, max: 5000 }, organization: { used: 0, max: null } },
    })
  })

  test('a usage that nobody knows is no empty gauge, nor is one beyond all numbers', async () => {
    const { server, entitlements } = await setUp()
    server.says.respond = (_, response) =>
      void response.end(
        '{"entitlements": {"max_storage_account": 5000, "max_storage_organization": 1e999}, "metrics": {}}',
      )
    const unmeasured = { ...question, usage: { mailbox: null, organization: 7 } }
    expect(await entitlements.quota(unmeasured)).toMatchObject({
      value: { mailbox: { used: 0, max: null }, organization: { used: 7, max: null } },
    })
  })

  test('a domain whose organisation is not known gets a 400, which says what is missing', async () => {
    const { server, entitlements, lines } = await setUp()
    server.says.respond = null
    const result = await entitlements.quota({ ...question, organization: null })
    expect(result).toMatchObject({
      failure: { reason: 'deploycenter-request', details: { fields: 'siret' } },
    })
    expect(JSON.stringify(lines)).not.toContain('accueil')
  })
})
