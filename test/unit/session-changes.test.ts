import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Arrival } from '../../main/session/session.ts'
import { failed, ok, unwrap } from '../../preload/failure.ts'
import {
  clientOf,
  everything,
  identityOf,
  offline,
  openSessionWith as open,
  ordinary,
  over,
  welcome,
} from '../fakes/open-session.ts'

const account = { organization: null, operator: null, potentialOperators: [] }
const refusal = { reason: 'not_activated', account, answeredAt: 5 }
const minutes = 60_000
const hours = 60 * minutes
const days = 24 * hours

describe('somebody else signs in', () => {
  test('faults 77: nothing of the one before is shown from the moment that another is proven', async () => {
    const { client, answers } = clientOf({})
    const arriving = Promise.withResolvers<Arrival>()
    const { session, desk, pushed } = await open({
      client,
      arrive: async ({ sub }) => (sub === 'ange' ? arriving.promise : welcome),
    })
    await session.signIn()
    answers.start = ok(identityOf('ange'))
    const signing = session.signIn()
    await vi.waitFor(() => expect(session.mayAsk()).toBe(true))
    expect(session.read()).toMatchObject({ state: 'signing-in', person: null, plan: null })
    expect(session.standpoint()).toMatchObject({ state: 'signing-in', person: null })
    expect(pushed.at(-1)).toMatchObject({ person: null })
    expect(await desk.readSetting('session.known')).toBeNull()
    arriving.resolve(welcome)
    expect(unwrap(await signing)).toMatchObject({ state: 'signed-in', person: { id: 'ange' } })
  })

  test('faults 77: whose arrival breaks is nobody, and neither is the one before', async () => {
    for (const broken of ['arrive', 'arrived'] as const) {
      const { client, answers } = clientOf({})
      const fail = (id: string) => {
        if (id === 'ange') throw new Error('broken')
      }
      const { session } = await open({
        client,
        arrive: async ({ sub }) => {
          if (broken === 'arrive') fail(sub)
          return welcome
        },
        arrived: async ({ id }) => {
          if (broken === 'arrived') fail(id)
        },
      })
      await session.signIn()
      answers.start = ok(identityOf('ange'))
      await expect(session.signIn()).rejects.toThrow('broken')
      expect(session.read()).toMatchObject({ state: 'signed-out', person: null, may: [] })
    }
  })

  test('faults 77: signed out while the one before is being put away, they are not asked about', async () => {
    const { client, answers } = clientOf({})
    const gone = Promise.withResolvers<void>()
    const { session, events } = await open({ client, left: () => gone.promise })
    await session.signIn()
    answers.start = ok(identityOf('ange'))
    const signing = session.signIn()
    await vi.waitFor(() => expect(session.person().id).toBe(''))
    const out = session.signOut()
    gone.resolve()
    expect(await signing).toMatchObject({ failure: { code: 'cancelled' } })
    await out
    expect(events).toEqual(['arrive lou', 'arrived lou'])
    expect(session.read()).toMatchObject({ state: 'signed-out', person: null })
  })

  test('faults 77: whoever signed out is put away before the next one arrives', async () => {
    const { client, answers } = clientOf({})
    const gone = Promise.withResolvers<void>()
    const events: string[] = []
    const { session } = await open({
      client,
      async left({ id }) {
        await gone.promise
        events.push(`left ${id}`)
      },
      arrived: async ({ id }) => void events.push(`arrived ${id}`),
    })
    await session.signIn()
    const out = session.signOut()
    answers.start = ok(identityOf('ange'))
    const signing = session.signIn()
    await new Promise((resolve) => setImmediate(resolve))
    gone.resolve()
    await Promise.all([out, signing])
    expect(events).toEqual(['arrived lou', 'left lou', 'arrived ange'])
  })

  test('faults 77: what is asked about them is told to stop when they sign out', async () => {
    const asked = Promise.withResolvers<AbortSignal>()
    const { session } = await open({
      arrive: (_identity, _person, signal) => {
        asked.resolve(signal)
        return new Promise(() => {})
      },
    })
    session.signIn().catch(() => {})
    const signal = await asked.promise
    expect(signal.aborted).toBe(false)
    await session.signOut()
    expect(signal.aborted).toBe(true)
  })
})

test('faults 77: in whatever order things end, agents are one after the other and nothing is asked for who has left', async () => {
  const step = fc.constantFrom('lou', 'ange', 'out', 'refused')
  const steps = fc.array(fc.tuple(step, fc.nat(6)), { minLength: 2, maxLength: 7 })
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), steps, async (s, asked) => {
      const { client, answers } = clientOf({})
      let there: string | null = null
      const wrong: string[] = []
      const signals: AbortSignal[] = []
      const { session } = await open({
        client: { ...client, start: () => s.schedule(Promise.resolve(answers.start ?? offline)) },
        async arrive({ sub, claims }, _person, signal) {
          signals.push(signal)
          if (signal.aborted) wrong.push(`${sub} is asked about, and has left`)
          await s.schedule(Promise.resolve())
          return claims.no ? { ...welcome, refusal } : welcome
        },
        async arrived({ id }) {
          if (there !== null && there !== id) wrong.push(`${id} arrives while ${there} is there`)
          there = id
          await s.schedule(Promise.resolve())
        },
        async left({ id }) {
          await s.schedule(Promise.resolve())
          if (there === id) there = null
        },
      })
      const under: Promise<unknown>[] = []
      for (const [step, moments] of asked) {
        const who = identityOf(step === 'refused' ? 'ange' : step)
        answers.start = ok(step === 'refused' ? { ...who, claims: { no: true } } : who)
        under.push(step === 'out' ? session.signOut() : session.signIn())
        for (let moment = 0; moment < moments; moment++) {
          if (s.count() > 0) await s.waitOne()
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      under.push(session.signOut())
      await s.waitFor(Promise.all(under))
      expect([wrong, there, session.mayAsk()]).toEqual([[], null, false])
      expect(session.read()).toMatchObject({ state: 'signed-out', person: null, plan: null })
      expect(signals.every(({ aborted }) => aborted)).toBe(true)
    }),
    { numRuns: 300 },
  )
})

describe('while the console stays open', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('faults 33: a sign-in that fails does not make the proof before last for ever', async () => {
    const { client, answers } = clientOf({ resume: over })
    const failing = Promise.withResolvers<typeof offline>()
    const slow = { ...client }
    const { session } = await open({ client: slow })
    await session.signIn()
    await vi.advanceTimersByTimeAsync(19 * minutes)
    slow.start = () => failing.promise
    const signing = session.signIn()
    await vi.advanceTimersByTimeAsync(2 * minutes)
    failing.resolve(offline)
    expect(await signing).toEqual(offline)
    expect([session.read().state, session.person().id]).toEqual(['signed-in', 'lou'])
    answers.resume = over
    await vi.advanceTimersByTimeAsync(20 * minutes)
    expect(session.read()).toMatchObject({ state: 'known', failure: { reason: 'session-over' } })
  })

  test('faults 33: a renewal that breaks is followed by others', async () => {
    const { client, calls } = clientOf({ resume: ok(identityOf('lou')) })
    const broken: unknown[] = []
    let fails = true
    const { session } = await open({
      client,
      broke: (error) => void broken.push(error),
      flags: async () => {
        if (fails) throw new Error('broken')
        return { flags: everything, failure: null }
      },
    })
    await session.signIn()
    await vi.advanceTimersByTimeAsync(20 * minutes)
    fails = false
    await vi.advanceTimersByTimeAsync(20 * minutes)
    expect([broken.length, calls]).toEqual([1, ['start', 'resume', 'resume']])
  })

  test('faults 33: a clock that was set back makes no proof younger', async () => {
    const { session, clock, desk } = await open({ client: clientOf({ resume: offline }).client })
    clock.now = 400 * days
    await session.signIn()
    clock.now = 399 * days
    await vi.advanceTimersByTimeAsync(20 * minutes)
    expect(session.read().state).toBe('known')
    const again = await open({ desk, now: () => 300 * days })
    expect(again.session.read()).toMatchObject({ state: 'signed-out', failure: { reason: 'session-old' } })
  })

  test('an agent who is known reads for seven days, in a console that stays open too', async () => {
    const { session, clock, events } = await open({ client: clientOf({ resume: over }).client })
    await session.signIn()
    await vi.advanceTimersByTimeAsync(20 * minutes)
    expect(session.read().state).toBe('known')
    clock.now += 7 * days + 1
    await vi.advanceTimersByTimeAsync(20 * minutes)
    expect(session.read()).toMatchObject({
      state: 'signed-out',
      person: null,
      failure: { reason: 'session-old' },
    })
    expect(events.at(-1)).toBe('left lou')
  })

  test('who is no longer support by their claims is found out about anew at the next renewal', async () => {
    const { client, answers } = clientOf({ resume: ok(identityOf('lou')) })
    const { session, events } = await open({ client, isSupport: ({ claims }) => claims.roles !== 'none' })
    await session.signIn()
    expect(session.person().support).toBe(true)
    answers.resume = ok({ ...identityOf('lou'), claims: { roles: 'none' } })
    await vi.advanceTimersByTimeAsync(20 * minutes)
    expect(session.read()).toMatchObject({ state: 'signed-in', person: { id: 'lou', support: false } })
    expect(events).toEqual(['arrive lou', 'arrived lou', 'left lou', 'arrive lou', 'arrived lou'])
  })

  test('entitlements 79, 80: flags are followed where nobody signs in, and open when their address answers', async () => {
    const down = failed('offline', 'flags', 'Not reached.').failure
    const closed = { create: false, manageAccesses: false }
    let told: { flags: typeof everything; failure: typeof down | null } = { flags: closed, failure: down }
    const { session } = await open({ profile: ordinary, client: null, flags: async () => told })
    expect(session.read()).toMatchObject({ flags: closed, flagsFailure: down })
    told = { flags: everything, failure: null }
    await vi.advanceTimersByTimeAsync(20 * minutes)
    expect(session.read()).toMatchObject({ flags: everything, flagsFailure: null })
  })
})
