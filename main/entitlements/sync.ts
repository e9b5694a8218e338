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
const actor = 'deploycenter'

export type RightsSync = {
  /** Somebody signs in: DeployCenter is asked, and what it says is written unless that asks the agent first. */
  arrive(subject: Subject, person: Person): Promise<Asked>
  /** Reads again, and only shows what would change. */
  plan(): Promise<Result<Asked>>
  /** Writes what was shown under this number; `not-found/rights-plan` when something else was shown since. */
  apply(id: number): Promise<Result<RightsPlan>>
  /** Leaves the rights as they are. */
  decline(id: number): Promise<Result<RightsPlan>>
  /** dimail answers: what could not be looked at is looked at again. Null: there was nothing. */
  again(): Promise<RightsPlan | null>
  /** Forgets whose rights were read. */
  leave(): void
}

/** What DeployCenter said, and what it changes. */
export type Asked = { plan: RightsPlan; answer: Answer }

type Shown = { subject: Subject; person: Person; answer: Answer; plan: RightsPlan }

/**
 * Aligns the accesses of the agent with what DeployCenter lists (docs/entitlements.md 5): as a pure plan, written whole
 * or not at all. `whereIs` tells whether a domain exists; `written` hears of what was written.
 */
export function createRightsSync(deps: {
  entitlements: Entitlements
  desk: Desk
  whereIs: (name: string) => Promise<Known>
  now: () => number
  written: () => void
  broke: (error: unknown) => void
}): RightsSync {
  const { entitlements, desk, whereIs, now } = deps
  let shown: Shown | null = null
  let next = 1

  /** From the accesses as they are now. */
  async function planned(answer: Answer, person: Person): Promise<PlannedRights> {
    const mine = (await desk.accesses.list(null)).filter((one) => one.person === person.id)
    const given = { answer, person, accesses: mine, at: now(), by: actor }
    const names = planRights({ ...given, known: () => 'unchecked' }).plan.unchecked
    const asked = new PQueue({ concurrency: atOnce })
    const found = await asked.addAll(
      names.slice(0, askedAtMost).map((name) => async () => [name, await whereIs(name)] as const),
    )
    const known = new Map(found)
    return planRights({ ...given, known: (name) => known.get(name) ?? 'unchecked' })
  }

  function show(
    subject: Subject,
    person: Person,
    answer: Answer,
    plan: Omit<RightsPlan, 'id' | 'at'>,
  ): RightsPlan {
    const whole: RightsPlan = { ...plan, id: next++, at: now() }
    shown = { subject, person, answer, plan: whole }
    return whole
  }

  /** One at a time for each person: a plan is written from the very accesses that it was made of. */
  const write = (subject: Subject, person: Person, answer: Answer, agreed: boolean): Promise<RightsPlan> =>
    alone(desk, `rights of ${person.id}`, () => attempt(subject, person, answer, agreed, true))

  async function attempt(
    subject: Subject,
    person: Person,
    answer: Answer,
    agreed: boolean,
    isFirst: boolean,
  ): Promise<RightsPlan> {
    const { plan, changes } = await planned(answer, person)
    if ((plan.state === 'asks' && !agreed) || changes.length === 0) return show(subject, person, answer, plan)
    try {
      await desk.changeAccesses(changes, { actor, at: now() })
    } catch (error) {
      // Somebody gave or took an access meanwhile: what is to be done is found out anew, once.
      if (error instanceof Expected && isFirst) return attempt(subject, person, answer, agreed, false)
      deps.broke(error)
      const trouble = failed('storage', 'rights-not-written', 'The rights could not be written.').failure
      return show(subject, person, answer, { ...plan, state: 'failed', trouble })
    }
    deps.written()
    return show(subject, person, answer, { ...plan, state: 'applied' })
  }

  const missing = () => failed('not-found', 'rights-plan', 'Other rights have been read since.')

  return {
    async arrive(subject, person) {
      const answer = await entitlements.read(subject, true)
      return { answer, plan: await write(subject, person, answer, false) }
    },
    async plan() {
      if (shown === null) return failed('not-possible', 'no-rights', 'No rights are read for this agent.')
      const { subject, person } = shown
      const answer = await entitlements.read(subject, true)
      const { plan } = await planned(answer, person)
      return ok({ answer, plan: show(subject, person, answer, plan) })
    },
    async apply(id) {
      if (shown?.plan.id !== id) return missing()
      const { subject, person, answer } = shown
      return ok(await write(subject, person, answer, true))
    },
    async decline(id) {
      if (shown?.plan.id !== id) return missing()
      const { subject, person, answer, plan } = shown
      return ok(show(subject, person, answer, { ...plan, state: 'kept' }))
    },
    async again() {
      if (shown === null || shown.plan.unchecked.length === 0) return null
      if (shown.plan.state !== 'applied' && shown.plan.state !== 'unchanged') return null
      const { subject, person, answer } = shown
      return write(subject, person, answer, false)
    },
    leave() {
      shown = null
    },
  }
}
