import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareRecords } from '../../main/dns/compare/compare.ts'
import { informationOf } from '../../main/dns/compare/information.ts'
import { isSpf } from '../../main/dns/compare/spf-parse.ts'
import type { DnsFinding, DnsRecord, JudgedRecord } from '../../preload/dns-shapes.ts'
import { apexOf, expectedOf, viewOfFile, type ZoneFile, zoneFile } from './dns-zone-file.ts'

const folder = join(import.meta.dirname, 'zones')
const files = readdirSync(folder)
  .toSorted()
  .map((name) => ({
    name: name.replace('.json', ''),
    file: zoneFile.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
  }))

/** How a file calls a record: by its kind, or by its name where there are many. */
function labelOf({ kind, key, expected, type }: JudgedRecord): string {
  const number = /:\d+$/.exec(key)?.[0] ?? ''
  if (kind === 'cname') return expected.target
  if (kind === 'other')
    return `${expected.type === type.toLowerCase() ? type : expected.type.toUpperCase()} ${expected.target || '@'}`
  return `${kind}${number}`
}

const told = (findings: readonly DnsFinding[]) =>
  findings.map(({ level, code }) => `${level} ${code}`).toSorted()
const judged = (file: ZoneFile, order?: (records: DnsRecord[]) => DnsRecord[]) =>
  compareRecords(file.domain, apexOf(file), expectedOf(file), viewOfFile(file, order))

/** The rows of docs/field.md that a file bears on, by how its name begins. */
const rows: [RegExp, string][] = [
  [/unread|not-asked|servfail/, 'field 2.1'],
  [/^(?:case-folded|wildcard|mx-to-cname|mx-ours-is)/, 'field 2.1'],
  [/^spf-(?:redirect|split|include-|eleven|indirect)/, 'field 2.1'],
  [/^spf/, 'field 3.4'],
  [/doubled|relative/, 'field 3.6'],
  [/^subdomain/, 'field 3.7'],
  [/^information/, 'field 3.5'],
]
const rowOf = (name: string) => rows.find(([pattern]) => pattern.test(name))?.[1] ?? 'field 3.1'

test.each(files.map(({ name, file }) => [`${rowOf(name)}: ${name}: ${file.title}`, file] as const))(
  '%s',
  (_, file) => {
    const records = judged(file)
    expect(Object.fromEntries(records.map((one) => [labelOf(one), one.verdict]))).toEqual(file.verdicts)
    const findings = records
      .filter((one) => one.findings.length > 0)
      .map((one) => [labelOf(one), told(one.findings)])
    const expected = Object.entries(file.findings).map(([label, codes]) => [label, codes.toSorted()])
    expect(Object.fromEntries(findings)).toEqual(Object.fromEntries(expected))
    if (file.information === undefined) return
    const information = informationOf(file.domain, viewOfFile(file), 'unsigned')
    for (const { kind, findings: found } of information) {
      const wanted = file.information[kind]
      if (wanted !== undefined) expect(told(found), kind).toEqual(wanted.toSorted())
    }
  },
)

test('field 2.1: there are 150 zones and more, no two of which are the same', () => {
  expect(files.length).toBeGreaterThan(150)
  const contents = files.map(({ file: { zone, elsewhere, unread, expected, domain, apex } }) =>
    JSON.stringify([zone.toSorted(), elsewhere, unread, expected, domain, apex]),
  )
  expect(new Set(contents).size).toBe(files.length)
  expect(new Set(files.map(({ file }) => file.title)).size).toBe(files.length)
})

test('field 2.1: every word of the nine is given, of every kind of record that can have it', () => {
  const given = new Set(
    files.flatMap(({ file }) => judged(file).map(({ kind, verdict }) => `${kind} ${verdict}`)),
  )
  const words = {
    mx: 'correct incorrect missing conflicting incomplete invalid error',
    spf: 'correct incorrect missing duplicate insecure incomplete invalid error',
    dkim: 'correct incorrect missing duplicate insecure conflicting incomplete invalid error',
    cname: 'correct incorrect missing invalid error',
    other: 'correct incorrect missing conflicting error',
  }
  for (const [kind, list] of Object.entries(words))
    for (const word of list.split(' ')) expect(given, `${kind} ${word}`).toContain(`${kind} ${word}`)
})

describe('field 3.5: of every zone', () => {
  const all = files.flatMap(({ name, file }) => judged(file).map((record) => ({ name, record })))

  test('what is called correct has no finding that blocks, and what is unread is never called missing', () => {
    for (const { name, record } of all) {
      const blocking = record.findings.filter(({ level }) => level === 'blocking')
      if (record.verdict === 'correct') expect(blocking, name).toEqual([])
      else if (record.verdict !== 'missing') expect(record.findings.length, name).toBeGreaterThan(0)
      const isUnread = record.findings.some(({ code }) => code === 'unread')
      if (isUnread) expect(record.verdict, name).toBe('error')
    }
  })

  test('no fact is longer than a sentence bears', () => {
    for (const { name, record } of all)
      for (const fact of record.findings.flatMap(({ facts }) => Object.values(facts)))
        expect(String(fact).length, name).toBeLessThan(2000)
  })
})

const arbitraryFile = fc.constantFrom(...files)

test('field 2.1: no verdict depends on the order of answers or records', () => {
  fc.assert(
    fc.property(
      arbitraryFile,
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      ({ file }, random) => {
        const shuffled = (records: DnsRecord[]) =>
          records
            .map((record) => ({ record, at: Number(random.next().value) }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ record }) => record)
        expect(judged(file, shuffled)).toEqual(judged(file))
      },
    ),
    { numRuns: 300 },
  )
})

const text = fc.oneof(
  fc.string({ maxLength: 60, unit: 'grapheme' }),
  fc.string({ maxLength: 40 }).map((tail) => `v=spf1 ${tail}`),
  fc.string({ maxLength: 40 }).map((tail) => `v=DKIM1; ${tail}`),
  fc
    .array(
      fc.constantFrom(
        'a',
        'mx',
        'all',
        '-all',
        'include:_spf.platform.example',
        'redirect=x.example',
        'ptr',
        'ip4:0.0.0.0/0',
        '%{i}',
      ),
    )
    .map((terms) => `v=spf1 ${terms.join(' ')}`),
)
const name = fc.constantFrom(
  'commune.example',
  'imap.commune.example',
  '*.commune.example',
  'dimail._domainkey.commune.example',
  'a.commune.example',
)
const arbitraryRecord: fc.Arbitrary<DnsRecord> = fc.oneof(
  fc.record({
    name,
    type: fc.constant('TXT' as const),
    value: text,
    ttl: fc.constant(60),
    priority: fc.constant(null),
    strings: fc.constant(null),
  }),
  fc.record({
    name,
    type: fc.constantFrom('MX' as const, 'CNAME' as const, 'NS' as const, 'A' as const),
    value: fc.oneof(name, text, fc.constant('mx.platform.example'), fc.constant('')),
    ttl: fc.constant(null),
    priority: fc.nat({ max: 65_535 }),
    strings: fc.constant(null),
  }),
)
const [right] = files.filter(({ name: of }) => of === 'all-right')
if (right === undefined) throw new Error('There is no zone all-right')

test('field 2.1: comparing never throws, whatever stands in the zone, and gives each expected record a verdict', () => {
  fc.assert(
    fc.property(fc.array(arbitraryRecord, { maxLength: 12 }), (records) => {
      const all = judged({ ...right.file, zone: [] }, (others) => [...others, ...records])
      expect(all.map(({ expected }) => expected)).toEqual(expectedOf(right.file))
      for (const { verdict, findings } of all)
        if (verdict === 'correct') expect(findings.filter(({ level }) => level === 'blocking')).toEqual([])
    }),
    { numRuns: 1000 },
  )
})

test('field 2.1: nothing that stands at other names makes a right zone wrong', () => {
  const beside = fc.array(
    arbitraryRecord
      .filter(({ type }) => type === 'TXT')
      .map((record) => ({ ...record, name: 'autre.commune.example' })),
  )
  fc.assert(
    fc.property(beside, (records) => {
      const all = judged(right.file, (others) => [...others, ...records])
      expect(all.map(({ verdict }) => verdict)).toEqual(all.map(() => 'correct'))
    }),
  )
})

test('field 2.1: in any two texts where both are SPF the verdict is never "correct"', () => {
  fc.assert(
    fc.property(text.filter(isSpf), (other) => {
      const record = {
        name: 'commune.example',
        type: 'TXT' as const,
        value: other,
        ttl: 60,
        priority: null,
        strings: null,
      }
      const spf = judged(right.file, (others) => [...others, record]).find(({ kind }) => kind === 'spf')
      expect(spf?.verdict).toBe('duplicate')
    }),
  )
})
