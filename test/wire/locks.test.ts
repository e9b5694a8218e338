import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startSandbox } from '../../main/sandbox/server.ts'
import type { Call } from '../../preload/channels.ts'
import type { Input, Reply } from '../../preload/contract.ts'
import { type Failure, failure as failureShape, unwrap } from '../../preload/failure.ts'
import { type Profile, type ProfileLock, plainProfile } from '../../preload/profile-shapes.ts'
import { loopback, openConsole } from '../fakes/console.ts'
import { noSecrets } from './profiles-draft.ts'

const domain = 'clairvaux-les-granges.example'
const fresh = 'commune-nouvelle.example'
const names = { givenName: 'Capucine', surName: 'Fictive', displayName: '', secondaryEmail: null }
const box = { domain, localPart: 'capucine.fictive', ...names }

/** The console on a profile that is locked so, whose dimail has been read; whoever is there is support. */
async function openLocked(lock: ProfileLock) {
  const dimail = await startSandbox()
  onTestFinished(() => dimail.close())
  const { url: address, username, password } = dimail
  const profile: Profile = {
    ...{ ...plainProfile, id: 'p-fictif', name: 'Production', kind: 'dimail', colour: 'red' },
    ...{ address, username, lock, flags: { from: 'profile', create: true, manageAccesses: true } },
  }
  const console = openConsole({ given: { profile, secrets: { ...noSecrets, password } } })
  await console.profiles.open(profile.id)
  await console.profiles.awake()
  const open = console.profiles.opened()
  unwrap(await open.refresh(true))
  const { handlers } = console
  await handlers['drift.compare']({ domain })
  await handlers['domains.check']({ name: domain })
  const asking = loopback(handlers, () => true, console.log, console.profiles.permit)
  // What the page asks and is answered, as the bridge types it.
  const ask = async <C extends Call>(call: C, input: Input<C>) =>
    (await asking(call, input)) as Reply<unknown>
  const { rows } = await handlers['mailboxes.list']({
    ...{ domain, text: '', show: 'enabled', sort: 'address', descending: false, offset: 0, limit: 50 },
  })
  const person = rows.find(({ kind }) => kind === 'person')
  if (!person) throw new Error('The town has nobody')
  const [alias] = dimail.world.aliases(domain)
  if (!alias) throw new Error('The town has no alias')
  // Without one a login link would lead nowhere, and is not asked for.
  await handlers['mail.configure']({
    ...{ smtp: null, webmail: 'https://webmail.example', locale: 'fr', password: null },
  })
  /** The requests that change something, since the profile was opened: a repair is asked with GET. */
  const changing = () =>
    dimail.requests
      .filter(({ method, path }) => method !== 'GET' || path.includes('/fix'))
      .map(({ method, path }) => `${method} ${path}`)
  const failing = open.cache.names({ text: '', status: 'failed' })[0] ?? ''
  return { ...console, dimail, open, ask, person, alias, failing, changing }
}
type Locked = Awaited<ReturnType<typeof openLocked>>

/** What changes something at dimail, by whoever asks for it. */
const changes: [Call, (locked: Locked) => unknown][] = [
  ['domains.create', () => ({ name: fresh, supportEmail: null })],
  ['domains.repair', ({ failing }) => ({ name: failing })],
  ['mailboxes.create', () => box],
  ['mailboxes.update', ({ person }) => ({ ...names, surName: 'Autre', ...seenOf(person) })],
  ['mailboxes.disable', ({ person }) => seenOf(person)],
  ['mailboxes.enable', ({ person }) => seenOf(person)],
  ['mailboxes.resetPassword', ({ person }) => ({ address: person.address })],
  ['mailboxes.loginLink', ({ person }) => ({ address: person.address })],
  [
    'aliases.create',
    () => ({ domain, localPart: 'alias-fictif', destinations: [`contact@${domain}`], allowToSend: false }),
  ],
  [
    'aliases.remove',
    ({ alias: { username, destination } }) => ({ domain, localPart: username, destination }),
  ],
  [
    'aliases.removeAll',
    ({ dimail, alias: { username } }) => {
      const same = dimail.world.aliases(domain).filter((one) => one.username === username)
      return { domain, localPart: username, destinations: same.map(({ destination }) => destination) }
    },
  ],
  [
    'provisioning.run',
    async ({ handlers }) => {
      const given = { text: fresh, oidcAutojoin: false, identitySync: false }
      return { plan: (await handlers['provisioning.preview'](given))?.id }
    },
  ],
  ['jobs.start', ({ failing }) => ({ kind: 'repair', names: [failing] })],
  ['jobs.start', ({ person }) => ({ kind: 'disable-mailboxes', names: [person.address] })],
]
const seenOf = ({ address, status, displayName }: Locked['person']) => ({
  address,
  seen: { status, displayName },
})
const readOnly = { code: 'refused', reason: 'read-only' }

/** What becomes of a call that no permission stands before: every failure that it tells, in its value or of its rows. */
async function calledDirectly(locked: Locked, call: Call, input: unknown): Promise<Failure[]> {
  const { handlers, log, open } = locked
  const reply = (await loopback(handlers, () => true, log)(call, input)) as Reply<unknown>
  if (!reply.ok) return [reply.failure]
  if (call !== 'jobs.start' && call !== 'provisioning.run') return failuresIn(reply.value)
  const { id } = reply.value as { id: number }
  await open.queue.ended(id)
  return failuresIn(open.cache.jobs.rows(id, 0, 9))
}
function failuresIn(value: unknown): Failure[] {
  if (typeof value !== 'object' || value === null) return []
  const parsed = failureShape.safeParse(value)
  return parsed.success ? [parsed.data] : Object.values(value).flatMap(failuresIn)
}

describe('a profile that is locked read-only', () => {
  test.each(changes)('%s is refused, and no change leaves for dimail (%#)', async (call, make) => {
    const locked = await openLocked('read-only')
    expect(locked.open.session.read()).toMatchObject({ state: 'signed-in', person: { support: true } })
    // The shape of each input is that of its call: the contract would refuse it otherwise.
    expect(await locked.ask(call, (await make(locked)) as never)).toMatchObject({
      ok: false,
      failure: readOnly,
    })
    // What is counted in the background reads, and may go on.
    expect(locked.changing()).toEqual([])
  })

  test.each(changes)('%s called past every permission is stopped at the barrier (%#)', async (call, make) => {
    const locked = await openLocked('read-only')
    const failures = await calledDirectly(locked, call, await make(locked))
    expect(locked.changing()).toEqual([])
    expect(failures).not.toEqual([])
    for (const failure of failures) expect(failure).toMatchObject(readOnly)
  })

  test('is read, checked and compared all the same', async () => {
    const { ask, dimail, failing } = await openLocked('read-only')
    const before = dimail.requests.length
    expect(await ask('domains.check', { name: failing })).toMatchObject({ ok: true })
    expect(await ask('drift.compare', { domain })).toMatchObject({ ok: true })
    expect(await ask('fleet.refresh', { acceptShrink: false })).toMatchObject({ ok: true })
    expect(dimail.requests.length).toBeGreaterThan(before)
  })

  test('refuses accesses and invitations too, which live here', async () => {
    const { ask, open } = await openLocked('read-only')
    const asked = { domain, email: 'lou.panais@mairie.example', role: 'viewer' as const }
    expect(await ask('accesses.grant', asked)).toMatchObject({ failure: readOnly })
    expect(await open.desk.invitations.list(null)).toEqual([])
  })
})

test.each(changes)(
  'unlocked, %s changes dimail: what the locks are held against (%#)',
  async (call, make) => {
    const locked = await openLocked('none')
    await calledDirectly(locked, call, await make(locked))
    // Of an enabled mailbox there is nothing to enable.
    if (call !== 'mailboxes.enable') expect(locked.changing()).not.toEqual([])
  },
)

describe('mailboxes that wait for their domain', () => {
  const created = 'POST /domains/clairvaux-les-granges.example/mailboxes/capucine.fictive'

  test.each([
    ['none', [created]],
    ['ask', []],
    ['read-only', []],
  ] as const)('under the lock %s go out by themselves: %j', async (lock, expected) => {
    const { open, changing } = await openLocked(lock)
    const { cache, desk, sender } = open
    expect(cache.read(domain)?.row.status).toBe('enabled')
    const id = `${box.localPart}@${domain}`
    await desk.waiting.put(id, domain, {
      ...{ ...box, id, displayName: 'Capucine Fictive', by: 'agent', state: 'waiting' },
      ...{ failure: null, createdAt: 1, attemptedAt: null },
    })
    sender.look([domain])
    sender.look([])
    await sender.idle()
    if (lock === 'none') await vi.waitFor(() => expect(changing()).toEqual(expected))
    expect(changing()).toEqual(expected)
    expect(await desk.waiting.list(domain)).toHaveLength(lock === 'none' ? 0 : 1)
  })
})

describe('a profile that asks before each change', () => {
  const askOf = (reply: Reply<unknown>) => (reply.ok ? '' : String(reply.failure.details.ask))
  const askFirst = { ok: false, failure: { code: 'refused', reason: 'ask-first' } }

  test('refuses the change, lets that very one pass once it is approved, and once only', async () => {
    const { ask, changing, person } = await openLocked('ask')
    const input = seenOf(person)
    const first = await ask('mailboxes.disable', input)
    expect(first).toMatchObject(askFirst)
    expect(changing()).toEqual([])
    expect(await ask('session.approve', { ask: askOf(first) })).toMatchObject({ ok: true })
    // Another change is another question.
    expect(await ask('mailboxes.resetPassword', { address: person.address })).toMatchObject(askFirst)
    expect(await ask('mailboxes.disable', { ...input, address: `contact@${domain}` })).toMatchObject(askFirst)
    expect(changing()).toEqual([])
    expect(await ask('mailboxes.disable', input)).toMatchObject({ ok: true, value: { status: 'disabled' } })
    const left = changing()
    expect(left.length).toBeGreaterThan(0)
    expect(await ask('mailboxes.disable', input)).toMatchObject(askFirst)
    expect(changing()).toEqual(left)
  })

  test('takes no approval that it did not ask for, and none twice', async () => {
    const { ask, changing } = await openLocked('ask')
    const invented = await ask('session.approve', { ask: 'inventé' })
    expect(invented).toMatchObject({ failure: { code: 'not-found', reason: 'ask' } })
    const first = await ask('mailboxes.create', box)
    for (const _ of [1, 2]) await ask('session.approve', { ask: askOf(first) })
    expect(await ask('mailboxes.create', box)).toMatchObject({ ok: true })
    expect(await ask('session.approve', { ask: askOf(first) })).toMatchObject({ ok: false })
    expect(await ask('mailboxes.create', box)).toMatchObject(askFirst)
    expect(changing()).toHaveLength(1)
  })

  test('an approved job makes the changes of all its rows', async () => {
    const { ask, open, person } = await openLocked('ask')
    const input = { kind: 'disable-mailboxes', names: [person.address] } as const
    const first = await ask('jobs.start', { ...input, names: [...input.names] })
    expect(first).toMatchObject(askFirst)
    await ask('session.approve', { ask: askOf(first) })
    const started = unwrap(
      (await ask('jobs.start', { ...input, names: [...input.names] })) as Reply<{ id: number }>,
    )
    expect(await open.queue.ended(started.id)).toMatchObject({ done: 1, failed: 0 })
  })

  test('asks nothing of what only reads', async () => {
    const { ask, failing } = await openLocked('ask')
    expect(await ask('domains.check', { name: failing })).toMatchObject({ ok: true })
    expect(await ask('jobs.start', { kind: 'check', names: [failing] })).toMatchObject({ ok: true })
  })
})
