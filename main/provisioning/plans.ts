import { failed, ok, type Result } from '../../preload/failure.ts'
import type { ProvisionLine, ProvisionPlan, ProvisionVerdict } from '../../preload/provisioning-shapes.ts'
import type { Draft, PlannedLine } from './plan.ts'

export type Plan = Draft & { id: number; file: string | null; at: number; used: boolean }

export type ProvisionPlans = ReturnType<typeof createProvisionPlans>

/** The last plan of a profile and the lines of the job that runs, in memory only. */
export function createProvisionPlans(now: () => number) {
  let plan: Plan | null = null
  let last = 0
  let running: { job: number; lines: ReadonlyMap<string, PlannedLine> } | null = null
  return {
    hold(draft: Draft, file: string | null): Plan {
      plan = { ...draft, file, id: ++last, at: now(), used: false }
      return plan
    },
    /** Fails with `not-found/plan` when another has taken its place. */
    read: (id: number): Result<Plan> =>
      plan?.id === id ? ok(plan) : failed('not-found', 'plan', 'These lines are not kept any more.'),
    /** The job that a plan was last started as; null: none. */
    job: () => running?.job ?? null,
    runAs(job: number, lines: ReadonlyMap<string, PlannedLine>): void {
      running = { job, lines }
    },
    lineOf: (job: number, name: string): PlannedLine | null =>
      running?.job === job ? (running.lines.get(name) ?? null) : null,
  }
}

/** What the page is told of a plan; its lines are read page by page. */
export const told = ({ id, counts, columns, file }: Plan): ProvisionPlan => ({ id, counts, columns, file })

/** A page of the lines with a verdict, in the order in which they were given; null: all of them. */
export function pageOf(
  { lines }: Draft,
  verdict: ProvisionVerdict | null,
  offset: number,
  limit: number,
): { rows: ProvisionLine[]; total: number } {
  const wanted = verdict === null ? lines : lines.filter((line) => line.verdict === verdict)
  const rows = wanted.slice(offset, offset + limit).map(toLine)
  return { rows, total: wanted.length }
}

const toLine = ({ line, given, domain, verdict, error, before, after }: PlannedLine): ProvisionLine => ({
  line,
  given,
  domain,
  verdict,
  error,
  before,
  after,
})
