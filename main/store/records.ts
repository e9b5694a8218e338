import type Database from 'better-sqlite3'
import type { z } from 'zod'
import { sha256 } from './database.ts'
import { parsed } from './journal.ts'

export type RecordRow = {
  position: number
  kind: string
  key: string
  domain: string
  body: string
  hash: string
}

/** The records of a kind, read and written at once: for a transaction over more than one collection. */
export type Records<T> = {
  get(key: string): T | null
  /** The value of a row; null when it was altered. */
  read(row: RecordRow): T | null
  /** False, and nothing written, when the key is taken. */
  add(key: string, domain: string, value: T): boolean
  put(key: string, domain: string, value: T): void
  /** False when there was none. */
  remove(key: string): boolean
}

/** A value that does not fit its own shape is a bug, and throws. `keep`: only so many, the latest. */
export function createRecords<T>(
  db: Database.Database,
  kind: string,
  shape: z.ZodType<T>,
  keep: number | null = null,
): Records<T> {
  const find = db.prepare<[string, string], RecordRow>('SELECT * FROM record WHERE kind = ? AND key = ?')
  const insert = db.prepare(
    'INSERT INTO record (kind, key, domain, body, hash) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const replace = db.prepare(
    `INSERT INTO record (kind, key, domain, body, hash) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (kind, key) DO UPDATE SET domain = excluded.domain, body = excluded.body, hash = excluded.hash`,
  )
  const remove = db.prepare('DELETE FROM record WHERE kind = ? AND key = ?')
  const forget = db.prepare(
    `DELETE FROM record WHERE kind = ? AND position <=
       (SELECT position FROM record WHERE kind = ? ORDER BY position DESC LIMIT 1 OFFSET ?)`,
  )

  const read = (row: RecordRow): T | null => {
    const found = isSound(row) ? shape.safeParse(parsed(row.body)) : null
    return found?.success ? found.data : null
  }
  function write(statement: Database.Statement, key: string, domain: string, value: T): boolean {
    const body = JSON.stringify(shape.parse(value))
    const { changes } = statement.run(kind, key, domain, body, hashOf({ kind, key, domain, body }))
    if (keep !== null) forget.run(kind, kind, keep)
    return changes > 0
  }

  return {
    get(key) {
      const row = find.get(kind, key)
      return row ? read(row) : null
    },
    read,
    add: (key, domain, value) => write(insert, key, domain, value),
    put: (key, domain, value) => void write(replace, key, domain, value),
    remove: (key) => remove.run(kind, key).changes > 0,
  }
}

const hashOf = ({ kind, key, domain, body }: Pick<RecordRow, 'kind' | 'key' | 'domain' | 'body'>): string =>
  sha256(JSON.stringify([kind, key, domain, body]))

export const isSound = (row: RecordRow): boolean => row.hash === hashOf(row)
