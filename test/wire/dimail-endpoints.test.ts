import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Dimail, DimailOptions } from '../../main/dimail/client.ts'
import { dialects } from '../../main/sandbox/dialects.ts'
import { seededFleet } from '../../main/sandbox/fleet.ts'
import { type SandboxOptions, startSandbox } from '../../main/sandbox/server.ts'
import { type Result, unwrap } from '../../preload/failure.ts'
import { clientOf, closing, tokenOf } from '../fakes/dimail-client.ts'
import { json, startHttpServer } from '../fakes/http-server.ts'

const name = seededFleet()[0]?.name ?? ''
const local = 'jeanne.fictive'
const email = `${local}@${name}`
const names = { givenName: 'Jeanne', surName: 'Fictive', displayName: 'Jeanne Fictive' }
const renamed = { givenName: 'Jeanne', surName: 'Imaginaire', displayName: 'Jeanne Imaginaire' }
const destination = 'a@ailleurs.example'
const life = { expiresIn: 3600, maxUse: 3 }

async function setUp(options: SandboxOptions = {}, more: Partial<DimailOptions> = {}) {
  const sandbox = await startSandbox(options)
  onTestFinished(() => sandbox.close())
  const credentials = () => ({ username: sandbox.username, password: sandbox.password })
  const client = clientOf(sandbox.url, { credentials, ...more })
  /** The requests but those for tokens, as `METHOD path`. */
  const asked = () =>
    sandbox.requests.filter(({ path }) => path !== '/token/').map(({ method, path }) => `${method} ${path}`)
  return { sandbox, client, asked }
}

type Subject = 'mailbox' | 'alias' | 'address' | 'domain'
type Endpoint = {
  what: string
  call: (client: Dimail) => Promise<Result<unknown>>
  /** What a 404 that does not speak of a domain is about. */
  subject: Subject
  /** How often a passing failure is met. */
  attempts: 1 | 3
  /** Nothing of its bodies is ever quoted. */
  secret?: true
  /** A good answer about something else than what was asked. */
  other?: unknown
}
const password = { email: `autre@${name}`, password: 'Xy-1234567' }
const code = { email: `autre@${name}`, code: 'c', expires_at: 1, expires_in: 1, maxuse: 1, nbuse: 0 }
const v1 = { type: 'mailbox', status: 'ok', email: `autre@${name}`, ...names }
const use = { domain_name: name, user_name: 'autre', is_alias: false, is_mailbox: true, is_ox: true }
const box = [name, local] as const
const endpoints: Endpoint[] = [
  { what: 'list v1', call: (it) => it.listMailboxes(name, undefined, 1), subject: 'domain', attempts: 3 },
  { what: 'list v2', call: (it) => it.listMailboxes(name, undefined, 2), subject: 'domain', attempts: 3 },
  { what: 'read', call: (it) => it.readMailbox(...box), subject: 'mailbox', attempts: 3, other: v1 },
  {
    what: 'create',
    call: (it) => it.createMailbox(...box, names),
    subject: 'mailbox',
    attempts: 1,
    secret: true,
    other: password,
  },
  {
    what: 'disable v1',
    call: (it) => it.setMailboxActive(...box, false, null, 'active'),
    subject: 'mailbox',
    attempts: 3,
  },
  {
    what: 'enable v2',
    call: (it) => it.setMailboxActive(...box, true, names, 'imap_active'),
    subject: 'mailbox',
    attempts: 3,
  },
  {
    what: 'rename v1',
    call: (it) => it.setMailboxNames(...box, renamed, null),
    subject: 'mailbox',
    attempts: 3,
  },
  {
    what: 'rename v2',
    call: (it) => it.setMailboxNames(...box, renamed, 'imap_active'),
    subject: 'mailbox',
    attempts: 3,
  },
  { what: 'delete', call: (it) => it.deleteMailbox(...box), subject: 'mailbox', attempts: 1 },
  { what: 'address', call: (it) => it.address(...box), subject: 'address', attempts: 3, other: use },
  {
    what: 'reset',
    call: (it) => it.resetPassword(...box),
    subject: 'mailbox',
    attempts: 1,
    secret: true,
    other: password,
  },
  {
    what: 'code',
    call: (it) => it.loginCode(...box, life),
    subject: 'mailbox',
    attempts: 1,
    secret: true,
    other: code,
  },
  { what: 'list aliases', call: (it) => it.listAliases(name), subject: 'alias', attempts: 3 },
  {
    what: 'create alias',
    call: (it) => it.createAlias(name, { localPart: local, destination }),
    subject: 'alias',
    attempts: 1,
    other: { username: local, domain: name, destination: 'b@ailleurs.example' },
  },
  {
    what: 'delete alias',
    call: (it) => it.deleteAlias(name, local, destination),
    subject: 'alias',
    attempts: 1,
  },
  { what: 'delete aliases', call: (it) => it.deleteAllAliases(name, local), subject: 'alias', attempts: 1 },
]
const isToken = (request: { path: string }) => request.path === '/token/'

/** What a call makes of an answer, and what it asked. */
async function answer(call: Endpoint['call'], status: number, body: unknown, headers = {}) {
  const { client, sandbox, asked } = await setUp()
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  sandbox.answerNext((request) => !isToken(request), { answer: { status, body: text, headers } }, 9)
  return { result: await call(client), asked: asked() }
}

describe.each(endpoints)('$what', ({ call, subject, attempts, secret }) => {
  const ofDomain = subject === 'address' ? 'address' : 'domain'

  test.each([
    ['Domain not found', ofDomain],
    ['Domain not found in open-xchange', ofDomain],
    ['Mailbox not found', subject],
    ['Mailbox not found in open-xchange', subject],
    ['Alias not found', subject],
    ['Not found', subject],
    ['Not Found', 'route'],
  ])('a 404 that says %s is told as such, and not tried again', async (detail, reason) => {
    const { result, asked } = await answer(call, 404, { detail })
    expect(result).toMatchObject({ failure: { code: 'not-found', reason } })
    expect(asked).toHaveLength(1)
  })

  test.each([
    [403, { detail: 'Permission denied' }],
    [403, { detail: 'Permisison denied' }],
    [403, { details: 'Permission denied' }],
    [401, { detail: 'Not authorized.' }],
    [403, ''],
  ])('a %s with %j is a right that lacks, once a new token has not helped', async (status, body) => {
    const { result, asked } = await answer(call, status, body)
    expect(result).toMatchObject({ failure: { code: 'refused', reason: 'forbidden', details: { status } } })
    expect(asked).toHaveLength(2)
  })

  test.each([
    ['a schema', { detail: [{ type: 'missing', loc: ['body', 'x'], msg: 'Field required', input: 'Xy-1' }] }],
    ['a sentence', { detail: "Feature 'mailbox' not available on the domain" }],
    ['no JSON', 'Unprocessable'],
  ])('a 422 with %s is a refusal that repeats nothing of what was sent', async (_, body) => {
    const { result, asked } = await answer(call, 422, body)
    expect(result).toMatchObject({
      failure: { code: 'refused', reason: 'invalid', details: { status: 422 } },
    })
    expect(JSON.stringify(result)).not.toContain('Xy-1')
    expect(asked).toHaveLength(1)
  })

  test('faults 39: a 409 is a conflict, never tried again', async () => {
    const { result, asked } = await answer(call, 409, { detail: 'Alias already exists' })
    expect(result).toMatchObject({ failure: { code: 'conflict', reason: 'exists' } })
    expect(asked).toHaveLength(1)
  })

  test.each([
    ['text', 'Internal Server Error', 'text/plain; charset=utf-8'],
    ['JSON', { detail: 'Internal server error' }, 'application/json'],
  ])(
    'dimail L5: a 500 in %s is met again by what may be asked again, and by nothing else',
    async (_, body, type) => {
      const { result, asked } = await answer(call, 500, body, { 'content-type': type })
      expect(result).toMatchObject({ failure: { code: 'server-error', details: { status: 500 } } })
      expect(asked).toHaveLength(attempts)
      expect(new Set(asked).size).toBe(1)
    },
  )

  test.each([
    ['without a content type', "{'detail': 'Mailbox not found', 'x': None}", {}],
    ['with an apostrophe', '{"detail":"L\'adresse n\'existe pas"}', {}],
    ['of an unknown charset', '{"detail":"x"}', { 'content-type': 'application/json; charset=klingon' }],
    ['of broken JSON', '{"detail":', { 'content-type': 'application/json' }],
    ['of an odd shape', '[[["detail"]]]', { 'content-type': 'application/json' }],
    ['without a body', '', { 'content-type': '' }],
  ])('dimail C4: an error %s keeps its status and meaning', async (_, body, headers) => {
    const { result } = await answer(call, 404, body, headers)
    expect(result).toMatchObject({
      failure: { code: 'not-found', reason: subject, details: { status: 404 } },
    })
    const quoted = JSON.stringify(result).includes("L'adresse n'existe pas")
    expect(quoted).toBe(body.includes("L'adresse") && secret === undefined)
  })

  test('dimail C6: a dimail that says nothing ends it with a failure, not with an exception', async () => {
    const { client, sandbox, asked } = await setUp({}, { timeouts: { headers: 50 } })
    await client.token()
    sandbox.answerNext((request) => !isToken(request), { silent: true }, 9)
    const result = await call(client)
    const code = result.ok ? '' : result.failure.code
    expect(code).toBe(attempts === 1 || asked()[0]?.startsWith('PATCH') ? 'unknown-outcome' : 'timeout')
    expect(asked()).toHaveLength(attempts)
  })
})

describe.each(endpoints.filter(({ other }) => other !== undefined))('$what', ({ call, attempts, other }) => {
  test('faults 52: a good answer about another one is not believed', async () => {
    const { result, asked } = await answer(call, 200, other)
    const cause = 'bad-response/other-mailbox'
    expect(result).toMatchObject(
      attempts === 1
        ? { failure: { code: 'unknown-outcome', reason: 'unreadable-answer', details: { cause } } }
        : { failure: { code: 'bad-response', reason: 'other-mailbox' } },
    )
    expect(asked).toHaveLength(1)
    expect(JSON.stringify(result)).not.toContain('Xy-1234567')
  })

  test('faults 52: nor one about another domain', async () => {
    const elsewhere = JSON.stringify(other).replaceAll(name, 'autre.example').replace('autre@', `${local}@`)
    const { result } = await answer(call, 200, elsewhere)
    expect(result).toMatchObject({ ok: false })
    expect(JSON.stringify(result)).toMatch(/other-domain|other-mailbox/)
  })

  test('dimail 7.10: an answer in another case is about the one asked', async () => {
    const same = JSON.stringify(other)
      .replace(/"autre(?=[@"])/, '"JEANNE.Fictive')
      .replace('b@ailleurs', 'A@ailleurs')
    expect((await answer(call, 200, same)).result).toMatchObject({ ok: true })
  })
})

describe.each(dialects)('dimail %s', (dialect) => {
  const old = dialect === '2024'
  const field = { '2024': null, '0.6.7': 'active', '0.6-late': 'imap_active' } as const
  const route = { failure: { code: 'not-found', reason: 'route' } }
  const later = (failure: object) => (old ? route : { failure })

  test('refuses who has no right on the domain', async () => {
    const { sandbox } = await setUp({ dialect })
    sandbox.world.users.set('fictif', {
      name: 'fictif',
      password: 'pw',
      isAdmin: false,
      uuid: 'u',
      perms: [],
    })
    const client = clientOf(sandbox.url, { credentials: () => ({ username: 'fictif', password: 'pw' }) })
    for (const { what, call } of endpoints) {
      const lacks = old && /v2|address|reset|code/.test(what)
      expect(await call(client), what).toMatchObject(
        lacks ? route : { failure: { code: 'refused', reason: 'forbidden' } },
      )
    }
  })

  test('knows no mailbox and no alias that was not made', async () => {
    const { client } = await setUp({ dialect })
    const none = { failure: { code: 'not-found', reason: 'mailbox' } }
    expect(await client.readMailbox(...box)).toMatchObject(none)
    expect(await client.setMailboxActive(...box, false, null, field[dialect])).toMatchObject(none)
    expect(await client.setMailboxNames(...box, names, field[dialect])).toMatchObject(none)
    expect(await client.deleteMailbox(...box)).toMatchObject(none)
    expect(await client.resetPassword(...box)).toMatchObject(later(none.failure))
    expect(await client.loginCode(...box, life)).toMatchObject(later(none.failure))
    expect(await client.address(...box)).toMatchObject(later({ code: 'not-found', reason: 'address' }))
    const gone = { failure: { code: 'not-found', reason: 'alias' } }
    expect(await client.deleteAlias(name, local, destination)).toMatchObject(gone)
    expect(await client.deleteAllAliases(name, local)).toMatchObject(gone)
  })

  test.each([false, true])(
    'faults 39: refuses the same name and address twice; as a 409: %s',
    async (as409) => {
      const { client, sandbox, asked } = await setUp({ dialect, quirks: as409 ? ['conflict-as-409'] : [] })
      unwrap(await client.createMailbox(...box, names))
      const before = asked().length
      const refused = { failure: { code: as409 ? 'conflict' : 'server-error' } }
      expect(await client.createMailbox(...box, names)).toMatchObject(refused)
      expect(await client.createMailbox(name, 'autre', names)).toMatchObject(refused)
      expect(asked()).toHaveLength(before + 2)
      expect(sandbox.world.domain(name)?.mailboxes.filter((each) => each.local === local)).toHaveLength(1)
    },
  )

  test('refuses mailboxes where the domain has none', async () => {
    const { client, sandbox } = await setUp({ dialect })
    unwrap(await client.createMailbox(...box, names))
    sandbox.world.domain(name)?.features.splice(0, 3, 'alias')
    const invalid = { failure: { code: 'refused', reason: 'invalid' } }
    expect(await client.setMailboxNames(...box, names, 'active')).toMatchObject(invalid)
    expect(await client.deleteMailbox(...box)).toMatchObject(invalid)
  })

  test('tells with strings for booleans what it tells with booleans', async () => {
    const { client } = await setUp({ dialect, quirks: ['string-booleans'] })
    unwrap(await client.createMailbox(...box, names))
    const alias = unwrap(await client.createAlias(name, { localPart: local, destination, allowToSend: true }))
    expect(alias).toEqual({ domain: name, localPart: local, destination, allowToSend: old ? null : true })
    expect(unwrap(await client.listAliases(name)).aliases).toContainEqual(alias)
    const used = { isMailbox: true, isAlias: true, isOx: true, username: local, domain: name }
    expect(await client.address(...box)).toMatchObject(old ? route : { value: used })
  })

  test('dimail L10: is told to let a mailbox in or out in the words of its own list', async () => {
    const { client, asked } = await setUp({ dialect })
    unwrap(await client.createMailbox(...box, names))
    const listed = async () => {
      const list = unwrap(await client.listMailboxes(name))
      expect(list.activityField).toBe(field[dialect])
      return list.mailboxes.find((each) => each.address === email)
    }
    const first = await listed()
    unwrap(await client.setMailboxActive(...box, false, null, field[dialect]))
    const path = `${dialect === '0.6-late' ? '/v2' : ''}/domains/${name}/mailboxes/${local}`
    expect(asked().at(-1)).toBe(`PATCH ${path}`)
    // In 2024 the call is taken and changes nothing: whoever asks must read again.
    expect(await listed()).toMatchObject(old ? { ...first } : { imap: 'no' })
    unwrap(await client.setMailboxActive(...box, true, names, field[dialect]))
    expect(await listed()).toEqual(first)
  })
})

test.each([
  ['GET /users/agent', { name: 'autre' }, (it: Dimail) => it.readUser('agent'), 'bad-response'],
  ['PATCH /users/agent', { name: 'autre' }, (it: Dimail) => it.patchUser('agent', {}), 'unknown-outcome'],
  [
    'POST /users/',
    { name: 'autre' },
    (it: Dimail) => it.createUser({ name: 'agent', password: 'no', isAdmin: false, perms: [] }),
    'unknown-outcome',
  ],
  [
    'POST /allows/',
    { user: 'agent', domain: 'autre.example' },
    (it: Dimail) => it.createAllow({ user: 'agent', domain: name }),
    'unknown-outcome',
  ],
])('faults 52: to %s, a good answer about %j is not believed', async (line, body, call, code) => {
  const { client, sandbox } = await setUp()
  sandbox.answerNext(line, { answer: { status: 200, body: JSON.stringify(body) } }, 3)
  const result = await call(client)
  expect(result).toMatchObject({ failure: { code } })
  expect(JSON.stringify(result)).toContain('other-account')
})

describe('the first version of the list', () => {
  test('shows the rest of the context to whoever asks for it', async () => {
    const { client, asked } = await setUp()
    const shared = 'cc-valdore.example'
    expect(unwrap(await client.listMailboxes(shared, undefined, 1))).toMatchObject({ version: 1 })
    expect(unwrap(await client.listMailboxes(shared, undefined, 1)).foreign.length).toBeGreaterThan(0)
    expect(unwrap(await client.listMailboxes(shared))).toMatchObject({ version: 2 })
    expect(asked().map((line) => line.includes('/v2/'))).toEqual([false, false, true])
  })
})

test.each(['../mailboxes/x?', '..', '.', '%2e%2e', 'a/b', 'a\u0000b', 'x#', 'a\\b'])(
  'dimail S1: an alias that dimail holds as %j is listed, and no call about it leaves its route',
  async (username) => {
    const { client, sandbox, asked } = await setUp()
    const aliases = sandbox.world.aliases(name)
    aliases.push({ username, destination, allowToSend: false })
    const before = structuredClone([aliases, sandbox.world.domain(name)?.mailboxes])
    const list = unwrap(await client.listAliases(name))
    expect(list.aliases.map((alias) => alias.localPart)).toContain(username)
    const results = await Promise.all([
      client.deleteAlias(name, username, destination),
      client.deleteAllAliases(name, username),
      client.deleteAlias(name, 'contact', `${username}@ailleurs.example`),
      client.createAlias(name, { localPart: username, destination }),
      client.readMailbox(name, username),
      client.setMailboxActive(name, username, false, null, 'active'),
      client.setMailboxNames(name, username, names, 'imap_active'),
      client.resetPassword(name, username),
      client.loginCode(name, username, life),
      client.address(name, username),
    ])
    for (const [at, result] of results.entries())
      if (at !== 2) expect(result).toMatchObject({ failure: { code: 'invalid' } })
    const routes = /^(GET|DELETE) \/domains\/[a-z0-9.-]+\/aliases\/(contact\/[^/?#\\]+)?$/
    for (const line of asked()) expect(line).toMatch(routes)
    expect([aliases, sandbox.world.domain(name)?.mailboxes]).toEqual(before)
  },
)

test('dimail L5: thirty calls keep six on the wire at most, and wait a random while before they ask again', async () => {
  let draws = 0
  const random = () => ++draws / 100
  let failing = 2
  const server = closing(
    await startHttpServer(async (request, response) => {
      await nextTurn()
      if (request.url === '/token/')
        json(response, 200, { access_token: tokenOf(4_000_000_000), token_type: 'bearer' })
      else if (failing-- > 0) response.writeHead(502).end()
      else json(response, 200, [])
    }),
  )
  const client = clientOf(server.address, { random })
  const results = await Promise.all(Array.from({ length: 30 }, () => client.listAliases(name)))
  expect(results.every((result) => result.ok)).toBe(true)
  expect(draws).toBe(2)
  expect(server.requests).toHaveLength(1 + 30 + 2)
  expect(server.peak()).toBeLessThanOrEqual(6)
  expect(server.peak()).toBeGreaterThan(1)
})

test('dimail L6: two platforms are spoken to at once, each with its own address and credentials', async () => {
  const one = await setUp()
  const two = await setUp({ dialect: '2024' })
  unwrap(await one.client.createMailbox(...box, names))
  const [first, second] = await Promise.all([one.client.readMailbox(...box), two.client.readMailbox(...box)])
  expect(first).toMatchObject({ ok: true })
  expect(second).toMatchObject({ failure: { code: 'not-found', reason: 'mailbox' } })
  const stranger = clientOf(one.sandbox.url, {
    credentials: () => ({ username: two.sandbox.username, password: two.sandbox.password }),
  })
  expect(await stranger.readMailbox(...box)).toMatchObject({
    failure: { code: 'refused', reason: 'credentials' },
  })
})
