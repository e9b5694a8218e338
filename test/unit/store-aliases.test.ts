import { expect, test } from 'vitest'
import type { AliasStore } from '../../main/store/alias-store.ts'
import type { AliasQuery } from '../../preload/mailbox-shapes.ts'
import { answered, listedAlias, openCacheIn, rawOf, withDomains } from '../fakes/stores.ts'

const home = 'val-fictif.example'
const away = 'mont-fictif.example'
function filled(): AliasStore {
  const cache = openCacheIn()
  withDomains(cache, [home, away])
  const at = (alias: string, destination: string, right: boolean | null = false) =>
    listedAlias(`${alias}@${home}`, destination, right)
  cache.aliases.store(
    home,
    [
      at('mairie', 'a@ailleurs.example', true),
      at('mairie', 'b@ailleurs.example'),
      at('mairie', 'devnull@devnull', null),
      at('../mailboxes/x?', 'c@ailleurs.example'),
      at('élus_%"', 'b@ailleurs.example'),
    ],
    1,
  )
  cache.aliases.store(away, [listedAlias(`mairie@${away}`, 'd@ailleurs.example')], 1)
  return cache.aliases
}
const query: AliasQuery = { domain: home, text: '', sort: 'alias', descending: false, offset: 0, limit: 50 }
const names = (groups: readonly { localPart: string }[]) => groups.map((group) => group.localPart)

test('aliases are grouped by local part, sorted, paged and counted by it', () => {
  const store = filled()
  expect(store.list({ ...query, limit: 1, offset: 1 })).toEqual({
    total: 3,
    rows: [
      {
        domain: home,
        localPart: 'mairie',
        destinations: [
          { destination: 'a@ailleurs.example', allowToSend: true, fetchedAt: 1 },
          { destination: 'b@ailleurs.example', allowToSend: false, fetchedAt: 1 },
          { destination: 'devnull@devnull', allowToSend: null, fetchedAt: 1 },
        ],
      },
    ],
  })
  expect(names(store.list({ ...query, sort: 'destinations', descending: true }).rows)).toEqual([
    'mairie',
    'élus_%"',
    '../mailboxes/x?',
  ])
  expect([store.count(home), store.count(away), store.count('absent.example')]).toEqual([3, 1, 0])
  expect(store.of(home)).toHaveLength(5)
})

test('an alias is kept with its right, which silence does not take away, until it is removed', () => {
  const store = filled()
  store.store(home, [listedAlias(`mairie@${home}`, 'a@ailleurs.example', null)], 2)
  store.store(home, [listedAlias(`mairie@${home}`, 'b@ailleurs.example', true)], 2)
  expect(store.of(home).filter((one) => one.fetchedAt === 2)).toMatchObject([
    { destination: 'a@ailleurs.example', allowToSend: true },
    { destination: 'b@ailleurs.example', allowToSend: true },
  ])
  store.remove(home, 'mairie', ['a@ailleurs.example', 'absent@ailleurs.example'])
  expect(store.search('a@ailleurs', null, 9)).toEqual([])
  store.remove(home, 'mairie', ['b@ailleurs.example', 'devnull@devnull'])
  expect(names(store.list(query).rows)).toEqual(['../mailboxes/x?', 'élus_%"'])
  expect(store.search('mairie', null, 9).map((one) => one.domain)).toEqual([away])
})

test('the whole list of a domain has its own time', () => {
  const store = filled()
  expect(store.listedAt(home)).toBeNull()
  store.completed(home, 8)
  expect([store.listedAt(home), store.listedAt(away)]).toEqual([8, null])
})

test.each([
  ['mairie', null, [away, home]],
  ['MAIRIE@val', null, [home]],
  ['ma', null, [away, home]],
  ['mairie', [home], [home]],
  ['ma', [home], [home]],
  ['devnull', null, [home]],
  ['elus', null, [home]],
  ['b@ailleurs', null, [home, home]],
  ['_%"', null, [home]],
  ['%', null, []],
  ['../', null, [home]],
  ['\0', null, []],
  ['', null, []],
  ['x'.repeat(1_000_000), null, []],
])('faults 64: %j within %j finds aliases of %j', (text, within, domains) => {
  const store = filled()
  const found = store.search(text, within, 9)
  expect(found.map((one) => one.domain)).toEqual(domains)
  if (text !== '' && within === null)
    expect(store.list({ ...query, text }).total).toBe(domains.filter((domain) => domain === home).length)
  for (const { destinations } of found) expect(destinations.length).toBeGreaterThan(0)
})

test('a common text gives whole aliases, as many as asked', () => {
  const store = filled()
  const many = Array.from({ length: 600 }, (_, index) =>
    listedAlias(`liste-${index % 300}@${home}`, `membre-${index}@ailleurs.example`),
  )
  store.store(home, many, 3)
  for (const within of [null, [home]]) {
    const found = store.search('liste', within, 5)
    expect(found.map((one) => one.destinations.length)).toEqual([2, 2, 2, 2, 2])
    expect(new Set(names(found)).size).toBe(5)
  }
  expect(store.search('li', null, 5)).toHaveLength(5)
})

test('aliases of a domain that is not known, or of another, are refused aloud', () => {
  const store = filled()
  expect(() => store.store('absent.example', [], 1)).toThrow('absent.example')
  expect(() => store.store(home, [listedAlias(`x@${away}`, 'a@ailleurs.example')], 1)).toThrow(away)
})

test('the context of a domain is told by one answer and not forgotten by the next', () => {
  const cache = openCacheIn()
  const answer = (name: string, context: unknown, at: number) =>
    cache.storeAnswers([answered(name, rawOf(name, 'enabled', { context_name: context }), at)])
  answer(home, 'ctx', 1)
  answer(away, 'ctx', 1)
  answer('seul.example', null, 1)
  expect(cache.contextOf(away)).toEqual([away, home])
  answer(home, null, 2)
  answer(home, '', 3)
  expect(cache.contextOf(home)).toEqual([home, away])
  answer(home, 'autre', 4)
  expect([cache.contextOf(home), cache.contextOf('seul.example'), cache.contextOf('absent.example')]).toEqual(
    [[home], ['seul.example'], ['absent.example']],
  )
  answer(home, 'ctx', 5)
  cache.markGone([away], 6)
  expect(cache.contextOf(home)).toEqual([home])
})
