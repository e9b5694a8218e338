import type { Activity, MailboxFilter, MailboxKind, MailboxQuery } from '../../preload/mailbox-shapes.ts'

/** A mailbox as dimail listed it; `address` in lower case, names empty when Open-Xchange has nobody. */
export type ListedMailbox = {
  address: string
  domain: string
  localPart: string
  /** As dimail spells it: the case its own paths expect. */
  email: string
  givenName: string
  surName: string
  displayName: string
  kind: MailboxKind
  imap: Activity
  smtp: Activity | null
  /** `ok`, `broken`, `unknown` of the v1 list; null when the list does not tell. */
  state: string | null
}
export type StoredMailbox = ListedMailbox & { fetchedAt: number; goneAt: number | null }

export type MailboxStore = {
  /** A page of a domain's mailboxes, those that dimail lists no more included, with how many match in all. */
  list(query: MailboxQuery): { rows: StoredMailbox[]; total: number }
  addresses(filter: MailboxFilter): string[]
  read(address: string): StoredMailbox | null
  /** Every mailbox of a domain, one at a time, by address: a domain may have 50,000. */
  of(domain: string): IterableIterator<StoredMailbox>
  /** Listed mailboxes of the domain and of those that share its context with this display name, whatever its case. */
  namedAlike(domain: string, displayName: string): StoredMailbox[]
  /** Adds or updates, in one transaction; a domain unknown here is refused with an exception. */
  store(domain: string, boxes: readonly ListedMailbox[], at: number): void
  markGone(addresses: readonly string[], at: number): void
  /** The whole list of the domain was read: sets its count (the technical user left out) and the time. */
  completed(domain: string, at: number): void
  /** When the whole list of a domain was last read; null: never. */
  listedAt(domain: string): number | null
  /** How many mailboxes are listed now, the technical user included. */
  count(domain: string): number
  /**
   * Over every domain that is listed, by any part of address or name, one or two characters as what they begin
   * with; `within` null: every domain. Which ones, and in which order: docs/decisions/search.md.
   */
  search(text: string, within: readonly string[] | null, limit: number): StoredMailbox[]
  /** Mirrors the desk's secondary address, by which the table sorts; the mailbox need not be stored yet. */
  setSecondary(address: string, email: string | null): void
  /** Makes the mirror again from all that the desk holds: the cache may have been begun again. */
  mirrorSecondary(entries: readonly { address: string; email: string }[]): void
}
