import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Job } from '../../preload/shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { Outcome } from '../store/job-store.ts'
import { type Provisioning, provisionDomain } from './apply.ts'
import type { PlannedLine } from './plan.ts'
import type { Plan, ProvisionPlans } from './plans.ts'

/** A plan says what was true when its lines were judged. */
const planLastsMs = 30 * 60_000

/**
 * Starts the job that does what a plan says, line by line; those unchanged are left out. Once for each plan, and one
 * job at a time: fails with `not-possible/plan-used`, `plan-old`, `plan-empty` or `provision-running`. `startJob`
 * must return before any row of it is done.
 */
export function startPlan(
  { cache, now }: Pick<Workspace, 'cache' | 'now'>,
  plans: ProvisionPlans,
  plan: Plan,
  startJob: (names: string[]) => Job,
): Result<Job> {
  if (plan.used) return failed('not-possible', 'plan-used', 'These lines were sent already.')
  if (now() - plan.at > planLastsMs)
    return failed('not-possible', 'plan-old', 'These lines were judged more than 30 minutes ago.')
  const earlier = plans.job()
  if (earlier !== null && cache.jobs.read(earlier)?.state === 'running')
    return failed('not-possible', 'provision-running', 'Other domains are being provisioned.')
  const lines = new Map<string, PlannedLine>()
  for (const line of plan.lines)
    if (line.domain !== null && (line.verdict === 'created' || line.verdict === 'replaced'))
      lines.set(line.domain, line)
  if (lines.size === 0) return failed('not-possible', 'plan-empty', 'No line can be taken.')
  plan.used = true
  const job = startJob([...lines.keys()])
  plans.runAs(job.id, lines)
  return ok(job)
}

/** One domain of a plan as one row of its job. A row that was cancelled before it began is left as it is. */
export async function provisionAsRow(
  workspace: Provisioning,
  plans: ProvisionPlans,
  name: string,
  signal: AbortSignal,
  settle: (outcome: Outcome) => void,
  job: number,
): Promise<void> {
  // The queue begins its first rows before it has told the number of the job.
  await Promise.resolve()
  if (signal.aborted) return
  const line = plans.lineOf(job, name)
  const done = line
    ? await provisionDomain(workspace, {
        name,
        attributes: line.after,
        oidcAutojoin: line.oidcAutojoin,
        identitySync: line.identitySync,
        by: workspace.person().id,
        seen: line.seen,
      })
    : failed('not-found', 'plan', 'These lines are not kept any more.')
  const at = workspace.now()
  if (!done.ok) settle({ state: 'failed', failure: done.failure, at })
  else settle({ state: 'done', status: workspace.cache.read(name)?.row.status ?? null, at })
}
