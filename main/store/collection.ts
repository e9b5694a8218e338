import { setImmediate as nextTurn } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import type { z } from 'zod'
import { parsed } from './journal.ts'
import { createRecords, isSound, type RecordRow } from './records.ts'

/** A kind of record of the desk, each under a key of its own and with a hash of its content. */
export type Collection<T> = {
  get(key: string): Promise<T | null>
  /** In the order in which they were first written; null: of every domain. */
  list(domain: string | null): Promise<T[]>
  /** The same, a part at a time with turns of the event loop between: thousands may wait to be created. */
  inParts(domain: string | null): AsyncIterable<T[]>
  /** The same from `offset` on, at most `limit`; `total` counts damaged ones too. */
  page(domain: string, offset: number, limit: number): Promise<{ rows: T[]; total: number }>
  /** False, and nothing written, when the key is taken. */
  add(key: string, domain: string, value: T): Promise<boolean>
  put(key: string, domain: string, value: T): Promise<void>
  /** All in one transaction; returns the keys that were taken, which are left as they were. */
  addAll(entries: readonly { key: string; domain: string; value: T }[]): Promise<string[]>
  /** Writes under `key` and removes what was under `from`, both or neither. */
  move(from: string, key: string, domain: string, value: T): Promise<void>
  /** False when there was none. */
  remove(key: string): Promise<boolean>
}

/** A record whose content no longer matches its hash or its shape: left where it is, and given to nobody. */
export type DamagedRecord = { kind: string; key: string }

/** Records in one part: reading and checking them takes a few milliseconds. */
const partSize = 250

/**
 * A collection of the desk's table `record`. A damaged record is not read as if it were true, and keeps its key
 * from being added again; only to be written or removed by name replaces it. `keep`: only so many, the latest.
 */
export function createCollection<T>(
  db: Database.Database,
  kind: string,
  shape: z.ZodType<T>,
  keep: number | null = null,
): Collection<T> {
  const all = db.prepare<[string], RecordRow>('SELECT * FROM record WHERE kind = ? ORDER BY position')
  const ofDomain = db.prepare<[string, string], RecordRow>(
    'SELECT * FROM record WHERE kind = ? AND domain = ? ORDER BY position',
  )
  const part = (where: string) =>
    db.prepare<[Record<string, unknown>], RecordRow>(
      `SELECT * FROM record WHERE kind = :kind AND ${where} AND position > :after
       ORDER BY position LIMIT ${partSize}`,
    )
  const partOfAll = part('TRUE')
  const partOfDomain = part('domain = :domain')
  const pageOf = db.prepare<[string, string, number, number], RecordRow>(
    'SELECT * FROM record WHERE kind = ? AND domain = ? ORDER BY position LIMIT ? OFFSET ?',
  )
  const count = db
    .prepare<[string, string], number>('SELECT count(*) FROM record WHERE kind = ? AND domain = ?')
    .pluck()
  const { get, read, add, put, remove } = createRecords(db, kind, shape, keep)

  const move = db.transaction((from: string, key: string, domain: string, value: T) => {
    if (from !== key) remove(from)
    put(key, domain, value)
  })
  const addAll = db.transaction((entries: readonly { key: string; domain: string; value: T }[]) =>
    entries.filter(({ key, domain, value }) => !add(key, domain, value)).map(({ key }) => key),
  )

  return {
    get: async (key) => get(key),
    async list(domain) {
      const rows = domain === null ? all.all(kind) : ofDomain.all(kind, domain)
      return rows.map(read).filter((value) => value !== null)
    },
    async *inParts(domain) {
      for (let after = -1; ; ) {
        const given = { kind, domain, after }
        const rows = (domain === null ? partOfAll : partOfDomain).all(given)
        yield rows.map(read).filter((value) => value !== null)
        if (rows.length < partSize) return
        after = rows.at(-1)?.position ?? after
        await nextTurn()
      }
    },
    page: async (domain, offset, limit) => ({
      rows: pageOf
        .all(kind, domain, limit, offset)
        .map(read)
        .filter((value) => value !== null),
      total: count.get(kind, domain) ?? 0,
    }),
    add: async (key, domain, value) => add(key, domain, value),
    put: async (key, domain, value) => put(key, domain, value),
    addAll: async (entries) => addAll(entries),
    move: async (from, key, domain, value) => move(from, key, domain, value),
    remove: async (key) => remove(key),
  }
}

/** The records that no collection gives out, with those of a kind that is not known here. */
export function damagedRecords(
  db: Database.Database,
  shapes: Readonly<Record<string, z.ZodType>>,
): DamagedRecord[] {
  const damaged: DamagedRecord[] = []
  for (const row of db.prepare<[], RecordRow>('SELECT * FROM record ORDER BY position').iterate()) {
    const shape = shapes[row.kind]
    if (!isSound(row) || !shape?.safeParse(parsed(row.body)).success)
      damaged.push({ kind: row.kind, key: row.key })
  }
  return damaged
}
