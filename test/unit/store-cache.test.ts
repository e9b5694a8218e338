import { describe, expect, test } from 'vitest'
import { spansOf } from '../../main/api/history.ts'
import { canonical } from '../../main/store/canonical.ts'
import { failed } from '../../preload/failure.ts'
import { answered, everything, openCacheIn, rawOf } from '../fakes/stores.ts'

const name = 'commune-fictive.example'
const down = failed('timeout', 'headers', 'dimail was too slow.').failure
const rowOf = (cache: ReturnType<typeof openCacheIn>, of = name) => cache.read(of)?.row

describe('an answer', () => {
  test('of a new domain: seen since now, and perhaps for longer', () => {
    const cache = openCacheIn()
    cache.storeAnswers([answered(name, rawOf(name, 'failed'), 10)])
    expect(rowOf(cache)).toEqual({
      name,
      status: 'failed',
      failing: ['ox'],
      repair: 'possible',
      since: 10,
      sinceExact: false,
      checkedAt: 10,
      attempt: null,
      fetchedAt: 10,
      mailboxes: null,
    })
  })

  test('from a list is no check', () => {
    const cache = openCacheIn()
    cache.storeAnswers([answered(name, rawOf(name, 'enabled'), 10, false)])
    expect(rowOf(cache)).toMatchObject({ checkedAt: null, fetchedAt: 10 })
    cache.storeAnswers([answered(name, rawOf(name, 'enabled'), 20)])
    cache.storeAnswers([answered(name, rawOf(name, 'enabled'), 30, false)])
    expect(rowOf(cache)).toMatchObject({ checkedAt: 20, fetchedAt: 30 })
  })

  test('that says the same, in another order of keys, is no new snapshot', () => {
    const cache = openCacheIn()
    const raw = rawOf(name, 'enabled', { features: ['webmail', 'mailbox'], ox: { internal: true, ok: true } })
    const mirrored = Object.fromEntries(
      Object.entries({ ...raw, ox: { ok: true, internal: true } }).reverse(),
    )
    cache.storeAnswers([answered(name, raw, 10)])
    cache.storeAnswers([answered(name, mirrored, 20)])
    expect(cache.read(name)?.snapshots).toHaveLength(1)
    expect(rowOf(cache)).toMatchObject({ since: 10, sinceExact: false, checkedAt: 20 })
    expect(canonical(raw)).toBe(canonical(mirrored))
    expect(canonical({ list: [2, 1] })).not.toBe(canonical({ list: [1, 2] }))
  })

  test('that changes the details keeps the status since when it was', () => {
    const cache = openCacheIn()
    cache.storeAnswers([answered(name, rawOf(name, 'failed'), 10)])
    cache.storeAnswers([answered(name, rawOf(name, 'failed', { cert: { ok: false, internal: true } }), 20)])
    expect(cache.read(name)?.snapshots.map((snapshot) => snapshot.at)).toEqual([20, 10])
    expect(rowOf(cache)).toMatchObject({ failing: ['ox', 'cert'], since: 10, sinceExact: false })
  })

  test('that changes the status dates it exactly', () => {
    const cache = openCacheIn()
    cache.storeAnswers([answered(name, rawOf(name, 'failed'), 10)])
    cache.storeAnswers([answered(name, rawOf(name, 'enabled'), 20)])
    cache.storeAnswers([answered(name, rawOf(name, 'enabled', { delivery: 'relay' }), 30)])
    expect(rowOf(cache)).toMatchObject({ status: 'enabled', since: 20, sinceExact: true, failing: [] })
  })

  test('faults 79: is the latest although the clock was put back', () => {
    const cache = openCacheIn()
    cache.storeAnswers([answered(name, rawOf(name, 'failed'), 5000)])
    cache.storeAnswers([answered(name, rawOf(name, 'enabled'), 10)])
    expect(cache.read(name)?.snapshots[0]).toMatchObject({ at: 10, status: 'enabled' })
  })

  test('and what must go with it are stored together or not at all', () => {
    const cache = openCacheIn()
    const storing = () =>
      cache.storeAnswers([answered(name, rawOf(name, 'enabled'), 10)], () => {
        throw new Error('the row of the job could not be written')
      })
    expect(storing).toThrow('the row of the job')
    expect(cache.read(name)).toBeNull()
    expect(cache.counts().all).toBe(0)
  })
})

describe('an attempt that failed', () => {
  test('is kept beside the last good check, and changes no status', () => {
    const cache = openCacheIn()
    cache.storeAnswers([answered(name, rawOf(name, 'failed'), 10)])
    cache.storeAttempt(name, down, 20)
    expect(rowOf(cache)).toMatchObject({
      status: 'failed',
      checkedAt: 10,
      attempt: { at: 20, failure: down },
    })
    expect(cache.read(name)?.snapshots).toHaveLength(1)
  })

  test('is forgotten after a good check, but not after a list', () => {
    const cache = openCacheIn()
    cache.storeAnswers([answered(name, rawOf(name, 'failed'), 10)])
    cache.storeAttempt(name, down, 20)
    cache.storeAnswers([answered(name, rawOf(name, 'failed'), 30, false)])
    expect(rowOf(cache)?.attempt).toMatchObject({ at: 20 })
    cache.storeAnswers([answered(name, rawOf(name, 'failed'), 40)])
    expect(rowOf(cache)?.attempt).toBeNull()
  })

  test('on a domain that nobody knows is no domain', () => {
    const cache = openCacheIn()
    cache.storeAttempt(name, down, 20)
    expect(cache.counts().all).toBe(0)
  })
})

describe('a domain that dimail lists no more', () => {
  test('leaves the table and the counts, keeps its history, and may come back', () => {
    const cache = openCacheIn()
    cache.storeAnswers([answered(name, rawOf(name, 'failed'), 10)])
    cache.markGone([name, 'inconnue.example'], 20)
    expect(cache.list(everything)).toEqual({ rows: [], total: 0 })
    expect(cache.list({ ...everything, text: 'fictive' }).total).toBe(0)
    expect(cache.counts()).toMatchObject({ all: 0, failed: 0, repairable: 0 })
    expect(cache.names(everything)).toEqual([])
    expect(cache.read(name)).toMatchObject({ gone: true, snapshots: [{ at: 10 }] })
    cache.storeAnswers([answered(name, rawOf(name, 'failed'), 30, false)])
    expect(cache.read(name)).toMatchObject({ gone: false, row: { since: 10 } })
    expect(cache.names(everything)).toEqual([name])
  })
})

test('expected records are replaced whole, in their order, and not kept for a domain that is not known', () => {
  const cache = openCacheIn()
  const mx = { target: '', type: 'mx', value: 'mx.fictif.example.' }
  const spf = { target: '', type: 'txt', value: 'v=spf1 -all' }
  cache.storeRecords(name, [mx], 5)
  expect(cache.read(name)).toBeNull()
  cache.storeAnswers([answered(name, rawOf(name, 'enabled'), 10)])
  expect(cache.read(name)?.records).toBeNull()
  cache.storeRecords(name, [mx, spf], 20)
  cache.storeRecords(name, [spf, mx], 30)
  expect(cache.read(name)?.records).toEqual({ fetchedAt: 30, items: [spf, mx] })
  cache.storeRecords(name, [], 40)
  expect(cache.read(name)?.records).toEqual({ fetchedAt: 40, items: [] })
  expect(cache.latest()).toMatchObject([{ name, mailboxes: null, records: [] }])
})

test('mailboxes are counted where the count is unknown or old, the unknown first', () => {
  const cache = openCacheIn()
  const names = ['a.example', 'b.example', 'c.example']
  cache.storeAnswers(names.map((each) => answered(each, rawOf(each, 'enabled'), 10)))
  cache.storeMailboxCount('a.example', 417, 20)
  cache.storeMailboxCount('b.example', 0, 40)
  expect(rowOf(cache, 'a.example')?.mailboxes).toBe(417)
  expect(cache.namesToCount(30, 10)).toEqual(['c.example', 'a.example'])
  expect(cache.namesToCount(50, 2)).toEqual(['c.example', 'a.example'])
  cache.markGone(['c.example'], 50)
  expect(cache.namesToCount(30, 10)).toEqual(['a.example'])
})

test('automatic calls are counted by the day', () => {
  const cache = openCacheIn()
  const spent = Array.from({ length: 4 }, () => cache.spendAutomatic('2026-11-20', 3))
  expect(spent).toEqual([true, true, true, false])
  expect(cache.spendAutomatic('2026-11-21', 1)).toBe(true)
  expect(cache.spendAutomatic('2026-11-21', 1)).toBe(false)
})

test('counts are over the whole fleet, with the age of the list', () => {
  const cache = openCacheIn()
  expect(cache.counts()).toMatchObject({ all: 0, fetchedAt: null })
  const statuses = [
    'pending',
    'enabled',
    'enabled',
    'action_required',
    'failed',
    'failed',
    'disabled',
  ] as const
  cache.storeAnswers(
    statuses.map((status, index) => answered(`d${index}.example`, rawOf(`d${index}.example`, status), 10)),
  )
  cache.setFleetFetchedAt(99)
  expect(cache.counts()).toEqual({
    all: 7,
    pending: 1,
    enabled: 2,
    action_required: 1,
    failed: 2,
    disabled: 1,
    repairable: 2,
    fetchedAt: 99,
  })
  expect(cache.fleetFetchedAt()).toBe(99)
})

describe('the history of a domain', () => {
  test('tells how long the status and each check stayed as they were', () => {
    const cache = openCacheIn()
    const store = (status: Parameters<typeof rawOf>[1], at: number, more = {}) =>
      cache.storeAnswers([answered(name, rawOf(name, status, more), at)])
    store('enabled', 10)
    store('failed', 20)
    store('failed', 30, { delivery: 'relay' })
    store('enabled', 40)
    const { statusSpans, checkSpans } = spansOf(cache.read(name)?.snapshots ?? [], 55)
    expect(statusSpans).toEqual([
      { status: 'enabled', from: 10, to: 20 },
      { status: 'failed', from: 20, to: 40 },
      { status: 'enabled', from: 40, to: 55 },
    ])
    expect(checkSpans.filter((span) => span.key === 'ox')).toEqual([
      { key: 'ox', state: 'ok', from: 10, to: 20 },
      { key: 'ox', state: 'failing', from: 20, to: 40 },
      { key: 'ox', state: 'ok', from: 40, to: 55 },
    ])
    expect(checkSpans.filter((span) => span.key === 'mx')).toEqual([
      { key: 'mx', state: 'ok', from: 10, to: 55 },
    ])
  })

  test('ends with the answer that came last, were two of one millisecond', () => {
    const cache = openCacheIn()
    cache.storeAnswers([answered(name, rawOf(name, 'failed'), 10)])
    cache.storeAnswers([answered(name, rawOf(name, 'action_required'), 10)])
    const { statusSpans } = spansOf(cache.read(name)?.snapshots ?? [], 20)
    expect(statusSpans.at(-1)).toEqual({ status: 'action_required', from: 10, to: 20 })
  })

  test('leaves a gap where a check was not told', () => {
    const cache = openCacheIn()
    cache.storeAnswers([answered(name, rawOf(name, 'enabled', { cert: { ok: true } }), 10)])
    cache.storeAnswers([answered(name, rawOf(name, 'enabled'), 20)])
    cache.storeAnswers([answered(name, rawOf(name, 'enabled', { cert: { ok: true } }), 30)])
    const { checkSpans } = spansOf(cache.read(name)?.snapshots ?? [], 40)
    expect(checkSpans.filter((span) => span.key === 'cert').map(({ from, to }) => [from, to])).toEqual([
      [10, 20],
      [30, 40],
    ])
  })
})
