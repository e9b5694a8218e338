import { describe, expect, test } from 'vitest'
import { createPermissions, grantableBy, may, standingOf } from '../../main/api/permissions.ts'
import { type Call, calls } from '../../preload/channels.ts'
import { contract, type Input } from '../../preload/contract.ts'
import { type Access, actions, type Person, type Standing } from '../../preload/people-shapes.ts'

const domain = 'valmont.example'
const address = `accueil@${domain}`
const page = { offset: 0, limit: 10 }
const seen = { status: 'enabled', displayName: 'Accueil Fictif' } as const
const names = { givenName: 'Lou', surName: 'Panais', displayName: '', secondaryEmail: null }
const filter = { text: '', status: 'all' } as const

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
  row('profiles.test', { address: 'https://dimail.example', username: 'a', password: 'b' }, 'y y y y y'),
  row(
    'profiles.add',
    { address: 'https://dimail.example', username: 'a', password: 'b', name: 'P', colour: 'red' },
    'y y y y y',
  ),
  row('profiles.open', { id: 'p' }, 'y y y y y'),
  row('profiles.close', undefined, 'y y y y y'),
  row('profiles.unlock', { password: 'b' }, 'y y y y y'),

  row('fleet.refresh', { acceptShrink: false }, 'r r r r y'),
  row('domains.list', { ...filter, ...page, sort: 'name', descending: false }, 'y y y y y'),
  row('domains.counts', undefined, 'y y y y y'),
  row('domains.names', filter, 'y y y y y'),
  row('domains.read', { name: domain }, 'n y y y y'),
  row('domains.check', { name: domain }, 'n r y y y'),
  row('domains.repair', { name: domain }, 'n r y y y'),
  row('domains.fetchRecords', { name: domain }, 'n r y y y'),
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
  row('session.become', { person: address }, 'y y y y y'),
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
  row('jobs.cancel', { id: 1 }, 'y y y y y'),
  row('jobs.list', undefined, 'y y y y y'),
  row('jobs.read', { id: 1, offset: 0, limit: 1 }, 'y y y y y'),
  row('connectivity.read', undefined, 'y y y y y'),
  row('connectivity.retry', undefined, 'y y y y y'),
  row('journal.list', { subject: null, limit: 1 }, 'y y y y y'),
  row('journal.list', { subject: domain, limit: 1 }, 'n y y y y'),

  row('sandbox.read', undefined, 'y y y y y'),
  row('sandbox.start', undefined, 'r r r r y'),
  row('sandbox.stop', undefined, 'r r r r y'),
  row('sandbox.reset', undefined, 'r r r r y'),
  row('sandbox.populate', undefined, 'r r r r y'),
  row('sandbox.configure', { dialect: '0.6.7', latencyMs: 0, quirks: [] }, 'r r r r y'),
  row('sandbox.heal', { domain }, 'r r r r y'),

  row('links.open', { url: 'https://example.com' }, 'y y y y y'),
  row('clipboard.write', { text: 't' }, 'y y y y y'),
]

const lou: Person = { id: 'lou.panais@valmont.example', name: 'Lou Panais', support: false }

function held(role: Access['role'], where = domain, person = lou.id): Access {
  return { domain: where, person, name: person, role, by: 'agent-fictif', at: 1 }
}

/** Permissions of somebody with these accesses, and how often they were read. */
function permissionsOf(person: Person, ...accesses: Access[]) {
  let reads = 0
  const list = async (where: string | null) => {
    reads += 1
    return accesses.filter((one) => where === null || one.domain === where)
  }
  const permissions = createPermissions({ person: () => person, accesses: () => ({ list }) })
  return { ...permissions, reads: () => reads }
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
    expect(await permit('mailboxes.update', { address: lou.id, seen, ...names })).toMatchObject({ ok: true })
    expect(await permit('mailboxes.loginLink', { address: lou.id.toUpperCase() })).toMatchObject({ ok: true })
    expect(await permit('aliases.remove', mine)).toMatchObject({ ok: true })
  })

  test('dimail L7: may do no more to it, and nothing to that of another', async () => {
    const { permit } = permissionsOf(lou, held('viewer'))
    const refused = { failure: { code: 'refused', reason: 'role' } }
    expect(await permit('mailboxes.disable', { address: lou.id, seen })).toMatchObject(refused)
    expect(await permit('mailboxes.resetPassword', { address: lou.id })).toMatchObject(refused)
    expect(await permit('mailboxes.loginLink', { address })).toMatchObject(refused)
    expect(await permit('aliases.remove', { ...mine, destination: address })).toMatchObject(refused)
    expect(
      await permit('aliases.removeAll', { domain, localPart: 'c', destinations: [lou.id] }),
    ).toMatchObject(refused)
  })

  test('dimail L7: whose access was taken away may not even reach their own mailbox', async () => {
    const { permit } = permissionsOf(lou)
    expect(await permit('mailboxes.loginLink', { address: lou.id })).toMatchObject({
      failure: { code: 'not-found', reason: 'domain' },
    })
  })
})

describe('for support', () => {
  test('nothing is read to decide, and every domain may be read', async () => {
    const { permit, readable, standing, reads } = standingAs('support')
    expect(await permit('mailboxes.disable', { address, seen })).toMatchObject({ ok: true })
    expect(await readable()).toBeNull()
    expect(await standing(domain)).toBe('support')
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
  const { readable, actionsFor, standing } = permissionsOf(
    lou,
    held('viewer'),
    held('owner', 'autre.example'),
    held('owner', 'ailleurs.example', 'ange.navet@valmont.example'),
  )
  expect(await readable()).toEqual([domain, 'autre.example'])
  expect(await actionsFor(domain)).toEqual(['domain.read', 'mailbox.read', 'access.read'])
  expect(await actionsFor('autre.example')).toEqual([...actions])
  expect(await actionsFor('ailleurs.example')).toEqual([])
  expect(await standing('autre.example')).toBe('owner')
})

test('what belongs to no domain needs no profile to be open', async () => {
  const closed = () => {
    throw new Error('No profile is open')
  }
  const { permit } = createPermissions({ person: closed, accesses: closed })
  expect(await permit('app.read', undefined)).toMatchObject({ ok: true })
  expect(await permit('profiles.open', { id: 'p' })).toMatchObject({ ok: true })
})

test('nobody gives or takes a role above their own', () => {
  expect(standings.map(grantableBy)).toEqual([
    [],
    [],
    ['viewer', 'administrator'],
    ['viewer', 'administrator', 'owner'],
    ['viewer', 'administrator', 'owner'],
  ])
  expect(may('administrator', 'access.grant-owner')).toBe(false)
  expect(standingOf({ ...lou, support: true }, domain, [])).toBe('support')
})
