import type { AliasQuery } from '../../preload/mailbox-shapes.ts'

/** One destination of an alias, as dimail listed it. */
export type ListedAlias = {
  domain: string
  localPart: string
  destination: string
  allowToSend: boolean | null
}
export type StoredAlias = ListedAlias & { fetchedAt: number }
/** An alias with all its destinations, as the table and the search show it. */
export type StoredAliasGroup = {
  domain: string
  localPart: string
  destinations: { destination: string; allowToSend: boolean | null; fetchedAt: number }[]
}

export type AliasStore = {
  /** A page of a domain's aliases, grouped by local part; `total` counts the groups. */
  list(query: AliasQuery): { rows: StoredAliasGroup[]; total: number }
  of(domain: string): StoredAlias[]
  read(alias: Pick<ListedAlias, 'domain' | 'localPart' | 'destination'>): StoredAlias | null
  /** Adds or updates, in one transaction; a right that is not told now and was before is kept as it was. */
  store(domain: string, aliases: readonly ListedAlias[], at: number): void
  remove(domain: string, localPart: string, destinations: readonly string[]): void
  completed(domain: string, at: number): void
  listedAt(domain: string): number | null
  /** How many local parts. */
  count(domain: string): number
  /** Over every domain that is listed, by any part of the alias or of a destination; as mailboxes are searched. */
  search(text: string, within: readonly string[] | null, limit: number): StoredAliasGroup[]
}
