import { expect, test } from 'vitest'
import { readDomain } from '../../main/api/domains.ts'
import { createPermissions } from '../../main/api/permissions.ts'
import { rightsHandlers } from '../../main/api/rights.ts'
import { sessionHandlers } from '../../main/api/session.ts'
import { setupHandlers } from '../../main/api/setup.ts'
import { checkDomain } from '../../main/jobs/check.ts'
import { refreshFleet } from '../../main/jobs/fleet.ts'
import { sandboxPeople, seedSandboxRights } from '../../main/session/sandbox-people.ts'
import { openSession } from '../../main/session/session.ts'
import { type Failure, unwrap } from '../../preload/failure.ts'
import { openWorkspace } from '../fakes/workspace.ts'

const [owner, administrator, viewer, several, unknown] = sandboxPeople.map(({ id }) => id)
const domain = 'clairvaux-les-granges.example'

/** A sandbox profile as the console opens it: its fleet, its people, their rights and its calls. */
async function openConsole() {
  const base = await openWorkspace()
  const profile = { ...base.profile, kind: 'sandbox' as const, username: 'sandbox' }
  const session = openSession({ ...base, profile, changed: () => {} })
  const permissions = createPermissions({ person: session.person, accesses: () => base.desk.accesses })
  const work = { ...base, profile, session, permissions, person: session.person }
  unwrap(await refreshFleet(work, false))
  await seedSandboxRights(work)
  const calls = {
    ...rightsHandlers(() => work),
    ...sessionHandlers(() => work),
    ...setupHandlers(() => work, readDomain),
  }
  return { work, calls, permissions }
}

const failureOf = (error: unknown): Failure | undefined =>
  typeof error === 'object' && error !== null && 'failure' in error ? (error.failure as Failure) : undefined
const failing = (act: unknown) => Promise.resolve(act).then(() => undefined, failureOf)

test('somebody invited signs in, has the access, and sees the domain', async () => {
  const { work, calls, permissions } = await openConsole()
  const email = unknown ?? ''
  const granted = await calls['accesses.grant']({
    domain: domain.toUpperCase(),
    email,
    role: 'administrator',
  })
  expect(granted).toMatchObject({
    outcome: 'invitation',
    mail: { state: 'sent', to: email },
    rights: { domain, standing: 'support', invitations: [{ email }] },
  })
  await calls['session.become']({ person: email })
  expect(await permissions.readable()).toEqual([domain])
  expect(await calls['rights.read']({ domain })).toMatchObject({
    standing: 'administrator',
    grantable: ['viewer', 'administrator'],
    accesses: [
      { person: owner, mayBecome: [], mayRemove: false, lastOwner: true },
      { person: email, mayBecome: ['viewer'], mayRemove: true },
    ],
    invitations: [],
  })
  const rows = await work.desk.journal({ subject: domain, limit: 9 })
  expect(rows.map(({ action, actor }) => `${action} by ${actor}`)).toEqual([
    `access.grant by ${email}`,
    'invitation.create by sandbox',
  ])
})

test('dimail S2: an administrator who calls all the same is refused, and the owner stays', async () => {
  const { work, calls } = await openConsole()
  const shared = 'villeneuve-les-etangs.example'
  await calls['session.become']({ person: administrator ?? '' })
  const person = several ?? ''
  const refused = { code: 'refused', reason: 'role' }
  expect(await failing(calls['accesses.remove']({ domain: shared, person }))).toMatchObject(refused)
  expect(await failing(calls['accesses.change']({ domain: shared, person, role: 'viewer' }))).toMatchObject(
    refused,
  )
  expect((await work.desk.accesses.list(shared)).map(({ role }) => role).sort()).toEqual([
    'administrator',
    'owner',
  ])
})

test('an agent who gives up their own access is told what is left to them: nothing', async () => {
  const { calls } = await openConsole()
  await calls['session.become']({ person: administrator ?? '' })
  const shared = 'villeneuve-les-etangs.example'
  const rights = await calls['accesses.remove']({ domain: shared, person: administrator ?? '' })
  expect(rights).toMatchObject({ standing: 'none', may: [], grantable: [], accesses: [], invitations: [] })
})

test('rights of a domain that nobody knows are told as such, to support too', async () => {
  const { calls } = await openConsole()
  expect(await failing(calls['rights.read']({ domain: 'inconnue.example' }))).toMatchObject({
    code: 'not-found',
    reason: 'domain',
  })
})

test('dimail L7: the viewer of the sandbox has a mailbox on the domain that they may only read', async () => {
  const { work, calls, permissions } = await openConsole()
  const address = viewer ?? ''
  const [local, of = ''] = address.split('@')
  expect(work.sandbox.world.domain(of)?.mailboxes.map((box) => box.local)).toContain(local)
  await calls['session.become']({ person: address })
  expect(await permissions.permit('mailboxes.loginLink', { address })).toMatchObject({ ok: true })
  expect(await permissions.permit('mailboxes.resetPassword', { address })).toMatchObject({
    failure: { code: 'refused', reason: 'role' },
  })
})

test.each([['dimail S4'], ['field D3']])(
  '%s: a check that a manager may ask does not bring a disabled domain back',
  async () => {
    const { work, calls, permissions } = await openConsole()
    const disabled = work.named('disabled')
    await calls['accesses.grant']({ domain: disabled, email: administrator ?? '', role: 'administrator' })
    await calls['session.become']({ person: administrator ?? '' })
    expect(await permissions.permit('domains.check', { name: disabled })).toMatchObject({ ok: true })
    // This dimail finds it well, and does not tell that it is disabled.
    work.sandbox.behaviour.dialect = '2024'
    const checked = unwrap(await checkDomain(work, disabled))
    expect(work.sandbox.world.domain(disabled)?.active).toBe(false)
    expect(checked.status).toBe('disabled')
    expect(work.cache.read(disabled)?.row.status).toBe('disabled')
  },
)

test('a new domain is read with its town as any other', async () => {
  const { calls } = await openConsole()
  const name = 'commune-nouvelle.example'
  expect(await calls['domains.preview']({ name })).toMatchObject({ known: false, failure: null })
  await calls['domains.create']({ name, supportEmail: null })
  expect(await calls['domains.setSupportEmail']({ name, email: 'Mairie@valmont.example' })).toMatchObject({
    name,
    supportEmail: 'mairie@valmont.example',
    setup: null,
  })
  expect(await failing(calls['domains.finish']({ name }))).toMatchObject({
    code: 'not-found',
    reason: 'setup',
  })
  expect(await failing(calls['domains.adopt']({ name, supportEmail: null }))).toMatchObject({
    code: 'conflict',
    reason: 'domain-known',
  })
})
