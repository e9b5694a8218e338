import { type Failure, failed } from '../../preload/failure.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { nameKey } from '../store/folding.ts'
import type { ListedMailbox } from '../store/mailbox-store.ts'
import { keepListed } from './live.ts'
import { displayNameTaken, type Wanted } from './rules.ts'

/** What dimail was asked for when it refused; `renaming` is the address of the mailbox that it was about. */
export type Asked = Pick<
  Wanted,
  'domain' | 'localPart' | 'address' | 'givenName' | 'surName' | 'displayName'
> & {
  renaming?: boolean
}

const isVague = ({ code, reason }: Failure) =>
  code === 'conflict' || (code === 'server-error' && reason === 'status')

export const exists = (address: string) =>
  failed('conflict', 'mailbox-exists', `${address} exists already at dimail.`, { address })

export const halfMade = (address: string) =>
  failed('conflict', 'half-made', `dimail holds one half of ${address}.`, { address })

/**
 * Why dimail refused a mailbox, when it says no more than 500 or 409 (docs/dimail.md 7.6; 9, L1): the address
 * is there already, or one half of it, or another mailbox of the context has its display name. Looked up in
 * what dimail lists, by what would clash; when nothing clashes, the failure is told as it came.
 */
export async function explain(workspace: Workspace, asked: Asked, failure: Failure): Promise<Failure> {
  if (!isVague(failure)) return failure
  const { dimail } = workspace
  const second = await dimail.listMailboxes(asked.domain)
  if (!second.ok) return failure
  const listed = [...second.value.mailboxes, ...second.value.foreign]
  const found = (await atAddress(workspace, asked, listed)) ?? alike(asked, listed)
  if (found) return found
  // The first version lists the whole context, which the second may not (docs/dimail.md 4.2).
  const first = second.value.version === 2 ? await dimail.listMailboxes(asked.domain, undefined, 1) : second
  const whole = first.ok ? [...first.value.mailboxes, ...first.value.foreign] : []
  return (
    (await atAddress(workspace, asked, whole)) ??
    alike(asked, whole) ??
    ((await isHalfMade(workspace, asked)) ? halfMade(asked.address).failure : failure)
  )
}

async function atAddress(
  workspace: Workspace,
  asked: Asked,
  listed: readonly ListedMailbox[],
): Promise<Failure | null> {
  const { address } = asked
  const there = asked.renaming ? undefined : listed.find((box) => box.address === address)
  if (!there) return null
  if (there.state === 'broken' || (await isHalfMade(workspace, asked))) return halfMade(address).failure
  keepListed(workspace, there)
  return exists(address).failure
}

/** A 2024 dimail makes the display name itself, from the two others (docs/dimail.md 4.5). */
function alike(asked: Asked, listed: readonly ListedMailbox[]): Failure | null {
  const names = [asked.displayName, `${asked.givenName} ${asked.surName}`].map(nameKey)
  const holder = listed.find(
    (box) =>
      box.address !== asked.address && box.displayName !== '' && names.includes(nameKey(box.displayName)),
  )
  return holder ? displayNameTaken(holder.address).failure : null
}

/** Open-Xchange knows the address and Dovecot has no mailbox for it: a creation that stopped in its middle. */
export async function isHalfMade(
  { dimail }: Pick<Workspace, 'dimail'>,
  { domain, localPart, address }: Pick<Asked, 'domain' | 'localPart' | 'address'>,
): Promise<boolean> {
  const use = await dimail.address(domain, localPart)
  if (!use.ok || use.value.isOx !== true || use.value.isMailbox !== false) return false
  const holder = use.value.oxPrimaryEmail
  // Somebody of the context with the same local part in another domain is somebody else.
  return holder === null || holder.toLowerCase() === address
}
