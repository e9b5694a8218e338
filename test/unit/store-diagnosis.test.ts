import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCache } from '../../main/store/cache.ts'
import { cacheShape } from '../../main/store/cache-schema.ts'
import { openDatabase } from '../../main/store/database.ts'
import { unwrap } from '../../preload/failure.ts'
import { diagnosisOf, readingOf, type Word } from '../fakes/diagnoses.ts'
import { folder } from '../fakes/folders.ts'
import { openCacheIn, withDomains } from '../fakes/stores.ts'

const val = 'val-fictif.example'
const mont = 'mont-fictif.example'

function fleet(path?: string) {
  const cache = openCacheIn(path)
  withDomains(cache, [val, mont])
  const diagnosed = (words: readonly Word[], at: number, domain = val) => {
    const diagnosis = diagnosisOf([words], { at, domain })
    cache.storeDiagnosis(diagnosis, readingOf(diagnosis))
    return diagnosis
  }
  return { cache, diagnosed }
}

describe('the last diagnosis', () => {
  test('field N1: is read as it was stored, with what it was made from; the next takes its place', () => {
    const path = folder()
    const { cache, diagnosed } = fleet(path)
    expect(cache.readDiagnosis(val)).toBeNull()
    diagnosed(['wrong', 'silent'], 10)
    const last = diagnosed(['right', 'absent'], 20)
    expect(cache.readDiagnosis(val)).toEqual({ diagnosis: last, reading: readingOf(last) })
    expect(openCacheIn(path).readDiagnosis(val)?.diagnosis.at).toBe(20)
    expect(cache.readDiagnosis(mont)).toBeNull()
  })

  test('stays with a domain that is gone, and goes with one that is forgotten', () => {
    const { cache, diagnosed } = fleet()
    for (const domain of [val, mont]) diagnosed(['right'], 10, domain)
    cache.markGone([val], 11)
    expect(cache.readDiagnosis(val)?.diagnosis.domain).toBe(val)
    cache.forgetOutside([mont])
    expect(cache.readDiagnosis(val)).toBeNull()
    expect(cache.readDiagnosis(mont)?.diagnosis.domain).toBe(mont)
  })

  test('that comes late, for a domain that was forgotten meanwhile, is not kept', () => {
    const { cache, diagnosed } = fleet()
    cache.forgetOutside([mont])
    diagnosed(['right'], 10)
    withDomains(cache, [val])
    expect(cache.readDiagnosis(val)).toBeNull()
  })

  test.each([
    { title: 'bytes that are not packed', body: Buffer.from('{"diagnosis":{}}') },
    { title: 'nothing', body: Buffer.alloc(0) },
    { title: 'another shape', body: null },
  ])('faults 59: of $title is none', ({ body }) => {
    const path = folder()
    const { cache, diagnosed } = fleet(path)
    diagnosed(['right'], 10)
    if (body === null) {
      const old = diagnosisOf([['right']], { at: 10 })
      const reading = { ...readingOf(old), dnssec: 'perhaps' }
      cache.storeDiagnosis(old, JSON.parse(JSON.stringify(reading)))
    } else {
      const db = new Database(join(path, 'cache.db'))
      db.prepare('UPDATE diagnosis SET body = ?').run(body)
      db.close()
    }
    expect(cache.readDiagnosis(val)).toBeNull()
  })

  test('faults 46: of a body that unpacks without end is none', () => {
    const path = folder()
    const { cache, diagnosed } = fleet(path)
    const diagnosis = diagnosed(['right'], 10)
    const swollen = { ...diagnosis, expectedAt: 1, host: { id: 'x', name: 'x'.repeat(40_000_000) } }
    cache.storeDiagnosis(swollen, readingOf(diagnosis))
    expect(cache.readDiagnosis(val)).toBeNull()
  })
})

describe('codes that nothing explains', () => {
  const seen = (code: string, domain = val) => ({ check: 'mx', code, domain })

  test('field N5: are counted, most seen first, with where they were seen last', () => {
    const { cache } = fleet()
    cache.countUnknown([seen('b_code'), seen('a_code')], 10)
    cache.countUnknown([seen('a_code', mont)], 20)
    expect(cache.unknownCodes()).toEqual([
      { check: 'mx', code: 'a_code', count: 2, firstAt: 10, lastAt: 20, domain: mont },
      { check: 'mx', code: 'b_code', count: 1, firstAt: 10, lastAt: 10, domain: val },
    ])
    cache.forgetOutside([val])
    expect(cache.unknownCodes().map(({ code }) => code)).toEqual(['b_code'])
  })

  test('faults 46: are bounded in number and in length; those seen longest ago go', () => {
    const { cache } = fleet()
    cache.countUnknown([seen('x'.repeat(199).concat('😀'))], 1)
    expect(cache.unknownCodes()[0]?.code).toBe(`${'x'.repeat(199)}\ufffd`)
    for (let at = 2; at < 12; at++)
      cache.countUnknown(
        Array.from({ length: 100 }, (_, place) => seen(`code-${at}-${place}`)),
        at,
      )
    const codes = cache.unknownCodes()
    expect(codes).toHaveLength(1000)
    expect(codes.some(({ firstAt }) => firstAt === 1)).toBe(false)
  })
})

test('what is kept of a diagnosis is a small part of what was said', () => {
  const db = unwrap(openDatabase(':memory:', cacheShape))
  onTestFinished(() => void db.close())
  const cache = createCache(db)
  withDomains(cache, [val])
  const rows = Array.from({ length: 8 }, () => Array.from({ length: 6 }, () => 'right' as const))
  const diagnosis = diagnosisOf(rows)
  cache.storeDiagnosis(diagnosis, readingOf(diagnosis))
  const kept = db.prepare<[], number>('SELECT length(body) FROM diagnosis').pluck().get() ?? 0
  expect(kept).toBeLessThan(JSON.stringify({ diagnosis, reading: readingOf(diagnosis) }).length / 8)
})
