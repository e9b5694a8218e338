import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { type Desk, openDesk } from '../../main/store/desk.ts'
import { failed, unwrap } from '../../preload/failure.ts'
import { folder } from '../fakes/folders.ts'
import { openDeskIn } from '../fakes/stores.ts'

const day = (n: number) => () => Date.UTC(2026, 10, n, 9)
const lost = failed('unknown-outcome', 'lost-answer', 'The answer was lost.').failure
const intent = (subject: string, at = 10) => ({
  action: 'repair' as const,
  subject,
  target: null,
  actor: 'agent-fictif',
  before: { status: 'failed', checks: [] },
  at,
})
const done = (at: number) => ({ state: 'done' as const, after: null, failure: null, at })

describe('the journal', () => {
  test('holds an intent before its outcome, and the outcome beside it', async () => {
    const desk = openDeskIn()
    const id = await desk.intend(intent('val-fictif.example'))
    expect(await desk.journal({ subject: 'val-fictif.example', limit: 5 })).toEqual([
      { id, ...intent('val-fictif.example'), state: 'running', after: null, failure: null, settledAt: null },
    ])
    await desk.settle(id, { state: 'unknown', after: { status: 'enabled' }, failure: lost, at: 20 })
    expect(await desk.journal({ subject: null, limit: 5 })).toMatchObject([
      { id, state: 'unknown', after: { status: 'enabled' }, failure: lost, settledAt: 20 },
    ])
  })

  test('is read by subject, the latest first, as many as asked', async () => {
    const desk = openDeskIn()
    for (const subject of ['a.example', 'b.example', 'a.example']) await desk.intend(intent(subject))
    const ids = async (subject: string | null, limit: number) =>
      (await desk.journal({ subject, limit })).map((row) => row.id)
    expect(await ids(null, 10)).toEqual([3, 2, 1])
    expect(await ids(null, 2)).toEqual([3, 2])
    expect(await ids('a.example', 10)).toEqual([3, 1])
    expect(await ids('A.example', 10)).toEqual([])
  })

  test('settles as unknown what an earlier run left without an answer, once', async () => {
    const desk = openDeskIn()
    const settled = await desk.intend(intent('a.example'))
    await desk.settle(settled, done(11))
    await desk.intend(intent('b.example'))
    expect(await desk.settleAbandoned(99)).toEqual(['b.example'])
    expect(await desk.settleAbandoned(100)).toEqual([])
    expect(await desk.journal({ subject: 'b.example', limit: 1 })).toMatchObject([
      { state: 'unknown', failure: { code: 'unknown-outcome', reason: 'interrupted' }, settledAt: 99 },
    ])
  })
})

describe('the chain of the journal', () => {
  async function written(path: string) {
    const { desk } = unwrap(openDesk(join(path, 'desk.db'), day(1)))
    for (const subject of ['a.example', 'b.example', 'c.example'])
      await desk.settle(await desk.intend(intent(subject)), done(20))
    await desk.close()
  }
  const edits = [
    {
      title: 'an edited body',
      sql: "UPDATE journal SET body = replace(body, 'a.example', 'z.example') WHERE id = 1",
      wrong: ['1'],
    },
    { title: 'a moved date', sql: 'UPDATE journal SET at = at + 1 WHERE id = 3', wrong: ['3'] },
    {
      title: 'an outcome given to another intent',
      sql: 'UPDATE journal SET intent = 1 WHERE id = 4',
      wrong: ['4'],
    },
    { title: 'a removed row', sql: 'DELETE FROM journal WHERE id = 2', wrong: ['3'] },
    {
      title: 'a row whose hash was made again',
      sql: "UPDATE journal SET hash = 'ab' WHERE id = 2",
      wrong: ['2', '3'],
    },
    { title: 'nothing', sql: 'SELECT 1', wrong: [] },
  ]
  test.each(edits)('faults 57: shows $title', async ({ sql, wrong }) => {
    const path = folder()
    await written(path)
    const db = new Database(join(path, 'desk.db'))
    db.pragma('foreign_keys = OFF')
    db.exec(sql)
    db.close()
    expect(await openDeskIn(path).verify()).toEqual(wrong)
  })
})

test('a setting is read as it was written, and undefined before', async () => {
  const desk = openDeskIn()
  expect(await desk.readSetting('view')).toBeUndefined()
  await desk.writeSetting('view', { text: "d'Oye \u{1F3E1}" })
  await desk.writeSetting('view', { text: 'neuf' })
  expect(await desk.readSetting('view')).toEqual({ text: 'neuf' })
})

describe('a desk', () => {
  const subjects = async (desk: Desk) =>
    (await desk.journal({ subject: null, limit: 9 })).map((row) => row.subject)

  /** A desk opened on two days: a backup of the first day holds one row, one of the second two. */
  async function twoDays() {
    const path = folder()
    const file = join(path, 'desk.db')
    for (const [n, subject] of [
      [1, 'a.example'],
      [2, 'b.example'],
    ] as const) {
      const { desk } = unwrap(openDesk(file, day(n)))
      await desk.settle(await desk.intend(intent(subject)), done(20))
      await desk.close()
    }
    const { desk } = unwrap(openDesk(file, day(3)))
    await desk.close()
    return { path, file }
  }

  const damages: { title: string; kept: boolean; damage: (file: string) => void }[] = [
    { title: 'noise', kept: true, damage: (file) => writeFileSync(file, 'noise'.repeat(5000)) },
    { title: 'a cut', kept: true, damage: (file) => truncateSync(file, 6000) },
    { title: 'emptiness', kept: true, damage: (file) => truncateSync(file, 0) },
    { title: 'absence', kept: false, damage: (file) => rmSync(file) },
  ]

  test.each(damages)(
    'faults 60: damaged by $title is restored from its latest backup',
    async ({ damage, kept }) => {
      const { path, file } = await twoDays()
      damage(file)
      const { desk, restored } = unwrap(openDesk(file, day(3)))
      expect(restored).toBe('desk.db.backup-2026-11-03')
      expect(await subjects(desk)).toEqual(['b.example', 'a.example'])
      expect(await desk.verify()).toEqual([])
      await desk.intend(intent('c.example'))
      await desk.close()
      const again = unwrap(openDesk(file, day(4)))
      expect([again.restored, (await subjects(again.desk)).length]).toEqual([null, 3])
      await again.desk.close()
      expect(readdirSync(path).some((left) => left.includes('.damaged-'))).toBe(kept)
    },
  )

  test('faults 60: a backup that is damaged too is passed over, and one that is empty', async () => {
    const { path, file } = await twoDays()
    writeFileSync(join(path, 'desk.db.backup-2026-11-03'), '')
    writeFileSync(join(path, 'desk.db.backup-2026-11-02'), 'noise')
    writeFileSync(file, 'noise')
    const { desk, restored } = unwrap(openDesk(file, day(3)))
    expect(restored).toBe('desk.db.backup-2026-11-01')
    expect(await subjects(desk)).toEqual([])
    await desk.close()
  })

  test('faults 57: with no sound backup is refused, and left as it is', async () => {
    const { path, file } = await twoDays()
    for (const left of readdirSync(path)) if (left.includes('backup')) rmSync(join(path, left))
    writeFileSync(file, 'noise'.repeat(5000))
    expect(openDesk(file, day(3))).toMatchObject({
      ok: false,
      failure: { code: 'storage', reason: 'desk-damaged' },
    })
    expect(readFileSync(file, 'utf8')).toBe('noise'.repeat(5000))
  })

  test('whose file was created and never written is begun again', async () => {
    const file = join(folder(), 'desk.db')
    writeFileSync(file, '')
    const { desk, restored } = unwrap(openDesk(file, day(1)))
    expect([restored, await subjects(desk)]).toEqual([null, []])
    await desk.close()
  })

  test('keeps one backup a day, of the last three days', async () => {
    const path = folder()
    for (const n of [1, 1, 2, 3, 4]) {
      const { desk } = unwrap(openDesk(join(path, 'desk.db'), day(n)))
      await desk.close()
    }
    expect(
      readdirSync(path)
        .filter((left) => left.includes('backup'))
        .sort(),
    ).toEqual(['desk.db.backup-2026-11-02', 'desk.db.backup-2026-11-03', 'desk.db.backup-2026-11-04'])
  })
})

test('a setting that cannot be read is as one that was never written', async () => {
  const path = folder()
  const desk = openDeskIn(path)
  await desk.writeSetting('view.domains', { text: 'a' })
  const db = new Database(join(path, 'desk.db'))
  db.prepare('UPDATE setting SET value = ?').run('{"text":')
  db.close()
  expect(await desk.readSetting('view.domains')).toBeUndefined()
})
