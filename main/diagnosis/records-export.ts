import { stringify } from 'csv-stringify/sync'
import type { DnsRecord, exportFormats, exportSubjects, Proposal } from '../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../preload/shapes.ts'
import { neutralised } from '../csv/formula.ts'
import { isNamed, wantedRecord } from '../dns/propose/wanted.ts'
import { decimals, type Line, zoneFile } from '../dns/zone-file.ts'

export type Exported = {
  domain: string
  /** The zone that the domain is in; null: not known, and the domain then stands for it. */
  zone: string | null
  what: (typeof exportSubjects)[number]
  format: (typeof exportFormats)[number]
  expected: readonly ExpectedRecord[]
  proposal: Proposal | null
}

/**
 * What dimail wants published, or what is to do in the zone, as text: the lines of a zone file, a table for a
 * spreadsheet (semicolons, byte order mark and CRLF as French Excel opens it, or tabs to paste), or a Markdown table.
 * Names are full, with their final dot, so that no zone is appended to them twice; the zone file has them relative to
 * its `$ORIGIN`. No formula is left alive (docs/faults.md 68). Of a type that the console does not know, dimail's own
 * words are given.
 */
export function exportRecords({ domain, zone, what, format, expected, proposal }: Exported): string {
  const lines = what === 'expected' ? expectedLines(domain, expected) : changeLines(proposal)
  if (format === 'bind') return zoneFile(zone ?? domain, lines)
  const header = headers[what]
  const rows = lines.map((line) => (what === 'expected' ? cellsOf(line.record) : changeCells(line)))
  if (format === 'markdown') return table(header, rows)
  const form =
    format === 'csv' ? { delimiter: ';', record_delimiter: '\r\n', bom: true } : { delimiter: '\t' }
  return stringify([header, ...rows], { ...form, cast: { string: neutralised } })
}

const headers = {
  expected: ['name', 'type', 'priority', 'value'],
  changes: ['act', 'name', 'type', 'priority', 'value', 'before'],
}

const expectedLines = (domain: string, expected: readonly ExpectedRecord[]): Line[] =>
  expected.map((one) => ({
    act: 'add',
    record: wantedRecord(domain, one) ?? {
      name: one.target === '' ? domain : `${one.target}.${domain}`,
      type: one.type.toUpperCase(),
      ttl: null,
      value: one.value,
      priority: null,
      strings: null,
    },
    before: null,
  }))

/** In the order in which to do them. */
const changeLines = (proposal: Proposal | null): Line[] =>
  (proposal?.changes ?? []).flatMap(({ act, before, after }) => {
    const record = after ?? before
    return record === null ? [] : [{ act, record, before }]
  })

const changeCells = ({ act, record, before }: Line): string[] => [
  act,
  ...cellsOf(record),
  act === 'change' && before !== null ? told(before) : '',
]

const cellsOf = (record: Line['record']): string[] => [
  `${record.name}.`,
  record.type,
  record.priority === null ? '' : String(record.priority),
  dataOf(record),
]

const dataOf = ({ type, value }: Line['record']): string => (isNamed(type) ? `${value}.` : value)

/** A record that is no more: with its priority, which has no column of its own. */
const told = (record: DnsRecord): string =>
  record.priority === null ? dataOf(record) : `${record.priority} ${dataOf(record)}`

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const rule = header.map(() => '---')
  return [header, rule, ...rows.map((cells) => cells.map(cell))].map(line).join('')
}

/** Shown as it is: no mark-up, no HTML and no line break of a record's own; what cannot be seen is spelled out. */
function cell(text: string): string {
  if (text === '') return ''
  const seen = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, decimals).replaceAll('|', '\\|')
  const fence = '`'.repeat(1 + Math.max(0, ...[...seen.matchAll(/`+/g)].map(([run]) => run.length)))
  const apart = seen.startsWith('`') || seen.endsWith('`') ? ' ' : ''
  return `${fence}${apart}${seen}${apart}${fence}`
}
