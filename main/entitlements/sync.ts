import { isDeepStrictEqual } from 'node:util'
import PQueue from 'p-queue'
import { Expected, failed, ok, type Result } from '../../preload/failure.ts'
import type { Person } from '../../preload/people-shapes.ts'
import type { RightsPlan } from '../../preload/session-shapes.ts'
import { alone } from '../jobs/alone.ts'
import type { Desk } from '../store/desk.ts'
import type { Answer, Entitlements, Subject } from './entitlements.ts'
import { type Known, type PlannedRights, planRights } from './plan.ts'

/** Names of a list that dimail is asked about one by one; more of them are looked at when it lists them anyway. */
const askedAtMost = 200
const atOnce = 6
/** For so long: a dimail that answers nothing holds nobody up at a sign-in. */
const askedForMs = 20_000
const actor = 'deploycenter'

export type RightsSync = {
  /**
   * Somebody signs in: DeployCenter is asked, and what it says is written unless that asks the agent first. Once
   * `signal` aborts, or somebody else arrives, nothing more is written or shown.
   */
  arrive(subject: Subject, person: Person, signal: AbortSignal): Promise<Asked>
  /** Reads again, and only shows what would change. */
  plan(): Promise<Result<Asked>>
  /**
   * Writes what was shown under this number; `not-found/rights-plan` when something else was shown since. Where
   * DeployCenter says something else by now, that is shown in its place.
   */
  apply(id: number): Promise<Result<Asked>>
  /** Leaves the rights as they are. */
  decline(id: number): Promise<Result<RightsPlan>>
  /** dimail answers: what could not be looked at is looked at again. Null: nothing, or DeployCenter does not answer. */
  again(): Promise<Asked | null>
  /** Forgets whose rights were read. */
  leave(): void
}

/** What DeployCenter said, and what it changes. */
export type Asked = { plan: RightsPlan; answer: Answer }

type Writing = { subject: Subject; person: Person; answer: Answer; agreed: boolean; signal: AbortSignal }
type Shown = { subject: Subject; person: Person; answer: Answer; plan: RightsPlan }

/**
 * Aligns the accesses of the agent with what DeployCenter lists (docs/entitlements.md 5): as a pure plan, written whole
 * or not at all. `whereIs` tells whether a domain exists; `written` hears of what was written.
 */
export function createRightsSync(deps: {
  entitlements: Entitlements
  desk: Desk
  whereIs: (name: string, signal: AbortSignal) => Promise<Known>
  now: () => number
  written: () => void
  broke: (error: unknown) => void
}): RightsSync {
  const { entitlements, desk, whereIs, now } = deps
  let shown: Shown | null = null
  let next = 1
  /** Of the agent whose rights are read: what was asked for them is nobody else's. */
  let agent = new AbortController()

  function leave(): void {
    agent.abort()
    agent = new AbortController()
    shown = null
  }

  /** From the accesses as they are now. */
  async function planned(answer: Answer, person: Person, signal: AbortSignal): Promise<PlannedRights> {
    const mine = (await desk.accesses.list(null)).filter((one) => one.person === person.id)
    const given = { answer, person, accesses: mine, at: now(), by: actor }
    const names = planRights({ ...given, known: () => 'unchecked' }).plan.unchecked
    const known = new Map(await within(askedForMs, signal, (until) => lookFor(names, until)))
    return planRights({ ...given, known: (name) => known.get(name) ?? 'unchecked' })
  }

  function lookFor(names: readonly string[], until: AbortSignal) {
    const asked = new PQueue({ concurrency: atOnce })
    return asked.addAll(
      names.slice(0, askedAtMost).map((name) => async () => {
        const where = until.aborted ? 'unchecked' : await whereIs(name, until)
        return [name, where] as const
      }),
    )
  }

  function show(
    subject: Subject,
    person: Person,
    answer: Answer,
    plan: Omit<RightsPlan, 'id' | 'at'>,
    signal: AbortSignal,
  ): RightsPlan {
    const whole: RightsPlan = { ...plan, id: next++, at: now() }
    if (!signal.aborted) shown = { subject, person, answer, plan: whole }
    return whole
  }

  /** One at a time for each person: a plan is written from the very accesses that it was made of. */
  const write = (asked: Writing): Promise<RightsPlan> =>
    alone(desk, `rights of ${asked.person.id}`, () => attempt(asked, true))

  async function attempt(asked: Writing, isFirst: boolean): Promise<RightsPlan> {
    const { subject, person, answer, agreed, signal } = asked
    const { plan, changes } = await planned(answer, person, signal)
    const shows = (told: typeof plan) => show(subject, person, answer, told, signal)
    if ((plan.state === 'asks' && !agreed) || changes.length === 0 || signal.aborted) return shows(plan)
    try {
      await desk.changeAccesses(changes, { actor, at: now() })
    } catch (error) {
      // Somebody gave or took an access meanwhile: what is to be done is found out anew, once.
      if (error instanceof Expected && isFirst) return attempt(asked, false)
      deps.broke(error)
      const trouble = failed('storage', 'rights-not-written', 'The rights could not be written.').failure
      return shows({ ...plan, state: 'failed', trouble })
    }
    deps.written()
    return shows({ ...plan, state: 'applied' })
  }

  const missing = () => failed('not-found', 'rights-plan', 'Other rights have been read since.')

  return {
    async arrive(subject, person, staying) {
      leave()
      const signal = AbortSignal.any([agent.signal, staying])
      const answer = await entitlements.read(subject, true, signal)
      return { answer, plan: await write({ subject, person, answer, agreed: false, signal }) }
    },
    async plan() {
      if (shown === null) return failed('not-possible', 'no-rights', 'No rights are read for this agent.')
      const { subject, person } = shown
      const { signal } = agent
      const answer = await entitlements.read(subject, true, signal)
      const { plan } = await planned(answer, person, signal)
      return ok({ answer, plan: show(subject, person, answer, plan, signal) })
    },
    async apply(id) {
      if (shown?.plan.id !== id) return missing()
      const { subject, person, answer: agreed } = shown
      const { signal } = agent
      // Hours may have passed since it was shown, and only what DeployCenter says now changes anything.
      const answer = await entitlements.read(subject, false, signal)
      if (isSameList(answer, agreed))
        return ok({ answer, plan: await write({ subject, person, answer, agreed: true, signal }) })
      const { plan } = await planned(answer, person, signal)
      return ok({ answer, plan: show(subject, person, answer, plan, signal) })
    },
    async decline(id) {
      if (shown?.plan.id !== id) return missing()
      const { subject, person, answer, plan } = shown
      return ok(show(subject, person, answer, { ...plan, state: 'kept' }, agent.signal))
    },
    async again() {
      if (shown === null || shown.plan.unchecked.length === 0) return null
      if (shown.plan.state !== 'applied' && shown.plan.state !== 'unchanged') return null
      const { subject, person } = shown
      const { signal } = agent
      const answer = await entitlements.read(subject, false, signal)
      if (signal.aborted || answer.kind === 'unavailable' || answer.stale !== null) return null
      const plan = await write({ subject, person, answer, agreed: false, signal })
      return signal.aborted ? null : { answer, plan }
    },
    leave,
  }
}

/** An answer is what it lists, whenever it came. */
const isSameList = (one: Answer, other: Answer): boolean =>
  isDeepStrictEqual([one.kind, listOf(one)], [other.kind, listOf(other)])
const listOf = (answer: Answer) => (answer.kind === 'list' ? answer.domains : [])

/** Does `work`, which is told to end after a time or when `signal` aborts. */
async function within<T>(
  ms: number,
  signal: AbortSignal,
  work: (until: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), ms)
  try {
    return await work(AbortSignal.any([late.signal, signal]))
  } finally {
    clearTimeout(timer)
  }
}
