import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { accessKey as keyOfRights } from '../../main/rights/keys.ts'
import { accessKey } from '../../main/store/access-changes.ts'
import { openDatabase } from '../../main/store/database.ts'
import { type AccessChange, createDesk, type Desk, deskShape } from '../../main/store/desk.ts'
import { unwrap } from '../../preload/failure.ts'
import { folder } from '../fakes/folders.ts'
import { openDeskIn } from '../fakes/stores.ts'
import { accessOf, granted } from './store-accesses-given.ts'

const by = { actor: 'sub-camille', at: 9 }
const kept = accessOf('valdore.example', { role: 'viewer' })
const removed = accessOf('etangs.example')

/** A desk with two accesses, and what it holds: to be compared with what it holds later. */
async function deskWithTwo(desk = openDeskIn()) {
  for (const one of [kept, removed])
    await desk.accesses.add(accessKey(one.domain, one.person), one.domain, one)
  return { desk, before: await held(desk) }
}
const held = async (desk: Desk) => ({
  accesses: await desk.accesses.list(null),
  journal: await desk.journal({ subject: null, limit: 99 }),
})

const promoted = { ...kept, role: 'administrator' as const, at: 9 }
const plan: AccessChange[] = [
  granted('nouveau.example'),
  { action: 'access.change', was: kept, wanted: promoted },
  { action: 'access.remove', was: removed, wanted: null },
]

test('entitlements 48: accesses and their rows of the journal are written together', async () => {
  const { desk } = await deskWithTwo()
  await desk.changeAccesses(plan, by)
  const { accesses, journal } = await held(desk)
  expect(accesses).toEqual([promoted, accessOf('nouveau.example')])
  expect(
    journal.map(({ action, subject, target, actor, before, state, settledAt }) => ({
      action,
      subject,
      target,
      actor,
      before,
      state,
      settledAt,
    })),
  ).toEqual(
    plan.toReversed().map(({ action, was, wanted }) => ({
      action,
      subject: (wanted ?? was)?.domain,
      target: 'sub-camille',
      actor: 'sub-camille',
      before: { was, wanted },
      state: 'done',
      settledAt: 9,
    })),
  )
  expect([await desk.verify(), await desk.inDoubt(), await desk.settleAbandoned(10)]).toEqual([[], [], []])
})

test('entitlements 48: one that is refused by its shape in the middle leaves everything as it was', async () => {
  const { desk, before } = await deskWithTwo()
  const unfit = granted('long.example', { at: -1 })
  await expect(desk.changeAccesses([...plan, unfit, granted('dernier.example')], by)).rejects.toThrow()
  expect(await held(desk)).toEqual(before)
})

test('entitlements 48: a write that the database refuses leaves everything as it was', async () => {
  const db = unwrap(openDatabase(join(folder(), 'desk.db'), deskShape))
  onTestFinished(() => void db.close())
  const { desk, before } = await deskWithTwo(createDesk(db))
  db.exec(`CREATE TRIGGER full BEFORE DELETE ON record BEGIN SELECT raise(ABORT, 'no room'); END`)
  await expect(desk.changeAccesses(plan, by)).rejects.toThrow('no room')
  expect(await held(desk)).toEqual(before)
})

test('entitlements 48: an access that somebody changed meanwhile leaves everything as it was', async () => {
  const { desk } = await deskWithTwo()
  await desk.accesses.put(accessKey(kept.domain, kept.person), kept.domain, { ...kept, role: 'owner' })
  const before = await held(desk)
  await expect(desk.changeAccesses(plan, by)).rejects.toMatchObject({
    failure: { code: 'conflict', reason: 'accesses-changed', details: { domain: 'valdore.example' } },
  })
  await expect(desk.changeAccesses([granted('valdore.example')], by)).rejects.toThrow('accesses-changed')
  expect(await held(desk)).toEqual(before)
})

test('entitlements 48: an access that changes hands leaves none behind', async () => {
  const { desk } = await deskWithTwo()
  const theirs = { ...removed, person: 'sub-dominique' }
  await desk.changeAccesses([{ action: 'access.change', was: removed, wanted: theirs }], by)
  expect(await desk.accesses.list(removed.domain)).toEqual([theirs])
})

test('entitlements 48: killed in the middle, the program finds the desk as it was', async () => {
  const path = folder()
  const { desk, before } = await deskWithTwo(openDeskIn(path))
  await desk.close()
  const program = resolve(import.meta.dirname, 'store-accesses-victim.ts')
  const { signal, stdout } = spawnSync(process.execPath, [program, path], { encoding: 'utf8' })
  expect([signal, stdout]).toEqual(['SIGKILL', 'writing\n'])
  const again = openDeskIn(path)
  expect(await held(again)).toEqual(before)
  expect([await again.verify(), await again.settleAbandoned(10)]).toEqual([[], []])
})

test('accesses are kept under the key by which they are found', () => {
  expect(accessKey('valdore.example', 'sub')).toBe(keyOfRights('valdore.example', 'sub'))
})
