import type Database from 'better-sqlite3'
import { failure as failureShape } from '../../preload/failure.ts'
import {
  type Counts,
  type DomainFilter,
  type DomainQuery,
  type DomainRow,
  type ExpectedRecord,
  repairStates,
  statuses,
  status as statusShape,
} from '../../preload/shapes.ts'

import {
  beginningOf,
  from,
  type HeldValue,
  type How,
  holders,
  isShort,
  narrowedTo,
  phraseOf,
  soughtValueOf,
  statusOf,
  wantedOf,
  whereOf,
} from './domain-filter.ts'

export type Snapshot = { at: number; status: DomainRow['status']; answer: string }
export type StoredDomain = {
  row: DomainRow
  gone: boolean
  /** The latest first, in the order in which they came: a clock that was put back does not reorder them. */
  snapshots: Snapshot[]
  records: { fetchedAt: number; items: ExpectedRecord[] } | null
}

export type DomainQueries = {
  /** A page of the table, with how many domains match in all. */
  list(query: DomainQuery): { rows: DomainRow[]; total: number }
  /** Always over the whole fleet, whatever the table filters. */
  counts(): Counts
  names(filter: DomainFilter): string[]
  read(name: string): StoredDomain | null
  /** Every domain as dimail last told it: what a sandbox is populated from. */
  latest(): Latest[]
}

export type Latest = {
  name: string
  contextName: string | null
  raw: Record<string, unknown>
  mailboxes: number | null
  records: ExpectedRecord[] | null
}

type Row = {
  id: number
  name: string
  status: string
  repair: string
  failing: string
  since: number
  since_exact: number
  checked_at: number | null
  attempt_at: number | null
  attempt_failure: string | null
  fetched_at: number
  mailboxes: number | null
  records_at: number | null
  gone_at: number | null
}

const columns = `id, name, status, repair, failing, since, since_exact, checked_at, attempt_at, attempt_failure,
  fetched_at, mailboxes, records_at, gone_at`

const orders: Record<DomainQuery['sort'], string> = {
  urgency: 'urgency',
  name: 'name',
  since: 'since',
  checked: 'checked_at',
  mailboxes: 'mailboxes',
}

/** `value`: null when no attribute holds it. */
type Plan = { how: How; value: HeldValue | null }

/** Above this many matches, walking the sorted index and testing each name finds a page sooner than sorting them. */
const walkAbove = 2000

export function createDomainQueries(db: Database.Database): DomainQueries {
  const statements = new Map<string, Database.Statement<unknown[], unknown>>()
  // There are few shapes of query (sort x direction x filter), and preparing costs more than running most of them.
  function prepared<T>(sql: string): Database.Statement<unknown[], T> {
    const statement = statements.get(sql) ?? db.prepare<unknown[], unknown>(sql)
    statements.set(sql, statement)
    return statement as Database.Statement<unknown[], T>
  }

  const countRows = db.prepare<[], { status: string; repair: string; n: number }>(
    'SELECT status, repair, n FROM tally',
  )
  const fetchedAt = db.prepare<[], { value: string }>(`SELECT value FROM fact WHERE key = 'fleet_fetched_at'`)
  const byName = db.prepare<[string], Row>(`SELECT ${columns} FROM domain WHERE name = ?`)
  const snapshotsOf = db.prepare<[number], Snapshot>(
    'SELECT at, status, answer FROM snapshot WHERE domain_id = ? ORDER BY id DESC LIMIT 500',
  )
  const recordsOf = db.prepare<[number], ExpectedRecord>(
    'SELECT target, type, value FROM expected_record WHERE domain_id = ? ORDER BY position',
  )

  const latestOf = db.prepare<[], Pick<Row, 'id' | 'name' | 'mailboxes' | 'records_at'> & { answer: string }>(
    `SELECT domain.id, name, mailboxes, records_at, answer FROM domain JOIN snapshot ON snapshot.id = snapshot_id
     WHERE gone_at IS NULL ORDER BY name`,
  )

  const matches = db.prepare<[string], { n: number }>(
    'SELECT count(*) AS n FROM domain_text WHERE domain_text MATCH ?',
  )
  const probe = db.prepare<[string, number], { n: number }>(
    'SELECT count(*) AS n FROM (SELECT 1 FROM domain_text WHERE domain_text MATCH ? LIMIT ?)',
  )

  const probeBeginning = db.prepare<[string, string, number], { n: number }>(
    `SELECT count(*) AS n FROM (SELECT 1 FROM domain INDEXED BY domain_by_name
     WHERE gone_at IS NULL AND name >= ? AND name < ? LIMIT ?)`,
  )

  const probeValues = db.prepare<[string, string, number], { n: number }>(
    `SELECT count(*) AS n FROM (SELECT 1 FROM ${holders} LIMIT ?)`,
  )

  /**
   * The quicker way to the names that match: the index that knows them when they are few, else the one that sorts.
   * Attributes are looked into only when one holds the text: most fleets have none, and are asked as if there were none.
   */
  function planFor(text: string): Plan {
    if (isShort(text)) {
      const few = (probeBeginning.get(...beginningOf(text), walkAbove + 1)?.n ?? 0) <= walkAbove
      return { how: few ? 'begin' : 'walk', value: null }
    }
    const phrase = phraseOf(text)
    const sought = soughtValueOf(text)
    const held = sought === null ? 0 : (probeValues.get(sought.question, sought.text, walkAbove + 1)?.n ?? 0)
    const common = held > walkAbove
    const value = sought === null || held === 0 ? null : { ...sought, common }
    const isFew = phrase !== null && !common && (probe.get(phrase, walkAbove + 1)?.n ?? 0) <= walkAbove
    return { how: isFew ? 'find' : 'walk', value }
  }

  const number = (sql: string, values: readonly (string | number)[]) =>
    prepared<{ n: number }>(sql).get(...values)?.n ?? 0

  function count(filter: DomainFilter, { how, value }: Plan): number {
    const named = countNamed(filter, how)
    if (value === null) return named
    const status = statusOf(filter.status)
    return (
      named +
      number(`SELECT count(*) AS n FROM ${holders} AND instr(holder.name, ?) = 0 AND ${status.sql}`, [
        value.question,
        value.text,
        wantedOf(filter.text),
        ...status.values,
      ])
    )
  }

  function countNamed(filter: DomainFilter, how: How): number {
    const status = statusOf(filter.status)
    if (filter.text.trim() === '') {
      return number(`SELECT coalesce(sum(n), 0) AS n FROM tally WHERE ${status.sql}`, status.values)
    }
    // The trigram index holds the domains that are listed and no other: alone, it counts without reading any.
    const phrase = phraseOf(filter.text)
    if (filter.status === 'all' && phrase !== null) return matches.get(phrase)?.n ?? 0
    const { sql, values } = whereOf(filter, how, null)
    return number(
      `SELECT count(*) AS n FROM ${from(how, 'urgency')} WHERE ${sql} ${narrowedTo(filter)}`,
      values,
    )
  }

  return {
    list(query) {
      const plan = planFor(query.text)
      const { how } = plan
      const where = whereOf(query, how, plan.value)
      const direction = query.descending ? 'DESC' : 'ASC'
      const column = orders[query.sort]
      const order = column === 'name' ? `name ${direction}` : `${column} ${direction}, name ${direction}`
      const sql = `SELECT ${columns} FROM ${from(how, query.sort)} WHERE ${where.sql} ORDER BY ${order} LIMIT ? OFFSET ?`
      const rows = prepared<Row>(sql).all(...where.values, query.limit, query.offset)
      return { rows: rows.map(toDomainRow), total: count(query, plan) }
    },
    counts() {
      const counts: Counts = {
        all: 0,
        pending: 0,
        enabled: 0,
        action_required: 0,
        failed: 0,
        disabled: 0,
        repairable: 0,
        fetchedAt: Number(fetchedAt.get()?.value ?? Number.NaN) || null,
      }
      for (const { status, repair, n } of countRows.all()) {
        counts.all += n
        counts[statusShape.parse(status)] += n
        if (repair === 'possible') counts.repairable += n
      }
      return counts
    },
    names(filter) {
      const { how, value } = planFor(filter.text)
      const where = whereOf(filter, how, value)
      const sql = `SELECT name FROM ${from(how)} WHERE ${where.sql} ORDER BY name LIMIT 100000`
      return prepared<{ name: string }>(sql)
        .all(...where.values)
        .map((row) => row.name)
    },
    read(name) {
      const row = byName.get(name)
      if (!row) return null
      const records =
        row.records_at === null ? null : { fetchedAt: row.records_at, items: recordsOf.all(row.id) }
      return {
        row: toDomainRow(row),
        gone: row.gone_at !== null,
        snapshots: snapshotsOf.all(row.id),
        records,
      }
    },
    latest: () =>
      latestOf.all().map(({ id, name, mailboxes, records_at, answer }) => {
        const raw = JSON.parse(answer)
        const contextName = typeof raw.context_name === 'string' ? raw.context_name : null
        return { name, contextName, raw, mailboxes, records: records_at === null ? null : recordsOf.all(id) }
      }),
  }
}

const noneFailing: string[] = []
const known = { status: new Set<string>(statuses), repair: new Set<string>(repairStates) }
const isStatus = (text: string): text is DomainRow['status'] => known.status.has(text)
const isRepairState = (text: string): text is DomainRow['repair'] => known.repair.has(text)

/** One row of the table. A page has hundreds, read at each key typed: only what is there is parsed. */
function toDomainRow(row: Row): DomainRow {
  return {
    name: row.name,
    status: isStatus(row.status) ? row.status : statusShape.parse(row.status),
    failing: row.failing === '[]' ? noneFailing : JSON.parse(row.failing),
    repair: isRepairState(row.repair) ? row.repair : 'unchecked',
    since: row.since,
    sinceExact: row.since_exact === 1,
    checkedAt: row.checked_at,
    attempt:
      row.attempt_at === null || row.attempt_failure === null
        ? null
        : { at: row.attempt_at, failure: failureShape.parse(JSON.parse(row.attempt_failure)) },
    fetchedAt: row.fetched_at,
    mailboxes: row.mailboxes,
  }
}
