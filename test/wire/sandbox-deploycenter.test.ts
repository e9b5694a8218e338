import { expect, test } from 'vitest'
import { accounts } from '../../main/sandbox/accounts.ts'
import type { Sandbox, SandboxOptions } from '../../main/sandbox/server.ts'
import { type Ask, field, open, type Reply } from './sandbox-wire.ts'

const path = '/deploycenter/api/v1.0/entitlements/'
const [town] = accounts.filter(({ id }) => id === 'two-towns')
if (town === undefined) throw new Error('Nobody administers two towns')
const { email, siret, sub } = town

type Query = Record<string, string | undefined>
type More = Ask & { method?: string; query?: Query; key?: string | null; path?: string }

/** A sandbox without domains, and how to ask its DeployCenter as the console does, or otherwise. */
async function center(options: SandboxOptions = {}) {
  const { sandbox, ask, control } = await open({ domains: 0, ...options })
  const { serviceId, key } = sandbox.deployCenter
  const usual = { service_id: serviceId, account_type: 'user', account_email: email, siret }
  function dc(more: More = {}): Promise<Reply> {
    const said = Object.entries({ ...usual, ...more.query }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    )
    const { key: auth = `Bearer ${key}`, headers, ...rest } = more
    const given: Ask = { ...rest, headers: { ...(auth !== null && { 'x-service-auth': auth }), ...headers } }
    return ask(more.method ?? 'GET', `${more.path ?? path}?${new URLSearchParams(said)}`, given)
  }
  return { sandbox, control, dc, ask, key }
}
const entitlements = (reply: Reply) => field(reply, 'entitlements')
const say = (sandbox: Sandbox, subscription: 'active' | 'inactive' | 'none', domains: string[] = []) =>
  sandbox.agents.entitle('two-towns', { domains, subscription })

const refusals: [what: string, more: More][] = [
  ['no header', { key: null }],
  ['lower case', { key: 'bearer KEY' }],
  ['another scheme', { key: 'ApiKey KEY' }],
  ['no token', { key: 'Bearer' }],
  ['two spaces', { key: 'Bearer  KEY' }],
  ['a longer key', { key: 'Bearer KEYx' }],
  ['something after the key', { key: 'Bearer KEY x' }],
  ['no service', { query: { service_id: undefined } }],
  ['another service', { query: { service_id: '7' } }],
  ['no service, and no header', { key: null, query: { service_id: 'x' } }],
  ['a wrong key hides what is wrong with the question', { key: 'Bearer x', query: { siret: undefined } }],
  ['a wrong key hides the wrong method', { key: 'Bearer x', method: 'DELETE' }],
]
test.each(refusals)('entitlements 2.4: %s is 401', async (_what, more) => {
  const { dc, key } = await center()
  const asked = more.key == null ? more : { ...more, key: more.key.replace('KEY', key) }
  const reply = await dc(asked)
  expect([reply.status, reply.headers['www-authenticate']]).toEqual([401, 'Bearer realm="api"'])
  expect(typeof field(reply, 'detail')).toBe('string')
  expect((await dc()).status).toBe(200)
})

const wrong: [what: string, query: Query, fields: string[]][] = [
  ['no siret', { siret: undefined }, ['siret']],
  ['a blank siret', { siret: ' ' }, ['siret']],
  ['no account type', { account_type: undefined }, ['account_type']],
  ['nothing of both', { account_type: '', siret: undefined }, ['account_type', 'siret']],
  ['a bad address', { account_email: 'nobody' }, ['account_email']],
  ['nobody', { account_email: undefined }, ['non_field_errors']],
]
test.each(wrong)('entitlements 2.4: %s is 400, field by field', async (_what, query, fields) => {
  const { dc } = await center()
  const reply = await dc({ query })
  expect(reply.status).toBe(400)
  expect(Object.keys(Object(reply.json)).sort()).toEqual(fields)
  expect(Object.values(Object(reply.json)).every((value) => Array.isArray(value))).toBe(true)
})

test.each([
  ['a service that is no number', { query: { service_id: 'messages' } }],
  ['a key outside ASCII', { key: 'Bearer clé' }],
])('entitlements 2.4: %s is a 500 in HTML', async (_what, more: More) => {
  const { dc } = await center()
  const reply = await dc(more)
  expect([reply.status, reply.headers['content-type'], reply.json]).toEqual([
    500,
    'text/html; charset=utf-8',
    undefined,
  ])
})

test('entitlements 2.2: the server of 2026 takes an Authorization for a token of the provider, the new one does not', async () => {
  const { sandbox, dc } = await center({ deployCenter: '2026' })
  const more = { headers: { authorization: 'Bearer x' } }
  expect((await dc(more)).status).toBe(401)
  sandbox.deployCenter.version = 'new'
  expect((await dc(more)).status).toBe(200)
})

test('entitlements 89: POST is 405 on the server of 2026 and allowed on the new one, other methods on neither', async () => {
  const { sandbox, dc } = await center({ deployCenter: '2026' })
  const refused = await dc({ method: 'POST' })
  expect([refused.status, refused.headers.allow, typeof field(refused, 'detail')]).toEqual([
    405,
    'GET',
    'string',
  ])
  sandbox.deployCenter.version = 'new'
  expect((await dc({ method: 'POST' })).status).toBe(200)
  expect((await dc({ method: 'PUT' })).status).toBe(405)
})

test('entitlements 2.4: without the final slash it is redirected with its query, before anything is checked', async () => {
  const { dc } = await center()
  const reply = await dc({ path: path.slice(0, -1), key: null, query: { siret: '1' } })
  expect([reply.status, reply.headers.location]).toEqual([
    301,
    expect.stringMatching(/^\/deploycenter\/api\/v1\.0\/entitlements\/\?.*siret=1$/),
  ])
  expect((await dc({ path: '/deploycenter/' })).status).toBe(404)
})

test('entitlements 2.5: an administrator gets the list, in the order in which it is stored', async () => {
  const { dc } = await center({ deployCenter: '2026' })
  expect((await dc()).json).toEqual({
    organization: { id: expect.any(String), type: 'epci', name: 'Agglomération fictive', oidc_valid: null },
    operator: {
      id: expect.any(String),
      name: 'Opérateur fictif',
      siret: expect.any(String),
      url: 'https://operateur.example',
      config: { support_email: 'aide@operateur.example' },
    },
    entitlements: {
      can_access: true,
      can_store: false,
      can_store_resolve_level: 'organization',
      can_admin_maildomains: ['villeneuve-les-etangs.example', 'sdis-valdore.example'],
    },
  })
})

test('entitlements 2.5: without any right the list is empty', async () => {
  const { sandbox, dc } = await center()
  say(sandbox, 'active')
  expect(entitlements(await dc())).toMatchObject({ can_access: true, can_admin_maildomains: [] })
  expect(entitlements(await dc())).not.toHaveProperty('can_access_reason')
})

test.each(['inactive', 'none'] as const)(
  'entitlements 52: with a subscription that is %s the list is not in the answer at all',
  async (subscription) => {
    const { sandbox, dc } = await center()
    say(sandbox, subscription, ['villeneuve-les-etangs.example'])
    const reply = await dc()
    expect(entitlements(reply)).toEqual({ can_access: false, can_access_reason: 'not_activated' })
    expect(field(reply, 'organization')).toMatchObject({ name: 'Agglomération fictive' })
    expect(field(reply, 'operator') === null).toBe(subscription === 'none')
    expect(field(reply, 'potentialOperators')).toMatchObject([
      { name: 'Opérateur fictif', signupUrl: 'https://operateur.example/inscription' },
    ])
  },
)

test('entitlements 2.5: an unknown siret has no organisation, and nobody is proposed', async () => {
  const { dc } = await center({ deployCenter: '2026' })
  const entitled = { can_access: false, can_access_reason: 'no_organization' }
  const nobody = { organization: null, operator: null, entitlements: entitled }
  expect((await dc({ query: { siret: '99900009999999' } })).json).toEqual(nobody)
  // What a client sends that writes a missing claim as text.
  expect((await dc({ query: { siret: 'null' } })).json).toEqual(nobody)
})

test('entitlements 2.5: the new server always tells metrics', async () => {
  const { sandbox, dc } = await center()
  for (const subscription of ['active', 'inactive', 'none'] as const) {
    say(sandbox, subscription)
    expect(field(await dc(), 'metrics')).toEqual({})
  }
})

test.each<[what: string, query: Query, found: boolean]>([
  ['the address', {}, true],
  ['another case of it', { account_email: email.replace('c', 'C') }, false],
  ['another case of its domain', { account_email: email.replace('.example', '.EXAMPLE') }, false],
  ['a stranger of the organisation', { account_email: 'x@agglomeration-fictive.example' }, false],
  ['the identifier', { account_email: undefined, account_id: sub }, true],
  ['any account type', { account_type: 'mailbox' }, true],
])('entitlements 2.6: an administrator is found by %s', async (_what, query, found) => {
  const { dc } = await center()
  const list = found ? town.domains : []
  expect(entitlements(await dc({ query }))).toMatchObject({ can_admin_maildomains: list })
})

test('entitlements 2.6: the list is that of the person, whatever organisation with a subscription is named', async () => {
  const { dc } = await center()
  const [other] = accounts.filter(({ id }) => id === 'owner')
  const reply = await dc({ query: { siret: other?.siret } })
  expect(entitlements(reply)).toMatchObject({ can_admin_maildomains: town.domains })
})

test('entitlements 2.6: domains are told as they are stored, once each', async () => {
  const { sandbox, dc } = await center()
  say(sandbox, 'active', ['B.Example ', 'a.example', 'a.example'])
  expect(entitlements(await dc())).toMatchObject({ can_admin_maildomains: ['B.Example ', 'a.example'] })
})

test('what it was asked is kept without the query, the key or the header', async () => {
  const { sandbox, dc, key } = await center({ now: () => 5 })
  await dc({ headers: { authorization: 'Token secret' } })
  expect(sandbox.deployCenter.requests).toEqual([{ method: 'GET', path, at: 5, authorization: 'Token' }])
  expect(JSON.stringify(sandbox.deployCenter.requests)).not.toContain(key)
  expect(sandbox.requests).toEqual([])
})

test('neither the faults nor the latency of dimail touch it, or the flags', async () => {
  const { sandbox, dc, ask } = await center({ latencyMs: 5000 })
  sandbox.answerNext(() => true, { answer: { status: 503 } }, 2)
  const began = performance.now()
  expect([(await dc()).status, (await ask('GET', '/messages/api/v1.0/config/')).status]).toEqual([200, 200])
  expect(performance.now() - began).toBeLessThan(4000)
})

test('entitlements 77: the configuration tells anybody both flags as booleans, among other keys', async () => {
  const { sandbox, ask } = await center()
  const { pathname } = new URL(sandbox.configuration)
  const flags = async () => (await ask('GET', pathname)).json
  expect(await flags()).toMatchObject({
    FEATURE_MAILDOMAIN_CREATE: true,
    FEATURE_MAILDOMAIN_MANAGE_ACCESSES: true,
    ENVIRONMENT: 'sandbox',
  })
  sandbox.flags.create = false
  expect(await flags()).toMatchObject({ FEATURE_MAILDOMAIN_CREATE: false })
  expect((await ask('POST', pathname)).status).toBe(405)
  sandbox.reset()
  expect(await flags()).toMatchObject({ FEATURE_MAILDOMAIN_CREATE: true })
})
