import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Creation, WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import { alone } from '../jobs/alone.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { Outcome } from '../store/job-store.ts'
import { deliver } from './create.ts'
import { exists } from './explain.ts'
import { destinyOf, displayNameTaken } from './rules.ts'
import type { MadePassword } from './waiting-passwords.ts'

/**
 * Sends one mailbox that waits, if it still does and its domain is enabled; null: there is nothing to send. What
 * has been taken since it was typed is not sent: the record then says so. One that failed needs the agent: it goes
 * only when it was `asked` for.
 */
export async function sendWaiting(
  workspace: Workspace,
  id: string,
  { asked, locale }: { asked: boolean; locale?: Locale | undefined },
): Promise<Result<Creation> | null> {
  const { desk } = workspace
  return alone(desk, id, async () => {
    const record = await desk.waiting.get(id)
    if (record?.state !== 'waiting' && !(asked && record?.state === 'failed')) return null
    const destiny = destinyOf(workspace, record.domain)
    if (!destiny.ok) return asked ? destiny : null
    if (destiny.value === 'keep') {
      if (asked) await desk.waiting.put(id, record.domain, { ...record, state: 'waiting', failure: null })
      return null
    }
    const free = stillFree(workspace, record)
    if (free.ok) return deliver(workspace, record, locale)
    await desk.waiting.put(id, record.domain, { ...record, state: 'failed', failure: free.failure })
    workspace.mailboxesChanged(record.domain)
    return free
  })
}

/**
 * Against what dimail has told since: among themselves those that wait were compared when they were written, and
 * reading all of them again for each would cost a bulk creation its square.
 */
function stillFree({ cache }: Workspace, { id, domain, displayName }: WaitingMailbox): Result<void> {
  const known = cache.mailboxes.read(id)
  if (known !== null && known.goneAt === null) return exists(id)
  const holder = cache.mailboxes.namedAlike(domain, displayName).find(({ address }) => address !== id)
  return holder ? displayNameTaken(holder.address) : ok(undefined)
}

/** The password of a creation, when nothing carried it to its person: the agent has to. */
export const unsent = (creation: Creation): MadePassword | null =>
  creation.outcome === 'created' && creation.mail.state !== 'sent'
    ? { address: creation.address, password: creation.password }
    : null

/**
 * A mailbox of a bulk creation as it is written before its row is run. It is not sent by itself: a creation that is
 * cancelled or interrupted stops, and what it left needs the agent.
 */
export const heldBack = (record: WaitingMailbox): WaitingMailbox => ({
  ...record,
  state: 'failed',
  failure: failed(
    'cancelled',
    'bulk-stopped',
    'The bulk creation has not come to this mailbox: nothing was sent.',
  ).failure,
})

/**
 * A waiting mailbox as one row of a bulk creation. Done: made, by this row or meanwhile, or kept until the domain
 * is enabled. `keep` is given the password that the agent must hand over.
 */
export async function sendAsRow(
  workspace: Workspace,
  id: string,
  settle: (outcome: Outcome) => void,
  keep: (made: MadePassword) => void,
  locale?: Locale,
): Promise<void> {
  const sent = await sendWaiting(workspace, id, { asked: true, locale })
  const at = workspace.now()
  if (sent && !sent.ok) {
    settle({ state: 'failed', failure: sent.failure, at })
    return
  }
  const made = sent && unsent(sent.value)
  if (made) keep(made)
  if (sent) {
    settle({ state: 'done', status: null, at })
    return
  }
  const left = await workspace.desk.waiting.get(id)
  const failure = left?.failure ?? (left || workspace.cache.mailboxes.read(id) ? null : forgotten)
  settle(failure ? { state: 'failed', failure, at } : { state: 'done', status: null, at })
}

const forgotten = failed('not-found', 'waiting', 'This mailbox waits no more.').failure
