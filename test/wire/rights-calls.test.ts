import { expect, test, vi } from 'vitest'
import { checkDomain } from '../../main/jobs/check.ts'
import { accounts } from '../../main/sandbox/accounts.ts'
import { type Failure, unwrap } from '../../preload/failure.ts'
import { openConsole } from '../fakes/console.ts'

const accountOf = (id: string) => {
  const found = accounts.find((one) => one.id === id)
  if (!found) throw new Error(`No account ${id}`)
  return found
}
const [owner, administrator, viewer, several, unknown] = [
  accountOf('owner'),
  accountOf('administrator'),
  accountOf('viewer'),
  accountOf('several'),
  accountOf('unknown'),
]
const domain = 'clairvaux-les-granges.example'
const shared = 'villeneuve-les-etangs.example'

/** The sandbox's console, signed in as somebody: with its fleet, its people and their rights. */
async function openAs(agent = 'support') {
  const console = openConsole()
  await console.openSandbox(agent)
  const { handlers: calls, profiles } = console
  const work = profiles.opened()
  unwrap(await work.refresh(false))
  return { console, calls, work, permit: work.permissions.permit }
}
/** Another agent signs in, at the provider. */
async function signIn({ console }: Awaited<ReturnType<typeof openAs>>, agent: string): Promise<void> {
  console.atBrowser.agent = agent
  await console.handlers['session.signIn'](undefined)
}

const failureOf = (error: unknown): Failure | undefined =>
  typeof error === 'object' && error !== null && 'failure' in error ? (error.failure as Failure) : undefined
const failing = (act: unknown) => Promise.resolve(act).then(() => undefined, failureOf)

test('somebody invited signs in, has the access by their subject, and sees the domain', async () => {
  const opened = await openAs()
  const { calls, work } = opened
  const { email, sub } = unknown
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
  await signIn(opened, 'unknown')
  expect(await work.permissions.readable()).toEqual([domain])
  await vi.waitFor(() => expect(work.cache.read(domain)).not.toBeNull())
  const rights = await calls['rights.read']({ domain })
  expect(rights).toMatchObject({
    standing: 'administrator',
    grantable: ['viewer', 'administrator'],
    invitations: [],
  })
  expect(rights.accesses).toHaveLength(2)
  expect(rights.accesses).toEqual(
    expect.arrayContaining([
      // The owner has not signed in yet: what was given to their address waits for them there.
      expect.objectContaining({ person: owner.email, mayBecome: [], mayRemove: false, lastOwner: true }),
      expect.objectContaining({ person: sub, email, mayBecome: ['viewer'], mayRemove: true }),
    ]),
  )
  const rows = await work.desk.journal({ subject: domain, limit: 9 })
  expect(rows.map(({ action, actor }) => `${action} by ${actor}`)).toEqual([
    `access.grant by ${sub}`,
    `invitation.create by ${accountOf('support').sub}`,
  ])
})

test('what was given to an address is its owner’s by their subject once they sign in, and nobody else’s', async () => {
  const opened = await openAs()
  const { work } = opened
  const held = async () => (await work.desk.accesses.list(shared)).map(({ person }) => person).sort()
  expect(await held()).toEqual([administrator.email, several.email].sort())
  await signIn(opened, 'administrator')
  expect(await held()).toEqual([administrator.sub, several.email].sort())
  await signIn(opened, 'several')
  expect(await held()).toEqual([administrator.sub, several.sub].sort())
})

test('dimail S2: an administrator who calls all the same is refused, and the owner stays', async () => {
  const { calls, work } = await openAs('administrator')
  const person = several.email
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

test('an agent who gives up their own access is told what is left to them: nothing, and no cache of it', async () => {
  const { calls, work, permit } = await openAs('administrator')
  const rights = await calls['accesses.remove']({ domain: shared, person: administrator.sub })
  expect(rights).toMatchObject({ standing: 'none', may: [], grantable: [], accesses: [], invitations: [] })
  expect(await permit('rights.read', { domain: shared })).toMatchObject({
    failure: { code: 'not-found', reason: 'domain' },
  })
  await vi.waitFor(() => expect(work.cache.names({ text: '', status: 'all' })).toEqual([]))
})

test('rights of a domain that nobody knows are told as such, to support too', async () => {
  const { calls } = await openAs()
  expect(await failing(calls['rights.read']({ domain: 'inconnue.example' }))).toMatchObject({
    code: 'not-found',
    reason: 'domain',
  })
})

test('dimail L7: the viewer of the sandbox has a mailbox on the domain that they may only read', async () => {
  const { console, permit } = await openAs('viewer')
  const address = viewer.email
  const [local, of = ''] = address.split('@')
  const world = console.process.running()?.world
  expect(world?.domain(of)?.mailboxes.map((box) => box.local)).toContain(local)
  expect(await permit('mailboxes.loginLink', { address })).toMatchObject({ ok: true })
  expect(await permit('mailboxes.resetPassword', { address })).toMatchObject({
    failure: { code: 'refused', reason: 'role' },
  })
})

test.each([['dimail S4'], ['field D3']])(
  '%s: a check that a manager may ask does not bring a disabled domain back',
  async () => {
    const opened = await openAs()
    const { console, work, permit } = opened
    const sandbox = console.process.running()
    if (!sandbox) throw new Error('The sandbox is not running')
    const disabled = sandbox.world.names().find((name) => sandbox.world.domain(name)?.active === false) ?? ''
    const domains = [disabled, ...administrator.domains]
    await console.deps.sandbox.entitle({ id: 'administrator', subscription: 'active', domains })
    await signIn(opened, 'administrator')
    expect(await permit('domains.check', { name: disabled })).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(work.cache.read(disabled)?.row.status).toBe('disabled'))
    // This dimail finds it well, and does not tell that it is disabled.
    sandbox.behaviour.dialect = '2024'
    const checked = unwrap(await checkDomain(work, disabled))
    expect(sandbox.world.domain(disabled)?.active).toBe(false)
    expect(checked.status).toBe('disabled')
    expect(work.cache.read(disabled)?.row.status).toBe('disabled')
  },
)

test('a new domain is read with its town as any other', async () => {
  const { calls } = await openAs()
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
