import type { Result } from '../../preload/failure.ts'
import { alone } from '../jobs/alone.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { destinyOf, refuseTaken, takenAround, type Wanted } from '../mailboxes/rules.ts'
import type { Desk } from '../store/desk.ts'

/** Whether a mailbox may be made: `send` at once, `keep` until its domain is enabled, or why neither. */
export type Judge = (wanted: Wanted) => Result<'send' | 'keep'>

/** Does `work` when no lines of this domain are being written or judged; closing the profile waits for it. */
export const aloneWithLines = <T>(desk: Desk, domain: string, work: () => Promise<T>): Promise<T> =>
  alone(desk, `lines of ${domain}`, work)

/** Judges lines by what is known here of their domain as the reading of them starts. */
export async function judgeOf(workspace: Workspace, domain: string): Promise<Judge> {
  const taken = await aloneWithLines(workspace.desk, domain, () => takenAround(workspace, domain, null))
  const destiny = destinyOf(workspace, domain)
  return (wanted) => {
    if (!destiny.ok) return destiny
    const free = refuseTaken(wanted, taken)
    return free.ok ? destiny : free
  }
}
