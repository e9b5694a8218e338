import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Identity } from '../../main/session/identity.ts'
import type { Arrival } from '../../main/session/session.ts'
import { ok, type Result, unwrap } from '../../preload/failure.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import {
  clientOf,
  everything,
  type Given,
  identityOf,
  offline,
  openSessionWith as open,
  ordinary,
  over,
  plan,
  signIn,
  welcome,
  withProvider,
} from '../fakes/open-session.ts'

test('without a provider the person is support, named by the account, and nobody signs in', async () => {
  const { session, pushed } = await open({ profile: ordinary, client: null })
  expect(session.read()).toMatchObject({
    state: 'signed-in',
    by: 'account',
    person: { id: 'la_regie', support: true },
    flags: everything,
  })
  expect(session.mayAsk()).toBe(true)
  expect(await session.signIn()).toMatchObject({ failure: { code: 'not-possible', reason: 'no-provider' } })
  expect(pushed).toEqual([])
})

test('without a provider an address of flags that is silent holds nothing back, and is told when it answers', async () => {
  const late = Promise.withResolvers<{ flags: typeof everything; failure: null }>()
  const { session, pushed } = await open({ profile: ordinary, client: null, flags: () => late.promise })
  expect(session.read()).toMatchObject({
    state: 'signed-in',
    flags: { create: false, manageAccesses: false },
  })
  late.resolve({ flags: everything, failure: null })
  await vi.waitFor(() => expect(pushed).toMatchObject([{ flags: everything }]))
})

describe('signing in', () => {
  test('shows nobody until everything about them is found out', async () => {
    const { session, pushed, events } = await open()
    expect(session.read()).toMatchObject({ state: 'signed-out', person: null, flags: { create: false } })
    expect(session.mayAsk()).toBe(false)
    const signed = unwrap(await session.signIn())
    expect(signed).toMatchObject({ state: 'signed-in', person: { id: 'lou', support: true }, plan })
    expect(pushed.map(({ state }) => state)).toEqual(['signing-in', 'signed-in'])
    expect(events).toEqual(['arrive lou', 'arrived lou'])
    expect(signed.may).toContain('domain.create')
  })

  test('that fails leaves things as they were, and says why', async () => {
    const { session } = await open({ client: clientOf({ start: offline }).client })
    expect(await session.signIn()).toEqual(offline)
    expect(session.read()).toMatchObject({ state: 'signed-out', person: null })
  })

  test('with an address that the provider has not proven, nothing is theirs by it', async () => {
    const unproven = { ...identityOf('lou'), emailVerified: false }
    const { session } = await open({ client: clientOf({ start: ok(unproven) }).client })
    await session.signIn()
    expect(session.person()).toMatchObject({ id: 'lou', email: null })
  })

  test('is one at a time', async () => {
    let settle = (_: Result<Identity>) => {}
    const { client } = clientOf({})
    const slow = { ...client, start: () => new Promise<Result<Identity>>((resolve) => (settle = resolve)) }
    const { session } = await open({ client: slow })
    const first = session.signIn()
    expect(await session.signIn()).toMatchObject({ failure: { reason: 'sign-in-running' } })
    settle(ok(identityOf('lou')))
    expect(unwrap(await first).state).toBe('signed-in')
  })

  test('faults 77: that ends after a sign-out signs nobody in', async () => {
    let settle = (_: Arrival) => {}
    const asked = Promise.withResolvers<void>()
    const { session, desk } = await open({
      arrive: () => {
        asked.resolve()
        return new Promise((resolve) => (settle = resolve))
      },
    })
    const late = session.signIn()
    await asked.promise
    await session.signOut()
    settle(welcome)
    expect(await late).toMatchObject({ failure: { code: 'cancelled' } })
    expect(session.read()).toMatchObject({ state: 'signed-out', person: null })
    expect(session.mayAsk()).toBe(false)
    expect(await desk.readSetting('session.known')).toBeNull()
  })

  test('as somebody else ends what was open for the one before', async () => {
    const { client, answers } = clientOf({})
    const { session, events } = await open({ client })
    await session.signIn()
    answers.start = ok(identityOf('ange'))
    await session.signIn()
    expect(session.person().id).toBe('ange')
    expect(events).toEqual(['arrive lou', 'arrived lou', 'left lou', 'arrive ange', 'arrived ange'])
  })

  test('is refused by what DeployCenter says, and the next start knows nobody', async () => {
    const account = {
      organization: 'Commune fictive',
      operator: { name: 'Opérateur fictif', url: null, supportEmail: 'aide@operateur.example' },
      potentialOperators: [],
    }
    const refusal = { reason: 'not_activated', account, answeredAt: 5 }
    const { client, calls } = clientOf({})
    const { session, desk, events } = await open({ client, arrive: async () => ({ ...welcome, refusal }) })
    expect(unwrap(await session.signIn())).toMatchObject({ state: 'refused', refusal })
    expect(calls).toEqual(['start', 'forget'])
    expect(session.mayAsk()).toBe(false)
    expect(events).toEqual([])
    const again = await open({ desk })
    expect(again.session.read()).toMatchObject({ state: 'signed-out', person: null })
  })
})

describe('an agent who is known', () => {
  async function known(more: Given = {}) {
    const before = await open()
    unwrap(await before.session.signIn())
    before.session.close()
    return open({ desk: before.desk, ...more })
  }

  test('reads after a restart, writes nothing and asks nothing', async () => {
    const { session } = await known()
    expect(session.read()).toMatchObject({
      state: 'known',
      person: { id: 'lou' },
      may: [],
      flags: { create: false },
    })
    expect(session.standpoint().state).toBe('known')
    expect(session.mayAsk()).toBe(false)
  })

  test('is proven again without a browser when something is kept for it', async () => {
    const { client, calls } = clientOf({ resume: ok(identityOf('lou')) })
    const { session } = await known({ client })
    await session.resume()
    expect([session.read().state, calls]).toEqual(['signed-in', ['resume']])
  })

  test('faults 33: goes on reading while the provider is away, or says no: one reason is told, and no loop', async () => {
    for (const resume of [offline, over]) {
      const { client, calls } = clientOf({ resume })
      const { session, pushed } = await known({ client })
      await session.resume()
      expect(session.read()).toMatchObject({ state: 'known', person: { id: 'lou' }, failure: resume.failure })
      expect([calls, pushed.length]).toEqual([['resume'], 1])
    }
  })

  test('goes on reading while they sign in again', async () => {
    let settle = (_: Result<Identity>) => {}
    const { client } = clientOf({})
    const slow = { ...client, start: () => new Promise<Result<Identity>>((resolve) => (settle = resolve)) }
    const { session } = await known({ client: slow })
    const signing = session.signIn()
    expect(session.read()).toMatchObject({ state: 'signing-in', person: { id: 'lou' } })
    expect(session.standpoint().state).toBe('known')
    settle(offline)
    await signing
    expect(session.read()).toMatchObject({ state: 'known', person: { id: 'lou' } })
  })

  test('is known in the sandbox too, whose provider has another port in every run', async () => {
    const at = (port: number): Profile => ({
      ...withProvider,
      kind: 'sandbox',
      signIn: { ...signIn, issuer: `http://127.0.0.1:${port}/openid` },
    })
    const before = await open({ profile: at(40_001) })
    unwrap(await before.session.signIn())
    const { session } = await open({ desk: before.desk, profile: at(40_002) })
    expect(session.read()).toMatchObject({ state: 'known', person: { id: 'lou' } })
  })

  test('is nobody after seven days, with another provider or scope, or when what was kept is nonsense', async () => {
    const before = await open()
    unwrap(await before.session.signIn())
    const week = 7 * 24 * 3_600_000 + 1
    const late = await open({ desk: before.desk, now: () => 1_000_000 + week })
    expect(late.session.read()).toMatchObject({ state: 'signed-out', failure: { reason: 'session-old' } })
    const elsewhere = { ...withProvider, signIn: { ...signIn, issuer: 'https://autre.example' } }
    expect((await open({ desk: before.desk, profile: elsewhere })).session.read().state).toBe('signed-out')
    const narrower: Profile = { ...withProvider, scope: { kind: 'entitled' } }
    expect((await open({ desk: before.desk, profile: narrower })).session.read().state).toBe('signed-out')
    await before.desk.writeSetting('session.known', { issuer: signIn.issuer, person: 'lou', provenAt: 1 })
    expect((await open({ desk: before.desk })).session.read().state).toBe('signed-out')
  })
})

describe('signing out', () => {
  test('is done here first, whatever becomes of the provider', async () => {
    const { client, calls } = clientOf({ out: 'offline' })
    const { session, pushed, events, desk } = await open({ client })
    await session.signIn()
    const out = await session.signOut()
    expect(out).toMatchObject({
      provider: 'offline',
      session: { state: 'signed-out', person: null, may: [] },
    })
    expect(calls).toEqual(['start', 'cancel', 'signOut'])
    expect(events.at(-1)).toBe('left lou')
    expect(pushed.at(-1)).toMatchObject({ state: 'signed-out', flags: { create: false } })
    expect((await open({ desk })).session.read().state).toBe('signed-out')
  })
})

describe('while the console stays open', () => {
  const twentyMinutes = 20 * 60_000
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('faults 33: the proof is renewed now and then, and an agent whose session is over goes on reading', async () => {
    const { client, calls, answers } = clientOf({ resume: ok(identityOf('lou')) })
    const { session } = await open({ client })
    await session.signIn()
    await vi.advanceTimersByTimeAsync(twentyMinutes)
    expect([session.read().state, calls]).toEqual(['signed-in', ['start', 'resume']])
    answers.resume = over
    await vi.advanceTimersByTimeAsync(twentyMinutes)
    expect(session.read()).toMatchObject({
      state: 'known',
      person: { id: 'lou' },
      failure: over.failure,
      may: [],
    })
    await vi.advanceTimersByTimeAsync(10 * twentyMinutes)
    expect(calls).toEqual(['start', 'resume', 'resume'])
  })

  test('faults 33: a provider that is away ends nothing, until the proof is twelve hours old', async () => {
    const { client } = clientOf({ resume: offline })
    const { session, clock } = await open({ client })
    await session.signIn()
    await vi.advanceTimersByTimeAsync(twentyMinutes)
    expect(session.read().state).toBe('signed-in')
    clock.now += 12 * 3_600_000 + 1
    await vi.advanceTimersByTimeAsync(twentyMinutes)
    expect(session.read()).toMatchObject({ state: 'known', failure: { reason: 'session-over' } })
  })

  test('entitlements 80: a flag that is closed meanwhile closes here', async () => {
    const { client } = clientOf({ resume: ok(identityOf('lou')) })
    const closed = { create: false, manageAccesses: true }
    const { session } = await open({ client, flags: async () => ({ flags: closed, failure: null }) })
    await session.signIn()
    expect(session.read().may).toContain('domain.create')
    await vi.advanceTimersByTimeAsync(twentyMinutes)
    expect(session.read()).toMatchObject({ flags: closed })
    expect(session.read().may).not.toContain('domain.create')
  })
})
