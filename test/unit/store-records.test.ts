import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../main/store/database.ts'
import { openDesk } from '../../main/store/desk.ts'
import { failed, unwrap } from '../../preload/failure.ts'
import type { WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import { folder } from '../fakes/folders.ts'
import { openDeskIn } from '../fakes/stores.ts'

const home = 'val-fictif.example'
const waiting = (local: string, domain = home): WaitingMailbox => ({
  id: `${local}@${domain}`,
  domain,
  localPart: local,
  givenName: 'Lou',
  surName: 'Radis',
  displayName: `Lou Radis ${local}`,
  secondaryEmail: null,
  state: 'waiting',
  failure: null,
  by: 'agent-fictif',
  createdAt: 1,
  attemptedAt: null,
})
const entry = (local: string, domain = home) => {
  const value = waiting(local, domain)
  return { key: value.id, domain, value }
}

describe('a collection of the desk', () => {
  test('adds once, puts over, lists in the order of first writing, and removes', async () => {
    const { waiting: box } = openDeskIn()
    expect(await box.add('b', home, waiting('b'))).toBe(true)
    expect(await box.add('b', home, waiting('c'))).toBe(false)
    await box.put('a', 'mont.example', waiting('a', 'mont.example'))
    await box.put('b', home, { ...waiting('b'), state: 'failed' })
    expect((await box.list(null)).map((one) => [one.localPart, one.state])).toEqual([
      ['b', 'failed'],
      ['a', 'waiting'],
    ])
    expect((await box.list(home)).map((one) => one.localPart)).toEqual(['b'])
    expect([await box.get('a'), await box.get('absent')]).toEqual([waiting('a', 'mont.example'), null])
    expect([await box.remove('a'), await box.remove('a'), await box.get('a')]).toEqual([true, false, null])
  })

  test('adds many at once, and leaves those that are there as they were', async () => {
    const { waiting: box } = openDeskIn()
    await box.put('a@val-fictif.example', home, { ...waiting('a'), state: 'unknown' })
    expect(await box.addAll([entry('b'), entry('a'), entry('c')])).toEqual(['a@val-fictif.example'])
    expect((await box.list(home)).map((one) => one.state)).toEqual(['unknown', 'waiting', 'waiting'])
  })

  test('moves one to another key, both or neither', async () => {
    const { waiting: box } = openDeskIn()
    for (const local of ['a', 'b']) await box.put(local, home, waiting(local))
    await box.move('a', 'a', home, { ...waiting('a'), state: 'failed' })
    await box.move('b', 'c', home, waiting('c'))
    expect((await box.list(home)).map((one) => [one.localPart, one.state])).toEqual([
      ['a', 'failed'],
      ['c', 'waiting'],
    ])
    // A value that does not fit its shape is refused, and what it was to replace stays.
    const wrong = { ...waiting('d'), createdAt: -1 }
    await expect(box.move('c', 'd', home, wrong)).rejects.toThrow('createdAt')
    expect(await box.get('c')).toEqual(waiting('c'))
  })

  test('is read by the page, and in parts between which others have their turn', async () => {
    const { waiting: box } = openDeskIn()
    const locals = Array.from({ length: 600 }, (_, n) => `p${n}`)
    await box.addAll([...locals.map((local) => entry(local)), entry('x', 'mont.example')])
    const { rows, total } = await box.page(home, 598, 10)
    expect([rows.map((one) => one.localPart), total]).toEqual([['p598', 'p599'], 600])
    for (const [domain, all] of [
      [home, locals],
      [null, [...locals, 'x']],
    ] as const) {
      let turns = 0
      const count = () => {
        turns += 1
        immediate = setImmediate(count)
      }
      let immediate = setImmediate(count)
      const read: string[] = []
      const sizes: number[] = []
      for await (const some of box.inParts(domain)) {
        read.push(...some.map((one) => one.localPart))
        sizes.push(some.length)
      }
      clearImmediate(immediate)
      expect(read).toEqual(all)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(250)
      expect(turns).toBeGreaterThanOrEqual(2)
    }
  })

  test('is apart from the others, and keeps no more messages than it may', async () => {
    const desk = openDeskIn()
    await desk.secondary.put('k', home, { address: 'k', email: 'x@ailleurs.example' })
    expect(await desk.towns.get('k')).toBeNull()
    const message = (n: number) => ({
      key: String(n),
      domain: home,
      value: {
        id: String(n),
        kind: 'welcome' as const,
        domain: home,
        about: home,
        to: 'x@ailleurs.example',
        locale: 'fr' as const,
        state: 'sent' as const,
        failure: null,
        at: n,
        attempts: 1,
      },
    })
    await desk.messages.addAll(Array.from({ length: 5000 }, (_, n) => message(n)))
    const { key, domain, value } = message(5000)
    await desk.messages.add(key, domain, value)
    const kept = await desk.messages.list(null)
    expect([kept.length, kept[0]?.id, kept.at(-1)?.id]).toEqual([5000, '1', '5000'])
    expect(await desk.secondary.get('k')).not.toBeNull()
  })

  test('refuses as a bug a value that does not fit its shape', async () => {
    const desk = openDeskIn()
    await expect(desk.towns.put('a', home, { name: 3, supportEmail: '' } as never)).rejects.toThrow()
    await expect(desk.towns.addAll([{ key: 'a', domain: home, value: {} as never }])).rejects.toThrow()
    expect(await desk.towns.list(null)).toEqual([])
  })
})

describe('a record that was altered', () => {
  const hashed = (body: string) => sha256(JSON.stringify(['waiting', 'a@val-fictif.example', home, body]))
  const alterations = [
    { title: 'in its body', sql: `UPDATE record SET body = replace(body, 'Radis', 'Navet')` },
    { title: 'in its domain', sql: `UPDATE record SET domain = 'mont.example'` },
    { title: 'into no JSON', sql: `UPDATE record SET body = '{'` },
    { title: 'with its hash', sql: `UPDATE record SET body = '{"a":1}', hash = '${hashed('{"a":1}')}'` },
    { title: 'into no JSON with its hash', sql: `UPDATE record SET body = '{', hash = '${hashed('{')}'` },
  ]
  test.each(alterations)('faults 57: $title is given out to nobody, and told', async ({ sql }) => {
    const path = folder()
    const { desk } = unwrap(openDesk(join(path, 'desk.db'), () => 0))
    await desk.waiting.addAll([entry('a'), entry('b')])
    expect(await desk.verify()).toEqual([])
    await desk.close()
    const db = new Database(join(path, 'desk.db'))
    db.exec(`${sql} WHERE key = 'a@val-fictif.example'`)
    db.close()
    const again = openDeskIn(path)
    const key = 'a@val-fictif.example'
    expect(await again.damaged()).toEqual([{ kind: 'waiting', key }])
    expect(await again.verify()).toEqual([`waiting ${key}`])
    expect([await again.waiting.get(key), (await again.waiting.list(null)).length]).toEqual([null, 1])
    expect(await again.waiting.add(key, home, waiting('a'))).toBe(false)
    expect(await again.waiting.addAll([entry('a')])).toEqual([key])
    expect(await again.damaged()).toHaveLength(1)
    await again.waiting.put(key, home, waiting('a'))
    expect([await again.damaged(), await again.waiting.get(key)]).toEqual([[], waiting('a')])
  })
})

describe('the journal', () => {
  const lost = failed('unknown-outcome', 'lost-answer', 'The answer was lost.').failure
  const intent = (
    action: 'mailbox.create' | 'alias.delete' | 'repair',
    target: string | null,
    at: number,
  ) => ({
    action,
    subject: home,
    target,
    actor: 'agent-fictif',
    before: null,
    at,
  })
  const settled = (state: 'done' | 'unknown', at: number) => ({
    state,
    after: null,
    failure: state === 'done' ? null : lost,
    at,
  })

  test('is narrowed by target and by action', async () => {
    const desk = openDeskIn()
    await desk.intend(intent('mailbox.create', 'a@val-fictif.example', 1))
    await desk.intend(intent('alias.delete', 'a@val-fictif.example', 2))
    await desk.intend(intent('repair', null, 3))
    const ids = async (more: object) =>
      (await desk.journal({ subject: home, limit: 9, ...more })).map((row) => row.id)
    expect(await ids({ target: 'a@val-fictif.example' })).toEqual([2, 1])
    expect(await ids({ target: 'a@val-fictif.example', action: 'alias.delete' })).toEqual([2])
    expect(await ids({ subject: null, action: 'repair' })).toEqual([3])
    expect(await ids({ subject: 'mont.example', target: 'a@val-fictif.example' })).toEqual([])
    expect((await desk.journal({ subject: null, limit: 1 }))[0]?.target).toBeNull()
  })

  test('faults 38: tells which calls are in doubt, the oldest first, until they are settled', async () => {
    const desk = openDeskIn()
    const calls = []
    for (const [action, n] of [
      ['mailbox.create', 1],
      ['repair', 2],
      ['alias.delete', 3],
    ] as const) {
      const id = await desk.intend(intent(action, 'x', n))
      await desk.settle(id, settled('unknown', n))
      calls.push(id)
    }
    await desk.intend(intent('alias.delete', 'left', 9))
    expect(await desk.settleAbandoned(10)).toEqual([home])
    const targets = async () => (await desk.inDoubt()).map((row) => [row.action, row.target])
    expect(await targets()).toEqual([
      ['mailbox.create', 'x'],
      ['alias.delete', 'x'],
      ['alias.delete', 'left'],
    ])
    await desk.settle(calls[0] ?? 0, settled('done', 11))
    expect(await targets()).toEqual([
      ['alias.delete', 'x'],
      ['alias.delete', 'left'],
    ])
    expect(await desk.verify()).toEqual([])
  })

  test('faults 57: leaves out rows altered into something else, fills the page, and tells them', async () => {
    const path = folder()
    const { desk } = unwrap(openDesk(join(path, 'desk.db'), () => 0))
    for (const n of [1, 2, 3, 4]) await desk.intend(intent('mailbox.create', `x${n}`, n))
    await desk.settle(1, settled('done', 5))
    await desk.close()
    const db = new Database(join(path, 'desk.db'))
    db.exec(`UPDATE journal SET body = '{' WHERE id = 4; UPDATE journal SET body = '{"action":"rire"}' WHERE id = 3;
      UPDATE journal SET body = '[]' WHERE intent = 1`)
    db.close()
    const again = openDeskIn(path)
    await again.intend(intent('repair', null, 6))
    expect((await again.journal({ subject: home, limit: 2 })).map((row) => row.id)).toEqual([6, 2])
    expect(await again.verify()).toEqual(['3', '4', '5'])
    expect(await again.settleAbandoned(7)).toEqual([home, home])
  })
})

describe('a desk of version 1', () => {
  const day = () => Date.UTC(2026, 10, 21)
  const before = 'desk.db.backup-before-v2-2026-11-21'
  function old(): string {
    const path = folder()
    const db = new Database(join(path, 'desk.db'))
    db.exec(readFileSync(join(import.meta.dirname, 'fixtures', 'desk-1.sql'), 'utf8'))
    db.close()
    return path
  }
  const versionOf = (file: string) => {
    const db = new Database(file, { readonly: true })
    const version = db.pragma('user_version', { simple: true })
    db.close()
    return version
  }

  test('faults 59: is backed up before it becomes one of version 2, and that backup is kept', async () => {
    const path = old()
    for (const n of [0, 1, 2, 3, 4]) {
      const { desk } = unwrap(openDesk(join(path, 'desk.db'), () => day() + n * 86_400_000))
      expect((await desk.journal({ subject: null, limit: 9 })).map((row) => row.target)).toEqual([null, null])
      expect(await desk.verify()).toEqual([])
      await desk.close()
    }
    expect([versionOf(join(path, before)), versionOf(join(path, 'desk.db'))]).toEqual([1, 2])
    expect(readdirSync(path).filter((name) => name.includes('backup'))).toHaveLength(4)
  })

  test('faults 60: is restored from that backup, which stays as it is', async () => {
    const path = old()
    await unwrap(openDesk(join(path, 'desk.db'), day)).desk.close()
    writeFileSync(join(path, 'desk.db'), 'noise'.repeat(5000))
    writeFileSync(join(path, 'desk.db.backup-2026-11-21'), 'noise')
    const bytes = readFileSync(join(path, before))
    const { desk, restored } = unwrap(openDesk(join(path, 'desk.db'), day))
    expect([restored, await desk.verify()]).toEqual([before, []])
    expect(await desk.journal({ subject: 'val-fictif.example', limit: 9 })).toHaveLength(1)
    await desk.close()
    expect(readFileSync(join(path, before)).equals(bytes)).toBe(true)
  })

  test('faults 59: is refused, and left at version 1, when it cannot be backed up', () => {
    const path = old()
    // A folder in its place, which no file replaces: as on a full disk, the copy cannot be made.
    mkdirSync(join(path, before))

    expect(openDesk(join(path, 'desk.db'), day)).toMatchObject({
      ok: false,
      failure: { code: 'storage', reason: 'unwritable' },
    })
    expect([versionOf(join(path, 'desk.db')), existsSync(join(path, `${before}.part`))]).toEqual([1, false])
  })
})
