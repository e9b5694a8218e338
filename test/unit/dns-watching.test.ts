import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createBudget } from '../../main/diagnosis/budget.ts'
import { type Pace, sandboxPace } from '../../main/diagnosis/watch.ts'
import { createWatching } from '../../main/diagnosis/watching.ts'
import type { Desk } from '../../main/store/desk.ts'
import type { Diagnosis } from '../../preload/dns-shapes.ts'
import { failed, ok, type Result, unwrap } from '../../preload/failure.ts'
import { diagnosisOf, type Word } from '../fakes/diagnoses.ts'
import { folder } from '../fakes/folders.ts'
import { openDeskIn } from '../fakes/stores.ts'

const minute = 60_000
const hour = 60 * minute
const val = 'val-fictif.example'
const mont = 'mont-fictif.example'

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 21) })
})
afterEach(() => {
  vi.useRealTimers()
})

type Opened = ReturnType<typeof open>
function open({
  desk = openDeskIn(),
  words = ['wrong', 'wrong'],
  random = 0,
  ...more
}: {
  desk?: Desk
  words?: readonly Word[]
  random?: number
  hourly?: number
  pace?: Pace
  diagnose?: (domain: string) => Promise<Result<Diagnosis>>
} = {}) {
  const state = { words, readable: null as readonly string[] | null, isThere: true, running: 0, most: 0 }
  const asked: { domain: string; at: number }[] = []
  const told: { domain: string; silent: readonly string[] }[] = []
  const changed: string[] = []
  const logged: string[] = []
  const background = new AbortController()
  const watching = createWatching({
    desk,
    now: Date.now,
    async diagnose(domain) {
      asked.push({ domain, at: Date.now() })
      return ok(diagnosisOf([state.words], { domain, at: Date.now() }))
    },
    isThere: () => state.isThere,
    mayRead: async (domain) => state.readable?.includes(domain) ?? true,
    told: ({ domain }, silent) => void told.push({ domain, silent }),
    changed: (domain) => void changed.push(domain),
    log: { warn: (event) => void logged.push(event), error: (event) => void logged.push(event) },
    signal: background.signal,
    random: () => random,
    ...more,
  })
  onTestFinished(() => watching.close())
  return { watching, desk, state, asked, told, changed, logged, background }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const pin = async ({ watching }: Opened, domain = val) => unwrap(await watching.pin(domain, 'agent-fictif'))

describe('a domain that waits for DNS', () => {
  test('field N11: is still listed to an agent who is only known, and asked about for nobody', async () => {
    const opened = open()
    await pin(opened)
    opened.state.isThere = false
    await pass(hour)
    expect((await opened.watching.list()).map(({ domain }) => domain)).toEqual([val])
    expect(opened.asked).toEqual([])
    opened.state.readable = [mont]
    expect(await opened.watching.list()).toEqual([])
  })

  test('field N11: is asked about, told once when it is right twice, and then left alone', async () => {
    const opened = open()
    await pin(opened)
    await pass(5 * minute)
    expect(opened.asked).toHaveLength(1)
    opened.state.words = ['right', 'right']
    await pass(10 * minute)
    expect(opened.told).toEqual([])
    await pass(2 * minute)
    expect(opened.told).toEqual([{ domain: val, silent: [] }])
    expect(await opened.watching.list()).toMatchObject([{ state: 'settled', agreed: 2, nextAt: null }])
    const { length } = opened.asked
    await pass(48 * hour)
    expect([opened.asked.length, opened.told.length]).toEqual([length, 1])
  })

  test('in the sandbox, is told within seconds', async () => {
    const opened = open({ words: ['right'], pace: sandboxPace })
    await pin(opened)
    await pass(9000)
    expect(opened.told).toHaveLength(1)
  })

  test('field N11: a server that never answers is named when it is told', async () => {
    const opened = open({ words: ['right', 'silent'] })
    await pin(opened)
    await pass(8 * minute)
    expect(opened.told).toEqual([{ domain: val, silent: ['ns1.hote.example'] }])
  })

  test('field N11: wrong again once it was told, it says so when an agent asks, and tells nobody', async () => {
    const opened = open({ words: ['right'] })
    await pin(opened)
    await pass(hour)
    for (const word of ['wrong', 'right', 'right'] as const) {
      await pass(hour)
      await opened.watching.seen(diagnosisOf([[word]], { at: Date.now() }))
      const [watch] = await opened.watching.list()
      if (word === 'wrong') expect(watch?.state).toBe('waiting')
    }
    expect(opened.told).toHaveLength(1)
    expect(await opened.desk.watches.get(val)).toMatchObject({ state: 'settled', nextAt: null })
  })

  test('what an agent asks for counts, once, and puts off what is asked unasked', async () => {
    const opened = open()
    await pin(opened)
    await pass(4 * minute)
    const diagnosis = diagnosisOf([['right']], { at: Date.now() })
    await Promise.all([opened.watching.seen(diagnosis), opened.watching.seen(diagnosis)])
    expect(await opened.desk.watches.get(val)).toMatchObject({ agreed: 1 })
    opened.state.words = ['right']
    await pass(minute)
    expect(opened.asked).toEqual([])
    await pass(minute)
    expect(opened.told).toHaveLength(1)
    await opened.watching.seen(diagnosisOf([['right']], { domain: 'autre.example' }))
    expect(await opened.desk.watches.list(null)).toHaveLength(1)
  })

  test('is pinned once, unpinned for good, and pinned anew after it was told', async () => {
    const opened = open({ words: ['right'] })
    const first = await pin(opened)
    await pass(minute)
    expect(await pin(opened)).toEqual(first)
    await pass(hour)
    expect(opened.told).toHaveLength(1)
    expect(await pin(opened)).toMatchObject({ state: 'waiting', agreed: 0, toldAt: null })
    await opened.watching.unpin(val)
    await opened.watching.unpin(val)
    await pass(hour)
    expect([await opened.watching.list(), opened.told.length]).toEqual([[], 1])
  })

  test('unpinned while it is being asked about, it does not come back', async () => {
    const answer = Promise.withResolvers<Result<Diagnosis>>()
    const opened = open({ diagnose: () => answer.promise })
    await pin(opened)
    await pass(5 * minute)
    await opened.watching.unpin(val)
    answer.resolve(ok(diagnosisOf([['right']])))
    await pass(hour)
    expect(await opened.desk.watches.list(null)).toEqual([])
  })

  test('the five hundred and first is refused in one sentence', async () => {
    const opened = open()
    const watch = await pin(opened)
    const others = Array.from({ length: 499 }, (_, place) => `d${place}.example`)
    await opened.desk.watches.addAll(
      others.map((domain) => ({ key: domain, domain, value: { ...watch, domain } })),
    )
    expect(await opened.watching.pin(mont, 'agent-fictif')).toMatchObject({
      failure: { code: 'not-possible', reason: 'too-many-watches', details: { most: 500 } },
    })
    expect(await pin(opened)).toEqual(watch)
  })
})

describe('who is at the console', () => {
  test('nobody: nothing is asked, and it goes on with who comes', async () => {
    const opened = open({ words: ['right'] })
    await pin(opened)
    opened.state.isThere = false
    await pass(24 * hour)
    expect([opened.asked, opened.told]).toEqual([[], []])
    opened.state.isThere = true
    await opened.watching.start()
    await pass(hour)
    expect(opened.told).toHaveLength(1)
  })

  test('may read some domains only: others are neither asked about nor listed nor told', async () => {
    const opened = open({ words: ['right'] })
    await pin(opened)
    await pin(opened, mont)
    opened.state.readable = [mont]
    await pass(2 * hour)
    expect(new Set(opened.asked.map(({ domain }) => domain))).toEqual(new Set([mont]))
    expect(opened.told.map(({ domain }) => domain)).toEqual([mont])
    expect((await opened.watching.list()).map(({ domain }) => domain)).toEqual([mont])
  })

  test('has gone when the answer comes: it stays to be told to who comes next', async () => {
    const opened: Opened = open({
      async diagnose(domain) {
        opened.state.isThere = false
        return ok(diagnosisOf([['right']], { domain, at: Date.now() }))
      },
    })
    await pin(opened)
    await pass(2 * hour)
    expect(await opened.desk.watches.get(val)).toMatchObject({ agreed: 0, toldAt: null })
  })

  test('field N11: has asked and gone when the answer comes: neither nobody nor who may not know is told', async () => {
    const opened = open({ words: ['right'] })
    await pin(opened)
    await pass(5 * minute)
    opened.state.isThere = false
    const asked = (domain: string) => diagnosisOf([['right']], { domain, at: Date.now() + hour })
    await opened.watching.seen(asked(val))
    Object.assign(opened.state, { isThere: true, readable: [mont] })
    await opened.watching.seen(asked(val))
    expect(opened.told).toEqual([])
    opened.state.readable = [val]
    await opened.watching.seen(asked(val))
    expect(opened.told).toHaveLength(1)
  })

  test('may not read a domain: it takes nothing of the budget of those that they may read', async () => {
    const opened = open({ hourly: 1 })
    await pin(opened, mont)
    await pin(opened)
    opened.state.readable = [val]
    await pass(10 * minute)
    expect(opened.asked.map(({ domain }) => domain)).toEqual([val])
  })
})

describe('what is asked, and when', () => {
  test('field N11: two at once, and no more in an hour than the budget', async () => {
    let running = 0
    let most = 0
    const at: number[] = []
    const opened = open({
      hourly: 12,
      async diagnose(domain) {
        most = Math.max(most, ++running)
        at.push(Date.now())
        await new Promise((resolve) => setTimeout(resolve, 10_000))
        running--
        return ok(diagnosisOf([['wrong']], { domain, at: Date.now(), ttl: 60 }))
      },
    })
    for (let place = 0; place < 10; place++) await pin(opened, `d${place}.example`)
    await pass(6 * hour)
    expect(most).toBe(2)
    expect(at.length).toBeGreaterThan(60)
    for (const one of at)
      expect(at.filter((other) => other > one - hour && other <= one).length).toBeLessThanOrEqual(13)
  })

  test('after a restart goes on, and what is overdue is spread', async () => {
    const path = folder()
    const before = open({ desk: openDeskIn(path) })
    for (let place = 0; place < 20; place++) await pin(before, `d${place}.example`)
    await before.watching.close()
    await pass(24 * hour)
    expect(before.asked).toEqual([])
    let seed = 0
    const asked: number[] = []
    const after = createWatching({
      desk: openDeskIn(path),
      now: Date.now,
      async diagnose(domain) {
        asked.push(Date.now())
        return ok(diagnosisOf([['wrong']], { domain, at: Date.now() }))
      },
      isThere: () => true,
      mayRead: () => true,
      told() {},
      changed() {},
      log: { warn() {}, error() {} },
      signal: new AbortController().signal,
      random: () => (seed++ % 20) / 20,
    })
    onTestFinished(() => after.close())
    const startedAt = Date.now()
    await after.start()
    await pass(5 * minute)
    expect(asked).toHaveLength(20)
    expect(new Set(asked).size).toBeGreaterThan(15)
    expect(Math.max(...asked) - startedAt).toBeGreaterThan(4 * minute)
  })

  test('after a sleep of the computer, or with a clock put back, nothing is asked all at once nor never', async () => {
    const opened = open({ random: 0.5 })
    await pin(opened)
    vi.setSystemTime(Date.now() + 9 * hour)
    await pass(8 * minute)
    expect(opened.asked).toHaveLength(0)
    await pass(2 * minute)
    expect(opened.asked).toHaveLength(1)
    vi.setSystemTime(Date.now() - 48 * hour)
    await pass(20 * minute)
    expect(opened.asked.length).toBeGreaterThan(1)
  })

  test.each([
    { title: 'fails', answer: async () => failed('not-found', 'domain', 'Unknown.') },
    { title: 'is cancelled', answer: async () => failed('cancelled', 'asked', 'Nobody waits.') },
    { title: 'throws', answer: () => Promise.reject(new Error('a bug')) },
  ])('a diagnosis that $title is asked for again, not at once', async ({ title, answer }) => {
    let times = 0
    const opened = open({
      diagnose() {
        times++
        return answer()
      },
    })
    await pin(opened)
    await pass(5 * minute)
    await pass(minute)
    expect(times).toBe(1)
    await pass(hour)
    expect(times).toBeGreaterThan(1)
    expect(opened.logged.length > 0).toBe(title !== 'is cancelled')
    expect(await opened.watching.list()).toMatchObject([{ state: 'waiting', lastAt: null }])
  })

  test('closed, it asks nothing more', async () => {
    const opened = open()
    await pin(opened)
    await opened.watching.close()
    await pass(24 * hour)
    expect(opened.asked).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})

test('a budget gives back what was spent an hour ago, and survives a clock that is put back', () => {
  let at = 10 * hour
  const budget = createBudget(2, () => at)
  expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([null, null, 11 * hour])
  at = 11 * hour
  expect(budget.spend()).toBeNull()
  at = 0
  expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([null, null, hour])
})

test('a watch that was altered on the desk is waited for by nobody, and told as damaged', async () => {
  const path = folder()
  const opened = open({ desk: openDeskIn(path), words: ['right'] })
  await pin(opened)
  await pin(opened, mont)
  const db = new Database(join(path, 'desk.db'))
  db.exec(`UPDATE record SET body = replace(body, '"agreed":0', '"agreed":1') WHERE key = '${val}'`)
  db.close()
  await pass(hour)
  expect(opened.told.map(({ domain }) => domain)).toEqual([mont])
  expect((await opened.watching.list()).map(({ domain }) => domain)).toEqual([mont])
  expect(await opened.desk.verify()).toEqual([`watches ${val}`])
  await pin(opened)
  expect(await opened.desk.verify()).toEqual([])
})
