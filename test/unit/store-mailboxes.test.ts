import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCache } from '../../main/store/cache.ts'
import { cacheShape } from '../../main/store/cache-schema.ts'
import { openDatabase } from '../../main/store/database.ts'
import { fold } from '../../main/store/folding.ts'
import { mailboxStatusOf } from '../../main/store/mailbox-status.ts'
import type { ListedMailbox, MailboxStore } from '../../main/store/mailbox-store.ts'
import { unwrap } from '../../preload/failure.ts'
import { activities, type MailboxQuery, mailboxKinds, mailboxSorts } from '../../preload/mailbox-shapes.ts'
import { everyMailbox, listedMailbox, openCacheIn, withDomains } from '../fakes/stores.ts'

const home = 'val-fictif.example'
function storeOf(...domains: string[]): MailboxStore {
  const cache = openCacheIn()
  withDomains(cache, domains.length > 0 ? domains : [home])
  return cache.mailboxes
}
const at = (local: string, more: Partial<ListedMailbox> = {}) => listedMailbox(`${local}@${home}`, more)
const locals = (rows: readonly { localPart: string }[]) => rows.map((row) => row.localPart)
const listed = (store: MailboxStore, more: Partial<MailboxQuery> = {}) =>
  locals(store.list({ ...everyMailbox(home), ...more }).rows)

describe('a mailbox of the cache', () => {
  test('is given back as it was listed, with when', () => {
    const store = storeOf()
    const box = at('Élie', {
      smtp: null,
      state: null,
      imap: 'wait',
      email: `Elie@${home}`,
      kind: 'functional',
    })
    store.store(home, [box], 7)
    expect(store.read(box.address)).toEqual({ ...box, fetchedAt: 7, goneAt: null })
    expect(store.read('absent@val-fictif.example')).toBeNull()
  })
  test('is added, confirmed and changed in batches', () => {
    const store = storeOf()
    store.store(home, [at('a.b'), at('c.d')], 1)
    store.store(home, [at('a.b'), at('c.d', { displayName: 'Dé Cé', imap: 'no' })], 2)
    expect(store.read(`c.d@${home}`)).toMatchObject({ displayName: 'Dé Cé', imap: 'no', fetchedAt: 2 })
    expect(store.read(`a.b@${home}`)?.fetchedAt).toBe(2)
    expect(locals(store.search('de ce', null, 9))).toEqual(['c.d'])
    expect(listed(store, { show: 'disabled' })).toEqual(['c.d'])
  })
  test('that is gone is listed so, and neither counted, found nor a holder of its name', () => {
    const store = storeOf()
    store.store(home, [at('a.b'), at('c.d')], 1)
    store.markGone([`a.b@${home}`, `a.b@${home}`, 'absent@nowhere.example'], 5)
    expect(store.read(`a.b@${home}`)?.goneAt).toBe(5)
    expect([listed(store), store.count(home), listed(store, { show: 'trouble' })]).toEqual([
      ['a.b', 'c.d'],
      1,
      ['a.b'],
    ])
    expect([store.search('a.b', null, 9), store.search('a', null, 9), store.namedAlike(home, 'a b')]).toEqual(
      [[], [], []],
    )
    store.store(home, [at('a.b', { displayName: 'Autre Nom' })], 6)
    expect(store.read(`a.b@${home}`)).toMatchObject({ goneAt: null, displayName: 'Autre Nom' })
    expect([store.count(home), locals(store.search('autre', null, 9))]).toEqual([2, ['a.b']])
    expect(listed(store, { show: 'enabled' })).toEqual(['a.b', 'c.d'])
  })
})

test('folding drops case and accents, and what is folded folds to itself', () => {
  expect(fold(' \u00c9LODIE  \u0130LKER\t\u03a3\u03c2 ')).toBe('elodie ilker \u03c3\u03c3')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(fold(fold(text))).toBe(fold(text))
      expect(fold(`${text}b`)).toContain(fold(text))
    }),
  )
})

describe('display names that are taken', () => {
  test('dimail L3: are looked for in every domain of the context, whatever their case, and nowhere else', () => {
    const cache = openCacheIn()
    withDomains(cache, ['a.example', 'b.example'], { context_name: 'ctx' })
    withDomains(cache, ['c.example'], { context_name: 'autre' })
    withDomains(cache, ['d.example', 'e.example'])
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      cache.mailboxes.store(
        `${name}.example`,
        [listedMailbox(`lou.radis@${name}.example`, { displayName: 'Lou Radis' })],
        1,
      )
    const holders = (domain: string, name: string) =>
      cache.mailboxes.namedAlike(domain, name).map((one) => one.domain)
    expect(holders('a.example', ' LOU radis')).toEqual(['a.example', 'b.example'])
    expect(holders('c.example', 'Lou Radis')).toEqual(['c.example'])
    expect(holders('d.example', 'lou radis')).toEqual(['d.example'])
    expect([
      holders('a.example', 'Lou'),
      holders('a.example', 'Lou Radis 2'),
      holders('a.example', ''),
    ]).toEqual([[], [], []])
  })
  test('are not those of look-alikes or of other accents', () => {
    const store = storeOf()
    const names = ['Zoe Radis', 'Zo\u00e9 Radis', 'Zo\u0435 Radis', 'Zoe Radisse', 'Zoe\nRadis']
    store.store(
      home,
      names.map((displayName, index) => at(`b${index}`, { displayName })),
      1,
    )
    for (const [index, name] of names.entries())
      expect(locals(store.namedAlike(home, name))).toEqual([`b${index}`])
    expect(locals(store.namedAlike(home, 'Zoe\u0301 Radis'))).toEqual(['b1'])
  })
})

const hostile = [
  "'",
  '"',
  '%',
  '_',
  '\0',
  '*',
  '"" OR ""',
  '\uD800',
  '\u017f',
  '\u05d3\u05d5\u05d3 \u05dc\u05d5\u05d9',
  '\u202eabc',
  'Zo\u00e9',
  '\u{1F3E1}',
]
const name = fc.oneof(
  fc.constantFrom('', 'Lou', 'Zo\u00e9', 'Radis', 'lou radis', 'a@val', 'VAL-Fictif', ...hostile),
  fc.string({ unit: 'binary', maxLength: 5 }),
)
const box = fc.record({
  local: fc.stringMatching(/^[a-c][a-c.@_-]{0,4}$/),
  domain: fc.constantFrom(home, 'mont-fictif.example'),
  givenName: name,
  surName: name,
  displayName: name,
  kind: fc.constantFrom(...mailboxKinds),
  imap: fc.constantFrom(...activities),
  state: fc.constantFrom('ok', 'broken', null),
  gone: fc.boolean(),
  secondary: fc.option(fc.constantFrom('x@a.example', 'y@a.example')),
})
const typed = fc.oneof(
  name,
  fc.stringMatching(/^[a-c.@]{1,4}(val-f)?$/),
  fc.constantFrom('@val', 'fictif.example', 'al-fictif', 'b@mont-fictif.example'),
)
const asked: fc.Arbitrary<MailboxQuery> = fc.record({
  domain: fc.constantFrom(home, 'mont-fictif.example'),
  text: typed,
  show: fc.constantFrom('all', 'enabled', 'disabled', 'functional', 'trouble'),
  sort: fc.constantFrom(...mailboxSorts),
  descending: fc.boolean(),
  offset: fc.integer({ min: 0, max: 3 }),
  limit: fc.integer({ min: 1, max: 5 }),
})

type Kept = ListedMailbox & { goneAt: number | null; secondary: string | null }
function holds(one: Kept, text: string): boolean {
  const wanted = fold(text)
  const texts = [one.address, one.displayName, one.givenName, one.surName].map(fold)
  if (wanted === '') return true
  return [...wanted].length < 3
    ? texts.slice(0, 2).some((each) => each.startsWith(wanted)) ||
        (texts[1] === '' && personBegins(one, wanted))
    : texts.some((each) => each.includes(wanted))
}
/** A mailbox without a display name is known by the rest of the person's name. */
const personBegins = ({ givenName, surName }: Kept, wanted: string) =>
  (fold(givenName) || fold(surName)).startsWith(wanted)

const ranks = ['broken', 'waiting', 'gone', 'unknown', 'disabled', 'enabled']
const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
const personOf = (one: Kept) => {
  const lines: string[] = []
  for (const line of [one.displayName, one.givenName, one.surName].map(fold))
    if (!lines.some((earlier) => earlier.includes(line))) lines.push(line)
  return lines.filter((line) => line !== '').join('\n')
}
const compared: Record<MailboxQuery['sort'], (a: Kept, b: Kept, way: number) => number> = {
  address: () => 0,
  person: (a, b, way) => way * bytes(personOf(a), personOf(b)),
  status: (a, b, way) =>
    way * (ranks.indexOf(mailboxStatusOf(a).status) - ranks.indexOf(mailboxStatusOf(b).status)),
  kind: (a, b, way) => way * bytes(a.kind, b.kind),
  secondary: (a, b, way) =>
    Number(a.secondary === null) - Number(b.secondary === null) ||
    way * bytes(a.secondary ?? '', b.secondary ?? ''),
}
function isShown(one: Kept, show: MailboxQuery['show']): boolean {
  const { status } = mailboxStatusOf(one)
  if (show === 'all') return true
  if (show === 'functional') return one.kind === 'functional'
  return show === 'trouble' ? ['broken', 'waiting', 'gone'].includes(status) : status === show
}

describe('the table and the search', () => {
  test('faults 64: are exactly what an array would give, whatever is typed and whatever people are called', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(box, { selector: (one) => `${one.local}@${one.domain}`, maxLength: 10 }),
        fc.array(asked, { minLength: 1, maxLength: 10 }),
        (boxes, queries) => {
          const cache = createCache(unwrap(openDatabase(':memory:', cacheShape)))
          const domains = [home, 'mont-fictif.example']
          withDomains(cache, domains)
          const store = cache.mailboxes
          const kept: Kept[] = boxes.map(({ local, domain, gone, ...more }) => {
            const { secondary, ...told } = more
            const one = listedMailbox(`${local}@${domain}`, { ...told, domain, localPart: local })
            store.store(domain, [one], 1)
            if (gone) store.markGone([one.address], 2)
            store.setSecondary(one.address, secondary)
            return { ...one, goneAt: gone ? 2 : null, secondary }
          })
          for (const query of queries) {
            const way = query.descending ? -1 : 1
            const matching = kept
              .filter(
                (one) => one.domain === query.domain && holds(one, query.text) && isShown(one, query.show),
              )
              .toSorted((a, b) => compared[query.sort](a, b, way) || way * bytes(a.address, b.address))
            const { rows, total } = store.list(query)
            const page = matching.slice(query.offset, query.offset + query.limit)
            expect([rows.map((row) => row.address), total]).toEqual([
              page.map((one) => one.address),
              matching.length,
            ])
            expect(store.addresses(query)).toEqual(matching.map((one) => one.address).toSorted(bytes))
            const found = (within: string[] | null) =>
              store.search(query.text, within, 50).map((row) => row.address)
            const known =
              fold(query.text) === ''
                ? []
                : kept.filter((one) => one.goneAt === null && holds(one, query.text))
            for (const within of [null, [home], [], domains]) {
              const expected = known.filter((one) => within === null || within.includes(one.domain))
              expect(found(within).toSorted(bytes)).toEqual(
                expected.map((one) => one.address).toSorted(bytes),
              )
            }
          }
          cache.close()
        },
      ),
      { numRuns: 100 },
    )
  })

  test('faults 64: a megabyte of text finds nothing, and at once', () => {
    const store = storeOf()
    store.store(home, [at('a.b')], 1)
    for (const text of ['a'.repeat(1_000_000), '\uac00'.repeat(900)]) {
      expect([store.search(text, null, 9), store.list({ ...everyMailbox(home), text }).total]).toEqual([
        [],
        0,
      ])
    }
  })
})

describe('a domain with', () => {
  test.each([0, 1, 417])('%i mailboxes is read one at a time, counted and completed', (n) => {
    const cache = openCacheIn()
    withDomains(cache, [home])
    const boxes = Array.from({ length: n }, (_, index) => at(`b${String(index).padStart(5, '0')}`))
    cache.mailboxes.store(home, [...boxes, at('oxadmin', { kind: 'technical', state: 'broken' })], 3)
    expect(cache.mailboxes.listedAt(home)).toBeNull()
    cache.mailboxes.completed(home, 4)
    expect([cache.mailboxes.listedAt(home), cache.mailboxes.count(home)]).toEqual([4, n + 1])
    expect(cache.read(home)?.row.mailboxes).toBe(n)
    expect([...cache.mailboxes.of(home)].map((one) => one.address)).toEqual([
      ...boxes.map((one) => one.address),
      `oxadmin@${home}`,
    ])
    expect(listed(cache.mailboxes, { show: 'trouble' })).toEqual([])
  })

  test('50,000 mailboxes is sorted, filtered and walked, while it is written to', () => {
    const cache = openCacheIn()
    withDomains(cache, [home, 'mont-fictif.example'])
    const store = cache.mailboxes
    const boxes = Array.from({ length: 50_000 }, (_, index) =>
      at(`lou.${String(index).padStart(5, '0')}`, { imap: index % 2 === 0 ? 'yes' : 'no' }),
    )
    for (let start = 0; start < boxes.length; start += 400)
      store.store(home, boxes.slice(start, start + 400), 1)
    store.store('mont-fictif.example', [listedMailbox('lou.radis@mont-fictif.example')], 1)
    for (const sort of mailboxSorts) {
      const { rows, total } = store.list({
        ...everyMailbox(home),
        sort,
        text: '4999',
        descending: true,
        limit: 2,
      })
      expect([total, rows.length]).toEqual([15, 2])
    }
    expect(store.list({ ...everyMailbox(home), show: 'disabled', offset: 24_998 })).toMatchObject({
      rows: [{}, {}],
      total: 25_000,
    })
    const found = store.search('lou', null, 50)
    expect(found.map((one) => one.address)).toEqual(boxes.slice(0, 50).map((one) => one.address))
    // Common, and begun by no address: the first stored.
    expect(locals(store.search('ou.', null, 3))).toEqual(locals(boxes.slice(0, 3)))
    expect(locals(store.search('ou.', ['mont-fictif.example'], 3))).toEqual(['lou.radis'])
    expect(locals(store.search('ou.', [home], 3))).toEqual(locals(boxes.slice(0, 3)))
    let walked = 0
    for (const one of store.of(home)) {
      if (walked % 1000 === 0) store.store(home, [one], 9)
      walked++
    }
    expect([walked, store.count(home)]).toEqual([50_000, 50_000])
  }, 60_000)
})

test('a mailbox of another domain, or of one that is not known, is refused aloud', () => {
  const store = storeOf()
  expect(() => store.store('absent.example', [], 1)).toThrow('absent.example')
  expect(() => store.store(home, [at('a.b'), listedMailbox('x@mont.example')], 1)).toThrow('x@mont.example')
  const misplaced = listedMailbox('y@mont.example', { domain: home })
  expect(() => store.store(home, [misplaced], 1)).toThrow('y@mont.example')
  expect(store.count(home)).toBe(0)
})

test('a list that changes nothing writes when it was read, and nothing else', () => {
  const db = unwrap(openDatabase(':memory:', cacheShape))
  const cache = createCache(db)
  withDomains(cache, [home])
  const boxes = [at('a.b'), at('c.d', { smtp: null, state: null })]
  cache.mailboxes.store(home, boxes, 1)
  const changes = () => Number(db.prepare('SELECT total_changes()').pluck().get())
  const before = changes()
  cache.mailboxes.store(home, boxes, 2)
  expect(changes() - before).toBe(boxes.length)
  expect([...cache.mailboxes.of(home)].map((one) => one.fetchedAt)).toEqual([2, 2])
  cache.close()
})

test('secondary addresses are mirrored, whether or not the mailbox is known yet', () => {
  const store = storeOf()
  store.setSecondary(`c.d@${home}`, 'b@ailleurs.example')
  store.setSecondary(`a.b@${home}`, 'c@ailleurs.example')
  store.store(home, [at('a.b'), at('c.d'), at('e.f')], 1)
  expect(listed(store, { sort: 'secondary' })).toEqual(['c.d', 'a.b', 'e.f'])
  store.mirrorSecondary([{ address: `e.f@${home}`, email: 'a@ailleurs.example' }])
  expect(listed(store, { sort: 'secondary', descending: true })).toEqual(['e.f', 'c.d', 'a.b'])
  store.setSecondary(`e.f@${home}`, null)
  expect(listed(store, { sort: 'secondary' })).toEqual(['a.b', 'c.d', 'e.f'])
})

test('a mailbox of a domain that dimail lists no more is not found', () => {
  const cache = openCacheIn()
  withDomains(cache, [home])
  cache.mailboxes.store(home, [at('a.b')], 1)
  cache.markGone([home], 2)
  expect([cache.mailboxes.search('a.b', null, 9), cache.mailboxes.search('a.', null, 9)]).toEqual([[], []])
})
