import { beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '../../main/sandbox/random.ts'
import { type Cache, createCache } from '../../main/store/cache.ts'
import { cacheShape } from '../../main/store/cache-schema.ts'
import { openDatabase } from '../../main/store/database.ts'
import { fold } from '../../main/store/folding.ts'
import type { ListedMailbox } from '../../main/store/mailbox-store.ts'
import { unwrap } from '../../preload/failure.ts'
import { listedMailbox, openCacheIn, withDomains } from '../fakes/stores.ts'

const random = createRandom(7)
const pick = <T>(list: readonly T[]): T => list[random.below(list.length)] as T

/** More domains than are walked for one text, named in few ways: texts are found by each of the ways there are. */
const domains = Array.from(
  { length: 1300 },
  (_, n) => `${n < 1100 ? 'cc' : pick(['mairie', 'val'])}-${pick(['lande', 'mont'])}-${n}.example`,
)
const named = ['Lou Radis', 'Zoé Navet', 'cc-lande', 'Val Mont', 'radis@val-mont', 'a@b@cc-lande-1', '']
const boxes: ListedMailbox[] = domains.flatMap((domain) =>
  [`${pick(['lou', 'zoe'])}.radis`, pick(['z', 'cc-mont', 'a@b', 'x@cc-lande', 'radis@val'])].map(
    (localPart) => listedMailbox(`${localPart}@${domain}`, { domain, localPart, displayName: pick(named) }),
  ),
)
const goneBox = (_: ListedMailbox, n: number) => n % 31 === 0
const goneDomain = (_: string, n: number) => n % 47 === 0

let fleet: Cache
let known: ListedMailbox[]
beforeAll(() => {
  fleet = createCache(unwrap(openDatabase(':memory:', cacheShape)))
  withDomains(fleet, domains)
  for (const box of boxes) fleet.mailboxes.store(box.domain, [box], 1)
  fleet.mailboxes.markGone(
    boxes.filter(goneBox).map(({ address }) => address),
    2,
  )
  const left = new Set(domains.filter(goneDomain))
  fleet.markGone([...left], 2)
  known = boxes.filter((box, n) => !goneBox(box, n) && !left.has(box.domain))
  return () => fleet.close()
})

const textsOf = (box: ListedMailbox) => [box.address, box.displayName, box.givenName, box.surName].map(fold)
const holding = (text: string) => known.filter((box) => textsOf(box).some((each) => each.includes(text)))
const found = (text: string, within: string[] | null, limit: number) =>
  fleet.mailboxes.search(text, within, limit).map(({ address }) => address)
const addresses = (list: readonly ListedMailbox[]) => list.map(({ address }) => address).sort()

const pieces = Array.from({ length: 150 }, () => {
  const text = pick(textsOf(pick(boxes)).filter((each) => each.length > 3))
  const from = random.below(text.length - 3)
  return text.slice(from, from + 3 + random.below(text.length - from - 2))
}).filter((piece) => piece === fold(piece))
const written = [
  '@cc',
  '@cc-',
  'z@c',
  'z@cc-lande-',
  'z@val-mont',
  'b@cc',
  'a@b@cc-lande-1',
  '.example',
  'radis@',
]
const nowhere = [
  'z@cc-lande-x',
  'radis@z',
  '@@@',
  '@example',
  'le@',
  'lande@z',
  'β@val',
  '\u{1F3E1}@\u{1F3E1}x',
]

describe('a text of three characters or more', () => {
  const half = domains.filter((_, n) => n % 2 === 0)
  const absent = Array.from({ length: 2000 }, (_, n) => `absent-${n}.example`)
  const readable = {
    'by whoever reads every domain': null,
    'in the domains one may read, when they are few': half,
    'in the domains one may read, when they are many': [...half, ...absent],
  }
  test.each(Object.entries(readable))('is found wherever it stands, %s', (_, within) => {
    const names = new Set(within)
    for (const text of [...pieces, ...written, ...nowhere]) {
      const expected = addresses(holding(text).filter((box) => within === null || names.has(box.domain)))
      const all = found(text, within, 10_000)
      expect([text, all.toSorted()]).toEqual([text, expected])
      expect([text, found(text, within, 50)]).toEqual([text, all.slice(0, 50)])
      const first = all.filter((address) => address.startsWith(text))
      expect([text, all.slice(0, first.length)]).toEqual([text, first.toSorted()])
    }
  })

  test('is asked in a fleet where it is rare, where it is common, where it spans the @ and where it is not', () => {
    const counted = [...pieces, ...written].map((text) => holding(text).length)
    expect(counted.filter((n) => n > 200).length).toBeGreaterThan(20)
    expect(counted.filter((n) => n > 0 && n <= 200).length).toBeGreaterThan(20)
    expect(pieces.filter((text) => /.@./.test(text)).length).toBeGreaterThan(20)
    expect(nowhere.flatMap(holding)).toEqual([])
  })
})

test('a common text is told by address, then as mailboxes, then as domains were stored', () => {
  const cache = openCacheIn()
  const fields = Array.from({ length: 300 }, (_, n) => `val-${300 - n}.example`)
  withDomains(cache, [...fields, 'mont.example'])
  for (const domain of fields.toReversed()) {
    cache.mailboxes.store(domain, [listedMailbox(`b@${domain}`), listedMailbox(`a@${domain}`)], 1)
  }
  const others = ['val-z', 'le.val-b', 'val-a', 'le.val-a'].map((local) =>
    listedMailbox(`${local}@mont.example`),
  )
  cache.mailboxes.store('mont.example', others, 1)
  const told = cache.mailboxes.search('val-', null, 8).map(({ address }) => address)
  expect(told).toEqual([
    ...['val-a@mont.example', 'val-z@mont.example', 'le.val-b@mont.example', 'le.val-a@mont.example'],
    ...['a@val-300.example', 'b@val-300.example', 'a@val-299.example', 'b@val-299.example'],
  ])
})

test('one or two characters are what an address or a person begins with, an @ among them', () => {
  const cache = openCacheIn()
  withDomains(cache, ['val.example'])
  const boxOf = (localPart: string, displayName: string) =>
    listedMailbox(`${localPart}@val.example`, { domain: 'val.example', localPart, displayName })
  cache.mailboxes.store('val.example', [boxOf('a', 'Lou'), boxOf('a@b', 'Zoé'), boxOf('ab', '@ssise')], 1)
  const told = (text: string) => cache.mailboxes.search(text, null, 9).map(({ localPart }) => localPart)
  expect(['a', 'a@', '@', '@v', 'b@', 'z', 'va'].map(told)).toEqual([
    ['a@b', 'a', 'ab'],
    ['a@b', 'a'],
    ['ab'],
    [],
    [],
    ['a@b'],
    [],
  ])
  expect(['@b@', 'b@val', 'a@v', '@va', 'a@b@val.example'].map(told)).toEqual([
    ['a@b'],
    ['a@b', 'ab'],
    ['a'],
    ['a@b', 'a', 'ab'],
    ['a@b'],
  ])
})
