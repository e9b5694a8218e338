import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { explanationOf, isExplained } from '../../main/diagnosis/catalogue.ts'
import { mayOpen } from '../../main/shell/links.ts'
import checksEn from '../../resources/why/checks.en.json' with { type: 'json' }
import checksFr from '../../resources/why/checks.fr.json' with { type: 'json' }
import en from '../../resources/why/en.json' with { type: 'json' }
import fr from '../../resources/why/fr.json' with { type: 'json' }

/** The rows of the table of docs/dimail.md 6.2: key, internal, codes. */
const rows = readFileSync(new URL('../../docs/dimail.md', import.meta.url), 'utf8')
  .split('### 6.2')[1]
  ?.split('### 6.3')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
const quoted = (column: number) => [
  ...new Set(
    rows?.flatMap((row) => [...(row[column] ?? '').matchAll(/`([a-z_]+)`/gu)].map(([, word]) => word)),
  ),
]
const checkKeys = quoted(1)
const codes = quoted(3)
const internal = ['postfix', 'ox', 'cert', 'webmail_ok']

const texts = (table: Record<string, Record<string, string>>) =>
  Object.entries(table).flatMap(([key, entry]) =>
    Object.entries(entry)
      .filter(([field]) => field !== 'link')
      .map(([field, text]) => ({ where: `${key}.${field}`, text })),
  )
const offending = (table: Record<string, Record<string, string>>, rule: RegExp) =>
  texts(table).filter(({ text }) => rule.test(text))

test('docs/dimail.md 6.2 lists eleven checks and seventeen codes', () => {
  expect(checkKeys).toHaveLength(11)
  expect(codes).toHaveLength(17)
})

test('field N5: every code and every check key of docs/dimail.md 6.2 has an entry, and so has the unknown', () => {
  const expected = [...codes, ...checkKeys.map((key) => `check:${key}`), 'unknown'].sort()
  expect(Object.keys(fr).sort()).toEqual(expected)
  expect(Object.keys(en).sort()).toEqual(expected)
})

test('field N5: every check key has a chip and a label, in both languages', () => {
  expect(Object.keys(checksFr).sort()).toEqual([...checkKeys].sort())
  expect(Object.keys(checksEn).sort()).toEqual([...checkKeys].sort())
  for (const entry of [...Object.values(checksFr), ...Object.values(checksEn)])
    expect(Object.keys(entry)).toEqual(['chip', 'label'])
})

test.each([
  ['fr', fr],
  ['en', en],
])('field N5: each entry (%s) says all five things, and none is empty', (_language, catalogue) => {
  for (const { link: _link, ...entry } of Object.values<Record<string, string>>(catalogue))
    expect(Object.keys(entry)).toEqual(['title', 'cause', 'consequence', 'who', 'next'])
  expect(offending(catalogue, /^\s*$/u)).toEqual([])
})

test('no chip and no label is empty', () => {
  expect(offending({ ...checksFr }, /^\s*$/u)).toEqual([])
  expect(offending({ ...checksEn }, /^\s*$/u)).toEqual([])
})

test('both languages name the same one who can help, and internal checks are for dimail', () => {
  const who = (catalogue: typeof fr | typeof en) =>
    Object.fromEntries(Object.entries(catalogue).map(([key, entry]) => [key, entry.who]))
  expect(who(fr)).toEqual(who(en))
  expect(new Set(Object.values(who(fr)))).toEqual(new Set(['town', 'dimail', 'support']))
  for (const key of internal) expect(who(fr)[`check:${key}`]).toBe('dimail')
})

test('field N5: a link is there for all that the town can mend, the same in both languages, and may be opened', () => {
  const links = (catalogue: Record<string, { who: string; link?: string }>) =>
    Object.entries(catalogue)
      .filter(([, { who }]) => who === 'town')
      .map(([key, { link }]) => [key, link])
  expect(links(fr)).toEqual(links(en))
  expect(links(fr).filter(([, link]) => link === undefined || !mayOpen(link))).toEqual([])
})

test('field N5: the catalogue knows every code of docs/dimail.md 6.2, and no other', () => {
  expect(codes.filter((code) => !isExplained('mx', code ?? ''))).toEqual([])
  expect(explanationOf('en', 'mx', 'wrong_mx')).toBe(en.wrong_mx)
  const strange = ['no_such_code', 'check:mx', 'constructor', '__proto__', 'toString', 'NO_MX', 'no_mx ']
  expect(strange.filter((code) => isExplained('mx', code))).toEqual([])
})

test('field N5: a failure without a code is explained by its check, unless that is unknown too', () => {
  for (const code of ['unknown', '']) {
    expect(checkKeys.filter((key) => !isExplained(key ?? '', code))).toEqual([])
    expect(isExplained('arc', code)).toBe(false)
  }
})

test('titles fit in 40 characters, chips in 20', () => {
  const titles = [...Object.values(fr), ...Object.values(en)].map((entry) => entry.title)
  expect(titles.filter((title) => title.length > 40)).toEqual([])
  const chips = [...Object.values(checksFr), ...Object.values(checksEn)].map((entry) => entry.chip)
  expect(chips.filter((chip) => chip.length > 20)).toEqual([])
})

test('causes, consequences and next steps are whole sentences', () => {
  const sentence = /^\p{L}.*\.$/u
  for (const entry of [...Object.values(fr), ...Object.values(en)])
    for (const text of [entry.cause, entry.consequence, entry.next]) expect(text).toMatch(sentence)
})

test.each([
  ['why', fr],
  ['checks', checksFr],
])('French typography holds in %s: no-break spaces and curved apostrophes', (_file, table) => {
  // U+00A0 before a colon and inside guillemets, U+202F before ; ? and !, as the Imprimerie nationale has it.
  expect(offending(table, /[^\u00a0]:|[^\u202f][;?!]|«[^\u00a0]|[^\u00a0]»|'| {2}/u)).toEqual([])
})

test('English texts carry no French spacing', () => {
  expect(offending(en, /[\s\u00a0\u202f][:;?!]|[«»']/u)).toEqual([])
  expect(offending(checksEn, /[\s\u00a0\u202f][:;?!]|[«»']/u)).toEqual([])
})
