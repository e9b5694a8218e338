import { describe, expect, onTestFinished, test } from 'vitest'
import type { DomainAnswer } from '../../main/dimail/client.ts'
import { dialects, quirks } from '../../main/sandbox/dialects.ts'
import { expectedCounts, seededFleet } from '../../main/sandbox/fleet.ts'
import { type SandboxOptions, startSandbox } from '../../main/sandbox/server.ts'
import { unwrap } from '../../preload/failure.ts'
import { clientOf } from '../fakes/dimail-client.ts'

const [first] = seededFleet()
const name = first?.name ?? ''
const fresh = 'nouvelle-commune.example'
const route = { failure: { code: 'not-found', reason: 'route' } }
const names = { givenName: 'Jeanne', surName: 'Fictive', displayName: 'Jeanne Fictive' }

async function setUp(options: SandboxOptions = {}) {
  const sandbox = await startSandbox(options)
  onTestFinished(() => sandbox.close())
  const credentials = () => ({ username: sandbox.username, password: sandbox.password })
  return { sandbox, client: clientOf(sandbox.url, { credentials }) }
}

/** Every switch of the sandbox that leaves answers in time: each dialect alone, then each quirk in each. */
const worlds = dialects.flatMap((dialect) => [
  { dialect, quirk: 'no quirk', options: { dialect } },
  ...quirks
    .filter((quirk) => quirk !== 'lose-answers')
    .map((quirk) => ({ dialect, quirk, options: { dialect, quirks: [quirk] } })),
])

describe.each(worlds)('dimail $dialect with $quirk', ({ dialect, options }) => {
  const old = dialect === '2024'

  test('proves the credentials and lists the fleet', async () => {
    const { client } = await setUp(options)
    expect(await client.token()).toMatchObject({ ok: true })
    const { domains, rejected } = unwrap(await client.listDomains())
    expect(rejected).toBe(0)
    expect(domains).toHaveLength(expectedCounts(seededFleet()).all)
    expect(domains.every((domain) => typeof domain.valid === 'boolean')).toBe(true)
  })

  test('reads, checks, repairs and specifies a domain', async () => {
    const { client, sandbox } = await setUp(options)
    expect(await client.readDomain(name)).toMatchObject({ ok: true, value: { name } })
    const checked: DomainAnswer[] = []
    for (const each of sandbox.world.names()) {
      const answer = await client.checkDomain(each)
      // Odd DNS data makes dimail fail, for that domain alone (docs/dimail.md 6.3).
      if (answer.ok) checked.push(answer.value)
      else expect(answer).toMatchObject({ failure: { code: 'server-error', details: { status: 500 } } })
    }
    expect(new Set(checked.map((domain) => domain.state))).toEqual(new Set(['ok', 'broken']))
    const fixed = await client.fixDomain(name)
    const spec = await client.spec(name)
    if (old) {
      expect(fixed).toMatchObject(route)
      expect(spec).toMatchObject(route)
    } else {
      expect(fixed).toMatchObject({ ok: true, value: { name } })
      expect(unwrap(spec).map((record) => record.type)).toContain('mx')
    }
  })

  test('creates a domain once, and knows none that was not created', async () => {
    const { client } = await setUp(options)
    const wanted = { name: fresh, contextName: fresh, features: ['webmail', 'mailbox', 'alias'] }
    const domain = { ...wanted, delivery: 'virtual' }
    expect(await client.createDomain(domain)).toMatchObject({
      ok: true,
      value: { name: fresh, state: 'new' },
    })
    expect(await client.createDomain(domain)).toMatchObject({
      failure: { code: 'conflict', reason: 'exists' },
    })
    const missing = { failure: { code: 'not-found', reason: 'domain' } }
    expect(await client.readDomain('absente.example')).toMatchObject(missing)
    expect(await client.checkDomain('absente.example')).toMatchObject(missing)
    expect(await client.listMailboxes('absente.example')).toMatchObject(missing)
  })

  test('manages accounts and what they may touch', async () => {
    const { client } = await setUp(options)
    const agent = { name: 'agent-fictif', password: 'Xy-1234567', isAdmin: false, perms: [] }
    expect(await client.createUser(agent)).toMatchObject({ value: { name: agent.name, isAdmin: false } })
    expect(await client.createUser(agent)).toMatchObject({ failure: { code: 'conflict' } })
    expect(unwrap(await client.listUsers()).users).toHaveLength(2)
    expect(await client.patchUser(agent.name, { isAdmin: true })).toMatchObject({ value: { isAdmin: true } })
    expect(await client.readUser(agent.name)).toMatchObject({ value: { isAdmin: true } })
    const allow = { user: agent.name, domain: name }
    expect(await client.createAllow(allow)).toEqual({ ok: true, value: allow })
    expect(await client.createAllow(allow)).toMatchObject({ failure: { code: 'conflict' } })
    expect(unwrap(await client.listAllows({ username: agent.name })).allows).toEqual([allow])
    expect(await client.deleteAllow(allow)).toMatchObject({ ok: true })
    expect(await client.deleteAllow(allow)).toMatchObject({ failure: { code: 'not-found' } })
    expect(await client.deleteUser(agent.name)).toMatchObject({ ok: true })
    expect(await client.readUser(agent.name)).toMatchObject({
      failure: { code: 'not-found', reason: 'user' },
    })
  })

  test('manages mailboxes', async () => {
    const { client } = await setUp(options)
    const box = [fresh, 'jeanne.fictive'] as const
    unwrap(
      await client.createDomain({
        name: fresh,
        contextName: fresh,
        features: ['webmail', 'mailbox'],
        delivery: 'virtual',
      }),
    )
    const created = unwrap(await client.createMailbox(...box, names))
    expect(created).toEqual({ email: box.toReversed().join('@'), password: expect.any(String) })
    const again = await client.createMailbox(...box, names)
    expect(['conflict', 'server-error']).toContain(again.ok ? '' : again.failure.code)
    expect(JSON.stringify(again)).not.toContain(created.password)
    expect(await client.readMailbox(...box)).toMatchObject({
      value: { address: created.email, givenName: 'Jeanne', surName: 'Fictive', kind: 'person' },
    })
    const field = { '2024': null, '0.6.7': 'active', '0.6-late': 'imap_active' } as const
    const listed = async () => unwrap(await client.listMailboxes(fresh))
    const jeanne = async () => (await listed()).mailboxes.find((each) => each.address === created.email)
    expect(await listed()).toMatchObject({ version: old ? 1 : 2, activityField: field[dialect], rejected: 0 })
    const change = async (active: boolean) =>
      unwrap(await client.setMailboxActive(...box, active, active ? names : null, field[dialect]))
    await change(false)
    expect(await jeanne()).toMatchObject(old ? { imap: 'unknown' } : { imap: 'no', kind: 'functional' })
    await change(true)
    const smtp = dialect === '0.6-late' ? 'yes' : null
    expect(await jeanne()).toMatchObject({ ...names, kind: 'person', imap: old ? 'unknown' : 'yes', smtp })
    const renamed = { givenName: 'Jeanne', surName: 'Imaginaire', displayName: 'Jeanne Imaginaire' }
    unwrap(await client.setMailboxNames(...box, renamed, field[dialect]))
    expect(await jeanne()).toMatchObject(renamed)
    if (!old) {
      expect(await client.address(...box)).toMatchObject({ value: { isMailbox: true, isAlias: false } })
      expect(await client.resetPassword(...box)).toMatchObject({ value: { email: created.email } })
      expect(await client.loginCode(...box, { expiresIn: 3600, maxUse: 3 })).toMatchObject({
        value: { maxUse: 3, expiresIn: 3599 },
      })
    } else {
      expect(await client.address(...box)).toMatchObject(route)
      expect(await client.resetPassword(...box)).toMatchObject(route)
      expect(await client.loginCode(...box, { expiresIn: 3600, maxUse: 3 })).toMatchObject(route)
    }
    expect(await client.deleteMailbox(...box)).toMatchObject({ ok: true })
    expect(await client.deleteMailbox(...box)).toMatchObject({
      failure: { code: 'not-found', reason: 'mailbox' },
    })
  })

  test('manages aliases', async () => {
    const { client } = await setUp(options)
    const aliases = ['a@ailleurs.example', 'devnull@devnull', 'b@ailleurs.example']
    for (const destination of aliases) {
      const alias = { localPart: 'contact-neuf', destination }
      expect(await client.createAlias(name, alias)).toMatchObject({ value: { destination } })
    }
    const same = { localPart: 'contact-neuf', destination: 'a@ailleurs.example' }
    expect(await client.createAlias(name, same)).toMatchObject({ failure: { code: 'conflict' } })
    const listed = async () =>
      unwrap(await client.listAliases(name)).aliases.filter((alias) => alias.localPart === 'contact-neuf')
    expect(await listed()).toHaveLength(3)
    expect(await client.deleteAlias(name, 'contact-neuf', 'a@ailleurs.example')).toMatchObject({ ok: true })
    expect(await listed()).toHaveLength(2)
    expect(await client.deleteAllAliases(name, 'contact-neuf')).toMatchObject({ ok: true })
    expect(await listed()).toHaveLength(0)
    expect(await client.deleteAllAliases(name, 'contact-neuf')).toMatchObject({
      failure: { code: 'not-found', reason: 'alias' },
    })
  })
})

describe('every call against the sandbox', () => {
  test('uses the form that needs no redirect', async () => {
    const { client, sandbox } = await setUp()
    await client.token()
    await client.listDomains()
    await client.readDomain(name)
    await client.checkDomain(name)
    await client.fixDomain(name)
    await client.spec(name)
    await client.listMailboxes(name)
    await client.address(name, 'accueil')
    await client.listAliases(name)
    expect(sandbox.requests.map((request) => request.path)).toEqual([
      '/token/',
      '/domains/',
      `/domains/${name}`,
      `/domains/${name}/check`,
      `/domains/${name}/fix/`,
      `/domains/${name}/spec/`,
      `/v2/domains/${name}/mailboxes/`,
      `/domains/${name}/address/accueil/`,
      `/domains/${name}/aliases/`,
    ])
    const schemes = new Set(sandbox.requests.map((request) => request.authorization))
    expect([...schemes]).toEqual(['Basic', 'Bearer'])
  })

  test.each(dialects)(
    'dimail %s: a change whose answer is lost is on the wire once and unknown',
    async (dialect) => {
      const { client, sandbox } = await setUp({ dialect, quirks: ['lose-answers'] })
      const lost = { failure: { code: 'unknown-outcome', reason: 'lost-answer' } }
      const domain = { name: fresh, contextName: fresh, features: ['webmail'], delivery: 'virtual' }
      expect(await client.createDomain(domain)).toMatchObject(lost)
      if (dialect !== '2024') expect(await client.fixDomain(name)).toMatchObject(lost)
      expect(sandbox.requests).toHaveLength(dialect === '2024' ? 1 : 2)
      expect(sandbox.world.domain(fresh)).toBeDefined()
    },
  )

  test('dimail L4: one token serves all calls, and twenty calls that find it dead renew it once', async () => {
    let now = Date.now()
    const { client, sandbox } = await setUp({ now: () => now })
    const tokens = () => sandbox.requests.filter((request) => request.path === '/token/').length
    const read = () =>
      Promise.all(
        sandbox.world
          .names()
          .slice(0, 20)
          .map((each) => client.readDomain(each)),
      )
    expect((await read()).every((result) => result.ok)).toBe(true)
    expect((await read()).every((result) => result.ok)).toBe(true)
    expect(tokens()).toBe(1)
    now += 48 * 60_000
    expect((await read()).every((result) => result.ok)).toBe(true)
    expect(tokens()).toBe(2)
  })

  test('a wrong password and a missing right are told apart', async () => {
    const { sandbox } = await setUp()
    sandbox.world.users.set('fictif', {
      name: 'fictif',
      password: 'pw-123',
      isAdmin: false,
      uuid: 'u',
      perms: [],
    })
    const of = (password: string) =>
      clientOf(sandbox.url, { credentials: () => ({ username: 'fictif', password }) })
    const wrong = { failure: { code: 'refused', reason: 'credentials' } }
    const forbidden = { failure: { code: 'refused', reason: 'forbidden' } }
    expect(await of('other').token()).toMatchObject(wrong)
    expect(await of('other').checkDomain(name)).toMatchObject(wrong)
    expect(await of('other').readDomain(name)).toMatchObject(wrong)
    expect(await of('pw-123').token()).toMatchObject({ ok: true })
    expect(await of('pw-123').listDomains()).toMatchObject(forbidden)
    expect(await of('pw-123').checkDomain(name)).toMatchObject(forbidden)
    expect(await of('pw-123').readDomain(name)).toMatchObject(forbidden)
    expect(await of('pw-123').listMailboxes(name)).toMatchObject(forbidden)
  })

  test('without a password nothing reaches the wire', async () => {
    const { sandbox } = await setUp()
    const client = clientOf(sandbox.url, { credentials: () => null })
    const locked = { failure: { code: 'refused', reason: 'no-credentials' } }
    expect(await client.token()).toMatchObject(locked)
    expect(await client.readDomain(name)).toMatchObject(locked)
    expect(await client.checkDomain('not a name')).toMatchObject({ failure: { code: 'invalid' } })
    expect(sandbox.requests).toHaveLength(0)
  })

  test('mailboxes of other domains of the context are kept apart, and the technical user is marked', async () => {
    const { client } = await setUp({ dialect: '2024' })
    const list = unwrap(await client.listMailboxes('cc-valdore.example'))
    expect(list.foreign.length).toBeGreaterThan(0)
    expect(list.mailboxes.every((box) => box.domain === 'cc-valdore.example')).toBe(true)
    expect(list.mailboxes.filter((box) => box.kind === 'technical').map((box) => box.localPart)).toEqual([
      'oxadmin',
    ])
  })

  test('dimail S1: nothing that is typed steers a call to another resource', async () => {
    const { client, sandbox } = await setUp()
    const steering = ['..', '../mailboxes/x?', 'x?', 'x#', 'x/all', '%2e%2e', '']
    for (const text of steering) {
      const calls = [
        client.checkDomain(text),
        client.readMailbox(name, text),
        client.deleteMailbox(name, text),
        client.createMailbox(name, text, names),
        client.deleteAlias(name, text, 'a@b.example'),
        client.deleteAlias(name, 'contact', text),
        client.deleteAlias(name, 'contact', 'all'),
        client.createAlias(name, { localPart: text, destination: 'a@b.example' }),
      ]
      for (const result of await Promise.all(calls))
        expect(result).toMatchObject({ failure: { code: 'invalid' } })
    }
    expect(sandbox.requests).toHaveLength(0)
  })

  test('dimail 7.10: a mailbox whose local part has capitals is reached under its own name', async () => {
    const { client, sandbox } = await setUp()
    const box = sandbox.world.domain(name)?.mailboxes[0]
    if (!box) throw new Error('The first domain of the fleet has no mailbox')
    box.local = 'Jeanne.Fictive'
    expect(await client.readMailbox(name, 'Jeanne.Fictive')).toMatchObject({
      value: { email: `Jeanne.Fictive@${name}`, localPart: 'jeanne.fictive' },
    })
    expect(await client.deleteMailbox(name, 'Jeanne.Fictive')).toMatchObject({ ok: true })
  })

  test('a repair really changes the next check', async () => {
    const { client } = await setUp()
    const broken = seededFleet().filter((plan) => plan.expects === 'failed')
    expect(broken.length).toBeGreaterThan(0)
    const repaired: string[] = []
    for (const plan of broken) {
      expect(unwrap(await client.checkDomain(plan.name)).state).toBe('broken')
      await client.fixDomain(plan.name)
      const after = await client.checkDomain(plan.name)
      if (after.ok && after.value.state === 'ok') repaired.push(plan.name)
    }
    expect(repaired.length).toBeGreaterThan(0)
  })
})
