import type Database from 'better-sqlite3'
import { beginning, soughtOf } from './folding.ts'
import { type MailboxRecord, mailboxColumns, toMailbox } from './mailbox-row.ts'
import type { MailboxStore } from './mailbox-store.ts'

/** Up to as many matches are read and sorted; of more, those stored first are told (docs/decisions/search.md). */
const sortedUpTo = 200
/** Up to as many mailboxes of the domains that an agent may read are walked. */
const walkedUpTo = 10_000
const namesWalkedUpTo = 2000

/**
 * The search over every domain. Addresses that begin with the text come first, by address. A text that is rare is
 * sorted; one that is common is never sorted whole: its first mailboxes, in the order in which they were stored.
 */
export function createMailboxSearch(db: Database.Database): MailboxStore['search'] {
  const joined = 'JOIN domain ON domain.id = mailbox.domain_id'
  const listed = 'mailbox.gone_at IS NULL AND domain.gone_at IS NULL'
  const permitted = '(:within IS NULL OR domain.name IN (SELECT value FROM json_each(:within)))'
  const sorted = 'ORDER BY instr(mailbox.address, :text) <> 1, mailbox.address LIMIT :limit'
  const rows = (sql: string) =>
    db.prepare<[Record<string, unknown>], MailboxRecord>(`SELECT ${mailboxColumns} FROM ${sql}`)

  const asked = `mailbox_text CROSS JOIN mailbox ON mailbox.id = mailbox_text.rowid`
  // The index tells what has the trigrams of the text; only reading tells whether they stand together.
  const holding = `mailbox_text MATCH :question
    AND (instr(mailbox.address, :text) > 0 OR instr(mailbox.person, :text) > 0)`
  const matching = db
    .prepare<[Record<string, unknown>], number>(
      `SELECT mailbox.id FROM ${asked} WHERE ${holding} ORDER BY mailbox_text.rowid LIMIT ${sortedUpTo + 1}`,
    )
    .pluck()
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
  const asStored = rows(
    `${asked} ${joined} WHERE ${holding} AND ${listed} AND instr(mailbox.address, :text) <> 1 AND ${permitted}
     ORDER BY mailbox_text.rowid LIMIT :limit`,
  )
  const inside = 'domain.name IN (SELECT value FROM json_each(:within))'
  const few = db
    .prepare<[Record<string, unknown>], number>(
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

  return (typed, within, limit) => {
    const sought = soughtOf(typed)
    if (sought.how === 'all' || sought.how === 'nothing' || within?.length === 0) return []
    const { text } = sought
    const names = within === null ? null : JSON.stringify(within)
    const given = { within: names, limit, text, ...beginning(text) }

    const found = (): MailboxRecord[] => {
      // Whether the text is rare or common, the addresses that begin with it come first: often, that is the page.
      let first = within === null ? byAddress.all(given) : null
      if (first?.length === limit) return first
      if (sought.how === 'anywhere') {
        const ids = matching.all({ text, question: sought.question })
        if (ids.length <= sortedUpTo) return byIds.all({ ...given, ids: JSON.stringify(ids) })
      }
      if (isWalked(within, names)) {
        return (sought.how === 'begin' ? walkBeginning : walkAnywhere).all(given)
      }
      first ??= byAddress.all(given)
      const left = { ...given, limit: limit - first.length }
      if (left.limit === 0) return first
      const others =
        sought.how === 'begin' ? byPerson.all(left) : asStored.all({ ...left, question: sought.question })
      return [...first, ...others]
    }
    return found().map(toMailbox)
  }
}
