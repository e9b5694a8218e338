import { describe, expect, test } from 'vitest'
import { accounts } from '../../main/sandbox/accounts.ts'
import type { Call } from '../../preload/channels.ts'
import type { Input, Reply } from '../../preload/contract.ts'
import { unwrap } from '../../preload/failure.ts'
import type { SetupStep } from '../../preload/people-shapes.ts'
import type { Flags } from '../../preload/profile-shapes.ts'
import { loopback, openConsole } from '../fakes/console.ts'

const shared = 'villeneuve-les-etangs.example'
const fresh = 'commune-nouvelle.example'
const email = 'nouvelle.venue@mairie.example'

/** The sandbox's console signed in as `agent`, once the public configuration says so of the flags. */
async function openWith(flags: Partial<Flags>, agent = 'support') {
  const console = openConsole()
  await console.profiles.open('sandbox')
  await console.profiles.awake()
  const sandbox = console.process.running()
  if (!sandbox) throw new Error('The sandbox is not running')
  Object.assign(sandbox.flags, flags)
  console.atBrowser.agent = agent
  const session = await console.handlers['session.signIn'](undefined)
  const profile = console.profiles.opened()
  if (session.state === 'signed-in') unwrap(await profile.refresh(false))
  const asking = loopback(console.handlers, () => true, console.log, console.profiles.permit)
  // What the page asks and is answered, as the bridge types it.
  const ask = async <C extends Call>(call: C, input: Input<C>) =>
    (await asking(call, input)) as Reply<unknown>
  const accesses = async () =>
    (await profile.desk.accesses.list(shared)).map(({ person, role }) => `${person} ${role}`).sort()
  /** What changing requests left for dimail. */
  const changing = () =>
    sandbox.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`)
  return { ...console, sandbox, session, profile, ask, accesses, changing }
}
const off = (reason: string) => ({ ok: false, failure: { code: 'refused', reason } })

describe('CREATE off', () => {
  test.each(['domains.create', 'domains.adopt'] as const)(
    'entitlements 73: %s is refused to support itself, no row is written, and nothing is sent to dimail',
    async (call) => {
      const { ask, sandbox, profile, changing, session } = await openWith({ create: false })
      sandbox.world.add('orpheline.example', 'orpheline.example')
      const name = call === 'domains.create' ? fresh : 'orpheline.example'
      const before = sandbox.requests.length
      expect(session).toMatchObject({ flags: { create: false, manageAccesses: true }, flagsFailure: null })
      expect(session.may).not.toContain('domain.create')
      expect(await ask(call, { name, supportEmail: null })).toMatchObject(off('flag-create'))
      expect([sandbox.requests.slice(before), changing()]).toEqual([[], []])
      expect(sandbox.world.domain(fresh)).toBeUndefined()
      expect([profile.cache.read(name), await profile.desk.setups.get(name)]).toEqual([null, null])
      expect(await profile.desk.journal({ subject: name, limit: 9 })).toEqual([])
    },
  )

  test('entitlements 73: what was begun before is not created by finishing it, and what is created already is finished', async () => {
    const { ask, sandbox, profile, changing } = await openWith({ create: false })
    const begun = {
      ...{ name: fresh, supportEmail: null, creator: 'x', createdAt: 1, failure: null, adopted: false },
      missing: ['create', 'access', 'check', 'records'] as SetupStep[],
    }
    await profile.desk.setups.put(fresh, fresh, begun)
    expect(await ask('domains.finish', { name: fresh })).toMatchObject(off('flag-create'))
    expect([changing(), sandbox.world.domain(fresh)]).toEqual([[], undefined])
    expect(await profile.desk.setups.get(fresh)).toEqual(begun)
    await profile.desk.setups.put(shared, shared, { ...begun, name: shared, missing: ['check'] })
    expect(await ask('domains.finish', { name: shared })).toMatchObject({ ok: true })
  })

  test('entitlements 73: turned on, the same call creates it at the next sign-in', async () => {
    const { ask, sandbox, atBrowser, handlers } = await openWith({ create: false })
    sandbox.flags.create = true
    atBrowser.agent = 'support'
    await handlers['session.signIn'](undefined)
    expect(await ask('domains.create', { name: fresh, supportEmail: null })).toMatchObject({ ok: true })
    expect(sandbox.world.domain(fresh)).toBeDefined()
  })

  test('entitlements 72: provisioning works all the same', async () => {
    const { ask, profile, sandbox } = await openWith({ create: false, manageAccesses: false })
    const given = { text: fresh, oidcAutojoin: true, identitySync: false }
    const { id: plan } = unwrap((await ask('provisioning.preview', given)) as Reply<{ id: number }>)
    const { id } = unwrap((await ask('provisioning.run', { plan })) as Reply<{ id: number }>)
    expect(await profile.queue.ended(id)).toMatchObject({ total: 1, done: 1, failed: 0 })
    expect(sandbox.world.domain(fresh)).toBeDefined()
    expect(await profile.desk.provisioned.get(fresh)).toMatchObject({ domain: fresh, oidcAutojoin: true })
  })
})

describe('MANAGE_ACCESSES off', () => {
  const several = accounts.find(({ id }) => id === 'several')?.email ?? ''

  test('entitlements 75: to give, change and take an access is refused to support itself, and each row stays', async () => {
    const { ask, accesses, profile, outbox } = withOutbox(await openWith({ manageAccesses: false }))
    const before = await accesses()
    expect(before).toHaveLength(2)
    for (const answer of [
      await ask('accesses.grant', { domain: shared, email, role: 'viewer' }),
      await ask('accesses.change', { domain: shared, person: several, role: 'viewer' }),
      await ask('accesses.remove', { domain: shared, person: several }),
    ])
      expect(answer).toMatchObject(off('flag-manage-accesses'))
    expect(await accesses()).toEqual(before)
    expect(await profile.desk.invitations.list(null)).toEqual([])
    expect(await profile.desk.journal({ subject: shared, limit: 9 })).toEqual([])
    expect(outbox()).toEqual([])
  })

  test('entitlements 75: an invitation of before is neither sent again nor revoked, and stays', async () => {
    const opened = await openWith({})
    const { ask, sandbox, atBrowser, handlers, profile } = opened
    await ask('accesses.grant', { domain: shared, email, role: 'viewer' })
    const [invitation] = await profile.desk.invitations.list(shared)
    sandbox.flags.manageAccesses = false
    atBrowser.agent = 'support'
    await handlers['session.signIn'](undefined)
    const one = { domain: shared, id: invitation?.id ?? '' }
    for (const answer of [await ask('invitations.resend', one), await ask('invitations.revoke', one)])
      expect(answer).toMatchObject(off('flag-manage-accesses'))
    expect(await profile.desk.invitations.list(shared)).toEqual([invitation])
    expect(withOutbox(opened).outbox()).toHaveLength(1)
  })

  test('entitlements 76: the accesses are read all the same, and none of them is offered to be changed', async () => {
    const { ask } = await openWith({ manageAccesses: false })
    const answer = (await ask('rights.read', { domain: shared })) as Reply<{ accesses: unknown[] }>
    const rights = unwrap(answer)
    expect(rights).toMatchObject({ standing: 'support', grantable: [] })
    expect(rights.accesses).toHaveLength(2)
    for (const access of rights.accesses) expect(access).toMatchObject({ mayBecome: [], mayRemove: false })
  })

  test('entitlements 81: a sign-in with an entitled list still writes accesses, and takes away what is not listed', async () => {
    const opened = await openWith({ manageAccesses: false }, 'two-towns')
    const { session, sandbox, profile, ask, atBrowser, handlers, deps } = opened
    const two = accounts.find(({ id }) => id === 'two-towns')
    const sub = two?.sub ?? ''
    expect(session).toMatchObject({
      flags: { manageAccesses: false },
      plan: { state: 'applied', add: expect.arrayContaining([...(two?.domains ?? [])]) },
    })
    const held = async () =>
      (await profile.desk.accesses.list(null)).filter(({ person }) => person === sub).map((one) => one.domain)
    expect((await held()).sort()).toEqual([...(two?.domains ?? [])].sort())
    expect(await ask('accesses.grant', { domain: shared, email, role: 'viewer' })).toMatchObject(
      off('flag-manage-accesses'),
    )
    await deps.sandbox.entitle({ id: 'two-towns', subscription: 'active', domains: [shared] })
    atBrowser.agent = 'two-towns'
    expect(sandbox.flags.manageAccesses).toBe(false)
    await handlers['session.signIn'](undefined)
    expect(await held()).toEqual([shared])
  })
})

function withOutbox<T extends Awaited<ReturnType<typeof openWith>>>(opened: T) {
  return { ...opened, outbox: () => opened.sandbox.outbox.list() }
}
