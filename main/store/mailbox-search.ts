import type Database from 'better-sqlite3'
import { beginning, type Sought, soughtOf } from './folding.ts'
import { type MailboxRecord, mailboxColumns, toMailbox } from './mailbox-row.ts'
import { createMailboxSources, type Given, listed, permitted, sortedUpTo } from './mailbox-sources.ts'
import type { MailboxStore } from './mailbox-store.ts'

/** Up to as many mailboxes of the domains that an agent may read are walked. */
const walkedUpTo = 10_000
const namesWalkedUpTo = 2000

/**
 * The search over every domain. Addresses that begin with the text come first, by address. A text that is rare is
 * sorted; one that is common is never sorted whole: those found first are told (docs/decisions/search.md).
 */
export function createMailboxSearch(db: Database.Database): MailboxStore['search'] {
  const joined = 'JOIN domain ON domain.id = mailbox.domain_id'
  const sorted = 'ORDER BY instr(mailbox.address, :text) <> 1, mailbox.address LIMIT :limit'
  const rows = (sql: string) => db.prepare<[Given], MailboxRecord>(`SELECT ${mailboxColumns} FROM ${sql}`)

  const sourcesOf = createMailboxSources(db)
  const byIds = rows(
    `json_each(:ids) CROSS JOIN mailbox ON mailbox.id = value ${joined} WHERE ${listed} AND ${permitted} ${sorted}`,
  )
  const byAddress = rows(
    `mailbox ${joined} WHERE mailbox.address >= :from AND mailbox.address < :to AND ${listed} AND ${permitted}
     ORDER BY mailbox.address LIMIT :limit`,
  )
  const byPerson = rows(
    `mailbox INDEXED BY mailbox_by_person ${joined} WHERE mailbox.person >= :from AND mailbox.person < :to AND mailbox.person <> ''
     AND ${listed} AND instr(mailbox.address, :text) <> 1 AND ${permitted} ORDER BY mailbox.person, mailbox.id LIMIT :limit`,
  )
  const inside = 'domain.name IN (SELECT value FROM json_each(:within))'
  const few = db
    .prepare<[Given], number>(
      `SELECT count(*) FROM (SELECT 1 FROM domain CROSS JOIN mailbox INDEXED BY mailbox_in_domain
       ON mailbox.domain_id = domain.id WHERE ${inside} LIMIT ${walkedUpTo + 1})`,
    )
    .pluck()
  const walk = (condition: string) =>
    rows(`domain CROSS JOIN mailbox INDEXED BY mailbox_in_domain ON mailbox.domain_id = domain.id
      WHERE ${inside} AND mailbox.status <> 'gone' AND (${condition}) AND ${listed} ${sorted}`)
  const walkAnywhere = walk('instr(mailbox.address, :text) > 0 OR instr(mailbox.person, :text) > 0')
  const walkBeginning = walk(
    'mailbox.address >= :from AND mailbox.address < :to OR mailbox.person >= :from AND mailbox.person < :to',
  )

  const isWalked = (within: readonly string[] | null, names: string | null): boolean =>
    within !== null && within.length <= namesWalkedUpTo && Number(few.get({ within: names })) <= walkedUpTo

  /** The ids of all that hold the text, when they are few enough to be sorted. */
  function idsIn(sources: ReturnType<typeof sourcesOf>): number[] | null {
    const ids = new Set<number>()
    for (const source of sources) {
      for (const id of source.ids()) ids.add(id)
      if (ids.size > sortedUpTo) return null
    }
    return [...ids]
  }

  function found(sought: Typed, within: readonly string[] | null, limit: number): MailboxRecord[] {
    const { text } = sought
    const names = within === null ? null : JSON.stringify(within)
    const given = { within: names, limit, text, ...beginning(text) }
    // Whether the text is rare or common, the addresses that begin with it come first: often, that is the page.
    let first = within === null ? byAddress.all(given) : null
    if (first?.length === limit) return first
    const sources = sought.how === 'anywhere' ? sourcesOf(sought) : []
    const ids = sought.how === 'anywhere' ? idsIn(sources) : null
    if (ids !== null) return byIds.all({ ...given, ids: JSON.stringify(ids) })
    if (isWalked(within, names)) return (sought.how === 'begin' ? walkBeginning : walkAnywhere).all(given)
    first ??= byAddress.all(given)
    const left = limit - first.length
    if (left === 0) return first
    if (sought.how === 'begin') return [...first, ...byPerson.all({ ...given, limit: left })]
    const told = [...first]
    for (const source of sources) told.push(...source.others(told, names, limit))
    return told
  }

  return (typed, within, limit) => {
    const sought = soughtOf(typed)
    if (sought.how === 'all' || sought.how === 'nothing' || within?.length === 0) return []
    return found(sought, within, limit).map(toMailbox)
  }
}

type Typed = Extract<Sought, { text: string }>
