import { failed, ok, type Result } from '../../preload/failure.ts'
import type { CsvPlan } from '../../preload/mailbox-shapes.ts'
import type { Draft } from './plan.ts'

export type Plan = Draft & { id: number; at: number; used: boolean }

/** Plans kept at once: each may hold 100,000 lines. */
const planLimit = 2

export type Plans = ReturnType<typeof createPlans>

/** The last plan of each domain, in memory only, for the few domains that were looked at last. */
export function createPlans(now: () => number) {
  const plans = new Map<string, Plan>()
  let last = 0
  return {
    hold(draft: Draft): Plan {
      const plan = { ...draft, id: ++last, at: now(), used: false }
      plans.delete(draft.domain)
      plans.set(draft.domain, plan)
      for (const domain of [...plans.keys()].slice(0, -planLimit)) plans.delete(domain)
      return plan
    },
    /** Fails with `not-found/plan` when another has taken its place. */
    read(domain: string, id: number): Result<Plan> {
      const plan = plans.get(domain)
      return plan?.id === id ? ok(plan) : failed('not-found', 'plan', 'These lines are not kept any more.')
    },
  }
}

/** What the page is told of a plan; its lines are read page by page. */
export function told({ lines, at: _at, used: _used, ...plan }: Plan): CsvPlan {
  return { ...plan, total: lines.total(), counts: lines.counts() }
}
