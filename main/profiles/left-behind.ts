import { domainOf } from '../../preload/mailbox-shapes.ts'
import { settleAliasDoubts } from '../aliases/settle.ts'
import type { Concern, Workspace } from '../jobs/workspace.ts'
import { settleImports } from '../mailboxes/import.ts'
import { settleDoubts } from '../mailboxes/settle.ts'
import { settleProvisionDoubts } from '../provisioning/apply.ts'
import { settleRightsDoubts } from '../rights/journal.ts'
import { settleSetupDoubts } from '../setup/create.ts'

/** A run that was killed leaves a job half done and perhaps calls without an answer: both are said. */
export async function tellWhatWasLeft(
  { cache, desk, now }: Workspace,
  notice: (reason: string, details?: Record<string, string>) => void,
): Promise<void> {
  if (cache.jobs.interruptAll(now()) > 0) notice('job-interrupted')
  const subjects = await desk.settleAbandoned(now())
  // These were about this computer alone: the desk itself tells what came of them.
  await settleRightsDoubts({ desk, now })
  await settleProvisionDoubts({ desk, now })
  await settleImports({ desk, now })
  if (subjects.length > 0) notice('call-interrupted', { domains: subjects.join(', ').slice(0, 300) })
  const altered = await desk.verify()
  if (altered.length > 0) notice('journal-altered', { rows: altered.slice(0, 20).join(', ') })
}

/**
 * Reads at dimail what came of every call whose answer was lost, on the domains that the agent may read (null: all).
 * Returns the mailboxes that were made although
 * nobody saw their password. Creations of domains go on when the profile opens or dimail `isBack`, not in between: a
 * check that fails is then the agent's to ask again.
 */
export async function settleAll(
  workspace: Workspace,
  within: readonly string[] | null,
  isBack: boolean,
  signal: AbortSignal,
): Promise<string[]> {
  const names = within && new Set(within)
  const concerns: Concern = (domain) => names?.has(domain) ?? true
  const made = await settleDoubts(workspace, signal, concerns)
  if (!signal.aborted) await settleAliasDoubts(workspace, signal, concerns)
  if (isBack && !signal.aborted) await settleSetupDoubts(workspace, concerns)
  return made
}

/** What the cache sorts and searches by and only the desk knows, of these domains; null: of all. */
export async function mirrorDesk(
  { desk, cache }: Pick<Workspace, 'desk' | 'cache'>,
  names: ReadonlySet<string> | null,
): Promise<void> {
  const concerns: Concern = (domain) => names?.has(domain) ?? true
  const secondary = await desk.secondary.list(null)
  cache.mailboxes.mirrorSecondary(secondary.filter(({ address }) => concerns(domainOf(address))))
  cache.mirrorAttributes((await desk.provisioned.list(null)).filter(({ domain }) => concerns(domain)))
}
