import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type Database from 'better-sqlite3'
import { openDatabase } from './database.ts'
import { deskShape } from './desk-schema.ts'

const backupsKept = 3

/** The latest first; one made before a migration comes before the daily one of its day, which is no newer. */
export function backupsOf(file: string): string[] {
  const dayOf = (name: string) => name.slice(-'2026-01-01'.length)
  const isBefore = (name: string) => (name.includes('.backup-before-v') ? 1 : 0)
  return (existsSync(dirname(file)) ? readdirSync(dirname(file)) : [])
    .filter((name) => name.startsWith(`${basename(file)}.backup-`) && /\d{4}-\d\d-\d\d$/.test(name))
    .sort((a, b) => dayOf(b).localeCompare(dayOf(a)) || isBefore(b) - isBefore(a) || b.localeCompare(a))
    .map((name) => join(dirname(file), name))
}

/** One consistent copy a day, of the last three days on which the desk was opened. */
export function backUpDaily(db: Database.Database, file: string, now: number): void {
  const target = `${file}.backup-${dateOf(now)}`
  if (existsSync(target)) return
  try {
    copyInto(db, target)
  } catch {
    // A full disk must not keep the agent from the journal; the next start tries again.
    return
  }
  const daily = backupsOf(file).filter((name) => !name.includes('.backup-before-v'))
  for (const old of daily.slice(backupsKept)) rmSync(old)
}

/**
 * The copy kept before a schema is changed. It throws when it cannot be made: the migration then does not begin,
 * rather than risk the only copy.
 */
export function backUpBefore(db: Database.Database, file: string, version: number, now: number): void {
  copyInto(db, `${file}.backup-before-v${version}-${dateOf(now)}`)
}

/** By SQLite itself: copying the file alone would lose what is in its journal. Whole under its name, or not there. */
function copyInto(db: Database.Database, target: string): void {
  const part = `${target}.part`
  try {
    rmSync(part, { force: true })
    db.prepare('VACUUM INTO ?').run(part)
    renameSync(part, target)
  } catch (error) {
    rmSync(part, { force: true, recursive: true })
    throw error
  }
}

/** A copy of a backup under another name, brought to this schema; null when the backup cannot be used. */
export function soundCopyOf(backup: string, file: string): string | null {
  const copy = `${file}.restoring`
  for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true })
  copyFileSync(backup, copy)
  const trial = openDatabase(copy, deskShape)
  if (!trial.ok) {
    rmSync(copy, { force: true })
    return null
  }
  trial.value.pragma('wal_checkpoint(TRUNCATE)')
  trial.value.close()
  return copy
}

const dateOf = (now: number): string => new Date(now).toISOString().slice(0, 10)
