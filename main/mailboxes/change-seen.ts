import { failed, ok, type Result } from '../../preload/failure.ts'
import type { MailboxStatus } from '../../preload/mailbox-shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { ListedMailbox, StoredMailbox } from '../store/mailbox-store.ts'
import { look, spelled } from './live.ts'
import { refreshActivity } from './settle.ts'

/** What the agent saw when deciding. */
export type Seen = { status: MailboxStatus; displayName: string }

/**
 * The mailbox as dimail has it now, provided that it is what the agent saw (docs/faults.md 78). What has changed
 * is kept, so that the agent sees it; what cannot be read is not touched.
 */
export async function seenAgain(
  workspace: Workspace,
  box: StoredMailbox,
  seen: Seen,
): Promise<Result<ListedMailbox>> {
  const live = await look(workspace, box.domain, spelled(box))
  if (!live.ok) return live
  if (live.value === null) {
    workspace.cache.mailboxes.markGone([box.address], workspace.now())
    workspace.mailboxesChanged(box.domain)
    return changed(box.address)
  }
  if (isAsSeen(live.value, seen)) return ok(live.value)
  refreshActivity(workspace, live.value)
  workspace.mailboxesChanged(box.domain)
  return changed(box.address)
}

const changed = (address: string) =>
  failed('conflict', 'changed', 'The mailbox has changed at dimail since it was shown.', { address })

/**
 * One mailbox alone is told in the first version of the list, which knows neither `wait` nor `unknown`: only what
 * contradicts what was seen counts. A disabled mailbox has no names at dimail (docs/dimail.md 4.6).
 */
function isAsSeen(live: ListedMailbox, seen: Seen): boolean {
  const opposite = { enabled: 'no', disabled: 'yes' } as const
  const { status } = seen
  const turned = (status === 'enabled' || status === 'disabled') && live.imap === opposite[status]
  const renamed = live.displayName !== '' && live.displayName !== seen.displayName
  return !turned && !renamed
}
