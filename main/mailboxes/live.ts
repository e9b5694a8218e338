import { ok, type Result } from '../../preload/failure.ts'
import type { ActivityField } from '../dimail/mailbox-schemas.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { ListedMailbox } from '../store/mailbox-store.ts'

/** The local part as dimail spells it, which its own paths expect (docs/dimail.md 7.10). */
export const spelled = ({ email }: Pick<ListedMailbox, 'email'>): string =>
  email.slice(0, email.lastIndexOf('@'))

/**
 * One mailbox as dimail tells it at this moment; null when it has none. Asked alone, or in the whole list where
 * this dimail lacks that call (docs/dimail.md 4.4).
 */
export async function look(
  { dimail }: Pick<Workspace, 'dimail'>,
  domain: string,
  localPart: string,
  signal?: AbortSignal,
): Promise<Result<ListedMailbox | null>> {
  const one = await dimail.readMailbox(domain, localPart, signal)
  if (one.ok) return one
  if (one.failure.code !== 'not-found') return one
  if (one.failure.reason !== 'route') return ok(null)
  const list = await dimail.listMailboxes(domain, signal)
  if (!list.ok) return list.failure.code === 'not-found' && list.failure.reason === 'domain' ? ok(null) : list
  const address = `${localPart}@${domain}`.toLowerCase()
  return ok(list.value.mailboxes.find((box) => box.address === address) ?? null)
}

const fields = new WeakMap<object, ActivityField>()

/** How this dimail calls the activity of a mailbox (docs/dimail.md 4.1). Learnt from one list and remembered for as long as it proves right: a list may be long. */
export async function activityField(
  { dimail }: Pick<Workspace, 'dimail'>,
  domain: string,
  signal?: AbortSignal,
): Promise<Result<ActivityField>> {
  const known = fields.get(dimail)
  if (known !== undefined) return ok(known)
  const list = await dimail.listMailboxes(domain, signal)
  if (!list.ok) return list
  const { activityField } = list.value
  // An empty list tells nothing of the next domain.
  if (activityField !== null) fields.set(dimail, activityField)
  return ok(activityField)
}

/** After an act that had no effect: this dimail may have been renewed meanwhile. */
export const forgetActivityField = ({ dimail }: Pick<Workspace, 'dimail'>): void => void fields.delete(dimail)

/** Keeps what dimail tells of one mailbox. A cache that was begun again may not know its domain yet. */
export function keepListed({ cache, now }: Pick<Workspace, 'cache' | 'now'>, box: ListedMailbox): void {
  if (cache.read(box.domain)) cache.mailboxes.store(box.domain, [box], now())
}
