import { failed, ok, type Result } from '../../preload/failure.ts'
import type { MailboxNames } from '../../preload/mailbox-shapes.ts'
import { alone } from '../jobs/alone.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { ListedMailbox, StoredMailbox } from '../store/mailbox-store.ts'
import { existing } from './access.ts'
import { keepSecondary, secondaryOf } from './access-secondary.ts'
import { type Seen, seenAgain } from './change-seen.ts'
import { explain } from './explain.ts'
import { activityField, keepListed, look, spelled } from './live.ts'
import { destinyOf, displayNameTaken, takenAround, tidy, validateNames, validateSecondary } from './rules.ts'
import { refreshActivity } from './settle.ts'
import { type Act, journalled } from './settle-journal.ts'

/**
 * Changes the names of a mailbox and the secondary address kept here. Names are sent to dimail and read back
 * (docs/dimail.md 9, D4); the secondary address is known to this console alone, and goes nowhere.
 */
export async function updateMailbox(
  workspace: Workspace,
  address: string,
  input: MailboxNames,
  seen: Seen,
): Promise<Result<void>> {
  return alone(workspace.desk, address.toLowerCase(), async () => {
    const box = existing(workspace, address)
    if (!box.ok) return box
    const renames = (['givenName', 'surName', 'displayName'] as const).some(
      (key) => tidy(input[key]) !== tidy(box.value[key]),
    )
    const secondary = validateSecondary(input.secondaryEmail, box.value.address)
    if (!secondary.ok) return secondary
    if (renames) {
      const renamed = await rename(workspace, box.value, input, seen)
      if (!renamed.ok) return renamed
    }
    if (secondary.value !== (await secondaryOf(workspace, box.value.address)))
      await keepSecondary(workspace, box.value, secondary.value)
    workspace.mailboxesChanged(box.value.domain)
    return ok(undefined)
  })
}

async function rename(
  workspace: Workspace,
  box: StoredMailbox,
  input: MailboxNames,
  seen: Seen,
): Promise<Result<void>> {
  if (box.kind === 'functional')
    return failed('not-possible', 'functional', 'A functional mailbox has no person to rename.')
  if (box.imap === 'no')
    return failed('not-possible', 'mailbox-disabled', 'dimail keeps no names of a disabled mailbox.')
  const { address, domain } = box
  const wanted = validateNames(input, address)
  if (!wanted.ok) return wanted
  const allowed = destinyOf(workspace, domain)
  if (!allowed.ok) return allowed
  const holder = (await takenAround(workspace, domain, address)).holderOf(wanted.value.displayName)
  if (holder !== null) return displayNameTaken(holder)
  const live = await seenAgain(workspace, box, seen)
  if (!live.ok) return live
  const field = await activityField(workspace, domain)
  if (!field.ok) return field

  const { givenName, surName, displayName } = wanted.value
  const names = { givenName, surName, displayName }
  const before = { was: namesOf(live.value), wanted: names }
  const about = { action: 'mailbox.update', domain, target: address, before } as const
  return journalled(workspace, about, async () => {
    const local = spelled(box)
    const answer = await workspace.dimail.setMailboxNames(domain, local, names, field.value)
    if (!answer.ok && answer.failure.code !== 'unknown-outcome') {
      const asked = { ...names, domain, localPart: box.localPart, address, renaming: true }
      return { result: { ok: false, failure: await explain(workspace, asked, answer.failure) }, after: null }
    }
    return readBack(workspace, box, names, answer.ok ? null : answer)
  })
}

/** Whether the names are what was asked, by reading them; `lost` is why nobody knows it from the answer. */
async function readBack(
  workspace: Workspace,
  box: StoredMailbox,
  names: Pick<ListedMailbox, 'givenName' | 'surName' | 'displayName'>,
  lost: Result<never> | null,
): Promise<Act<void>> {
  const { address } = box
  const live = await look(workspace, box.domain, spelled(box))
  if (!live.ok || !live.value) {
    if (lost) return { result: lost, after: null }
    // dimail said yes, and only the proof is missing.
    keepListed(workspace, { ...box, ...names })
    return { result: ok(undefined), after: names }
  }
  const now = refreshActivity(workspace, live.value)
  // Some versions make the display name themselves (docs/dimail.md 4.5).
  if (now.givenName === names.givenName && now.surName === names.surName)
    return { result: ok(undefined), after: namesOf(now) }
  const result = lost
    ? failed('unknown-outcome', 'mailbox-not-done', 'The answer was lost, and the names are as before.', {
        address,
      })
    : failed('not-possible', 'no-effect', 'dimail said yes, and the names are as before.', { address })
  return { result, after: namesOf(now) }
}

export const namesOf = ({ givenName, surName, displayName }: ListedMailbox) => ({
  givenName,
  surName,
  displayName,
})
