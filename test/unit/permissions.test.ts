import { describe, expect, test } from 'vitest'
import { createPermissions } from '../../main/api/permissions.ts'
import { actionsOf, grantableBy, may, platformActionsOf, standingOf } from '../../main/api/standings.ts'
import { touchOf } from '../../main/api/touches.ts'
import { createApprovals } from '../../main/session/approvals.ts'
import type { Standpoint } from '../../main/session/standpoint.ts'
import { type Call, calls } from '../../preload/channels.ts'
import { contract, type Input } from '../../preload/contract.ts'
import { unwrap } from '../../preload/failure.ts'
import { type Access, actions, type Person, type Standing } from '../../preload/people-shapes.ts'
import { plainProfile } from '../../preload/profile-shapes.ts'

const domain = 'valmont.example'
const address = `accueil@${domain}`
const page = { offset: 0, limit: 10 }
const seen = { status: 'enabled', displayName: 'Accueil Fictif' } as const
const names = { givenName: 'Lou', surName: 'Panais', displayName: '', secondaryEmail: null }
const filter = { text: '', status: 'all' } as const
const letter = { name: domain, locale: 'fr', note: '' } as const
const secrets = { password: 'b', clientSecret: null, deployCenterKey: null, provisioningKey: null }
const draft = {
  name: 'P',
  colour: 'red' as const,
  address: 'https://dimail.example',
  username: 'a',
  ...plainProfile,
}

type Word = 'yes' | 'refused' | 'not-found'
type Row = {
  call: Call
  input: unknown
  words: Word[]
  asked: (by: Permissions) => ReturnType<Permissions['permit']>
}
type Permissions = ReturnType<typeof createPermissions>

const standings = [
  'none',
  'viewer',
  'administrator',
  'owner',
  'support',
] as const satisfies readonly Standing[]
const words: Record<string, Word> = { y: 'yes', r: 'refused', n: 'not-found' }

/** One call, and what becomes of it for: none, viewer, administrator, owner, support. */
function row<C extends Call>(call: C, input: Input<C>, expected: string): Row {
  const letters = expected.split(' ').map((letter) => words[letter] ?? 'refused')
  return { call, input, words: letters, asked: (by) => by.permit(call, input) }
}

const table: Row[] = [
  row('app.read', undefined, 'y y y y y'),
  row('app.configure', {}, 'y y y y y'),
  row('app.dismiss', { id: 1 }, 'y y y y y'),
  row('app.painted', { view: 'domains', rows: 1 }, 'y y y y y'),
  row('profiles.test', { server: 'dimail', id: null, draft, secrets }, 'y y y y y'),
  row('profiles.read', { id: 'p' }, 'y y y y y'),
  row('profiles.save', { id: null, draft, secrets }, 'y y y y y'),
  row('profiles.remove', { id: 'p' }, 'y y y y y'),
  row('profiles.export', { id: 'p' }, 'y y y y y'),
  row('profiles.import', undefined, 'y y y y y'),
  row('profiles.open', { id: 'p' }, 'y y y y y'),
  row('profiles.close', undefined, 'y y y y y'),
  row('profiles.unlock', { password: 'b' }, 'y y y y y'),

  row('fleet.refresh', { acceptShrink: false }, 'y y y y y'),
  row('domains.list', { ...filter, ...page, sort: 'name', descending: false }, 'y y y y y'),
  row('domains.counts', undefined, 'y y y y y'),
  row('domains.names', filter, 'y y y y y'),
  row('domains.read', { name: domain }, 'n y y y y'),
  row('domains.check', { name: domain }, 'n r y y y'),
  row('domains.repair', { name: domain }, 'n r y y y'),
  row('domains.fetchRecords', { name: domain }, 'n r y y y'),
  row('dns.read', { name: domain }, 'n y y y y'),
  row('dns.diagnose', { name: domain }, 'n y y y y'),
  row('dns.rehearse', { name: domain, changes: [], publish: [] }, 'n y y y y'),
  row('dns.export', { name: domain, what: 'expected', format: 'bind' }, 'n y y y y'),
  row('dns.save', { name: domain, what: 'changes', format: 'csv' }, 'n y y y y'),
  row('dns.letter', letter, 'n y y y y'),
  row('dns.saveLetter', { ...letter, format: 'pdf' }, 'n y y y y'),
  row('dns.composeLetter', { ...letter, to: address }, 'n y y y y'),
  row('dns.sendLetter', { ...letter, to: address }, 'n r r y y'),
  row('dns.watch', { name: domain }, 'n r y y y'),
  row('dns.unwatch', { name: domain }, 'n r y y y'),
  row('dns.watches', undefined, 'y y y y y'),
  row('codes.unknown', undefined, 'r r r r y'),
  row('domains.preview', { name: domain }, 'r r r r y'),
  row('domains.create', { name: domain, supportEmail: null }, 'r r r r y'),
  row('domains.adopt', { name: domain, supportEmail: null }, 'r r r r y'),
  row('domains.finish', { name: domain }, 'n r r y y'),
  row('domains.setSupportEmail', { name: domain, email: null }, 'n r r y y'),

  row(
    'mailboxes.list',
    { domain, text: '', show: 'all', sort: 'address', descending: false, ...page },
    'n y y y y',
  ),
  row('mailboxes.addresses', { domain, text: '', show: 'all' }, 'n y y y y'),
  row('mailboxes.read', { address }, 'n y y y y'),
  row('mailboxes.waiting', { domain, ...page }, 'n y y y y'),
  row('mailboxes.passwords', { domain }, 'n r y y y'),
  row('mailboxes.create', { domain, localPart: 'lou', ...names }, 'n r y y y'),
  row('mailboxes.edit', { id: address, domain, localPart: 'lou', ...names }, 'n r y y y'),
  row('mailboxes.retry', { domain, id: address }, 'n r y y y'),
  row('mailboxes.remove', { domain, id: address }, 'n r y y y'),
  row('mailboxes.update', { address, seen, ...names }, 'n r y y y'),
  row('mailboxes.disable', { address, seen }, 'n r y y y'),
  row('mailboxes.enable', { address, seen }, 'n r y y y'),
  row('mailboxes.resetPassword', { address }, 'n r y y y'),
  row('mailboxes.loginLink', { address }, 'n r y y y'),

  row('aliases.list', { domain, text: '', sort: 'alias', descending: false, ...page }, 'n y y y y'),
  row(
    'aliases.create',
    { domain, localPart: 'conseil', destinations: [address], allowToSend: false },
    'n r y y y',
  ),
  row('aliases.remove', { domain, localPart: 'conseil', destination: address }, 'n r y y y'),
  row('aliases.removeAll', { domain, localPart: 'conseil', destinations: [address] }, 'n r y y y'),

  row('drift.compare', { domain }, 'n r y y y'),
  row('drift.list', { domain, report: 1, kind: null, ...page }, 'n y y y y'),
  row('drift.import', { domain, report: 1, acceptShrink: false }, 'n r y y y'),

  row('csv.preview', { domain, text: null }, 'n r y y y'),
  row('csv.read', { domain, plan: 1, verdict: null, ...page }, 'n r y y y'),
  row('csv.run', { domain, plan: 1 }, 'n r y y y'),
  row('csv.passwords', { domain, job: 1 }, 'n r y y y'),
  row('csv.export', { domain, what: 'mailboxes', exact: false }, 'n y y y y'),

  row('search.find', { text: 'a', limit: 1 }, 'y y y y y'),

  row('session.read', undefined, 'y y y y y'),
  row('session.signIn', undefined, 'y y y y y'),
  row('session.cancel', undefined, 'y y y y y'),
  row('session.signOut', undefined, 'y y y y y'),
  row('session.approve', { ask: 'a' }, 'y y y y y'),
  row('entitlements.plan', undefined, 'y y y y y'),
  row('entitlements.apply', { plan: 1 }, 'y y y y y'),
  row('entitlements.decline', { plan: 1 }, 'y y y y y'),
  row('quota.read', { address }, 'n y y y y'),
  row('provisioning.preview', { text: 'a.example', oidcAutojoin: true, identitySync: false }, 'r r r r y'),
  row('provisioning.read', { plan: 1, verdict: null, ...page }, 'r r r r y'),
  row('provisioning.run', { plan: 1 }, 'r r r r y'),
  row('provisioning.endpoint', undefined, 'r r r r y'),
  row('rights.read', { domain }, 'n y y y y'),
  row('accesses.grant', { domain, email: address, role: 'viewer' }, 'n r y y y'),
  row('accesses.grant', { domain, email: address, role: 'administrator' }, 'n r y y y'),
  row('accesses.grant', { domain, email: address, role: 'owner' }, 'n r r y y'),
  row('accesses.change', { domain, person: address, role: 'viewer' }, 'n r y y y'),
  row('accesses.change', { domain, person: address, role: 'administrator' }, 'n r y y y'),
  row('accesses.change', { domain, person: address, role: 'owner' }, 'n r r y y'),
  row('accesses.remove', { domain, person: address }, 'n r y y y'),
  row('invitations.resend', { domain, id: 'i' }, 'n r y y y'),
  row('invitations.revoke', { domain, id: 'i' }, 'n r y y y'),

  row('mail.read', undefined, 'y y y y y'),
  row('mail.configure', { smtp: null, webmail: null, locale: 'fr', password: null }, 'r r r r y'),
  row('mail.test', { to: address }, 'r r r r y'),
  row('mail.list', { domain: null, limit: 1 }, 'y y y y y'),
  row('mail.list', { domain, limit: 1 }, 'n y y y y'),
  row('mail.compose', { to: address, subject: 's', text: 't' }, 'y y y y y'),
  row('mail.resend', { domain, id: 'm' }, 'n r y y y'),
  row('outbox.list', undefined, 'y y y y y'),
  row('outbox.follow', { id: 1 }, 'y y y y y'),

  row('view.read', undefined, 'y y y y y'),
  row('view.write', { ...filter, sort: 'name', descending: false, open: null }, 'y y y y y'),
  row('jobs.start', { kind: 'check', names: [domain] }, 'n r y y y'),
  row('jobs.start', { kind: 'repair', names: [domain] }, 'n r y y y'),
  row('jobs.start', { kind: 'enable-mailboxes', names: [address] }, 'n r y y y'),
  row('jobs.start', { kind: 'disable-mailboxes', names: [address] }, 'n r y y y'),
  row('jobs.start', { kind: 'create-mailboxes', names: [address] }, 'n r y y y'),
  row('jobs.start', { kind: 'check', names: [domain, 'ailleurs.example'] }, 'n n n n y'),
  row('jobs.start', { kind: 'diagnose', names: [domain] }, 'n r y y y'),
  row('jobs.cancel', { id: 1 }, 'y y y y y'),
  row('jobs.list', undefined, 'y y y y y'),
  row('jobs.read', { id: 1, offset: 0, limit: 1 }, 'y y y y y'),
  row('connectivity.read', undefined, 'y y y y y'),
  row('connectivity.retry', undefined, 'y y y y y'),
  row('journal.list', { subject: null, limit: 1 }, 'y y y y y'),
  row('journal.list', { subject: domain, limit: 1 }, 'n y y y y'),

  row('sandbox.read', undefined, 'y y y y y'),
  row('sandbox.start', undefined, 'y y y y y'),
  row('sandbox.stop', undefined, 'r r r r y'),
  row('sandbox.reset', undefined, 'r r r r y'),
  row('sandbox.populate', undefined, 'r r r r y'),
  row('sandbox.configure', { dialect: '0.6.7', latencyMs: 0, quirks: [] }, 'r r r r y'),
  row('sandbox.heal', { domain }, 'r r r r y'),
  row('sandbox.zone', { domain }, 'r r r r y'),
  row('sandbox.publish', { domain, delegated: true, records: [], servers: [] }, 'r r r r y'),
  row('sandbox.agents', undefined, 'y y y y y'),
  row('sandbox.entitle', { id: 'a', domains: [], subscription: 'active' }, 'y y y y y'),
  row('sandbox.deployCenter', { mode: 'down' }, 'y y y y y'),

  row('links.open', { url: 'https://example.com' }, 'y y y y y'),
  row('clipboard.write', { text: 't' }, 'y y y y y'),
]

const mail = 'lou.panais@valmont.example'
const lou: Person = { id: 'sujet-de-lou', name: 'Lou Panais', email: mail, support: false }

function held(role: Access['role'], where = domain, person = lou.id): Access {
  return { domain: where, person, name: person, email: null, role, by: 'agent-fictif', at: 1 }
}

const proven: Omit<Standpoint, 'person'> = {
  state: 'signed-in',
  flags: { create: true, manageAccesses: true },
  lock: 'none',
}

/** Permissions of somebody with these accesses, and how often they were read. */
const permissionsOf = (person: Person, ...accesses: Access[]) =>
  permissionsAt({ ...proven, person }, ...accesses)

function permissionsAt(standpoint: Standpoint, ...accesses: Access[]) {
  let reads = 0
  const list = async (where: string | null) => {
    reads += 1
    return accesses.filter((one) => where === null || one.domain === where)
  }
  const approvals = createApprovals(() => 0)
  const permissions = createPermissions({
    standpoint: () => standpoint,
    accesses: () => ({ list }),
    approvals,
  })
  return { ...permissions, approvals, reads: () => reads }
}

function standingAs(standing: Standing) {
  const others = [held('owner', domain, 'ange.navet@valmont.example')]
  if (standing === 'support') return permissionsOf({ ...lou, support: true }, ...others)
  return standing === 'none' ? permissionsOf(lou, ...others) : permissionsOf(lou, held(standing), ...others)
}

const wordOf = (result: Awaited<ReturnType<Permissions['permit']>>): string => {
  if (result.ok) return 'yes'
  const told = `${result.failure.code}/${result.failure.reason}`
  return told === 'refused/role' ? 'refused' : told === 'not-found/domain' ? 'not-found' : told
}

describe('the permission matrix, every standing x every call,', () => {
  test.each(table.map((each) => ({ ...each, title: `${each.call} ${JSON.stringify(each.input) ?? ''}` })))(
    '$title',
    async ({ asked, words: expected }) => {
      const found = await Promise.all(
        standings.map(async (standing) => wordOf(await asked(standingAs(standing)))),
      )
      expect(found).toEqual(expected)
    },
  )

  test('has a row for every call of the contract, whose input is one that the contract takes', () => {
    expect([...new Set(table.map(({ call }) => call))].sort()).toEqual([...calls].sort())
    const odd = table.filter(({ call, input }) => !contract[call].input.safeParse(input).success)
    expect(odd.map(({ call }) => call)).toEqual([])
  })
})

describe('a domain that one may not read', () => {
  test('is refused exactly as one that does not exist', async () => {
    const { permit } = permissionsOf(lou)
    const told = async (name: string) => {
      const result = await permit('domains.read', { name })
      return result.ok ? 'ok' : JSON.stringify(result.failure).replaceAll(name, 'NAME')
    }
    expect(await told(domain)).toBe(await told('inexistant.example'))
  })

  test('is found however its name is written, and a text that is no name is told as for support', async () => {
    const { permit } = permissionsOf(lou, held('viewer'))
    expect(await permit('domains.read', { name: ' VALMONT.example.' })).toEqual({
      ok: true,
      value: undefined,
    })
    expect(await permit('domains.read', { name: 'pas un nom' })).toMatchObject({
      failure: { code: 'invalid' },
    })
  })

  test('cannot be reached through an address with two @', async () => {
    const { permit } = permissionsOf(lou, held('owner'))
    const result = await permit('mailboxes.resetPassword', { address: `x@${domain}@ailleurs.example` })
    expect(result).toMatchObject({ failure: { code: 'not-found', reason: 'domain' } })
  })
})

test('dimail S6: a domain is created or taken up by support alone, not by whoever is signed in', async () => {
  const { permit } = permissionsOf(lou, held('owner'))
  const input = { name: 'nouveau.example', supportEmail: null }
  expect(await permit('domains.create', input)).toMatchObject({
    failure: { code: 'refused', reason: 'role' },
  })
  expect(await permit('domains.adopt', input)).toMatchObject({ failure: { code: 'refused', reason: 'role' } })
  expect(await standingAs('support').permit('domains.create', input)).toMatchObject({ ok: true })
})

describe('a viewer', () => {
  const mine = { localPart: 'conseil', domain, destination: 'Lou.Panais@Valmont.example' }

  test('dimail L7: may update their own mailbox, get its login link and leave an alias', async () => {
    const { permit } = permissionsOf(lou, held('viewer'))
    expect(await permit('mailboxes.update', { address: mail, seen, ...names })).toMatchObject({ ok: true })
    expect(await permit('mailboxes.loginLink', { address: mail.toUpperCase() })).toMatchObject({ ok: true })
    expect(await permit('aliases.remove', mine)).toMatchObject({ ok: true })
  })

  test('dimail L7: may do no more to it, and nothing to that of another', async () => {
    const { permit } = permissionsOf(lou, held('viewer'))
    const refused = { failure: { code: 'refused', reason: 'role' } }
    expect(await permit('mailboxes.disable', { address: mail, seen })).toMatchObject(refused)
    expect(await permit('mailboxes.resetPassword', { address: mail })).toMatchObject(refused)
    expect(await permit('mailboxes.loginLink', { address })).toMatchObject(refused)
    expect(await permit('aliases.remove', { ...mine, destination: address })).toMatchObject(refused)
    expect(await permit('aliases.removeAll', { domain, localPart: 'c', destinations: [mail] })).toMatchObject(
      refused,
    )
  })

  test('dimail L7: whose access was taken away may not even reach their own mailbox', async () => {
    const { permit } = permissionsOf(lou)
    expect(await permit('mailboxes.loginLink', { address: mail })).toMatchObject({
      failure: { code: 'not-found', reason: 'domain' },
    })
  })
})

describe('for support', () => {
  test('nothing is read to decide, and every domain may be read', async () => {
    const { permit, readable, authority, reads } = standingAs('support')
    expect(await permit('mailboxes.disable', { address, seen })).toMatchObject({ ok: true })
    expect(await readable()).toBeNull()
    expect(await authority(domain)).toMatchObject({ standing: 'support', may: [...actions] })
    expect(reads()).toBe(0)
  })
})

test('one reading decides about a hundred thousand names', async () => {
  const { permit, reads } = permissionsOf(lou, held('administrator'))
  const boxes = Array.from({ length: 100_000 }, (_, index) => `b${index}@${domain}`)
  expect(await permit('jobs.start', { kind: 'disable-mailboxes', names: boxes })).toMatchObject({ ok: true })
  expect(reads()).toBe(1)
})

test('what may be read and done is told from the same table', async () => {
  const { readable, authority } = permissionsOf(
    lou,
    held('viewer'),
    held('owner', 'autre.example'),
    held('owner', 'ailleurs.example', 'ange.navet@valmont.example'),
  )
  expect(await readable()).toEqual([domain, 'autre.example'])
  const mayDo = async (name: string) => (await authority(name)).may
  expect(await mayDo(domain)).toEqual(['domain.read', 'mailbox.read', 'access.read'])
  expect(await mayDo('autre.example')).toEqual([...actions])
  expect(await mayDo('ailleurs.example')).toEqual([])
  expect((await authority('autre.example')).standing).toBe('owner')
})

test('nobody gives or takes a role above their own', () => {
  const at = { ...proven, person: lou }
  expect(standings.map((standing) => grantableBy(actionsOf(standing, at)))).toEqual([
    [],
    [],
    ['viewer', 'administrator'],
    ['viewer', 'administrator', 'owner'],
    ['viewer', 'administrator', 'owner'],
  ])
  expect(may('administrator', 'access.grant-owner')).toBe(false)
  expect(standingOf({ ...lou, support: true }, domain, [])).toBe('support')
})

/** What every call touches: `o` nothing of anybody, `r` what is kept here, `a` servers, `w` what stays changed. */
const touches: Record<Call, 'o' | 'r' | 'a' | 'w'> = {
  'app.read': 'o',
  'app.configure': 'o',
  'app.dismiss': 'o',
  'app.painted': 'o',
  'profiles.test': 'o',
  'profiles.read': 'o',
  'profiles.save': 'o',
  'profiles.remove': 'o',
  'profiles.export': 'o',
  'profiles.import': 'o',
  'profiles.open': 'o',
  'profiles.close': 'o',
  'profiles.unlock': 'o',
  'fleet.refresh': 'a',
  'domains.list': 'r',
  'domains.counts': 'r',
  'domains.names': 'r',
  'domains.read': 'r',
  'domains.check': 'a',
  'domains.repair': 'w',
  'domains.fetchRecords': 'a',
  'dns.read': 'r',
  'dns.diagnose': 'a',
  'dns.rehearse': 'r',
  'dns.export': 'r',
  'dns.save': 'r',
  'dns.letter': 'r',
  'dns.saveLetter': 'r',
  'dns.composeLetter': 'r',
  'dns.sendLetter': 'w',
  'dns.watch': 'a',
  'dns.unwatch': 'a',
  'dns.watches': 'r',
  'codes.unknown': 'r',
  'domains.preview': 'a',
  'domains.create': 'w',
  'domains.adopt': 'w',
  'domains.finish': 'w',
  'domains.setSupportEmail': 'w',
  'mailboxes.list': 'r',
  'mailboxes.addresses': 'r',
  'mailboxes.read': 'r',
  'mailboxes.waiting': 'r',
  'mailboxes.passwords': 'a',
  'mailboxes.create': 'w',
  'mailboxes.edit': 'w',
  'mailboxes.retry': 'w',
  'mailboxes.remove': 'w',
  'mailboxes.update': 'w',
  'mailboxes.disable': 'w',
  'mailboxes.enable': 'w',
  'mailboxes.resetPassword': 'w',
  'mailboxes.loginLink': 'w',
  'aliases.list': 'r',
  'aliases.create': 'w',
  'aliases.remove': 'w',
  'aliases.removeAll': 'w',
  'drift.compare': 'a',
  'drift.list': 'r',
  'drift.import': 'w',
  'csv.preview': 'r',
  'csv.read': 'r',
  'csv.run': 'w',
  'csv.passwords': 'a',
  'csv.export': 'r',
  'search.find': 'r',
  'session.read': 'o',
  'session.signIn': 'o',
  'session.cancel': 'o',
  'session.signOut': 'o',
  'session.approve': 'o',
  'entitlements.plan': 'a',
  'entitlements.apply': 'a',
  'entitlements.decline': 'a',
  'quota.read': 'a',
  'provisioning.preview': 'r',
  'provisioning.read': 'r',
  'provisioning.run': 'w',
  'provisioning.endpoint': 'r',
  'rights.read': 'r',
  'accesses.grant': 'w',
  'accesses.change': 'w',
  'accesses.remove': 'w',
  'invitations.resend': 'w',
  'invitations.revoke': 'w',
  'mail.read': 'r',
  'mail.configure': 'a',
  'mail.test': 'a',
  'mail.list': 'r',
  'mail.compose': 'o',
  'mail.resend': 'w',
  'outbox.list': 'r',
  'outbox.follow': 'r',
  'view.read': 'r',
  'view.write': 'r',
  'jobs.start': 'w',
  'jobs.cancel': 'a',
  'jobs.list': 'r',
  'jobs.read': 'r',
  'connectivity.read': 'o',
  'connectivity.retry': 'a',
  'journal.list': 'r',
  'sandbox.read': 'o',
  'sandbox.start': 'o',
  'sandbox.stop': 'o',
  'sandbox.reset': 'o',
  'sandbox.populate': 'o',
  'sandbox.configure': 'o',
  'sandbox.heal': 'o',
  'sandbox.zone': 'o',
  'sandbox.publish': 'o',
  'sandbox.agents': 'o',
  'sandbox.entitle': 'o',
  'sandbox.deployCenter': 'o',
  'links.open': 'o',
  'clipboard.write': 'o',
}
const onlyAsks = ({ input }: Row) =>
  typeof input === 'object' &&
  input !== null &&
  'kind' in input &&
  (input.kind === 'check' || input.kind === 'diagnose')
const touched = (row: Row) => (onlyAsks(row) ? 'a' : touches[row.call])

/** What somebody of all rights may do in a state, or under a lock, of what each call touches. */
async function passing(change: Partial<Standpoint>): Promise<string[]> {
  const by = permissionsAt({ ...proven, person: { ...lou, support: true }, ...change })
  const found = new Map<string, Set<string>>()
  for (const row of table) {
    const result = await row.asked(by)
    const told = result.ok ? 'passes' : result.failure.reason
    found.set(touched(row), (found.get(touched(row)) ?? new Set()).add(told))
  }
  return [...'oraw'].map((touch) => `${touch} ${[...(found.get(touch) ?? [])].sort().join(' ')}`)
}

describe('whoever it is, of everything that is called', () => {
  test('each call says what it touches', () => {
    const told = { o: 'open', r: 'read', a: 'ask', w: 'write' }
    for (const row of table)
      expect([row.call, touchOf(row.call, row.input as never)]).toEqual([row.call, told[touched(row)]])
  })

  test.each<[string, Partial<Standpoint>, string[]]>([
    ['signed in: all', {}, ['o passes', 'r passes', 'a passes', 'w passes']],
    [
      'known and not proven: what is here is read, nothing else',
      { state: 'known' },
      ['o passes', 'r passes', 'a not-proven', 'w not-proven'],
    ],
    [
      'signed out: what is of nobody',
      { state: 'signed-out', person: null },
      ['o passes role', 'r signed-out', 'a signed-out', 'w signed-out'],
    ],
    [
      'signing in: no more than signed out',
      { state: 'signing-in', person: null },
      ['o passes role', 'r signed-out', 'a signed-out', 'w signed-out'],
    ],
    [
      'refused by DeployCenter: no more either',
      { state: 'refused' },
      ['o passes', 'r no-access', 'a no-access', 'w no-access'],
    ],
    [
      'the profile is locked: everything but changes',
      { lock: 'read-only' },
      ['o passes', 'r passes', 'a passes', 'w read-only'],
    ],
    [
      'the profile asks: everything but changes, which are asked',
      { lock: 'ask' },
      ['o passes', 'r passes', 'a passes', 'w ask-first'],
    ],
  ])('%s', async (_title, change, expected) => {
    expect(await passing(change)).toEqual(expected)
  })
})

describe('a flag that is off', () => {
  const off = { create: false, manageAccesses: false }
  const support = { ...lou, support: true }
  const creation = { name: 'nouveau.example', supportEmail: null }

  test('entitlements 73: CREATE off refuses a creation to support itself', async () => {
    const { permit } = permissionsAt({ ...proven, person: support, flags: { ...off, manageAccesses: true } })
    const refused = { failure: { code: 'refused', reason: 'flag-create' } }
    expect(await permit('domains.create', creation)).toMatchObject(refused)
    expect(await permit('domains.adopt', creation)).toMatchObject(refused)
  })

  test('entitlements 74: CREATE on lets support create, and no administrator or owner of a domain', async () => {
    expect(
      await permissionsAt({ ...proven, person: support }).permit('domains.create', creation),
    ).toMatchObject({
      ok: true,
    })
    for (const role of ['administrator', 'owner'] as const)
      expect(await permissionsOf(lou, held(role)).permit('domains.create', creation)).toMatchObject({
        failure: { reason: 'role' },
      })
  })

  test.each(table.filter(({ call }) => call.startsWith('accesses.') || call.startsWith('invitations.')))(
    'entitlements 75: MANAGE_ACCESSES off refuses $call to support itself',
    async ({ asked }) => {
      const by = permissionsAt({ ...proven, person: support, flags: { ...off, create: true } })
      expect(await asked(by)).toMatchObject({ failure: { code: 'refused', reason: 'flag-manage-accesses' } })
    },
  )

  test('entitlements 76: MANAGE_ACCESSES off leaves the accesses to be read', async () => {
    const by = permissionsAt({ ...proven, person: support, flags: off })
    expect(await by.permit('rights.read', { domain })).toMatchObject({ ok: true })
    expect((await by.authority(domain)).may).toContain('access.read')
  })

  test('entitlements 78: what the page shows follows the same policy: no creation is offered, no access handled', async () => {
    const at = (flags: Standpoint['flags'], person: Person) => platformActionsOf({ ...proven, person, flags })
    expect(at({ ...off, create: true }, support)).toContain('domain.create')
    expect(at(off, support)).not.toContain('domain.create')
    expect(at({ ...off, create: true }, lou)).not.toContain('domain.create')
    const { may: allowed, grantable } = await permissionsAt({
      ...proven,
      person: support,
      flags: off,
    }).authority(domain)
    expect([allowed.filter((action) => /grant|invitation/.test(action)), grantable]).toEqual([[], []])
  })

  test('entitlements 72: CREATE off leaves provisioning alone', async () => {
    const by = permissionsAt({ ...proven, person: support, flags: off })
    expect(await by.permit('provisioning.run', { plan: 1 })).toMatchObject({ ok: true })
    expect(platformActionsOf({ ...proven, person: support, flags: off })).toContain('domain.provision')
  })
})

describe('the lock "ask before each change"', () => {
  const at = { ...proven, person: { ...lou, support: true }, lock: 'ask' } as const
  const input = { address, seen }
  const asked = (result: Awaited<ReturnType<Permissions['permit']>>) =>
    result.ok ? '' : String(result.failure.details.ask)

  test('lets the very call pass that was approved, once', async () => {
    const { permit, approvals } = permissionsAt(at)
    const ask = asked(await permit('mailboxes.disable', input))
    expect(approvals.approve(ask)).toMatchObject({ ok: true })
    expect(await permit('mailboxes.disable', { ...input, address: `autre@${domain}` })).toMatchObject({
      ok: false,
    })
    expect(await permit('mailboxes.enable', input)).toMatchObject({ ok: false })
    expect(await permit('mailboxes.disable', structuredClone(input))).toMatchObject({ ok: true })
    expect(await permit('mailboxes.disable', input)).toMatchObject({ failure: { reason: 'ask-first' } })
  })

  test('asks nothing about what is refused anyway', async () => {
    const { permit } = permissionsAt({ ...at, person: lou }, held('viewer'))
    expect(await permit('mailboxes.disable', input)).toMatchObject({ failure: { reason: 'role' } })
  })

  test('forgets what was asked five minutes ago, and knows no invented name', () => {
    let now = 0
    const approvals = createApprovals(() => now)
    const ask = asked(approvals.pass('mailboxes.disable', input))
    now = 6 * 60_000
    expect(approvals.approve(ask)).toMatchObject({ failure: { code: 'not-found', reason: 'ask' } })
    expect(approvals.approve('inventé')).toMatchObject({ failure: { code: 'not-found', reason: 'ask' } })
  })

  test('forgets it too when the clock is put back, and when the agent leaves', () => {
    let now = 6 * 60_000
    const approvals = createApprovals(() => now)
    const given = () => {
      const ask = asked(approvals.pass('mailboxes.disable', input))
      unwrap(approvals.approve(ask))
    }
    given()
    now = 0
    expect(approvals.pass('mailboxes.disable', input)).toMatchObject({ failure: { reason: 'ask-first' } })
    given()
    approvals.leave()
    expect(approvals.pass('mailboxes.disable', input)).toMatchObject({ failure: { reason: 'ask-first' } })
  })
})

test('an agent who is known and not proven is offered what reading offers, on their own domains too', async () => {
  const by = permissionsAt({ ...proven, state: 'known', person: lou }, held('owner'))
  expect((await by.authority(domain)).may).toEqual(['domain.read', 'mailbox.read', 'access.read'])
  expect(platformActionsOf({ ...proven, state: 'known', person: { ...lou, support: true } })).toEqual([])
})
