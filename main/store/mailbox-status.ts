import type { MailboxRow } from '../../preload/mailbox-shapes.ts'
import type { ListedMailbox } from './mailbox-store.ts'

/**
 * The status of a mailbox and why it has it (docs/dimail.md 4.1). Half-made comes before activity: dimail says
 * `broken` of a mailbox that Open-Xchange or Dovecot lacks, whatever it says of the other. The technical user
 * of a context is so by nature, and no trouble.
 */
export function mailboxStatusOf({
  imap,
  state,
  kind,
  goneAt,
}: Pick<ListedMailbox, 'imap' | 'state' | 'kind'> & { goneAt: number | null }): Pick<
  MailboxRow,
  'status' | 'reason'
> {
  if (goneAt !== null) return { status: 'gone', reason: 'not-listed' }
  if (state === 'broken' && kind !== 'technical') return { status: 'broken', reason: 'half-made' }
  if (imap === 'yes') return { status: 'enabled', reason: 'active' }
  if (imap === 'no') return { status: 'disabled', reason: 'inactive' }
  if (imap === 'wait') return { status: 'waiting', reason: 'on-its-way' }
  return { status: 'unknown', reason: 'not-told' }
}
