import { setImmediate as nextTurn } from 'node:timers/promises'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Job } from '../../preload/shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { recordOf } from '../mailboxes/create.ts'
import type { Wanted } from '../mailboxes/rules.ts'
import { heldBack } from '../mailboxes/waiting-send.ts'
import { aloneWithLines } from './judge.ts'
import type { PlannedLine } from './lines.ts'
import type { Plan } from './plans.ts'

/** A plan says what was true when its lines were judged. */
const planLastsMs = 30 * 60_000

/** Lines written in one transaction. */
const batch = 500

/**
 * Writes every line that may be made to the desk, as waiting, then starts the job that sends those of an enabled
 * domain; the others stay until theirs is. Once for each plan: fails with `not-possible/plan-used`, `plan-old` or
 * `plan-empty`. A mailbox that came to wait since the plan was made is left as it is, and not sent from here. A
 * profile that closes meanwhile waits for the lines, which are then the agent's to send.
 */
export async function startPlan(
  workspace: Pick<Workspace, 'desk' | 'person' | 'now' | 'mailboxesChanged'> & { closed: AbortSignal },
  plan: Plan,
  startJob: (addresses: string[]) => Job,
): Promise<Result<Job>> {
  if (plan.used) return failed('not-possible', 'plan-used', 'These lines were sent already.')
  if (workspace.now() - plan.at > planLastsMs)
    return failed('not-possible', 'plan-old', 'These lines were judged more than 30 minutes ago.')
  const { create, keep } = plan.lines.counts()
  if (create + keep === 0) return failed('not-possible', 'plan-empty', 'No line can be taken.')
  plan.used = true
  const { domain } = plan
  const toSend: string[] = []

  async function write(lines: readonly PlannedLine[]): Promise<void> {
    const entries = lines.map((line) => {
      const record = recordOf(workspace, wantedOf(domain, line))
      // The job alone sends these: a cancelled one stops.
      const value = line.verdict === 'create' ? heldBack(record) : record
      return { key: value.id, domain, value }
    })
    const taken = new Set(await workspace.desk.waiting.addAll(entries))
    for (const [place, { key }] of entries.entries())
      if (lines[place]?.verdict === 'create' && !taken.has(key)) toSend.push(key)
  }

  async function writeAll(): Promise<void> {
    let lines: PlannedLine[] = []
    for (const line of plan.lines.takeable()) {
      lines.push(line)
      if (lines.length < batch) continue
      await write(lines)
      await nextTurn()
      lines = []
    }
    await write(lines)
  }

  try {
    await aloneWithLines(workspace.desk, domain, writeAll)
  } catch (error) {
    // What was written waits; the rest can still be taken.
    plan.used = false
    throw error
  } finally {
    workspace.mailboxesChanged(domain)
  }
  if (workspace.closed.aborted) return failed('cancelled', 'asked', 'The profile was closed.')
  return ok(startJob(toSend))
}

function wantedOf(domain: string, line: PlannedLine): Wanted {
  const { localPart, givenName, surName, displayName, secondaryEmail } = line
  return {
    domain,
    address: `${localPart}@${domain}`,
    localPart,
    givenName,
    surName,
    displayName,
    secondaryEmail,
  }
}
