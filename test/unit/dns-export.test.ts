import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exportRecords } from '../../main/diagnosis/records-export.ts'
import { stringsOf, textRecord } from '../../main/dns/propose/wanted.ts'
import { textOf } from '../../main/dns/wire/text.ts'
import type { DnsRecord, Proposal, ZoneChange } from '../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../preload/shapes.ts'

const domain = 'mairie-fictive.example'
const key = `v=DKIM1; h=sha256; k=rsa; p=${'A1b+'.repeat(170)}`
const expected: ExpectedRecord[] = [
  { target: '', type: 'mx', value: 'mx.ox.dimail.example.' },
  { target: 'dimail._domainkey', type: 'txt', value: key },
  { target: 'imap', type: 'cname', value: 'imap.ox.dimail.example.' },
  { target: '', type: 'txt', value: 'v=spf1 include:_spf.ox.dimail.example -all' },
]
const mx = (name: string, priority: number, value: string): DnsRecord => ({
  name,
  type: 'MX',
  ttl: 600,
  value,
  priority,
  strings: null,
})
const change = (act: ZoneChange['act'], before: DnsRecord | null, after: DnsRecord | null): ZoneChange => ({
  id: 'x',
  act,
  serves: [],
  reason: 'add-missing',
  facts: {},
  before,
  after,
  diff: null,
  lookups: null,
})
const spfBefore = textRecord(domain, 'v=spf1 include:mx.ovh.example -all', 600)
const spfAfter = textRecord(domain, 'v=spf1 include:mx.ovh.example include:_spf.ox.dimail.example -all', 600)
const proposal: Proposal = {
  changes: [
    change('add', null, mx(domain, 10, 'mx.ox.dimail.example')),
    change('change', spfBefore, spfAfter),
    change('delete', mx(domain, 5, 'mx1.autre.example'), null),
  ],
  hindered: [],
}
const asked = { domain, zone: domain, expected, proposal }

type Parsed = { owner: string; ttl: number; type: string; data: string[] }

/** A small reader of zone files (RFC 1035 5.1): comments, $ORIGIN, relative owners, quoted strings and escapes. */
function parseZone(text: string): Parsed[] {
  let origin = ''
  const records: Parsed[] = []
  for (const line of text.split('\n')) {
    const words = wordsOf(line)
    if (words.length === 0 || words[0] === '$TTL') continue
    if (words[0] === '$ORIGIN') {
      origin = words[1] ?? ''
      continue
    }
    const [owner = '', ttl = '', , type = '', ...data] = words
    const full = owner === '@' ? origin : owner.endsWith('.') ? owner : `${owner}.${origin}`
    records.push({ owner: full, ttl: Number(ttl), type, data })
  }
  return records
}

function wordsOf(line: string): string[] {
  const words: string[] = []
  const pattern = /\s*(?:;.*$|"((?:\\.|[^"\\])*)"|((?:\\.|[^\s;"\\])+))/gy
  for (const [whole, quoted, bare] of line.matchAll(pattern)) {
    if (quoted !== undefined) words.push(unescaped(quoted))
    else if (bare !== undefined) words.push(unescaped(bare))
    else expect(whole.trim()).toMatch(/^(;|$)/)
  }
  return words
}

function unescaped(text: string): string {
  const bytes: Buffer[] = []
  for (const [found] of text.matchAll(/\\\d{3}|\\?[\s\S]/gu)) {
    const decimal = /^\\(\d{3})$/.exec(found)
    bytes.push(
      decimal ? Buffer.from([Number(decimal[1])]) : Buffer.from(found.length > 1 ? found.slice(1) : found),
    )
  }
  return Buffer.concat(bytes).toString()
}

describe('zone file', () => {
  test('field 3.7: what dimail wants, as lines that a zone takes', () => {
    const text = exportRecords({ ...asked, what: 'expected', format: 'bind' })
    expect(text.split('\n').slice(0, 3)).toEqual([
      '$ORIGIN mairie-fictive.example.',
      '$TTL 3600',
      '@\t3600\tIN\tMX\t10 mx.ox.dimail.example.',
    ])
    expect(text).toContain('\nimap\t3600\tIN\tCNAME\timap.ox.dimail.example.\n')
    const dkim = parseZone(text).find(({ owner }) => owner.startsWith('dimail.'))
    expect(dkim?.data.map((one) => one.length)).toEqual([255, 255, key.length - 510])
    expect(dkim?.data.join('')).toBe(key)
  })

  test('field 3.7: a subdomain keeps its place below the zone that it is in', () => {
    const sub = {
      ...asked,
      domain: 'ville.agglo.example',
      zone: 'agglo.example',
      what: 'expected',
      format: 'bind',
    } as const
    const text = exportRecords(sub)
    expect(text).toContain('$ORIGIN agglo.example.\n')
    expect(text).toContain('\nville\t3600\tIN\tMX\t10 mx.ox.dimail.example.\n')
    expect(text).toContain('\nimap.ville\t3600\tIN\tCNAME\t')
    expect(parseZone(text).map(({ owner }) => owner)).toEqual([
      'ville.agglo.example.',
      'dimail._domainkey.ville.agglo.example.',
      'imap.ville.agglo.example.',
      'ville.agglo.example.',
    ])
  })

  test('field 3.7: a zone that is not known is the domain itself', () => {
    expect(exportRecords({ ...asked, zone: null, what: 'expected', format: 'bind' })).toContain(
      `$ORIGIN ${domain}.`,
    )
  })

  test('what goes away stands in comments alone, what changes with what it was, in order', () => {
    const text = exportRecords({ ...asked, what: 'changes', format: 'bind' })
    expect(text.split('\n').slice(2)).toEqual([
      '@\t600\tIN\tMX\t10 mx.ox.dimail.example.',
      '; instead of: @\t600\tIN\tTXT\t"v=spf1 include:mx.ovh.example -all"',
      '@\t600\tIN\tTXT\t"v=spf1 include:mx.ovh.example include:_spf.ox.dimail.example -all"',
      '; delete: @\t600\tIN\tMX\t5 mx1.autre.example.',
      '',
    ])
  })

  test('nothing to do is an empty zone file', () => {
    const text = exportRecords({ ...asked, proposal: null, what: 'changes', format: 'bind' })
    expect(parseZone(text)).toEqual([])
  })

  test('a null MX keeps the root as its host', () => {
    const none: Proposal = { changes: [change('add', null, mx(domain, 0, ''))], hindered: [] }
    const text = exportRecords({ ...asked, proposal: none, what: 'changes', format: 'bind' })
    expect(parseZone(text)[0]?.data).toEqual(['0', '.'])
  })

  test.each([
    { type: 'tlsa', value: '3 1 1 ab\n@ IN MX 1 evil.example.' },
    { type: 'a', value: '192.0.2.1\n@ IN MX 1 evil.example.' },
    { type: 'x\n@ IN MX', value: '1 evil.example.' },
  ])('a value from outside begins no line of its own', ({ type, value }) => {
    const records = [{ target: '', type, value }]
    const text = exportRecords({ ...asked, expected: records, what: 'expected', format: 'bind' })
    expect(parseZone(text)).toEqual([])
    expect(text.split('\n')).toHaveLength(4)
  })

  const labels = fc.stringMatching(/^[a-z0-9_]([a-z0-9_-]{0,10}[a-z0-9])?$/)
  const text = fc
    .string({ unit: 'grapheme', minLength: 0, maxLength: 700 })
    .map((one) => textOf(Buffer.from(one)))
  test('field 3.7: any text and any name read back as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(labels, text), { maxLength: 5 }), (rows) => {
        const records = rows.map(([target, value]) => ({ target, type: 'txt', value }))
        const file = exportRecords({ ...asked, expected: records, what: 'expected', format: 'bind' })
        expect(parseZone(file).map(({ owner, data }) => [owner, textOf(Buffer.from(data.join('')))])).toEqual(
          rows.map(([target, value]) => [`${target}.${domain}.`, value]),
        )
        for (const { data } of parseZone(file))
          for (const one of data) expect(Buffer.byteLength(one)).toBeLessThanOrEqual(255)
      }),
    )
  })

  test('strings hold 255 octets at most and cut no character and no escape', () => {
    const long = `${'é'.repeat(200)}${'\\255'.repeat(300)}`
    const strings = stringsOf(long)
    expect(strings.join('')).toBe(long)
    for (const one of strings) {
      expect(Buffer.byteLength(one.replace(/\\\d{3}/g, 'x'))).toBeLessThanOrEqual(255)
      expect(one).not.toMatch(/\\\d{0,2}$/)
    }
  })
})

describe('tables', () => {
  const read = (format: 'csv' | 'tsv' | 'markdown', what: 'expected' | 'changes') =>
    exportRecords({ ...asked, what, format })

  test('field 3.7: CSV as French Excel opens it, names full', () => {
    const csv = read('csv', 'expected')
    expect(csv.startsWith('\uFEFFname;type;priority;value\r\n')).toBe(true)
    expect(csv).toContain(`\r\n${domain}.;MX;10;mx.ox.dimail.example.\r\n`)
    expect(csv).toContain(`\r\nimap.${domain}.;CNAME;;imap.ox.dimail.example.\r\n`)
  })

  test('field 3.7: tabs to paste, without a byte order mark', () => {
    const tsv = read('tsv', 'changes')
    expect(tsv.split('\n')).toEqual([
      'act\tname\ttype\tpriority\tvalue\tbefore',
      `add\t${domain}.\tMX\t10\tmx.ox.dimail.example.\t`,
      `change\t${domain}.\tTXT\t\t${spfAfter.value}\t${spfBefore.value}`,
      `delete\t${domain}.\tMX\t5\tmx1.autre.example.\t`,
      '',
    ])
  })

  test('field 3.7: a Markdown table', () => {
    expect(read('markdown', 'expected').split('\n').slice(0, 3)).toEqual([
      '| name | type | priority | value |',
      '| --- | --- | --- | --- |',
      `| \`${domain}.\` | \`MX\` | \`10\` | \`mx.ox.dimail.example.\` |`,
    ])
  })

  test.each(['csv', 'tsv'] as const)('faults 68: no formula of a zone is left alive in %s', (format) => {
    const records = [{ target: '', type: 'txt', value: '=HYPERLINK("https://x.example";"a")' }]
    const text = exportRecords({ ...asked, expected: records, what: 'expected', format })
    expect(text).toContain(`'=HYPERLINK`)
  })

  test('a cell of Markdown keeps its bars, backquotes, line breaks and direction marks to itself', () => {
    const records = [{ target: '', type: 'txt', value: '`a`|b\n\u202Ec <script>' }]
    const text = exportRecords({ ...asked, expected: records, what: 'expected', format: 'markdown' })
    expect(text.split('\n')).toHaveLength(4)
    expect(text).toContain('`` `a`\\|b\\010\\226\\128\\174c <script> ``')
  })

  test('a type that the console does not know is given in dimail’s words', () => {
    const records = [{ target: '_25._tcp.mx', type: 'tlsa', value: '3 1 1 abcd' }]
    const text = exportRecords({ ...asked, expected: records, what: 'expected', format: 'csv' })
    expect(text).toContain(`_25._tcp.mx.${domain}.;TLSA;;3 1 1 abcd`)
  })
})
