import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Cache, createCache } from '../../main/store/cache.ts'
import { cacheShape } from '../../main/store/cache-schema.ts'
import { openDatabase } from '../../main/store/database.ts'
import { unwrap } from '../../preload/failure.ts'
import { type DomainQuery, type DomainRow, sorts, statuses } from '../../preload/shapes.ts'
import { answered, everything, rawOf } from '../fakes/stores.ts'

function cacheInMemory(): Cache {
  const cache = createCache(unwrap(openDatabase(':memory:', cacheShape)))
  onTestFinished(() => cache.close())
  return cache
}

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/)
const entry = fc.record({
  name: fc.tuple(label, label).map((labels) => labels.join('.')),
  status: fc.constantFrom(...statuses),
  at: fc.integer({ min: 0, max: 9 }),
  checked: fc.boolean(),
  mailboxes: fc.option(fc.integer({ min: 0, max: 5 })),
  gone: fc.boolean(),
  /** The status that a later answer finds, after which the domain is there again. */
  later: fc.option(fc.constantFrom(...statuses)),
})
const hostile = [
  "'",
  '"',
  '%',
  '_',
  '\0',
  '*',
  '"" OR ""',
  "'; DROP TABLE domain; --",
  '\uD800',
  'ſ',
  'É',
  'a b',
  '.',
]
const text = fc.oneof(
  fc.constant(''),
  label,
  fc.constantFrom(...hostile),
  fc.tuple(label, fc.constantFrom(...hostile), label).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
)
const query: fc.Arbitrary<DomainQuery> = fc.record({
  text,
  status: fc.constantFrom(...statuses, 'repairable' as const, 'all' as const),
  sort: fc.constantFrom(...sorts),
  descending: fc.boolean(),
  offset: fc.integer({ min: 0, max: 4 }),
  limit: fc.integer({ min: 1, max: 5 }),
})

const urgency = (row: DomainRow) =>
  row.status === 'failed' && row.repair === 'possible'
    ? 0
    : 1 + ['failed', 'action_required', 'pending', 'enabled', 'disabled'].indexOf(row.status)
const sortedBy: Record<DomainQuery['sort'], (row: DomainRow) => number | string> = {
  urgency,
  name: (row) => row.name,
  since: (row) => row.since,
  checked: (row) => row.checkedAt ?? -1,
  mailboxes: (row) => row.mailboxes ?? -1,
}
const order = (a: number | string, b: number | string) => (a < b ? -1 : a > b ? 1 : 0)

/** The same query over an array: what the table must show. */
function model(rows: DomainRow[], { text: typed, status, sort, descending, offset, limit }: DomainQuery) {
  const wanted = typed.trim().toLowerCase()
  const matching = rows.filter(
    (row) =>
      (wanted.length < 3 ? row.name.startsWith(wanted) : row.name.includes(wanted)) &&
      (status === 'all' || (status === 'repairable' ? row.repair === 'possible' : row.status === status)),
  )
  const sorted = matching.toSorted(
    (a, b) => order(sortedBy[sort](a), sortedBy[sort](b)) || order(a.name, b.name),
  )
  if (descending) sorted.reverse()
  return {
    total: matching.length,
    page: sorted.slice(offset, offset + limit).map((row) => row.name),
    names: matching.map((row) => row.name).toSorted(order),
  }
}

function countsOf(rows: DomainRow[]) {
  const having = (status: DomainRow['status']) => rows.filter((row) => row.status === status).length
  return {
    all: rows.length,
    repairable: rows.filter((row) => row.repair === 'possible').length,
    ...Object.fromEntries(statuses.map((status) => [status, having(status)])),
  }
}

describe('the table', () => {
  test('faults 64: every search, filter, order and page is exactly what an array would give', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { selector: (one) => one.name, maxLength: 12 }),
        fc.array(query, { minLength: 1, maxLength: 12 }),
        (entries, queries) => {
          const cache = createCache(unwrap(openDatabase(':memory:', cacheShape)))
          try {
            for (const { name, status, at, checked, mailboxes, gone, later } of entries) {
              cache.storeAnswers([answered(name, rawOf(name, status), at, checked)])
              if (mailboxes !== null) cache.storeMailboxCount(name, mailboxes, at)
              if (gone) cache.markGone([name], at)
              if (later !== null) cache.storeAnswers([answered(name, rawOf(name, later), at + 1, checked)])
            }
            const rows = entries
              .filter((one) => !one.gone || one.later !== null)
              .map((one) => cache.read(one.name)?.row)
              .filter((row) => row !== undefined)
            expect(cache.counts()).toMatchObject(countsOf(rows))
            for (const asked of queries) {
              const expected = model(rows, asked)
              const { rows: page, total } = cache.list(asked)
              expect({ total, page: page.map((row) => row.name) }).toEqual({
                total: expected.total,
                page: expected.page,
              })
              expect(cache.names(asked)).toEqual(expected.names)
            }
          } finally {
            cache.close()
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  test('faults 64: a large fleet gives the same, whether its names are looked up or walked', () => {
    const cache = cacheInMemory()
    const names = Array.from({ length: 2500 }, (_, index) => `commune-${index}.exemple.example`)
    cache.storeAnswers(
      names.map((name, index) => answered(name, rawOf(name, statuses[index % 5] ?? 'pending'), index)),
    )
    const rows = names.map((name) => cache.read(name)?.row).filter((row) => row !== undefined)
    for (const typed of [
      '',
      'c',
      'co',
      'commune',
      'une-24',
      '249',
      'COMMUNE-7.',
      'absente',
      '%',
      'com_une',
    ]) {
      for (const sort of sorts) {
        const asked = { ...everything, text: typed, sort, descending: true, offset: 3, limit: 20 }
        const { total, page } = model(rows, asked)
        const found = cache.list(asked)
        expect([found.total, found.rows.map((row) => row.name)]).toEqual([total, page])
      }
    }
  })

  test.each(hostile.flatMap((one) => [one, `${one}${one}${one}`, `abc${one}`]))(
    'faults 64: %j finds nothing and breaks nothing',
    (typed) => {
      const cache = cacheInMemory()
      cache.storeAnswers([answered('xyz-1', rawOf('xyz-1', 'failed'), 1)])
      expect(cache.list({ ...everything, text: typed })).toEqual({ rows: [], total: 0 })
      expect(cache.names({ text: typed, status: 'all' })).toEqual([])
      expect(cache.counts().all).toBe(1)
    },
  )

  test('faults 64: a megabyte of text is only a text that nothing matches', () => {
    const cache = cacheInMemory()
    cache.storeAnswers([answered('xyz.example', rawOf('xyz.example', 'failed'), 1)])
    const typed = 'x'.repeat(1_000_000)
    expect(cache.list({ ...everything, text: typed }).total).toBe(0)
  })
})
