import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { type AnswerToStore, type Cache, createCache } from '../../main/store/cache.ts'
import { cacheShape } from '../../main/store/cache-schema.ts'
import { openDatabase } from '../../main/store/database.ts'
import { unwrap } from '../../preload/failure.ts'
import type { Benchmark } from './budgets.ts'
import { type Told, tellFleet, toStore } from './fleet.ts'
import { interleave } from './rounds.ts'

/** As many as the jobs store in one transaction when they read the fleet (main/jobs/fleet.ts). */
const batch = 400
const before = Date.UTC(2026, 10, 1)
const after = before + 60_000

/**
 * Storing the results of the first check of every domain of a known fleet: each one changes, so each one is
 * a new snapshot and another status. The bare side inserts the same rows into the same tables, indexes included,
 * in one transaction; `store-unindexed-ratio` compares with tables that could answer no question.
 */
export const store: Benchmark = {
  budgets: {
    'store-ratio': { unit: 'x', limit: { atMost: 2 } },
    'store-each-ratio': { unit: 'x', limit: null },
    'store-unindexed-ratio': { unit: 'x', limit: null },
  },
  async run({ quick, say }) {
    const told = tellFleet(quick ? 10_000 : 100_000)
    const folder = mkdtempSync(join(tmpdir(), 'bench-store-'))
    const known = join(folder, 'known.db')
    try {
      // The fleet is stored, and its names are asked for, in this order (main/jobs/fleet.ts).
      told.sort((a, b) => (a.name < b.name ? -1 : 1))
      storeKnown(known, told)
      const empty = join(folder, 'empty.db')
      unwrap(openDatabase(empty, cacheShape)).close()
      const bare = onCopy(empty, (db) => insertBare(db, told, 'domain', 'snapshot'))
      const unindexed = onCopy(empty, (db) => {
        db.exec(
          'CREATE TABLE bare_domain AS SELECT * FROM domain; CREATE TABLE bare_snapshot AS SELECT * FROM snapshot',
        )
        return insertBare(db, told, 'bare_domain', 'bare_snapshot')
      })
      const inBatches = onCopy(known, (db) => storeResults(createCache(db), told, batch))
      const oneByOne = onCopy(known, (db) => storeResults(createCache(db), told, 1))
      const batches = await interleave(3, inBatches, bare)
      const each = await interleave(1, oneByOne, bare)
      const plain = await interleave(1, inBatches, unindexed)
      const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`
      say(`${told.length} results, by ${batch}: ${seconds(batches.ours)}; bare: ${seconds(batches.bare)}`)
      say(`${told.length} results, one a transaction: ${seconds(each.ours)}; bare: ${seconds(each.bare)}`)
      say(
        `${told.length} results, by ${batch}: ${seconds(plain.ours)}; bare, no index: ${seconds(plain.bare)}`,
      )
      return {
        'store-ratio': batches.ratio,
        'store-each-ratio': each.ratio,
        'store-unindexed-ratio': plain.ratio,
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

function storeKnown(file: string, told: readonly Told[]): void {
  const db = unwrap(openDatabase(file, cacheShape))
  const cache = createCache(db)
  cache.storeAnswers(told.map(({ listed }) => toStore(listed, before, false)))
  db.pragma('wal_checkpoint(TRUNCATE)')
  cache.close()
}

/** A run on a copy of the known fleet, opened as the program opens it. */
function onCopy(known: string, measure: (db: Database.Database) => number): () => number {
  const file = `${known}.copy`
  return () => {
    copyFileSync(known, file)
    const db = unwrap(openDatabase(file, cacheShape))
    try {
      return measure(db)
    } finally {
      db.close()
      rmSync(file)
    }
  }
}

/** Milliseconds spent storing; reading dimail's JSON is the client's work and is not counted. */
function storeResults(cache: Cache, told: readonly Told[], size: number): number {
  let spent = 0
  for (let start = 0; start < told.length; start += batch) {
    const answers = told.slice(start, start + batch).map(({ checked }) => toStore(checked, after, true))
    const parts = size === 1 ? answers.map((answer) => [answer]) : [answers]
    const begun = performance.now()
    for (const part of parts) cache.storeAnswers(part)
    spent += performance.now() - begun
  }
  return spent
}

function insertBare(
  db: Database.Database,
  told: readonly Told[],
  domains: string,
  snapshots: string,
): number {
  const domain = db.prepare(
    `INSERT INTO ${domains} (id, name, status, urgency, repair, failing, since, since_exact, checked_at, fetched_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const snapshot = db.prepare(
    `INSERT INTO ${snapshots} (id, domain_id, at, status, answer) VALUES (?, ?, ?, ?, ?)`,
  )
  let spent = 0
  const timed = (work: () => void) => {
    const begun = performance.now()
    work()
    spent += performance.now() - begun
  }
  timed(() => db.exec('BEGIN'))
  for (let start = 0; start < told.length; start += batch) {
    const rows = told.slice(start, start + batch).map(({ checked }, place) => {
      return rowsOf(start + place + 1, toStore(checked, after, true))
    })
    timed(() => {
      for (const row of rows) {
        domain.run(...row.domain)
        snapshot.run(...row.snapshot)
      }
    })
  }
  timed(() => db.exec('COMMIT'))
  return spent
}

function rowsOf(id: number, { name, raw, judge: judged, at }: AnswerToStore) {
  const { status, failing, repair } = judged('pending')
  const domain = [id, name, status, 1, repair, JSON.stringify(failing), at, 1, at, at]
  return { domain, snapshot: [id, id, at, status, JSON.stringify(raw)] }
}
