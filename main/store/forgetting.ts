import type Database from 'better-sqlite3'
import { domainOf } from '../../preload/mailbox-shapes.ts'
import { indexedPart } from './mailbox-row.ts'

/** Kept from the first removal until the file was written anew, so that a kill in between is made up for. */
const marker = 'forgetting'

/**
 * What forgets the domains that somebody may not read (docs/entitlements.md 5). The rows go in one transaction. Their bytes
 * stay in free pages, in full-text segments and in the journal of SQLite: the indexes are made again from what is left,
 * the file is written anew, and the journal is emptied.
 */
export function createForgetting(db: Database.Database): (names: readonly string[]) => number {
  const isMarked = db.prepare<[], number>(`SELECT 1 FROM fact WHERE key = '${marker}'`).pluck()
  const mark = db.prepare(`INSERT INTO fact (key, value) VALUES ('${marker}', '1') ON CONFLICT DO NOTHING`)
  const unmark = db.prepare(`DELETE FROM fact WHERE key = '${marker}'`)

  const forget = db.transaction((names: readonly string[]) => {
    const before = changesOf(db)
    const domains = removeDomains(db, names)
    removeJobRows(db, names)
    removeMirrored(db, names)
    if (changesOf(db) === before) return 0
    indexAgain(db)
    mark.run()
    return domains
  })

  return (names) => {
    const domains = forget(names)
    if (isMarked.get() === undefined) return domains
    db.exec('VACUUM')
    // Its first column: whether another program, which reads the file, keeps the journal. The next call tries again.
    const isBusy = db.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) !== 0
    if (!isBusy) unmark.run()
    return domains
  }
}

const changesOf = (db: Database.Database): number =>
  db.prepare<[], number>('SELECT total_changes()').pluck().get() ?? 0

function removeDomains(db: Database.Database, names: readonly string[]): number {
  const outside = 'SELECT id FROM domain WHERE name NOT IN (SELECT value FROM json_each(?))'
  const kept = JSON.stringify(names)
  for (const table of ['snapshot', 'expected_record', 'mailbox', 'alias', 'diagnosis']) {
    db.prepare(`DELETE FROM ${table} WHERE domain_id IN (${outside})`).run(kept)
  }
  return db.prepare(`DELETE FROM domain WHERE id IN (${outside})`).run(kept).changes
}

/** A job is left with what it did for the domains that are named; one that did nothing for them goes. */
function removeJobRows(db: Database.Database, names: readonly string[]): void {
  const kept = new Set(names)
  const remove = db.prepare('DELETE FROM job_row WHERE job_id = ? AND position = ?')
  const rows = db.prepare<[], { job_id: number; position: number; name: string }>(
    'SELECT job_id, position, name FROM job_row',
  )
  const touched = new Set<number>()
  for (const { job_id: job, position, name } of rows.all()) {
    if (kept.has(domainOf(name))) continue
    remove.run(job, position)
    touched.add(job)
  }
  const number = (state: string) =>
    `(SELECT count(*) FROM job_row WHERE job_id = job.id AND state = '${state}')`
  const recount = db.prepare(
    `UPDATE job SET total = (SELECT count(*) FROM job_row WHERE job_id = job.id), done = ${number('done')},
       failed = ${number('failed')} WHERE id = ?`,
  )
  const removeEmpty = db.prepare('DELETE FROM job WHERE id = ? AND total = 0')
  for (const job of touched) {
    recount.run(job)
    removeEmpty.run(job)
  }
}

/** What mirrors the desk, which tells of domains that need not be stored, and codes that were seen there last. */
function removeMirrored(db: Database.Database, names: readonly string[]): void {
  const kept = new Set(names)
  for (const [table, column] of [
    ['secondary', 'address'],
    ['attribute', 'domain'],
    ['unknown_code', 'domain'],
  ]) {
    const remove = db.prepare(`DELETE FROM ${table} WHERE ${column} = ?`)
    const keys = db.prepare<[], string>(`SELECT DISTINCT ${column} FROM ${table}`).pluck()
    for (const key of keys.all()) if (!kept.has(domainOf(key))) remove.run(key)
  }
}

/** The full-text indexes and the tally, from the rows there are: FTS5 keeps the words of a row that it is told to drop. */
function indexAgain(db: Database.Database): void {
  db.exec(`
    INSERT INTO domain_text (domain_text) VALUES ('delete-all');
    INSERT INTO domain_text (rowid, name) SELECT id, name FROM domain WHERE gone_at IS NULL;
    INSERT INTO alias_text (alias_text) VALUES ('rebuild');
    INSERT INTO attribute_text (attribute_text) VALUES ('rebuild');
    INSERT INTO mailbox_text (mailbox_text) VALUES ('delete-all');
    DELETE FROM tally;
    INSERT INTO tally (status, repair, n)
      SELECT status, repair, count(*) FROM domain WHERE gone_at IS NULL GROUP BY status, repair;
  `)
  const insert = db.prepare('INSERT INTO mailbox_text (rowid, address, person) VALUES (?, ?, ?)')
  const part = db.prepare<[number], { id: number; address: string; person: string; domain: string }>(
    `SELECT mailbox.id, address, person, domain.name AS domain FROM mailbox JOIN domain ON domain.id = domain_id
     WHERE mailbox.gone_at IS NULL AND mailbox.id > ? ORDER BY mailbox.id LIMIT 1000`,
  )
  for (let rows = part.all(-1); rows.length > 0; rows = part.all(rows.at(-1)?.id ?? 0)) {
    for (const { id, address, person, domain } of rows) insert.run(id, indexedPart(address, domain), person)
  }
}
