import type Database from 'better-sqlite3'
import type { AliasQuery } from '../../preload/mailbox-shapes.ts'
import type { AliasStore, StoredAlias, StoredAliasGroup } from './alias-store.ts'
import { soughtOf } from './folding.ts'

type Row = {
  domain: string
  local_part: string
  destination: string
  allow_to_send: number | null
  fetched_at: number
}
type Group = { domain: string; local_part: string }

/** As mailbox-search.ts has them, and for the same reasons. */
const sortedUpTo = 200
const namesWalkedUpTo = 2000

const orders: Record<AliasQuery['sort'], (way: string) => string> = {
  alias: (way) => `local_part ${way}`,
  destinations: (way) => `count(*) ${way}, local_part ${way}`,
}

export function createAliasQueries(db: Database.Database): Pick<AliasStore, 'list' | 'of' | 'search'> {
  const joined = 'alias JOIN domain ON domain.id = domain_id'
  const columns = 'domain.name AS domain, local_part, destination, allow_to_send, alias.fetched_at'
  const all = db.prepare<[string], Row>(
    `SELECT ${columns} FROM ${joined} WHERE name = ? ORDER BY local_part, destination`,
  )
  const ofGroup = db.prepare<[string, string], Row>(
    `SELECT ${columns} FROM ${joined} WHERE name = ? AND local_part = ? ORDER BY destination`,
  )
  const find = createAliasSearch(db)
  const toGroup = ({ domain, local_part }: Group): StoredAliasGroup => ({
    domain,
    localPart: local_part,
    destinations: ofGroup.all(domain, local_part).map((row) => {
      const { destination, allowToSend, fetchedAt } = toAlias(row)
      return { destination, allowToSend, fetchedAt }
    }),
  })

  return {
    of: (domain) => all.all(domain).map(toAlias),
    list({ domain, text, sort, descending, limit, offset }) {
      const sought = soughtOf(text)
      if (sought.how === 'nothing') return { rows: [], total: 0 }
      const matching =
        sought.how === 'all'
          ? 'TRUE'
          : sought.how === 'begin'
            ? 'alias.text >= :from AND alias.text < :to'
            : 'instr(alias.text, :text) > 0'
      // Every destination of an alias is shown, and counted, when one of them is what is looked for.
      const groups = `${joined} WHERE name = :domain GROUP BY local_part HAVING max(${matching})`
      const order = orders[sort](descending ? 'DESC' : 'ASC')
      const given = { ...sought, domain, limit, offset }
      const rows = db
        .prepare<[typeof given], Group>(
          `SELECT domain.name AS domain, local_part FROM ${groups} ORDER BY ${order} LIMIT :limit OFFSET :offset`,
        )
        .all(given)
      const total = db
        .prepare<[typeof given], number>(`SELECT count(*) FROM (SELECT 1 FROM ${groups})`)
        .pluck()
        .get(given)
      return { rows: rows.map(toGroup), total: total ?? 0 }
    },
    search: (text, within, limit) => find(text, within, limit).map(toGroup),
  }
}

const toAlias = (row: Row): StoredAlias => ({
  domain: row.domain,
  localPart: row.local_part,
  destination: row.destination,
  allowToSend: row.allow_to_send === null ? null : row.allow_to_send === 1,
  fetchedAt: row.fetched_at,
})

/** The search over every domain, as that of mailboxes: rare texts are sorted, common ones told as they were stored. */
function createAliasSearch(db: Database.Database) {
  const permitted = `domain.gone_at IS NULL
    AND (:within IS NULL OR domain.name IN (SELECT value FROM json_each(:within)))`
  const groups = (sql: string) =>
    db.prepare<[Record<string, unknown>], Group>(`SELECT domain.name AS domain, alias.local_part FROM ${sql}`)
  const sorted = `GROUP BY domain.id, alias.local_part ORDER BY min(instr(alias.text, :text) <> 1), min(alias.text)
    LIMIT :limit`
  const asked = 'alias_text CROSS JOIN alias ON alias.id = alias_text.rowid'
  const holding = 'alias_text MATCH :question AND instr(alias.text, :text) > 0'
  const matching = db
    .prepare<[Record<string, unknown>], number>(
      `SELECT alias.id FROM ${asked} WHERE ${holding} ORDER BY alias_text.rowid LIMIT ${sortedUpTo + 1}`,
    )
    .pluck()
  const joined = 'JOIN domain ON domain.id = alias.domain_id'
  const byIds = groups(
    `json_each(:ids) CROSS JOIN alias ON alias.id = value ${joined} WHERE ${permitted} ${sorted}`,
  )
  // DISTINCT lets rows through as they come: it stops when there are enough, where GROUP BY would sort them all.
  const first = (sql: string) =>
    db.prepare<[Record<string, unknown>], Group>(
      `SELECT DISTINCT domain.name AS domain, alias.local_part FROM ${sql} AND ${permitted} LIMIT :limit`,
    )
  const beginning = first(
    `alias INDEXED BY alias_by_text CROSS JOIN domain ON domain.id = alias.domain_id
     WHERE alias.text >= :from AND alias.text < :to`,
  )
  const asStored = first(`${asked} ${joined} WHERE ${holding}`)
  const walk = (condition: string) =>
    groups(
      `domain CROSS JOIN alias ON alias.domain_id = domain.id WHERE ${condition} AND ${permitted} ${sorted}`,
    )
  const walkAnywhere = walk('instr(alias.text, :text) > 0')
  const walkBeginning = walk('alias.text >= :from AND alias.text < :to')

  return (typed: string, within: readonly string[] | null, limit: number): Group[] => {
    const sought = soughtOf(typed)
    if (sought.how === 'all' || sought.how === 'nothing' || within?.length === 0) return []
    const given = { ...sought, limit, within: within === null ? null : JSON.stringify(within) }
    const isWalked = within !== null && within.length <= namesWalkedUpTo
    if (sought.how === 'begin') return (isWalked ? walkBeginning : beginning).all(given)
    const ids = matching.all(given)
    if (ids.length <= sortedUpTo) return byIds.all({ ...given, ids: JSON.stringify(ids) })
    return (isWalked ? walkAnywhere : asStored).all(given)
  }
}
