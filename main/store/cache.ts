import type Database from 'better-sqlite3'
import { type Failure, ok, type Result } from '../../preload/failure.ts'
import type { ExpectedRecord, RepairState, Status } from '../../preload/shapes.ts'
import type { AliasStore } from './alias-store.ts'
import { type AttributeStore, createAttributeStore } from './attribute-store.ts'
import { cacheShape } from './cache-schema.ts'
import { canonical } from './canonical.ts'
import { contextIn, createContextOf } from './contexts.ts'
import { createAliasStore } from './create-alias-store.ts'
import { createMailboxStore } from './create-mailbox-store.ts'
import { openDatabase, putAside } from './database.ts'
import { createDiagnosisStore, type DiagnosisStore } from './diagnosis-store.ts'
import { urgencyOf } from './domain-filter.ts'
import { createDomainQueries, type DomainQueries } from './domain-queries.ts'
import { createForgetting } from './forgetting.ts'
import { createJobStore, type JobStore } from './job-store.ts'
import type { MailboxStore } from './mailbox-store.ts'
import { createTally } from './tally.ts'
import { createUnknownCodeStore, type UnknownCodeStore } from './unknown-codes.ts'

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

export type Cache = DomainQueries &
  AttributeStore &
  DiagnosisStore &
  UnknownCodeStore & {
    jobs: JobStore
    mailboxes: MailboxStore
    aliases: AliasStore
    /** The domains that share the Open-Xchange context of this one, itself first; itself alone when not told. */
    contextOf(name: string): string[]
    /** Stores answers in one transaction; the rows of a job that they settle go in the same one. */
    storeAnswers(answers: readonly AnswerToStore[], andThen?: () => void): void
    /** A call that gave no answer: the domain keeps its status, the attempt and its reason are kept. */
    storeAttempt(name: string, failure: Failure, at: number, andThen?: () => void): void
    storeRecords(name: string, records: readonly ExpectedRecord[], at: number): void
    storeMailboxCount(name: string, count: number, at: number): void
    /** One mailbox was made here: the count moves with it, when it is known. */
    countOneMore(name: string): void
    /** Domains whose mailboxes were not counted since `before`, those never counted first. */
    namesToCount(before: number, limit: number): string[]
    /** Takes one call from the day's budget of automatic calls; false when it is spent. */
    spendAutomatic(day: string, budget: number): boolean
    /** Domains that dimail lists no more; they leave the table and keep their history. */
    markGone(names: readonly string[], at: number): void
    /**
     * Removes everything about the domains that are not named, and leaves no byte of it in the file; returns how many
     * domains that were. To be called while no job runs: its rows would go from under it.
     */
    forgetOutside(names: readonly string[]): number
    fleetFetchedAt(): number | null
    /** Null: what is here is not the fleet of whoever comes next. */
    setFleetFetchedAt(at: number | null): void
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
  const tally = createTally(db)
  const find = db.prepare<[string], Known>(
    'SELECT id, status, repair, snapshot_id, gone_at, context FROM domain WHERE name = ?',
  )
  const answerOf = db.prepare<[number], string>('SELECT answer FROM snapshot WHERE id = ?').pluck()
  const insertDomain = db.prepare(
    `INSERT INTO domain (name, status, urgency, repair, failing, since, since_exact, checked_at, fetched_at,
       context) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?)`,
  )
  const insertText = db.prepare('INSERT INTO domain_text (rowid, name) VALUES (?, ?)')
  // How FTS5 is told to forget a row of a table that it does not own.
  const removeText = db.prepare(`INSERT INTO domain_text (domain_text, rowid, name) VALUES ('delete', ?, ?)`)
  const insertSnapshot = db.prepare(
    'INSERT INTO snapshot (domain_id, at, status, answer) VALUES (?, ?, ?, ?)',
  )
  const setContext = db.prepare('UPDATE domain SET context = ? WHERE id = ?')
  const setSnapshot = db.prepare('UPDATE domain SET snapshot_id = ? WHERE id = ?')
  const listed = updatesFor(db, 'fetched_at = ?')
  const checked = updatesFor(db, 'fetched_at = ?, checked_at = ?, attempt_at = NULL, attempt_failure = NULL')
  // Apart from the rest: every index depends on `gone_at`, and would be written again for nothing.
  const comeBack = db.prepare('UPDATE domain SET gone_at = NULL WHERE id = ?')
  const attempt = db.prepare('UPDATE domain SET attempt_at = ?, attempt_failure = ? WHERE name = ?')
  const setMailboxes = db.prepare('UPDATE domain SET mailboxes = ?, mailboxes_at = ? WHERE name = ?')
  const oneMore = db.prepare(
    'UPDATE domain SET mailboxes = mailboxes + 1 WHERE name = ? AND mailboxes IS NOT NULL',
  )
  const uncounted = db.prepare<[number, number], { name: string }>(
    `SELECT name FROM domain WHERE gone_at IS NULL AND (mailboxes_at IS NULL OR mailboxes_at < ?)
     ORDER BY mailboxes_at, urgency, name LIMIT ?`,
  )
  const gone = db.prepare('UPDATE domain SET gone_at = ? WHERE id = ?')
  const removeFact = db.prepare('DELETE FROM fact WHERE key = ?')
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
    const urgency = urgencyOf({ status, repair })
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
      contextIn(raw),
    ).lastInsertRowid
    insertText.run(id, name)
    setSnapshot.run(insertSnapshot.run(id, at, status, JSON.stringify(raw)).lastInsertRowid, id)
    tally.add(status, repair)
  }

  /** Most answers are the last one again, to the letter; only one that is not is put in order to be compared. */
  function isLatest(snapshot: number, text: string): boolean {
    const latest = answerOf.get(snapshot)
    if (latest === undefined || latest === text) return latest === text
    return latest.length === text.length && canonical(JSON.parse(latest)) === canonical(JSON.parse(text))
  }

  function storeKnown(known: Known, answer: AnswerToStore): void {
    const { id } = known
    const { at } = answer
    const { status, failing, repair } = answer.judge(known.status)
    const { confirm, revise, turn } = answer.checked ? checked : listed
    const heard = answer.checked ? [at, at] : [at]
    const text = JSON.stringify(answer.raw)
    const turned = status !== known.status
    const confirmed = !turned && known.snapshot_id !== null && isLatest(known.snapshot_id, text)
    if (confirmed) confirm.run(...heard, id)
    else {
      const snapshot = insertSnapshot.run(id, at, status, text).lastInsertRowid
      const found = [urgencyOf({ status, repair }), repair, JSON.stringify(failing), snapshot]
      if (turned) turn.run(...heard, ...found, status, at, id)
      else revise.run(...heard, ...found, id)
    }
    if (known.gone_at !== null) {
      comeBack.run(id)
      insertText.run(id, answer.name)
    } else tally.remove(known.status, known.repair)
    const context = contextIn(answer.raw)
    if (context !== null && context !== known.context) setContext.run(context, id)
    tally.add(status, confirmed ? known.repair : repair)
  }

  /** A transaction that changes domains: the tally is written with it, and forgotten with it. */
  function tallied<Given extends unknown[]>(work: (...given: Given) => void): (...given: Given) => void {
    const transaction = db.transaction((...given: Given) => {
      work(...given)
      tally.settle()
    })
    return (...given) => {
      try {
        transaction(...given)
      } catch (error) {
        tally.forget()
        throw error
      }
    }
  }
  const storeAnswers = tallied((answers: readonly AnswerToStore[], andThen?: () => void) => {
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
    ...createAttributeStore(db),
    ...createDiagnosisStore(db),
    ...createUnknownCodeStore(db),
    forgetOutside: createForgetting(db),
    jobs: createJobStore(db),
    mailboxes: createMailboxStore(db),
    aliases: createAliasStore(db),
    contextOf: createContextOf(db),
    storeAnswers,
    storeAttempt: (name, failure, at, andThen) => storeAttempt(name, failure, at, andThen),
    storeRecords: (name, records, at) => storeRecords(name, records, at),
    storeMailboxCount: (name, count, at) => void setMailboxes.run(count, at, name),
    countOneMore: (name) => void oneMore.run(name),
    namesToCount: (before, limit) => uncounted.all(before, limit).map((row) => row.name),
    spendAutomatic: db.transaction((day: string, budget: number) => {
      const spent = readFact.get('automatic_calls')?.value.split(' ')
      const today = spent?.[0] === day ? Number(spent[1]) : 0
      if (today >= budget) return false
      writeFact.run('automatic_calls', `${day} ${today + 1}`)
      return true
    }),
    markGone: tallied((names: readonly string[], at: number) => {
      for (const name of names) {
        const known = find.get(name)
        if (!known || known.gone_at !== null) continue
        gone.run(at, known.id)
        removeText.run(known.id, name)
        tally.remove(known.status, known.repair)
      }
    }),
    fleetFetchedAt() {
      const fact = readFact.get('fleet_fetched_at')
      return fact ? Number(fact.value) : null
    },
    setFleetFetchedAt(at) {
      if (at === null) removeFact.run('fleet_fetched_at')
      else writeFact.run('fleet_fetched_at', String(at))
    },
    close: () => void db.close(),
  }
}

type Known = {
  id: number
  status: Status
  repair: string
  snapshot_id: number | null
  gone_at: number | null
  context: string | null
}

/**
 * What an answer does to a known domain: confirm it, revise what is known, or turn it to another status. Each
 * writes no column that it need not, since SQLite rewrites every index over a column that is written.
 */
function updatesFor(db: Database.Database, heard: string) {
  const found = 'urgency = ?, repair = ?, failing = ?, snapshot_id = ?'
  return {
    confirm: db.prepare(`UPDATE domain SET ${heard} WHERE id = ?`),
    revise: db.prepare(`UPDATE domain SET ${heard}, ${found} WHERE id = ?`),
    turn: db.prepare(
      `UPDATE domain SET ${heard}, ${found}, status = ?, since = ?, since_exact = 1 WHERE id = ?`,
    ),
  }
}
