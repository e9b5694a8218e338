import { failed, ok, type Result } from '../../preload/failure.ts'
import type { WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import type { Job } from '../../preload/shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { PlannedLine } from './lines.ts'
import type { Plan } from './plans.ts'

/** A plan says what was true when its lines were judged. */
const planLastsMs = 30 * 60_000

/** Lines written in one transaction. */
const batch = 500

/**
 * Writes every line that may be made to the desk, as waiting, then starts the job that sends those of an enabled
 * domain; the others stay until theirs is. Once for each plan: fails with `not-possible/plan-used`, `plan-old` or
 * `plan-empty`. A mailbox that came to wait since the plan was made is left as it is, and not sent from here.
 */
export async function startPlan(
  { desk, person, now, mailboxesChanged }: Pick<Workspace, 'desk' | 'person' | 'now' | 'mailboxesChanged'>,
  plan: Plan,
  startJob: (addresses: string[]) => Job,
): Promise<Result<Job>> {
  if (plan.used) return failed('not-possible', 'plan-used', 'These lines were sent already.')
  if (now() - plan.at > planLastsMs)
    return failed('not-possible', 'plan-old', 'These lines were judged more than 30 minutes ago.')
  const { create, keep } = plan.lines.counts()
  if (create + keep === 0) return failed('not-possible', 'plan-empty', 'No line can be taken.')
  plan.used = true
  const by = person().id
  const toSend: string[] = []

  async function write(lines: readonly PlannedLine[]): Promise<void> {
    const entries = lines.map((line) => {
      const mailbox = waitingOf(plan.domain, line, by, now())
      return { key: mailbox.id, domain: plan.domain, value: mailbox, verdict: line.verdict }
    })
    const taken = new Set(await desk.waiting.addAll(entries))
    for (const { key, verdict } of entries) if (verdict === 'create' && !taken.has(key)) toSend.push(key)
  }

  try {
    let lines: PlannedLine[] = []
    for (const line of plan.lines.takeable()) {
      lines.push(line)
      if (lines.length < batch) continue
      await write(lines)
      lines = []
    }
    await write(lines)
  } catch (error) {
    // What was written waits; the rest can still be taken.
    plan.used = false
    throw error
  } finally {
    mailboxesChanged(plan.domain)
  }
  return ok(startJob(toSend))
}

function waitingOf(domain: string, line: PlannedLine, by: string, at: number): WaitingMailbox {
  const { localPart, givenName, surName, displayName, secondaryEmail } = line
  return {
    ...{ id: `${localPart}@${domain}`, domain, localPart, givenName, surName, displayName, secondaryEmail },
    ...{ state: 'waiting', failure: null, by, createdAt: at, attemptedAt: null },
  }
}
