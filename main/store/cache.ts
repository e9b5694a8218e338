import type Database from 'better-sqlite3'
import { type Failure, ok, type Result } from '../../preload/failure.ts'
import type { ExpectedRecord, RepairState, Status } from '../../preload/shapes.ts'
import { cacheShape } from './cache-schema.ts'
import { openDatabase, putAside } from './database.ts'
import { createDomainQueries, type DomainQueries } from './domain-queries.ts'
import { createJobStore, type JobStore } from './job-store.ts'

/** What a status is worth in the table sorted by urgency: what one call repairs comes first. */
const urgencies: Record<Status, number> = {
  failed: 1,
  action_required: 2,
  pending: 3,
  enabled: 4,
  disabled: 5,
}

export type Judgement = { status: Status; failing: string[]; repair: RepairState }

export type AnswerToStore = {
  name: string
  /** dimail's answer for this domain, as parsed. */
  raw: Record<string, unknown>
  /** Asked inside the transaction, with the status the domain has there. */
  judge: (previous: Status | null) => Judgement
  at: number
  /** True when dimail ran its checks for us, false when it only listed what it had stored. */
  checked: boolean
}

export type Cache = DomainQueries & {
  jobs: JobStore
  /** Stores answers in one transaction; the rows of a job that they settle go in the same one. */
  storeAnswers(answers: readonly AnswerToStore[], andThen?: () => void): void
  /** A call that gave no answer: the domain keeps its status, the attempt and its reason are kept. */
  storeAttempt(name: string, failure: Failure, at: number, andThen?: () => void): void
  storeRecords(name: string, records: readonly ExpectedRecord[], at: number): void
  storeMailboxCount(name: string, count: number, at: number): void
  /** Domains whose mailboxes were not counted since `before`, those never counted first. */
  namesToCount(before: number, limit: number): string[]
  /** Takes one call from the day's budget of automatic calls; false when it is spent. */
  spendAutomatic(day: string, budget: number): boolean
  /** Domains that dimail lists no more; they leave the table and keep their history. */
  markGone(names: readonly string[], at: number): void
  fleetFetchedAt(): number | null
  setFleetFetchedAt(at: number): void
  close(): void
}

/**
 * Opens the cache of a profile. One that is damaged or foreign is put aside and begun again, since all of it
 * can be fetched again; `aside` then names the file kept. One from a newer version is refused, untouched.
 */
export function openCache(file: string, now: () => number): Result<{ cache: Cache; aside: string | null }> {
  const opened = openDatabase(file, cacheShape)
  if (opened.ok) return ok({ cache: createCache(opened.value), aside: null })
  if (opened.failure.reason !== 'damaged') return opened
  const aside = putAside(file, now())
  const again = openDatabase(file, cacheShape)
  return again.ok ? ok({ cache: createCache(again.value), aside }) : again
}

export function createCache(db: Database.Database): Cache {
  const find = db.prepare<[string], { id: number; status: Status; answer: string; gone_at: number | null }>(
    `SELECT domain.id, domain.status, snapshot.answer, gone_at
     FROM domain LEFT JOIN snapshot ON snapshot.id = snapshot_id WHERE name = ?`,
  )
  const insertDomain = db.prepare(
    `INSERT INTO domain (name, status, urgency, repair, failing, since, since_exact, checked_at, fetched_at)
     VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)`,
  )
  const insertText = db.prepare('INSERT INTO domain_text (rowid, name) VALUES (?, ?)')
  const insertSnapshot = db.prepare(
    'INSERT INTO snapshot (domain_id, at, status, answer) VALUES (?, ?, ?, ?)',
  )
  const setSnapshot = db.prepare('UPDATE domain SET snapshot_id = ? WHERE id = ?')
  const touch = db.prepare(
    `UPDATE domain SET checked_at = coalesce(?, checked_at), fetched_at = ?, gone_at = NULL,
       attempt_at = CASE WHEN ? IS NULL THEN attempt_at END,
       attempt_failure = CASE WHEN ? IS NULL THEN attempt_failure END
     WHERE id = ?`,
  )
  const change = db.prepare(
    `UPDATE domain SET status = ?, urgency = ?, repair = ?, failing = ?, snapshot_id = ?,
       since = CASE WHEN status = ? THEN since ELSE ? END,
       since_exact = CASE WHEN status = ? THEN since_exact ELSE 1 END
     WHERE id = ?`,
  )
  const attempt = db.prepare('UPDATE domain SET attempt_at = ?, attempt_failure = ? WHERE name = ?')
  const setMailboxes = db.prepare('UPDATE domain SET mailboxes = ?, mailboxes_at = ? WHERE name = ?')
  const uncounted = db.prepare<[number, number], { name: string }>(
    `SELECT name FROM domain WHERE gone_at IS NULL AND (mailboxes_at IS NULL OR mailboxes_at < ?)
     ORDER BY mailboxes_at, urgency, name LIMIT ?`,
  )
  const gone = db.prepare('UPDATE domain SET gone_at = ? WHERE name = ? AND gone_at IS NULL')
  const readFact = db.prepare<[string], { value: string }>('SELECT value FROM fact WHERE key = ?')
  const writeFact = db.prepare(
    'INSERT INTO fact (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  const clearRecords = db.prepare('DELETE FROM expected_record WHERE domain_id = ?')
  const insertRecord = db.prepare(
    'INSERT INTO expected_record (domain_id, position, target, type, value) VALUES (?, ?, ?, ?, ?)',
  )
  const setRecordsAt = db.prepare('UPDATE domain SET records_at = ? WHERE id = ?')

  function storeNew({ name, raw, judge, at, checked }: AnswerToStore): void {
    const { status, failing, repair } = judge(null)
    const urgency = urgencyOf(status, repair)
    const checkedAt = checked ? at : null
    const id = insertDomain.run(
      name,
      status,
      urgency,
      repair,
      JSON.stringify(failing),
      at,
      checkedAt,
      at,
    ).lastInsertRowid
    insertText.run(id, name)
    setSnapshot.run(insertSnapshot.run(id, at, status, canonical(raw)).lastInsertRowid, id)
  }

  function storeKnown(
    known: { id: number; status: Status; answer: string | null },
    answer: AnswerToStore,
  ): void {
    const { status, failing, repair } = answer.judge(known.status)
    const checkedAt = answer.checked ? answer.at : null
    const text = canonical(answer.raw)
    if (text !== known.answer || status !== known.status) {
      const snapshot = insertSnapshot.run(known.id, answer.at, status, text).lastInsertRowid
      const urgency = urgencyOf(status, repair)
      change.run(
        status,
        urgency,
        repair,
        JSON.stringify(failing),
        snapshot,
        status,
        answer.at,
        status,
        known.id,
      )
    }
    touch.run(checkedAt, answer.at, checkedAt, checkedAt, known.id)
  }

  const storeAnswers = db.transaction((answers: readonly AnswerToStore[], andThen?: () => void) => {
    for (const answer of answers) {
      const known = find.get(answer.name)
      if (known) storeKnown(known, answer)
      else storeNew(answer)
    }
    andThen?.()
  })
  const storeAttempt = db.transaction((name: string, failure: Failure, at: number, andThen?: () => void) => {
    attempt.run(at, JSON.stringify(failure), name)
    andThen?.()
  })
  const storeRecords = db.transaction((name: string, records: readonly ExpectedRecord[], at: number) => {
    const known = find.get(name)
    if (!known) return
    clearRecords.run(known.id)
    for (const [position, { target, type, value }] of records.entries()) {
      insertRecord.run(known.id, position, target, type, value)
    }
    setRecordsAt.run(at, known.id)
  })

  return {
    ...createDomainQueries(db),
    jobs: createJobStore(db),
    storeAnswers: (answers, andThen) => storeAnswers(answers, andThen),
    storeAttempt: (name, failure, at, andThen) => storeAttempt(name, failure, at, andThen),
    storeRecords: (name, records, at) => storeRecords(name, records, at),
    storeMailboxCount: (name, count, at) => void setMailboxes.run(count, at, name),
    namesToCount: (before, limit) => uncounted.all(before, limit).map((row) => row.name),
    spendAutomatic: db.transaction((day: string, budget: number) => {
      const spent = readFact.get('automatic_calls')?.value.split(' ')
      const today = spent?.[0] === day ? Number(spent[1]) : 0
      if (today >= budget) return false
      writeFact.run('automatic_calls', `${day} ${today + 1}`)
      return true
    }),
    markGone: db.transaction((names: readonly string[], at: number) => {
      for (const name of names) gone.run(at, name)
    }),
    fleetFetchedAt() {
      const fact = readFact.get('fleet_fetched_at')
      return fact ? Number(fact.value) : null
    },
    setFleetFetchedAt: (at) => void writeFact.run('fleet_fetched_at', String(at)),
    close: () => void db.close(),
  }
}

const urgencyOf = (status: Status, repair: RepairState) =>
  status === 'failed' && repair === 'possible' ? 0 : urgencies[status]

/** The same answer gives the same text whatever the order of its keys, so that history holds changes only. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isPlain(inner) ? sortKeys(inner) : inner))
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const sortKeys = (value: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
