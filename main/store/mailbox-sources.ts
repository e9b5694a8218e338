import type Database from 'better-sqlite3'
import { beginning, questionFor, type Sought } from './folding.ts'
import { domainIndexed, type MailboxRecord, mailboxColumns } from './mailbox-row.ts'

/** Up to as many matches are read and sorted; of more, those found first are told (docs/decisions/search.md). */
export const sortedUpTo = 200
/** Up to as many domains whose name continues an address are walked; of more, the addresses are read. */
const domainsWalkedUpTo = 1000

export const listed = 'mailbox.gone_at IS NULL AND domain.gone_at IS NULL'
export const permitted = '(:within IS NULL OR domain.name IN (SELECT value FROM json_each(:within)))'

export type Given = Record<string, string | number | null>

type Anywhere = Extract<Sought, { how: 'anywhere' }>

/** Where mailboxes that hold a text are found. */
export type Source = {
  /** Of the first of them, gone or not: one more than are sorted at most. */
  ids(): number[]
  /** The first that may be told: neither gone, nor told already, nor of a domain that may not be read. */
  others(told: readonly MailboxRecord[], within: string | null, limit: number): MailboxRecord[]
}

/**
 * The sources that together give every mailbox that holds a text of three characters or more: what is not its
 * domain's is found in the index of mailboxes, the rest in that of domains, a tenth as long.
 */
export function createMailboxSources(db: Database.Database): (sought: Anywhere) => Source[] {
  const prepare = (joined: string, holding: string, order: string) => ({
    ids: db
      .prepare<[Given], number>(
        `SELECT mailbox.id FROM ${joined} WHERE ${holding} ORDER BY ${order} LIMIT ${sortedUpTo + 1}`,
      )
      .pluck(),
    others: db.prepare<[Given], MailboxRecord>(
      `SELECT ${mailboxColumns} FROM ${joined} WHERE ${holding} AND ${listed} AND ${permitted}
       AND instr(mailbox.address, :text) <> 1 AND mailbox.id NOT IN (SELECT value FROM json_each(:told))
       ORDER BY ${order} LIMIT :limit`,
    ),
  })
  // The index tells what has the trigrams of the text; only reading tells whether they stand together.
  const byText = prepare(
    `mailbox_text CROSS JOIN mailbox ON mailbox.id = mailbox_text.rowid
     CROSS JOIN domain ON domain.id = mailbox.domain_id`,
    `mailbox_text MATCH :question AND (instr(mailbox.address, :text) > 0 OR instr(mailbox.person, :text) > 0)`,
    'mailbox_text.rowid',
  )
  const inDomain = `CROSS JOIN mailbox INDEXED BY mailbox_in_domain ON mailbox.domain_id = domain.id`
  // In each domain, by address: the order of the index, which SQLite would sort again if it were asked for.
  const byDomain = prepare(
    `domain_text CROSS JOIN domain ON domain.id = domain_text.rowid ${inDomain}`,
    `domain_text MATCH :question AND instr(domain.name, :text) > 0 AND mailbox.status <> 'gone'`,
    'domain_text.rowid',
  )
  const byDomainBeginning = prepare(
    `domain INDEXED BY domain_by_name ${inDomain}`,
    `domain.gone_at IS NULL AND domain.name >= :from AND domain.name < :to AND mailbox.status <> 'gone'
     AND instr(mailbox.address, :text) > 0`,
    'domain.name',
  )
  const domainsBeginning = db
    .prepare<[Given], number>(
      `SELECT count(*) FROM (SELECT 1 FROM domain INDEXED BY domain_by_name
       WHERE gone_at IS NULL AND name >= :from AND name < :to LIMIT ${domainsWalkedUpTo + 1})`,
    )
    .pluck()

  const source = ({ ids, others }: ReturnType<typeof prepare>, given: Given): Source => ({
    ids: () => ids.all(given),
    others: (told, within, limit) =>
      told.length >= limit
        ? []
        : others.all({
            ...given,
            within,
            limit: limit - told.length,
            told: JSON.stringify(told.map(({ id }) => id)),
          }),
  })

  return ({ text, question }) => {
    const whole = { text, question }
    const at = text.lastIndexOf('@')
    if (at === -1) return [source(byText, whole), source(byDomain, whole)]
    // The name of a domain holds no `@`: what follows the last one is what a name begins with.
    const indexed = text.slice(0, at + 1 + domainIndexed)
    if (indexed === text) return [source(byText, whole)]
    const name = beginning(text.slice(at + 1))
    return Number(domainsBeginning.get(name)) <= domainsWalkedUpTo
      ? [source(byText, whole), source(byDomainBeginning, { text, ...name })]
      : [source(byText, { text, question: questionFor(indexed) })]
  }
}
