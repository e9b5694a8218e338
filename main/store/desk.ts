import { existsSync, renameSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type Database from 'better-sqlite3'
import { z } from 'zod'
import { type DnsWatch, dnsWatch } from '../../preload/dns-shapes.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { type WaitingMailbox, waitingMailbox } from '../../preload/mailbox-shapes.ts'
import {
  type Access,
  access,
  type DomainSetup,
  domainSetup,
  type Invitation,
  invitation,
  type Message,
  message,
  type SeenPerson,
  seenPerson,
} from '../../preload/people-shapes.ts'
import { type Provisioned, provisioned } from '../../preload/provisioning-shapes.ts'
import { type AccessChange, createAccessChanges } from './access-changes.ts'
import { type Collection, createCollection, type DamagedRecord, damagedRecords } from './collection.ts'
import { openDatabase, putAside } from './database.ts'
import { backUpBefore, backUpDaily, backupsOf, soundCopyOf } from './desk-backups.ts'
import { deskShape } from './desk-schema.ts'
import {
  createJournal,
  type Intent,
  type JournalFilter,
  type JournalRow,
  parsed,
  type Settlement,
} from './journal.ts'
import { createRecords } from './records.ts'

export type { AccessChange } from './access-changes.ts'
export { deskShape } from './desk-schema.ts'
export type { Intent, JournalFilter, JournalRow, Settlement } from './journal.ts'

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
  /**
   * Writes accesses with their rows of the journal, all or none (docs/entitlements.md 5). Rejects with the `Expected`
   * `conflict/accesses-changed`, nothing written, when one is no longer what it was.
   */
  changeAccesses(changes: readonly AccessChange[], by: { actor: string; at: number }): Promise<void>
  invitations: Collection<Invitation>
  /** The last 5,000. */
  messages: Collection<Message>
  /** Who has signed in here, by subject; of no domain. */
  people: Collection<SeenPerson>
  /** What provisioning said of domains, by their names. */
  provisioned: Collection<Provisioned>
  /** The domains that wait for DNS, by their names. */
  watches: Collection<DnsWatch>
  /** Records that were altered: they are left in place, and no collection gives them out. */
  damaged(): Promise<DamagedRecord[]>
  /**
   * What no longer matches its hash or its shape, or whose chain is broken: rows of the journal by their number,
   * records as `kind key`.
   */
  verify(): Promise<string[]>
  /** Undefined when it was never written, or cannot be read: a setting is no reason not to open. */
  readSetting(key: string): Promise<unknown>
  writeSetting(key: string, value: unknown): Promise<void>
  close(): Promise<void>
}

const messagesKept = 5000

/** The shape of each kind of record. */
const shapes = {
  waiting: waitingMailbox,
  secondary: z.object({ address: z.string(), email: z.string() }),
  towns: z.object({ name: z.string(), supportEmail: z.string() }),
  setups: domainSetup,
  accesses: access,
  invitations: invitation,
  messages: message,
  people: seenPerson,
  provisioned,
  watches: dnsWatch,
}

/**
 * Opens the desk of a profile. A damaged one is put aside and its latest sound backup takes its place
 * (`restored` names it); with no backup it is refused: nothing of it is ever silently emptied. One from an earlier
 * version is backed up before it is changed, and refused with `storage/unwritable` when that cannot be done.
 */
export function openDesk(file: string, now: () => number): Result<{ desk: Desk; restored: string | null }> {
  const backups = backupsOf(file)
  // A missing or empty file beside its backups was lost, not never written.
  const isLost = backups.length > 0 && (!existsSync(file) || statSync(file).size === 0)
  const isBlank = !isLost && existsSync(file) && statSync(file).size === 0
  if (isBlank) putAside(file, now())
  const opened = isLost
    ? lost(file)
    : openDatabase(file, deskShape, (db, version) => backUpBefore(db, file, version, now()))
  if (opened.ok) {
    backUpDaily(opened.value, file, now())
    return ok({ desk: createDesk(opened.value), restored: null })
  }
  if (opened.failure.reason !== 'damaged') return opened
  for (const backup of backups) {
    const copy = soundCopyOf(backup, file)
    if (copy === null) continue
    putAside(file, now())
    renameSync(copy, file)
    const again = openDatabase(file, deskShape)
    return again.ok ? ok({ desk: createDesk(again.value), restored: basename(backup) }) : again
  }
  return failed('storage', 'desk-damaged', 'The journal is damaged and no backup of it can be read.', {
    file,
  })
}

const lost = (file: string) => failed('storage', 'damaged', 'The journal is missing or empty.', { file })

export function createDesk(db: Database.Database): Desk {
  const journal = createJournal(db)
  const readSetting = db.prepare<[string], { value: string }>('SELECT value FROM setting WHERE key = ?')
  const writeSetting = db.prepare(
    'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  const changeAccesses = createAccessChanges(db, journal, createRecords(db, 'accesses', shapes.accesses))
  const damaged = () => damagedRecords(db, shapes)

  return {
    intend: async (intent) => journal.intend(intent),
    settle: async (intent, settlement) => journal.settle(intent, settlement),
    journal: async (filter) => journal.journal(filter),
    settleAbandoned: async (at) => journal.settleAbandoned(at),
    inDoubt: async () => journal.inDoubt(),
    waiting: createCollection(db, 'waiting', shapes.waiting),
    secondary: createCollection(db, 'secondary', shapes.secondary),
    towns: createCollection(db, 'towns', shapes.towns),
    setups: createCollection(db, 'setups', shapes.setups),
    accesses: createCollection(db, 'accesses', shapes.accesses),
    changeAccesses: async (changes, by) => changeAccesses(changes, by),
    invitations: createCollection(db, 'invitations', shapes.invitations),
    messages: createCollection(db, 'messages', shapes.messages, messagesKept),
    people: createCollection(db, 'people', shapes.people),
    provisioned: createCollection(db, 'provisioned', shapes.provisioned),
    watches: createCollection(db, 'watches', shapes.watches),
    damaged: async () => damaged(),
    verify: async () => [
      ...journal.verify().map(String),
      ...damaged().map(({ kind, key }) => `${kind} ${key}`),
    ],
    readSetting: async (key) => {
      const found = readSetting.get(key)
      return found ? parsed(found.value) : undefined
    },
    writeSetting: async (key, value) => void writeSetting.run(key, JSON.stringify(value)),
    close: async () => void db.close(),
  }
}
