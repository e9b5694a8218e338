import type { Activity, MailboxKind } from '../../preload/mailbox-shapes.ts'
import type { StoredMailbox } from './mailbox-store.ts'

/** A row of `mailbox`, with the name of its domain. */
export type MailboxRecord = {
  id: number
  address: string
  domain: string
  local_part: string
  email: string
  given_name: string
  sur_name: string
  display_name: string
  person: string
  kind: MailboxKind
  imap: Activity
  smtp: Activity | null
  state: string | null
  fetched_at: number
  gone_at: number | null
}

export const mailboxColumns = `mailbox.id, mailbox.address, domain.name AS domain, local_part, email, given_name,
  sur_name, display_name, mailbox.person, kind, imap, smtp, state, mailbox.fetched_at, mailbox.gone_at`

export const toMailbox = (row: MailboxRecord): StoredMailbox => ({
  address: row.address,
  domain: row.domain,
  localPart: row.local_part,
  email: row.email,
  givenName: row.given_name,
  surName: row.sur_name,
  displayName: row.display_name,
  kind: row.kind,
  imap: row.imap,
  smtp: row.smtp,
  state: row.state,
  fetchedAt: row.fetched_at,
  goneAt: row.gone_at,
})

/** How much of a domain's name the index of mailboxes holds: with its `@`, one trigram (docs/decisions/search.md). */
export const domainIndexed = 2

/** As much of an address as the index of mailboxes holds; the rest is its domain's, which has an index of its own. */
export const indexedPart = (address: string, domain: string): string =>
  address.slice(0, address.length - domain.length + domainIndexed)
