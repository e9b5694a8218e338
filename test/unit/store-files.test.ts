import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openCache } from '../../main/store/cache.ts'
import { cacheShape } from '../../main/store/cache-schema.ts'
import { type DatabaseShape, migrate, openDatabase } from '../../main/store/database.ts'
import { deskShape, openDesk } from '../../main/store/desk.ts'
import { unwrap } from '../../preload/failure.ts'
import { diagnosisOf, readingOf } from '../fakes/diagnoses.ts'
import { filesOf, folder } from '../fakes/folders.ts'
import { answered, everyMailbox, everything, openCacheIn, openDeskIn, rawOf } from '../fakes/stores.ts'

const now = () => Date.UTC(2026, 10, 21)
const sql = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')

function write(file: string, statements: string): string {
  const db = new Database(file)
  db.exec(statements)
  db.close()
  return file
}
const pragma = (db: Database.Database, name: string) => db.pragma(name, { simple: true })

describe.each([
  { shape: cacheShape, name: 'cache', synchronous: 1 },
  { shape: deskShape, name: 'desk', synchronous: 2 },
])('the $name', ({ shape, name, synchronous }) => {
  test('faults 54: writes as durably as it must', () => {
    const db = unwrap(openDatabase(join(folder(), 'a.db'), shape))
    const read = (what: string) => pragma(db, what)
    expect([read('synchronous'), read('journal_mode'), read('foreign_keys')]).toEqual([synchronous, 'wal', 1])
    expect([read('application_id'), read('busy_timeout')]).toEqual([shape.applicationId, 5000])
    db.close()
  })

  test('faults 59: goes from an empty file to version 1 in one step that is made whole or not at all', () => {
    const db = new Database(':memory:')
    const objects = () => db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()
    const [first] = shape.migrations
    if (!first) throw new Error('There is no first migration')
    const halfway = { version: 1, up: `${first.up}; SELECT * FROM nowhere` }
    expect(() => migrate(db, [halfway])).toThrow('nowhere')
    expect([objects(), pragma(db, 'user_version')]).toEqual([{ n: 0 }, 0])
    migrate(db, [first])
    expect(pragma(db, 'user_version')).toBe(1)
    migrate(db, [first])
    expect(pragma(db, 'quick_check')).toBe('ok')
    db.close()
  })

  const versions = shape.migrations.map(({ version }) => version)
  const latest = versions.at(-1) ?? 0

  test.each(versions)('faults 59: has exactly the schema that version %i had', (version) => {
    const old = new Database(write(join(folder(), 'old.db'), sql(`${name}-${version}.sql`)))
    const current = new Database(':memory:')
    migrate(current, shape.migrations.slice(0, version))
    const schema = (db: Database.Database) =>
      db
        .prepare<[], { sql: string }>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name')
        .all()
        .map((row) => row.sql.replace(/\s+/g, ' '))
    expect(schema(current)).toEqual(schema(old))
    old.close()
    current.close()
  })

  test('faults 59: from a newer version is refused, and not one byte of it changes', () => {
    const path = folder()
    const file = write(join(path, `${name}.db`), sql(`${name}-${latest}.sql`))
    const newer = new Database(file)
    newer.pragma('journal_mode = WAL')
    newer.pragma(`user_version = ${latest + 1}`)
    // As a newer program that was killed leaves it: the change is in the journal only.
    const killed = join(folder(), 'killed')
    mkdirSync(killed)
    for (const left of readdirSync(path)) copyFileSync(join(path, left), join(killed, left))
    newer.close()
    for (const [at, before] of [killed, path].map((each) => [each, filesOf(each)] as const)) {
      const opened =
        name === 'cache' ? openCache(join(at, 'cache.db'), now) : openDesk(join(at, 'desk.db'), now)
      expect(opened).toMatchObject({ ok: false, failure: { code: 'storage', reason: 'newer' } })
      for (const [left, bytes] of before)
        if (!left.endsWith('-shm')) expect(readFileSync(left).equals(bytes)).toBe(true)
    }
  })

  test('is begun again when the program was killed while it created the file', () => {
    const file = join(folder(), `${name}.db`)
    const begun = new Database(file)
    begun.pragma('journal_mode = WAL')
    begun.close()
    expect(readFileSync(file).length).toBeGreaterThan(0)
    const opened = name === 'cache' ? openCacheIn(join(file, '..')) : openDeskIn(join(file, '..'))
    expect(opened).toBeDefined()
    expect(readdirSync(join(file, '..')).some((left) => left.includes('damaged'))).toBe(false)
  })
})

test('faults 59: a cache of version 1 is read by this version', () => {
  const path = folder()
  write(join(path, 'cache.db'), sql('cache-1.sql'))
  const cache = openCacheIn(path)
  expect(cache.list(everything).rows.map((row) => [row.name, row.status, row.mailboxes])).toEqual([
    ['mont-fictif.example', 'failed', null],
    ['val-fictif.example', 'enabled', 12],
  ])
  expect(cache.list({ ...everything, text: 'mont-f' }).total).toBe(1)
  expect(cache.read('val-fictif.example')).toMatchObject({
    snapshots: [{ status: 'enabled' }, { status: 'failed' }],
    records: { items: [{ type: 'mx' }] },
  })
  expect(cache.read('mont-fictif.example')?.row.attempt?.failure.code).toBe('timeout')
  expect(cache.jobs.interruptAll(1)).toBe(1)
  expect(cache.jobs.rows(1, 0, 10).map((row) => row.state)).toEqual(['done', 'not-done'])
})

test('faults 59: a desk of version 1 is read by this version', async () => {
  const path = folder()
  write(join(path, 'desk.db'), sql('desk-1.sql'))
  const desk = openDeskIn(path)
  expect(await desk.verify()).toEqual([])
  expect(await desk.journal({ subject: null, limit: 10 })).toMatchObject([
    { subject: 'mont-fictif.example', state: 'running' },
    { subject: 'val-fictif.example', state: 'done', after: { status: 'enabled' } },
  ])
  expect(await desk.readSetting('view.domains')).toMatchObject({ text: 'val' })
})

test('faults 59: a cache of version 1 learns the contexts that its latest answers named', () => {
  const path = folder()
  write(
    join(path, 'cache.db'),
    `${sql('cache-1.sql')}
    UPDATE snapshot SET answer = json_set(answer, '$.context_name', CASE id WHEN 1 THEN 'ancien' ELSE 'ctx' END);
    INSERT INTO domain (id, name, status, urgency, repair, failing, since, since_exact, fetched_at, snapshot_id)
      VALUES (3, 'a.example', 'enabled', 4, 'nothing', '[]', 1, 0, 1, 4), (4, 'b.example', 'enabled', 4, 'nothing', '[]', 1, 0, 1, 5);
    INSERT INTO snapshot VALUES (4, 3, 1, 'enabled', '{"context_name":7}'), (5, 4, 1, 'enabled', 'no JSON');`,
  )
  const cache = openCacheIn(path)
  expect(cache.contextOf('val-fictif.example')).toEqual(['val-fictif.example', 'mont-fictif.example'])
  expect([cache.contextOf('a.example'), cache.contextOf('b.example')]).toEqual([['a.example'], ['b.example']])
  expect([
    cache.mailboxes.listedAt('val-fictif.example'),
    cache.read('val-fictif.example')?.row.mailboxes,
  ]).toEqual([null, 12])
})

test('faults 59: a cache of version 2 is read by this version', () => {
  const path = folder()
  write(join(path, 'cache.db'), sql('cache-2.sql'))
  const { mailboxes, aliases, contextOf } = openCacheIn(path)
  const val = 'val-fictif.example'
  expect(contextOf(val)).toEqual([val, 'mont-fictif.example'])
  const rows = mailboxes.list({ ...everyMailbox(val), sort: 'secondary' }).rows
  expect(rows.map((row) => [row.localPart, row.kind, row.goneAt === null])).toEqual([
    ['camille.epinard', 'person', true],
    ['accueil', 'functional', true],
    ['ancien', 'person', false],
  ])
  expect([mailboxes.search('épinard', null, 9).length, mailboxes.search('ancien', null, 9).length]).toEqual([
    1, 0,
  ])
  expect([mailboxes.listedAt(val), aliases.listedAt(val)]).toEqual([1795165210001, 1795165210000])
  expect(aliases.search('devnull', null, 9)).toMatchObject([{ localPart: 'mairie', destinations: [{}, {}] }])
})

test('faults 59: a cache of version 3 is read by this version', () => {
  const path = folder()
  write(join(path, 'cache.db'), sql('cache-3.sql'))
  const cache = openCacheIn(path)
  const val = 'val-fictif.example'
  expect(cache.names({ text: 'Régie des', status: 'all' })).toEqual([val])
  expect([...cache.attributeMatches('régie')]).toEqual([val, 'pas-encore.example'])
  cache.mirrorAttributes([])
  expect(cache.names({ text: 'régie', status: 'all' })).toEqual([])
})

test('faults 59: a cache of version 4 is read by this version', () => {
  const path = folder()
  write(join(path, 'cache.db'), sql('cache-4.sql'))
  const cache = openCacheIn(path)
  const val = 'val-fictif.example'
  expect(cache.readDiagnosis(val)).toMatchObject({
    diagnosis: { domain: val, at: 1795165220000, records: [{ verdict: 'incorrect', answers: [{}, {}, {}] }] },
    reading: { domain: val, dnssec: 'unsigned' },
  })
  expect(cache.readDiagnosis('mont-fictif.example')).toBeNull()
  expect(cache.unknownCodes()).toMatchObject([{ check: 'mx', code: 'mx_fictif', count: 3, domain: val }])
  expect(cache.jobs.rows(1, 0, 3).map(({ toCorrect }) => toCorrect)).toEqual([null, null, 2])
})

test.each([1, 2, 3])('faults 59: a cache of version %i learns diagnoses and codes', (version) => {
  const path = folder()
  write(join(path, 'cache.db'), sql(`cache-${version}.sql`))
  const cache = openCacheIn(path)
  const diagnosis = diagnosisOf([['right']])
  cache.storeDiagnosis(diagnosis, readingOf(diagnosis))
  cache.countUnknown([{ check: 'mx', code: 'mx_fictif', domain: diagnosis.domain }], 1)
  expect(cache.readDiagnosis(diagnosis.domain)?.diagnosis).toEqual(diagnosis)
  expect(cache.unknownCodes()).toHaveLength(1)
})

test.each([1, 2, 3])('faults 59: a cache of version %i learns attributes and forgets domains', (version) => {
  const path = folder()
  write(join(path, 'cache.db'), sql(`cache-${version}.sql`))
  const cache = openCacheIn(path)
  const [val, mont] = ['val-fictif.example', 'mont-fictif.example']
  const provisioned = { attributes: { a: 'Régie' }, oidcAutojoin: false, identitySync: false, at: 1 }
  cache.putAttributes({ ...provisioned, domain: val })
  expect(cache.names({ text: 'regie', status: 'all' })).toEqual([val])
  expect(cache.forgetOutside([mont])).toBe(1)
  expect(cache.names({ text: '', status: 'all' })).toEqual([mont])
})

test('faults 59: a desk of version 2 is read by this version', async () => {
  const path = folder()
  write(join(path, 'desk.db'), sql('desk-2.sql'))
  const desk = openDeskIn(path)
  expect(await desk.verify()).toEqual([])
  expect(await desk.inDoubt()).toMatchObject([
    { action: 'mailbox.create', target: 'camille.epinard@val-fictif.example' },
  ])
  expect(await desk.journal({ subject: null, limit: 9 })).toHaveLength(3)
  expect(await desk.waiting.list('mont-fictif.example')).toMatchObject([
    { localPart: 'zoe.radis', state: 'waiting' },
  ])
  expect(await desk.secondary.list(null)).toHaveLength(1)
  expect(await desk.accesses.list('val-fictif.example')).toMatchObject([{ role: 'owner' }])
  expect(readdirSync(path).filter((name) => name.includes('before'))).toEqual([])
})

test('faults 59: a migration that fails leaves the version before it', () => {
  const file = join(folder(), 'steps.db')
  const one = { version: 1, up: 'CREATE TABLE a (x)' }
  const two = { version: 2, up: 'CREATE TABLE b (x); INSERT INTO absente VALUES (1)' }
  const shape: DatabaseShape = { applicationId: 7, synchronous: 'FULL', migrations: [one] }
  unwrap(openDatabase(file, shape)).close()
  expect(openDatabase(file, { ...shape, migrations: [one, two] })).toMatchObject({
    failure: { code: 'storage', reason: 'unwritable' },
  })
  const db = new Database(file)
  expect(pragma(db, 'user_version')).toBe(1)
  expect(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()).toEqual([{ name: 'a' }])
  db.close()
})

/** A sound cache of some pages, closed, and what a fault then does to its file. */
const damages: { title: string; damage: (file: string) => void }[] = [
  { title: 'an empty file', damage: (file) => truncateSync(file, 0) },
  { title: 'a file cut in a page', damage: (file) => truncateSync(file, 5000) },
  { title: 'a file cut after its first page', damage: (file) => truncateSync(file, 4096) },
  { title: 'a file that is not a database', damage: (file) => writeFileSync(file, 'GARBAGE!'.repeat(2000)) },
  { title: 'a page of zeros', damage: (file) => overwrite(file, 4096, Buffer.alloc(4096)) },
  { title: 'a page of noise', damage: (file) => overwrite(file, 8192, Buffer.alloc(4096, 0xa5)) },
  { title: 'a header of noise', damage: (file) => overwrite(file, 0, Buffer.alloc(100, 0x5a)) },
  { title: "a stranger's database", damage: (file) => void write(clear(file), 'CREATE TABLE autre (x)') },
]
function overwrite(file: string, at: number, bytes: Buffer) {
  const whole = readFileSync(file)
  bytes.copy(whole, at)
  writeFileSync(file, whole)
}
function clear(file: string): string {
  truncateSync(file, 0)
  return file
}

describe('a damaged cache is put aside and begun again', () => {
  test.each(damages)('faults 57: $title', ({ damage }) => {
    const path = folder()
    const file = join(path, 'cache.db')
    const { cache: before } = unwrap(openCache(file, now))
    const names = Array.from({ length: 50 }, (_, index) => `d${index}.example`)
    before.storeAnswers(names.map((name) => answered(name, rawOf(name, 'failed'), 1)))
    before.close()
    damage(file)
    const damaged = readFileSync(file)
    writeFileSync(`${file}-wal`, 'journal of another run')
    writeFileSync(`${file}-shm`, 'index of another run')

    const { cache, aside } = unwrap(openCache(file, now))
    expect(aside).toBe(`${file}.damaged-2026-11-21T00-00-00-000Z`)
    expect(cache.counts().all).toBe(0)
    cache.storeAnswers([answered('neuve.example', rawOf('neuve.example', 'enabled'), 2)])
    expect(cache.list({ ...everything, text: 'neuve' }).total).toBe(1)
    cache.close()
    expect(readFileSync(`${aside}`).equals(damaged)).toBe(true)
    expect(readdirSync(path).filter((left) => left.includes('damaged'))).toHaveLength(3)
    const again = unwrap(openCache(file, now))
    expect([again.aside, again.cache.counts().all]).toEqual([null, 1])
    again.cache.close()
  })

  test('faults 57: a journal left by another database is not played into it', () => {
    const path = folder()
    const file = join(path, 'cache.db')
    unwrap(openCache(file, now)).cache.close()
    writeFileSync(`${file}-wal`, Buffer.alloc(8192, 0x37))
    const { cache, aside } = unwrap(openCache(file, now))
    expect([aside, cache.counts().all]).toEqual([null, 0])
    cache.close()
  })
})

test('faults 56: a folder that cannot be written is told, not thrown', () => {
  const file = join(folder(), 'a-file')
  writeFileSync(file, '')
  expect(openCache(join(file, 'cache.db'), now)).toMatchObject({
    ok: false,
    failure: { code: 'storage', reason: 'unwritable' },
  })
  expect(existsSync(join(file, 'cache.db'))).toBe(false)
})
