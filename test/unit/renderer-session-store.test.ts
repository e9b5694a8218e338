import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Pushed } from '../../preload/contract.ts'
import { type Failure, failed, ok } from '../../preload/failure.ts'
import type { Session } from '../../preload/session-shapes.ts'
import type { AppState } from '../../preload/shapes.ts'
import { awayNow, createAppStore } from '../../renderer/app/store.ts'
import type { Bridge } from '../../renderer/bridge.ts'
import { changes, rowsOf } from '../../renderer/session/plan-rows.ts'
import { agent, plainProfileOf, planOf, sessionOf } from '../fakes/sessions.ts'

const eden = sessionOf({ state: 'signed-in', person: agent('eden') })
const robin = sessionOf({ state: 'signed-in', person: agent('robin') })

const opened: AppState = {
  version: '0',
  standIn: true,
  locale: 'fr',
  colorScheme: 'auto',
  profile: plainProfileOf('one'),
  profiles: [],
  keyring: 'lasting',
  notices: [],
}

type SignIn = Awaited<ReturnType<Bridge['session.signIn']>>

/** A main process whose sign-in lasts until it is answered; a cancelled one ends after its cancel was, as main's own. */
function fakeMain(first: Session = sessionOf()) {
  let session = first
  let push = (_session: Session) => {}
  const attempts: ((reply: SignIn) => void)[] = []
  const complaints: Failure[] = []
  const away = failed('offline', 'other', 'Nobody answers.')
  const bridge = {
    'app.read': async () => ok(opened),
    'connectivity.read': async () => away,
    'session.read': async () => ok(session),
    'session.signIn': () => {
      if (session.state === 'signing-in')
        return Promise.resolve(failed('not-possible', 'sign-in-running', 'A sign-in is under way.'))
      session = { ...session, state: 'signing-in' }
      push(session)
      return new Promise<SignIn>((answer) => attempts.push(answer))
    },
    'session.cancel': async () => {
      setImmediate(() => {
        session = first
        push(session)
        attempts.shift()?.(failed('cancelled', 'sign-in', 'The sign-in was ended.'))
      })
      return ok(session)
    },
    'session.signOut': async () => {
      session = sessionOf()
      push(session)
      return ok({ session, provider: 'offline' as const })
    },
    'entitlements.apply': async ({ plan }: { plan: number }) =>
      ok(planOf({ id: plan, state: 'applied', remove: ['esson.example'] })),
    'entitlements.decline': async ({ plan }: { plan: number }) => ok(planOf({ id: plan, state: 'kept' })),
    on(name: string, listener: (value: Pushed<'session.changed'>) => void) {
      if (name === 'session.changed') push = listener
      return () => {}
    },
  }
  // Only these calls are made here.
  const store = createAppStore(bridge as unknown as Bridge, (failure) => complaints.push(failure))
  return {
    store,
    complaints,
    attempts,
    become(next: Session) {
      session = next
      push(next)
    },
    turns: () => new Promise<void>((done) => setImmediate(done)),
  }
}
async function ready(first?: Session) {
  const main = fakeMain(first)
  await main.store.getState().load()
  return main
}

beforeEach(() => {
  vi.stubGlobal('document', { documentElement: { lang: '' } })
  return () => vi.unstubAllGlobals()
})

describe('a sign-in', () => {
  test('is under way until main answers, and then the agent is there', async () => {
    const main = await ready()
    const signing = main.store.getState().signIn()
    expect(main.store.getState()).toMatchObject({ signingIn: true, session: { state: 'signing-in' } })
    main.attempts.shift()?.(ok(eden))
    await signing
    expect(main.store.getState()).toMatchObject({ signingIn: false, session: eden, signInFailure: null })
  })

  test('that failed says why, until the agent is there after all', async () => {
    const main = await ready()
    const late = failed('timeout', 'sign-in', 'Nobody came back.')
    const signing = main.store.getState().signIn()
    main.attempts.shift()?.(late)
    await signing
    expect(main.store.getState().signInFailure).toEqual(late.failure)
    main.become(eden)
    expect(main.store.getState().signInFailure).toBe(null)
  })

  test.each([
    ['sign-in-denied', true],
    ['sign-in', false],
  ])('that ended as cancelled/%s is told or not', async (reason, told) => {
    const main = await ready()
    const signing = main.store.getState().signIn()
    main.attempts.shift()?.(failed('cancelled', reason, 'It ended.'))
    await signing
    expect(main.store.getState().signInFailure?.reason ?? null).toBe(told ? reason : null)
  })

  test('that was given up is no failure, and another can begin at once', async () => {
    const main = await ready()
    const first = main.store.getState().signIn()
    await main.store.getState().cancelSignIn()
    expect(main.store.getState()).toMatchObject({
      signingIn: false,
      signInFailure: null,
      session: { state: 'signed-out' },
    })
    const second = main.store.getState().signIn()
    await first
    main.attempts.shift()?.(ok(eden))
    await second
    expect(main.store.getState().session).toEqual(eden)
    expect(main.complaints).toEqual([])
  })

  test('faults 33: of a known agent leaves them where they are', async () => {
    const main = await ready(sessionOf({ state: 'known', person: agent('eden') }))
    main.store.getState().go({ view: 'domain', name: 'esson.example', tab: 'mailboxes' })
    const { place } = main.store.getState()
    const signing = main.store.getState().signIn()
    main.attempts.shift()?.(ok(eden))
    await signing
    expect(main.store.getState().place).toBe(place)
  })
})

describe('a sign-out', () => {
  test('tells what the provider was told, until somebody signs in', async () => {
    const main = await ready(eden)
    main.store.getState().go({ view: 'journal' })
    expect(await main.store.getState().signOut()).toBe(true)
    expect(main.store.getState()).toMatchObject({ left: 'offline', place: { view: 'domains' } })
    const signing = main.store.getState().signIn()
    expect(main.store.getState().left).toBe(null)
    main.attempts.shift()?.(ok(robin))
    await signing
    expect(main.store.getState().session).toEqual(robin)
  })

  test('ends a sign-in whose answer came too late', async () => {
    const main = await ready()
    void main.store.getState().signIn()
    await main.store.getState().signOut()
    main.attempts.shift()?.(ok(eden))
    await main.turns()
    expect(main.store.getState()).toMatchObject({ signingIn: false, session: { state: 'signed-out' } })
  })
})

describe('rights that change under the agent', () => {
  test('bring another agent to the list', async () => {
    const main = await ready(eden)
    main.store.getState().go({ view: 'journal' })
    main.become(robin)
    expect(main.store.getState().place).toEqual({ view: 'domains' })
  })

  test('leave the same agent on the page, unless its domain was taken away', async () => {
    const main = await ready(eden)
    main.store.getState().go({ view: 'domain', name: 'esson.example' })
    main.become({ ...eden, plan: planOf({ state: 'applied', remove: ['castelnoir.example'] }) })
    expect(main.store.getState().place).toMatchObject({ name: 'esson.example' })
    main.become({ ...eden, plan: planOf({ state: 'asks', remove: ['esson.example'] }) })
    expect(main.store.getState().place).toMatchObject({ name: 'esson.example' })
    main.become({ ...eden, plan: planOf({ state: 'applied', remove: ['esson.example'] }) })
    expect(main.store.getState().place).toEqual({ view: 'domains' })
  })

  test('are written or left as the agent says, and the question is over', async () => {
    const main = await ready({ ...eden, plan: planOf({ id: 7, state: 'asks', remove: ['esson.example'] }) })
    await main.store.getState().settlePlan(7, 'decline')
    expect(main.store.getState().session?.plan?.state).toBe('kept')
    await main.store.getState().settlePlan(7, 'apply')
    expect(main.store.getState().session?.plan?.state).toBe('applied')
  })

  test('are news again to another agent', async () => {
    const main = await ready(eden)
    main.store.getState().seePlan(1)
    main.become({ ...eden, plan: planOf() })
    expect(main.store.getState().seenPlan).toBe(1)
    main.become(robin)
    expect(main.store.getState().seenPlan).toBe(null)
  })
})

test.each<[string, Session | null, string | null]>([
  ['a proven agent may ask dimail', eden, null],
  ['faults 33: a known one may not', sessionOf({ state: 'known', person: agent('eden') }), 'known'],
  ['nobody may', sessionOf(), 'known'],
])('%s', (_what, session, away) => {
  const connectivity = { state: 'online', since: 0, lastAnswerAt: null, failure: null } as const
  expect(awayNow({ connectivity, session })).toBe(away)
})

test('a plan lists first what would be lost, and says how a domain is written here', () => {
  const plan = planOf({
    add: ['a.example'],
    remove: ['b.example'],
    unknown: ['c.example'],
    unchecked: ['d.example'],
    differs: [{ given: 'É.example', known: 'xn--9ca.example' }],
  })
  expect(rowsOf(plan).map(({ kind, domain }) => `${kind} ${domain}`)).toEqual([
    'remove b.example',
    'add a.example',
    'differs É.example',
    'unknown c.example',
    'unchecked d.example',
  ])
  expect(rowsOf(plan)[2]?.known).toBe('xn--9ca.example')
  expect(changes(plan)).toBe(true)
  expect(changes(planOf({ unknown: ['c.example'] }))).toBe(false)
})
