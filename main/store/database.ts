import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'

export type Migration = { version: number; up: string }

export type DatabaseShape = {
  /** Stamped in the file (`PRAGMA application_id`), so that a foreign database is not taken for ours. */
  applicationId: number
  migrations: readonly Migration[]
  synchronous: 'NORMAL' | 'FULL'
}

/** Above this size the whole-file check would hold the window back; SQLite still checks each page it reads. */
const quickCheckLimit = 64 * 1024 * 1024

/**
 * Opens, checks and migrates a database, or says in one failure why it must not be used: `storage/newer` for a
 * schema from a later version (the file is untouched), `storage/damaged` for anything that is not a sound file
 * of ours, `storage/unwritable` for what the system refuses. `prepare` is called before a database that was
 * already in use goes to another version; when it throws, the database stays as it is and is refused.
 */
export function openDatabase(
  file: string,
  shape: DatabaseShape,
  prepare?: (db: Database.Database, to: number) => void,
): Result<Database.Database> {
  let db: Database.Database | undefined
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const trouble = existsSync(file) ? inspect(file, shape) : null
    if (trouble) return { ok: false, failure: trouble }
    db = new Database(file)
    db.pragma('busy_timeout = 5000')
    db.pragma(`application_id = ${shape.applicationId}`)
    db.pragma('journal_mode = WAL')
    db.pragma(`synchronous = ${shape.synchronous}`)
    // A fleet's indexes fit here: with SQLite's 2 MB, each of their pages would be read again and again.
    db.pragma('cache_size = -65536')
    db.pragma('wal_autocheckpoint = 8000')
    db.pragma('foreign_keys = ON')
    db.pragma('trusted_schema = OFF')
    const version = versionOf(db)
    if (version > 0 && version < latest(shape.migrations)) prepare?.(db, latest(shape.migrations))
    migrate(db, shape.migrations)
    return ok(db)
  } catch (error) {
    db?.close()
    return isDamage(error)
      ? failed('storage', 'damaged', 'The database file is damaged.', { file })
      : failed('storage', 'unwritable', `The database cannot be opened: ${String(error)}`.slice(0, 390), {
          file,
        })
  }
}

/** Read-only, because closing a writable connection would write the journal of a file we must not touch into it. */
function inspect(file: string, shape: DatabaseShape): Failure | null {
  const trouble = (reason: string, message: string) => failed('storage', reason, message, { file }).failure
  if (statSync(file).size === 0) return trouble('damaged', 'The database file is empty.')
  const db = new Database(file, { readonly: true })
  try {
    return judgeFile(db, file, shape, trouble)
  } finally {
    db.close()
  }
}

function judgeFile(
  db: Database.Database,
  file: string,
  shape: DatabaseShape,
  trouble: (reason: string, message: string) => Failure,
): Failure | null {
  // A program killed while it created the file leaves one that holds nothing, and is no stranger's.
  if (db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined) return null
  if (db.pragma('application_id', { simple: true }) !== shape.applicationId) {
    return trouble('damaged', 'The database was not written by this program.')
  }
  const version = versionOf(db)
  if (version > latest(shape.migrations)) {
    return trouble('newer', `The database has schema ${version}, newer than this program knows.`)
  }
  if (statSync(file).size <= quickCheckLimit && db.pragma('quick_check(1)', { simple: true }) !== 'ok') {
    return trouble('damaged', 'The database does not pass its integrity check.')
  }
  return null
}

const versionOf = (db: Database.Database) => Number(db.pragma('user_version', { simple: true }))

const latest = (migrations: readonly Migration[]) => migrations.at(-1)?.version ?? 0

/** Each step and its number are committed together, so that a kill leaves the old schema or the new one. */
export function migrate(db: Database.Database, migrations: readonly Migration[]): void {
  const from = versionOf(db)
  for (const { version, up } of migrations) {
    if (version <= from) continue
    db.transaction(() => {
      db.exec(up)
      db.pragma(`user_version = ${version}`)
    }).immediate()
  }
}

/** Moves a database out of the way, its journal with it: nothing is deleted. Returns the new name. */
export function putAside(file: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-')
  const aside = `${file}.damaged-${stamp}`
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
  }
  return aside
}

/** SQLite's own words for a file whose content cannot be trusted. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Database.SqliteError ? error.code : ''
  return (
    code.startsWith('SQLITE_CORRUPT') ||
    code.startsWith('SQLITE_NOTADB') ||
    code.startsWith('SQLITE_IOERR_SHORT')
  )
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
