import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../../main/store/folding.ts'
import type { Attributes, Provisioned } from '../../preload/provisioning-shapes.ts'
import { type DomainQuery, type DomainRow, sorts, statuses } from '../../preload/shapes.ts'
import { answered, everything, openCacheIn, rawOf } from '../fakes/stores.ts'

const provisionedOf = (domain: string, attributes: Attributes): Provisioned => ({
  domain,
  attributes,
  oidcAutojoin: false,
  identitySync: false,
  at: 1,
})
const val = 'val-fictif.example'
const mont = 'mont-fictif.example'
const lac = 'lac-fictif.example'

function fleet() {
  const cache = openCacheIn()
  cache.storeAnswers([
    answered(val, rawOf(val, 'enabled'), 1),
    answered(mont, rawOf(mont, 'failed'), 1),
    answered(lac, rawOf(lac, 'enabled'), 1),
  ])
  const found = (text: string, status: DomainQuery['status'] = 'all') => {
    const { rows, total } = cache.list({ ...everything, text, status })
    const names = rows.map(({ name }) => name)
    expect([total, cache.names({ text, status })]).toEqual([names.length, names])
    return names
  }
  return { cache, found }
}

describe('custom attributes', () => {
  test('a domain is found by any part of a value, whatever its case and accents', () => {
    const { cache, found } = fleet()
    cache.mirrorAttributes([
      provisionedOf(val, { operateur: 'Régie des Étangs', siret: '21000000000017', lot: 42_001, vip: true }),
      provisionedOf(mont, { operateur: 'Syndicat Fictif' }),
    ])
    expect(found('regie')).toEqual([val])
    expect(found('DES ÉT')).toEqual([val])
    expect(found('00017')).toEqual([val])
    expect(found('42001')).toEqual([val])
    // Both by the attribute of one and by the names of all.
    expect(found('fictif')).toEqual([lac, mont, val])
    expect(found('regie', 'failed')).toEqual([])
    expect(found('syndicat', 'failed')).toEqual([mont])
    expect(found('operateur')).toEqual([])
    expect(found('17 42')).toEqual([])
    expect(cache.attributeMatches('FICTIF')).toEqual(new Set([mont]))
  })

  test('one or two characters stay what a name begins with', () => {
    const { cache, found } = fleet()
    cache.mirrorAttributes([provisionedOf(val, { lot: 'mo' }), provisionedOf(lac, { lot: 'mont' })])
    expect(found('mo')).toEqual([mont])
    expect(found('mont')).toEqual([lac, mont])
    expect(cache.attributeMatches('mo')).toEqual(new Set())
  })

  test('what is provisioned again is found by its new values only, and by none once it has none', () => {
    const { cache, found } = fleet()
    cache.putAttributes(provisionedOf(val, { operateur: 'ancien' }))
    cache.putAttributes(provisionedOf(val, { operateur: 'nouveau' }))
    expect([found('ancien'), found('nouveau')]).toEqual([[], [val]])
    cache.putAttributes(provisionedOf(val, {}))
    expect(found('nouveau')).toEqual([])
    cache.putAttributes(provisionedOf(val, { operateur: 'revenu' }))
    cache.mirrorAttributes([])
    expect(found('revenu')).toEqual([])
  })

  test('a domain that dimail lists no more is not found, one that it lists later is', () => {
    const { cache, found } = fleet()
    const late = 'tard-venu.example'
    cache.mirrorAttributes([provisionedOf(val, { a: 'commun' }), provisionedOf(late, { a: 'commun' })])
    cache.markGone([val], 2)
    expect(found('commun')).toEqual([])
    cache.storeAnswers([answered(late, rawOf(late, 'enabled'), 3)])
    expect(found('commun')).toEqual([late])
  })

  test.each([
    "'",
    '"""',
    '%%%',
    'a"b',
    "'; DROP TABLE attribute; --",
    '\0\0\0',
    '*** OR',
    'AND NOT',
    '\uD800ab',
  ])('a hostile text is a text: %j', (text) => {
    const { cache, found } = fleet()
    cache.putAttributes(provisionedOf(val, { a: `x${text}x` }))
    expect(found(`x${text}x`)).toEqual([val])
    expect(found('nulle-part')).toEqual([])
  })

  test('a value that very many have is walked, and gives the same', () => {
    const cache = openCacheIn()
    const names = Array.from({ length: 2500 }, (_, n) => `d${String(n).padStart(4, '0')}.example`)
    cache.storeAnswers(names.map((name) => answered(name, rawOf(name, 'enabled'), 1)))
    cache.mirrorAttributes(
      names.filter((_, n) => n % 2 === 0 || n < 10).map((name) => provisionedOf(name, { a: 'pair' })),
    )
    expect(cache.list({ ...everything, text: 'pair', limit: 3 })).toMatchObject({
      total: 1255,
      rows: [{ name: 'd0000.example' }, { name: 'd0001.example' }, { name: 'd0002.example' }],
    })
    cache.mirrorAttributes(names.map((name) => provisionedOf(name, { a: 'tous' })))
    expect(cache.list({ ...everything, text: 'tous', sort: 'urgency', offset: 2499 })).toMatchObject({
      total: 2500,
      rows: [{ name: 'd2499.example' }],
    })
  })
})

const word = fc.constantFrom('mairie', 'Régie', 'siret', 'ETANG', '12345', 'aaa')
const text = fc.oneof(
  word,
  fc.tuple(word, fc.nat(4)).map(([one, end]) => one.slice(0, end)),
  fc.string({ maxLength: 5 }),
)
const domains = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-e]{1,2}(mairie|siret)?$/),
    status: fc.constantFrom(...statuses),
    value: fc.option(word),
  }),
  { selector: ({ name }) => name, maxLength: 8 },
)
const query = fc.record({
  text,
  status: fc.constantFrom(...statuses, 'repairable' as const, 'all' as const),
  sort: fc.constantFrom(...sorts),
  descending: fc.boolean(),
  offset: fc.nat(3),
  limit: fc.integer({ min: 1, max: 4 }),
})

test('names and attributes are searched as an array of them would be', () => {
  fc.assert(
    fc.property(domains, fc.array(query, { maxLength: 8 }), (all, queries) => {
      const cache = openCacheIn()
      cache.storeAnswers(all.map(({ name, status }) => answered(name, rawOf(name, status), 1)))
      cache.mirrorAttributes(
        all.flatMap(({ name, value }) => (value === null ? [] : [provisionedOf(name, { value })])),
      )
      const plain = all.map(({ name }) => cache.read(name)?.row).filter((row) => row !== undefined)
      const holds = ({ name }: DomainRow, typed: string) => {
        const wanted = typed.trim().toLowerCase()
        const value = all.find((one) => one.name === name)?.value ?? ''
        if (wanted.length < 3) return name.startsWith(wanted)
        return name.includes(wanted) || ([...fold(typed)].length >= 3 && fold(value).includes(fold(typed)))
      }
      for (const { offset, limit, ...asked } of queries) {
        const every = plain.filter(
          (row) =>
            holds(row, asked.text) &&
            (asked.status === 'all' ||
              (asked.status === 'repairable' ? row.repair === 'possible' : row.status === asked.status)),
        )
        const whole = cache.list({ ...asked, offset: 0, limit: 99 })
        expect(whole.rows.map(({ name }) => name).toSorted()).toEqual(
          every.map(({ name }) => name).toSorted(),
        )
        expect(whole.total).toBe(every.length)
        expect(cache.list({ ...asked, offset, limit }).rows).toEqual(whole.rows.slice(offset, offset + limit))
      }
      cache.close()
    }),
    { numRuns: 60 },
  )
})
