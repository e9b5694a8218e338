import { failed, ok, type Result } from '../../preload/failure.ts'
import { alone } from '../jobs/alone.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { Outcome } from '../store/job-store.ts'
import { mailboxStatusOf } from '../store/mailbox-status.ts'
import type { ListedMailbox, StoredMailbox } from '../store/mailbox-store.ts'
import { existing } from './access.ts'
import { namesOf } from './change.ts'
import { type Seen, seenAgain } from './change-seen.ts'
import { explain } from './explain.ts'
import { activityField, forgetActivityField, look, spelled } from './live.ts'
import { destinyOf } from './rules.ts'
import { refreshActivity } from './settle.ts'
import { type Act, journalled } from './settle-journal.ts'

/**
 * Enables or disables a mailbox (docs/dimail.md 4.6). It is read again first, and not touched when dimail cannot
 * be read or has another thing to say than what the agent saw (docs/faults.md 78). Afterwards it is read back: a
 * dimail of 2024 answers 200 and does nothing, which is told. `wait` is a success on its way.
 */
export async function setActive(
  workspace: Workspace,
  address: string,
  active: boolean,
  seen: Seen,
  signal?: AbortSignal,
): Promise<Result<void>> {
  return alone(workspace.desk, address.toLowerCase(), async () => {
    const box = existing(workspace, address)
    if (!box.ok) return box
    const { domain } = box.value
    const allowed = destinyOf(workspace, domain)
    if (!allowed.ok) return allowed
    const live = await seenAgain(workspace, box.value, seen)
    if (!live.ok) return live
    const field = await activityField(workspace, domain, signal)
    if (!field.ok) return field
    if (signal?.aborted) return failed('cancelled', 'asked', 'Cancelled before dimail was asked.')

    const names = active ? namesToSend(box.value, live.value) : null
    const action = active ? 'mailbox.enable' : 'mailbox.disable'
    const before = { imap: live.value.imap, names: namesOf(box.value) }
    const about = { action, domain, target: box.value.address, before } as const
    const result = await journalled(workspace, about, async () => {
      // Not given the signal: what has left is waited for, since its outcome would be unknown.
      const local = spelled(box.value)
      const answer = await workspace.dimail.setMailboxActive(domain, local, active, names, field.value)
      if (!answer.ok && answer.failure.code !== 'unknown-outcome') {
        const asked = { ...(names ?? namesOf(box.value)), domain, localPart: box.value.localPart }
        const failure = await explain(
          workspace,
          { ...asked, address: box.value.address, renaming: true },
          answer.failure,
        )
        return { result: { ok: false, failure }, after: null }
      }
      return readBack(workspace, box.value, active, answer.ok ? null : answer)
    })
    workspace.mailboxesChanged(domain)
    return result
  })
}

/**
 * Disabling takes the user of Open-Xchange away, so enabling makes it again and needs its names: those kept here
 * since, or none for a mailbox that never had a person.
 */
function namesToSend(known: StoredMailbox, live: ListedMailbox) {
  const box = live.displayName !== '' ? live : known
  return box.displayName === '' ? null : namesOf(box)
}

/** Whether the activity is what was asked, by reading it; `lost` is why nobody knows it from the answer. */
async function readBack(
  workspace: Workspace,
  box: StoredMailbox,
  active: boolean,
  lost: Result<never> | null,
): Promise<Act<void>> {
  const { address } = box
  const live = await look(workspace, box.domain, spelled(box))
  if (!live.ok) {
    if (lost) return { result: lost, after: null }
    const unread = 'dimail said yes, and could not be read again to see it.'
    return { result: failed('unknown-outcome', 'not-read-back', unread, { address }), after: null }
  }
  if (live.value === null) {
    workspace.cache.mailboxes.markGone([address], workspace.now())
    return {
      result: failed('conflict', 'changed', 'The mailbox is no longer at dimail.', { address }),
      after: null,
    }
  }
  const { imap } = refreshActivity(workspace, live.value)
  if (imap === (active ? 'yes' : 'no') || imap === 'wait') return { result: ok(undefined), after: { imap } }
  forgetActivityField(workspace)
  const result = lost
    ? failed('unknown-outcome', 'mailbox-not-done', 'The answer was lost, and the mailbox is as before.', {
        address,
      })
    : failed('not-possible', 'no-effect', 'dimail said yes, and the mailbox is as before.', { address })
  return { result, after: { imap } }
}

/** A mailbox of a selection as one row of a job; what the agent saw of it is what is known here now. */
export async function setActiveAsRow(
  workspace: Workspace,
  address: string,
  active: boolean,
  settle: (outcome: Outcome) => void,
  signal?: AbortSignal,
): Promise<void> {
  const known = existing(workspace, address)
  const done: Outcome = { state: 'done', status: null, at: workspace.now() }
  if (known.ok && known.value.imap === (active ? 'yes' : 'no')) {
    settle(done)
    return
  }
  const seen = known.ok && {
    status: mailboxStatusOf(known.value).status,
    displayName: known.value.displayName,
  }
  const result = seen ? await setActive(workspace, address, active, seen, signal) : known
  const at = workspace.now()
  if (result.ok) settle({ ...done, at })
  // A row that a cancellation stopped before it left is not done: the queue says so.
  else if (result.failure.code !== 'cancelled') settle({ state: 'failed', failure: result.failure, at })
}
