import { copyFileSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type Database from 'better-sqlite3'
import { type Failure, failed, failure as failureShape, ok, type Result } from '../../preload/failure.ts'
import type { JournalAction, JournalEntry } from '../../preload/shapes.ts'
import type { WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import type { Access, DomainSetup, Invitation, Message } from '../../preload/people-shapes.ts'
import type { Collection } from './collection.ts'
import { type DatabaseShape, openDatabase, putAside, sha256 } from './database.ts'

export type Intent = {
  action: JournalAction
  /** The domain. */
  subject: string
  target: string | null
  actor: string
  before: unknown
  at: number
}
export type Settlement = {
  state: 'done' | 'failed' | 'unknown'
  after: unknown
  failure: Failure | null
  at: number
}
export type JournalRow = Omit<JournalEntry, 'before' | 'after' | 'effect'> & {
  before: unknown
  after: unknown
  settledAt: number | null
}

/** `target` and `action` narrow the rows of a subject; absent: all of them. */
export type JournalFilter = {
  subject: string | null
  target?: string | undefined
  action?: JournalAction | undefined
  limit: number
}

/**
 * The only copy of something: what agents did, and how they left their screen. Reached through promises and
 * through this one interface, because a team may keep it on a shared server one day (docs/decisions/two-databases.md).
 */
export type Desk = {
  /** Written before the call leaves: whatever happens next, the agent sees that it was tried. */
  intend(intent: Intent): Promise<number>
  settle(intent: number, settlement: Settlement): Promise<void>
  /** Latest first; an intent without settlement is `running`. */
  journal(filter: JournalFilter): Promise<JournalRow[]>
  /** Intents of an earlier run that never got an answer, settled as unknown. Returns their subjects. */
  settleAbandoned(at: number): Promise<string[]>
  /** Calls other than repairs whose outcome is not known: what reading dimail may settle. Oldest first. */
  inDoubt(): Promise<JournalRow[]>
  waiting: Collection<WaitingMailbox>
  secondary: Collection<{ address: string; email: string }>
  towns: Collection<{ name: string; supportEmail: string }>
  setups: Collection<DomainSetup>
  accesses: Collection<Access>
  invitations: Collection<Invitation>
  messages: Collection<Message>
  /** The ids of rows whose content no longer matches their hash, or whose chain is broken. */
  verify(): Promise<number[]>
  readSetting(key: string): Promise<unknown>
  writeSetting(key: string, value: unknown): Promise<void>
  close(): Promise<void>
}

export const deskShape: DatabaseShape = {
  applicationId: 0x64_69_6d_64, // "dimd"
  synchronous: 'FULL',
  migrations: [
    {
      version: 1,
      up: `
        CREATE TABLE journal (
          id INTEGER PRIMARY KEY,
          intent INTEGER REFERENCES journal (id),
          at INTEGER NOT NULL,
          body TEXT NOT NULL,
          hash TEXT NOT NULL
        ) STRICT;
        CREATE INDEX journal_by_intent ON journal (intent);
        CREATE TABLE journal_subject (subject TEXT NOT NULL, journal_id INTEGER NOT NULL REFERENCES journal (id),
          PRIMARY KEY (subject, journal_id)) STRICT, WITHOUT ROWID;
        CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
      `,
    },
  ],
}

const backupsKept = 3

/**
 * Opens the desk of a profile. A damaged one is put aside and its latest sound backup takes its place
 * (`restored` names it); with no backup it is refused: nothing of it is ever silently emptied.
 */
export function openDesk(file: string, now: () => number): Result<{ desk: Desk; restored: string | null }> {
  const backups = backupsOf(file).reverse()
  // A missing or empty file beside its backups was lost, not never written.
  const isLost = backups.length > 0 && (!existsSync(file) || statSync(file).size === 0)
  const isBlank = !isLost && existsSync(file) && statSync(file).size === 0
  if (isBlank) putAside(file, now())
  const opened = isLost ? lost(file) : openDatabase(file, deskShape)
  if (opened.ok) {
    backUp(opened.value, file, now())
    return ok({ desk: createDesk(opened.value), restored: null })
  }
  if (opened.failure.reason !== 'damaged') return opened
  for (const backup of backups) {
    const trial = openDatabase(backup, deskShape)
    if (!trial.ok) continue
    trial.value.pragma('wal_checkpoint(TRUNCATE)')
    trial.value.close()
    putAside(file, now())
    copyFileSync(backup, file)
    const again = openDatabase(file, deskShape)
    return again.ok ? ok({ desk: createDesk(again.value), restored: basename(backup) }) : again
  }
  return failed('storage', 'desk-damaged', 'The journal is damaged and no backup of it can be read.', {
    file,
  })
}

const lost = (file: string) => failed('storage', 'damaged', 'The journal is missing or empty.', { file })

const backupsOf = (file: string): string[] =>
  (existsSync(dirname(file)) ? readdirSync(dirname(file)) : [])
    .filter((name) => name.startsWith(`${basename(file)}.backup-`) && /\d$/.test(name))
    .sort()
    .map((name) => join(dirname(file), name))

/** One consistent copy a day, made by SQLite itself: copying the file alone would lose what is in its journal. */
function backUp(db: Database.Database, file: string, now: number): void {
  const target = `${file}.backup-${new Date(now).toISOString().slice(0, 10)}`
  if (existsSync(target)) return
  try {
    db.prepare('VACUUM INTO ?').run(target)
  } catch {
    // A full disk must not keep the agent from the journal; the next start tries again.
    rmSync(target, { force: true })
    return
  }
  for (const old of backupsOf(file).slice(0, -backupsKept)) rmSync(old)
}

export function createDesk(db: Database.Database): Desk {
  type Row = { id: number; intent: number | null; at: number; body: string; hash: string }
  const lastHash = db.prepare<[], { hash: string }>('SELECT hash FROM journal ORDER BY id DESC LIMIT 1')
  const insert = db.prepare('INSERT INTO journal (intent, at, body, hash) VALUES (?, ?, ?, ?)')
  const insertSubject = db.prepare('INSERT INTO journal_subject (subject, journal_id) VALUES (?, ?)')
  const all = db.prepare<[], Row>('SELECT * FROM journal ORDER BY id')
  const intents = db.prepare<[number], Row>(
    'SELECT * FROM journal WHERE intent IS NULL ORDER BY id DESC LIMIT ?',
  )
  const intentsAbout = db.prepare<[string, number], Row>(
    `SELECT journal.* FROM journal_subject JOIN journal ON journal.id = journal_id WHERE subject = ? ORDER BY id DESC LIMIT ?`,
  )
  const settlementOf = db.prepare<[number], Row>(
    'SELECT * FROM journal WHERE intent = ? ORDER BY id DESC LIMIT 1',
  )
  const abandoned = db.prepare<[], Row>(
    'SELECT * FROM journal AS i WHERE intent IS NULL AND NOT EXISTS (SELECT 1 FROM journal WHERE intent = i.id)',
  )
  const readSetting = db.prepare<[string], { value: string }>('SELECT value FROM setting WHERE key = ?')
  const writeSetting = db.prepare(
    'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )

  const append = db.transaction((intent: number | null, at: number, body: unknown): number => {
    const text = JSON.stringify(body)
    const hash = chained(lastHash.get()?.hash ?? '', intent, at, text)
    return Number(insert.run(intent, at, text, hash).lastInsertRowid)
  })
  const settle = (intent: number, { at, ...body }: Settlement) => void append(intent, at, body)

  function toEntry(row: Row): JournalRow {
    const { action, subject, actor, before } = JSON.parse(row.body)
    const end = settlementOf.get(row.id)
    const settled = end ? JSON.parse(end.body) : { state: 'running', after: null, failure: null }
    return {
      id: row.id,
      at: row.at,
      action,
      subject,
      actor,
      before,
      state: settled.state,
      after: settled.after,
      failure: settled.failure === null ? null : failureShape.parse(settled.failure),
      settledAt: end?.at ?? null,
    }
  }

  return {
    intend: async ({ at, ...body }) => {
      const write = db.transaction(() => {
        const id = append(null, at, body)
        insertSubject.run(body.subject, id)
        return id
      })
      return write()
    },
    settle: async (intent, settlement) => settle(intent, settlement),
    journal: async ({ subject, limit }) =>
      (subject === null ? intents.all(limit) : intentsAbout.all(subject, limit)).map(toEntry),
    settleAbandoned: async (at) => {
      const left = abandoned.all().map(toEntry)
      const { failure } = failed(
        'unknown-outcome',
        'interrupted',
        'The program ended before the answer came.',
      )
      for (const entry of left) settle(entry.id, { state: 'unknown', after: null, failure, at })
      return left.map((entry) => entry.subject)
    },
    verify: async () => {
      let previous = ''
      const wrong: number[] = []
      for (const row of all.all()) {
        if (row.hash !== chained(previous, row.intent, row.at, row.body)) wrong.push(row.id)
        previous = row.hash
      }
      return wrong
    },
    readSetting: async (key) => {
      const found = readSetting.get(key)
      return found ? JSON.parse(found.value) : undefined
    },
    writeSetting: async (key, value) => void writeSetting.run(key, JSON.stringify(value)),
    close: async () => void db.close(),
  }
}

const chained = (previous: string, intent: number | null, at: number, body: string) =>
  sha256(JSON.stringify([previous, intent, at, body]))
