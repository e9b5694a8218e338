import type { Result } from '../../preload/failure.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { destinyOf, refuseTaken, takenAround, type Wanted } from '../mailboxes/rules.ts'

/** Whether a mailbox may be made: `send` at once, `keep` until its domain is enabled, or why neither. */
export type Judge = (wanted: Wanted) => Result<'send' | 'keep'>

/** Judges lines by what is known here of their domain as the reading of them starts. */
export async function judgeOf(workspace: Workspace, domain: string): Promise<Judge> {
  const destiny = destinyOf(workspace, domain)
  const taken = await takenAround(workspace, domain, null)
  return (wanted) => {
    if (!destiny.ok) return destiny
    const free = refuseTaken(wanted, taken)
    return free.ok ? destiny : free
  }
}
