import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareRecords } from '../../main/dns/compare/compare.ts'
import { countLookups } from '../../main/dns/compare/spf-count.ts'
import { isSpf, parseSpf } from '../../main/dns/compare/spf-parse.ts'
import { applyChanges } from '../../main/dns/propose/apply.ts'
import { propose } from '../../main/dns/propose/propose.ts'
import { isMeantAsSpf, meaningOf, partsOf } from '../../main/dns/propose/spf-parts.ts'
import { under } from '../../main/dns/zone/names.ts'
import type { DnsRecord, Proposal } from '../../preload/dns-shapes.ts'
import { expected, key, record, viewOf } from './dns-propose-zones.ts'

const ours = 'include:_spf.ox.dimail.example'
const qualifier = fc.constantFrom('', '', '', '+', '~', '?', '-')
const mechanism = fc.constantFrom(
  ours,
  ours.toUpperCase(),
  'a',
  'mx',
  'ptr',
  'a:www.autre.example',
  'mx:x.autre.example',
  'a:y.autre.example',
  'a:z.autre.example',
  'ip4:192.0.2.1',
  'ip4:0.0.0.0/0',
  'ip6:2001:db8::/32',
  'exists:%{i}.autre.example',
  'include:mx.ovh.example',
  'include:spf.deep.example',
  'include:b.deep.example',
  'include:a.deep.example',
  'include:text.example',
  'include:two.example',
  'include:%{d}',
  ...Array.from({ length: 12 }, (_, at) => `include:n${at}.example`),
  'all',
)
const term = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(qualifier, mechanism).map((parts) => parts.join('')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'redirect=strict.example',
      'redirect=open.example',
      'exp=why.example',
      'x=y',
      'includ:x',
    ),
  },
)
const spf = fc
  .tuple(fc.array(term, { maxLength: 14 }), fc.constantFrom('', '-all', '~all', '?all', '+all'))
  .map(([terms, all]) => ['v=spf1', ...terms, all].filter((one) => one !== '').join(' '))
const quotedSpf = spf.map((text) => `"${text}"`)
const dkim = fc.constantFrom(
  key,
  key.slice(0, 255),
  key.slice(255),
  key.replace('; p', '; t=y; p'),
  key.replaceAll('; ', ';'),
  `"${key}"`,
  'v=DKIM1; h=sha256; k=rsa; p=WFla',
  'v=DKIM1; p=',
  'some note',
)
const lineAt = (owner: string) =>
  fc.oneof(
    fc
      .constantFrom('A 192.0.2.1', 'A 192.0.2.2', 'AAAA 2001:db8::1', 'TXT some note', 'TXT verification=1')
      .map((rest) => `${owner} ${rest}`),
    fc
      .constantFrom(
        'MX 10 mx1.autre.example',
        'MX 5 mx.ox.dimail.example',
        'MX 20 mx2.autre.example',
        'MX 0 ',
      )
      .map((rest) => `${owner} ${rest}`),
  )
const apexLine = (owner: string) =>
  fc.oneof(
    lineAt(owner),
    spf.map((text) => `${owner} TXT ${text}`),
    quotedSpf.map((text) => `${owner} TXT ${text}`),
  )
const hostLine = (owner: string) =>
  fc.oneof(
    lineAt(owner),
    fc
      .constantFrom('host.example', 'imap.ox.dimail.example', 'nowhere.example', 'smtp.ox.dimail.example')
      .map((host) => `${owner} CNAME ${host}`),
  )
const below = (label: string, sub: string) => (sub === '' ? label : `${label}.${sub}`)

/** A zone as a careless hand may leave it, the domain itself or one below it; a CNAME stands alone, as servers see to. */
const zones = fc
  .tuple(fc.constantFrom('', 'mairie'), fc.boolean())
  .chain(([sub, hasStar]) => {
    const selector = below('dimail._domainkey', sub)
    const lines = fc.oneof(
      { weight: 6, arbitrary: apexLine(sub === '' ? '@' : sub) },
      { weight: 3, arbitrary: dkim.map((text) => `${selector} TXT ${text}`) },
      { weight: 1, arbitrary: fc.constant(`${selector} CNAME host.example`) },
      {
        weight: 5,
        arbitrary: fc.constantFrom('imap', 'smtp', 'webmail').chain((label) => hostLine(below(label, sub))),
      },
      {
        weight: 1,
        arbitrary: fc.constant(`${below('imap', sub)}.ville.example CNAME imap.ox.dimail.example`),
      },
      { weight: 2, arbitrary: fc.constantFrom('www', 'ftp', 'sel1._domainkey').chain(hostLine) },
      ...(sub === '' ? [] : [{ weight: 1, arbitrary: fc.constant(`${sub} CNAME host.example`) }]),
      ...(hasStar ? [{ weight: 2, arbitrary: hostLine('*') }] : []),
    )
    return fc.tuple(fc.constant(sub), fc.array(lines, { maxLength: 14 }))
  })
  .map(([sub, lines]) => {
    const zone = 'ville.example'
    const records = [...new Set(lines)].map((line) => record(zone, line))
    return { zone, domain: sub === '' ? zone : `${sub}.${zone}`, records: lawful(records) }
  })

function lawful(records: DnsRecord[]): DnsRecord[] {
  return records.filter((one, place) => {
    const first = records.findIndex((other) => other.name === one.name && other.type === 'CNAME')
    return first < 0 || first === place
  })
}

type Zone = { zone: string; domain: string; records: DnsRecord[] }
const proposalFor = ({ zone, domain, records }: Zone): Proposal =>
  propose(domain, zone, expected, viewOf(zone, records))
const made = (found: Zone, { changes }: Proposal): Zone => ({
  ...found,
  records: applyChanges(found.records, changes),
})
const holds = (check: (found: Zone) => void) => fc.assert(fc.property(zones, check), { numRuns: 400 })
const keysOf = (one: DnsRecord) => JSON.stringify([one.name, one.type, one.value, one.priority])

describe('for any zone', () => {
  test('field N3: what is not hindered is correct once the changes are made', () => {
    holds((found) => {
      const proposal = proposalFor(found)
      const { zone, domain, records } = made(found, proposal)
      const hindered = new Set(proposal.hindered.map((one) => one.key))
      const judged = compareRecords(domain, zone, expected, viewOf(zone, records))
      expect(judged.filter((one) => one.verdict !== 'correct' && !hindered.has(one.key))).toEqual([])
    })
  })

  test('field N3: no change changes nothing, and none is left to propose afterwards', () => {
    holds((found) => {
      const proposal = proposalFor(found)
      for (const { before, after: then } of proposal.changes)
        expect(JSON.stringify({ ...before, ttl: 0 })).not.toBe(JSON.stringify({ ...then, ttl: 0 }))
      const ids = proposal.changes.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      const again = proposalFor(made(found, proposal))
      expect(again.changes.filter(({ reason }) => reason !== 'remove-doubled')).toEqual([])
    })
  })

  test('field N3: names of nobody’s concern, and other texts, stay as they are', () => {
    holds((found) => {
      const { records } = made(found, proposalFor(found))
      const names = expected.map(({ target }) => under(target, found.domain))
      const isOther = (one: DnsRecord) =>
        !names.includes(one.name) && !one.name.endsWith(`${found.zone}.${found.zone}`)
      const kept = new Set(records.map(keysOf))
      for (const one of found.records.filter(isOther)) expect(kept.has(keysOf(one))).toBe(true)
      const isText = ({ type, value, name }: DnsRecord) =>
        type === 'TXT' && name === found.domain && !isMeantAsSpf(value)
      for (const one of found.records.filter(isText)) expect(kept.has(keysOf(one))).toBe(true)
      expect(records.filter(isOther)).toHaveLength(found.records.filter(isOther).length)
    })
  })

  test('field 3.4: senders of others stay listed, at ten look-ups at most', () => {
    holds((found) => {
      for (const { before, after: then, facts, lookups, reason } of proposalFor(found).changes) {
        if (then === null || !isSpf(then.value)) continue
        const merged = parseSpf(then.value)
        if (merged === null) throw new Error('No SPF')
        const view = viewOf(found.zone, found.records)
        expect(countLookups(then.name, merged, view).lookups).toBeLessThanOrEqual(10)
        expect(lookups?.after ?? 0).toBeLessThanOrEqual(10)
        if (before === null || reason === 'keep-beside') continue
        const dropped = String(facts.dropped ?? '').split(' ')
        const names = partsOf(then.value).reached.map((one) => meaningOf(one, then.name))
        const broken = /text\.example|include:%\{d\}|ip4:0\.0\.0\.0/
        const wanted = partsOf(before.value).reached.filter(({ text }) => !broken.test(text))
        for (const one of wanted)
          if (
            !dropped.some(
              (text) =>
                text.replace(/^[+?~-]/, '') === one.text.replace(/^[+?~-]/, '') || /^[+?~-]?ptr/.test(text),
            )
          )
            expect(names).toContain(meaningOf(one, then.name))
      }
    })
  })

  test('field N3: the order of answers changes no proposal', () => {
    fc.assert(
      fc.property(zones, fc.array(fc.nat()), (found, keys) => {
        const shuffled = found.records
          .map((one, place) => ({ one, rank: keys[place] ?? place }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ one }) => one)
        expect(proposalFor({ ...found, records: shuffled })).toEqual(proposalFor(found))
      }),
    )
  })

  test('field N3: an address or a CNAME goes only where the wanted CNAME or the mail takes its place', () => {
    holds((found) => {
      const { changes } = proposalFor(found)
      const added = new Set(changes.flatMap(({ after: then }) => (then === null ? [] : [then.name])))
      for (const { act, before } of changes)
        if (act === 'delete' && before !== null && ['A', 'AAAA', 'CNAME'].includes(before.type))
          expect(added.has(before.name) || before.name.endsWith(`${found.zone}.${found.zone}`)).toBe(true)
    })
  })
})
