import { endsTheRound } from '../dimail/failures.ts'
import { takeUp } from '../mailboxes/import.ts'
import type { Workspace } from './workspace.ts'

/** Calls a day that the program may make without being asked, over all its profile's work (docs/performance.md). */
export const dailyBudget = 2000

const freshForMs = 24 * 3_600_000
const atOnce = 2

/**
 * Counts the mailboxes of domains whose count is unknown or a day old, two at a time, within the day's budget. The
 * list of a domain that was never read is taken up; one that was is left to a comparison, which the agent sees, and so
 * are aliases: they would cost each domain a second call.
 * One domain that fails is left for another day; a dimail that is silent, refuses the password or asks for
 * peace ends the round, and the next refresh goes on from there.
 */
export async function countMailboxes(workspace: Workspace, signal: AbortSignal): Promise<void> {
  const { cache, dimail, now, changed, mailboxesChanged } = workspace
  const names = cache.namesToCount(now() - freshForMs, dailyBudget)
  async function worker(): Promise<void> {
    for (let name = names.shift(); name !== undefined && !signal.aborted; name = names.shift()) {
      if (!cache.spendAutomatic(new Date(now()).toISOString().slice(0, 10), dailyBudget)) return
      const askedAt = now()
      const listed = await dimail.listMailboxes(name, signal)
      if (signal.aborted) return
      if (listed.ok) {
        if (await takeUp(workspace, name, listed.value, askedAt, signal)) mailboxesChanged(name)
        if (signal.aborted) return
        // dimail's own technical user is nobody's mailbox (docs/dimail.md 7.7).
        const people = listed.value.mailboxes.filter(({ kind }) => kind !== 'technical')
        cache.storeMailboxCount(name, people.length, now())
        changed([name])
      } else if (endsTheRound(listed.failure)) {
        names.length = 0
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
