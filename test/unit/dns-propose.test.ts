import { describe, expect, test } from 'vitest'
import { compareRecords } from '../../main/dns/compare/compare.ts'
import { applyChanges } from '../../main/dns/propose/apply.ts'
import { propose } from '../../main/dns/propose/propose.ts'
import type { DnsRecord, ZoneChange } from '../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../preload/shapes.ts'
import { apex, expected, key, record, viewOf } from './dns-propose-zones.ts'

const spfWanted = 'v=spf1 include:_spf.ox.dimail.example -all'
const ours = 'include:_spf.ox.dimail.example'
const right = [
  '@ MX 10 mx.ox.dimail.example',
  `dimail._domainkey TXT ${key}`,
  'imap CNAME imap.ox.dimail.example',
  'smtp CNAME smtp.ox.dimail.example',
  `@ TXT ${spfWanted}`,
  'webmail CNAME webmail.ox.dimail.example',
]
/** The right zone with some lines in the place of those of the same name and type. */
const butFor = (kind: string, ...lines: string[]) => [
  ...right.filter((line) => !line.startsWith(kind)),
  ...lines,
]

const written = (one: DnsRecord | null): string =>
  one === null ? '' : `${one.name} ${one.type} ${one.priority === null ? '' : `${one.priority} `}${one.value}`
const told = ({ act, reason, before, after }: ZoneChange): string =>
  act === 'change'
    ? `change ${reason}: ${written(before)} => ${written(after)}`
    : `${act} ${reason}: ${written(after ?? before)}`

function proposed(
  lines: readonly string[],
  wanted: readonly ExpectedRecord[] = expected,
  domain = apex,
  zone = apex,
) {
  const records = lines.map((line) => record(zone, line))
  const proposal = propose(domain, zone, wanted, viewOf(zone, records))
  const after = viewOf(zone, applyChanges(records, proposal.changes))
  const hindered = proposal.hindered.map((one) => one.key)
  for (const { key: name, verdict } of compareRecords(domain, zone, wanted, after))
    expect([name, hindered.includes(name) || verdict === 'correct' ? 'right' : verdict]).toEqual([
      name,
      'right',
    ])
  expect(propose(domain, zone, wanted, after).changes).toEqual([])
  return proposal
}

type Spf = {
  title: string
  found: string[]
  after: string
  reason: ZoneChange['reason']
  lookups?: [number, number]
}
const spfs: Spf[] = [
  {
    title: 'another provider is kept, the include goes before all',
    found: ['v=spf1 include:mx.ovh.example ~all'],
    after: `v=spf1 include:mx.ovh.example ${ours} ~all`,
    reason: 'insert-include',
    lookups: [1, 2],
  },
  {
    title: 'a hard fail stays one',
    found: ['v=spf1 include:mx.ovh.example -all'],
    after: `v=spf1 include:mx.ovh.example ${ours} -all`,
    reason: 'insert-include',
  },
  {
    title: 'addresses stay',
    found: ['v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 mx a:www.autre.example -all'],
    after: `v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 mx a:www.autre.example ${ours} -all`,
    reason: 'insert-include',
  },
  { title: 'an empty one', found: ['v=spf1'], after: `v=spf1 ${ours} ~all`, reason: 'insert-include' },
  {
    title: 'nothing but a refusal',
    found: ['v=spf1 -all'],
    after: `v=spf1 ${ours} -all`,
    reason: 'insert-include',
  },
  {
    title: 'upper case',
    found: ['V=SPF1 INCLUDE:MX.OVH.EXAMPLE -ALL'],
    after: `v=spf1 INCLUDE:MX.OVH.EXAMPLE ${ours} -all`,
    reason: 'insert-include',
  },
  {
    title: 'ours in upper case with a final dot',
    found: ['v=spf1 INCLUDE:_SPF.ox.dimail.example. ?all'],
    after: `v=spf1 ${ours} ~all`,
    reason: 'close-all',
  },
  { title: 'softened', found: [`v=spf1 ~${ours} -all`], after: spfWanted, reason: 'unqualify-include' },
  {
    title: 'neutral',
    found: [`v=spf1 mx ?${ours} ip4:192.0.2.1 -all`],
    after: `v=spf1 mx ${ours} ip4:192.0.2.1 -all`,
    reason: 'unqualify-include',
  },
  {
    title: 'refused',
    found: [`v=spf1 -${ours} ~all`],
    after: `v=spf1 ${ours} ~all`,
    reason: 'unqualify-include',
  },
  {
    title: 'after all',
    found: [`v=spf1 mx -all ${ours}`],
    after: `v=spf1 mx ${ours} -all`,
    reason: 'move-include',
  },
  {
    title: 'another after all, as its author meant',
    found: ['v=spf1 mx -all include:mx.ovh.example'],
    after: `v=spf1 mx include:mx.ovh.example ${ours} -all`,
    reason: 'insert-include',
  },
  {
    title: 'a refusal after all never refused anybody',
    found: ['v=spf1 mx ~all -ip4:192.0.2.1'],
    after: `v=spf1 mx ${ours} ~all`,
    reason: 'insert-include',
  },
  { title: 'open to all', found: [`v=spf1 ${ours} +all`], after: `v=spf1 ${ours} ~all`, reason: 'close-all' },
  {
    title: 'open without a sign',
    found: [`v=spf1 ${ours} all`],
    after: `v=spf1 ${ours} ~all`,
    reason: 'close-all',
  },
  {
    title: 'neutral to all',
    found: [`v=spf1 ${ours} ?all`],
    after: `v=spf1 ${ours} ~all`,
    reason: 'close-all',
  },
  { title: 'no end', found: [`v=spf1 ${ours}`], after: `v=spf1 ${ours} ~all`, reason: 'close-all' },
  {
    title: 'every address',
    found: [`v=spf1 ip4:0.0.0.0/0 ${ours} -all`],
    after: `v=spf1 ${ours} ~all`,
    reason: 'mend-spf',
  },
  {
    title: 'bare a, which stops dimail',
    found: [`v=spf1 a mx ${ours} -all`],
    after: `v=spf1 a:ville.example mx ${ours} -all`,
    reason: 'mend-spf',
  },
  {
    title: 'bare ptr, which stops dimail',
    found: [`v=spf1 ptr ${ours} -all`],
    after: `v=spf1 ptr:ville.example ${ours} -all`,
    reason: 'mend-spf',
  },
  {
    title: 'an explanation, which stops dimail',
    found: [`v=spf1 ${ours} exp=why.autre.example -all`],
    after: spfWanted,
    reason: 'mend-spf',
  },
  {
    title: 'a modifier that nobody knows stays',
    found: ['v=spf1 mx ra=postmaster -all'],
    after: `v=spf1 mx ${ours} ra=postmaster -all`,
    reason: 'insert-include',
  },
  {
    title: 'a redirect becomes an include with the end of its own',
    found: ['v=spf1 redirect=strict.example'],
    after: `v=spf1 include:strict.example ${ours} -all`,
    reason: 'remove-redirect',
    lookups: [2, 3],
  },
  {
    title: 'a redirect to a neutral end',
    found: ['v=spf1 redirect=open.example'],
    after: `v=spf1 include:open.example ${ours} ~all`,
    reason: 'remove-redirect',
  },
  {
    title: 'a redirect onward',
    found: ['v=spf1 mx redirect=onward.example'],
    after: `v=spf1 mx include:onward.example ${ours} -all`,
    reason: 'remove-redirect',
  },
  {
    title: 'a redirect to ours',
    found: ['v=spf1 redirect=_spf.ox.dimail.example'],
    after: spfWanted,
    reason: 'remove-redirect',
  },
  {
    title: 'a redirect that all makes void',
    found: [`v=spf1 ${ours} redirect=strict.example -all`],
    after: spfWanted,
    reason: 'mend-spf',
  },
  {
    title: 'a redirect to nothing',
    found: ['v=spf1 mx redirect=text.example'],
    after: `v=spf1 mx ${ours} ~all`,
    reason: 'remove-redirect',
  },
  {
    title: 'ours by way of another',
    found: ['v=spf1 include:mx.ovh.example include:mx.ovh.example -all'],
    after: `v=spf1 include:mx.ovh.example ${ours} -all`,
    reason: 'insert-include',
    lookups: [2, 2],
  },
  {
    title: 'an include of nothing fails everybody',
    found: ['v=spf1 include:text.example include:nowhere.example -all'],
    after: spfWanted,
    reason: 'insert-include',
  },
  {
    title: 'an include of itself',
    found: [`v=spf1 include:ville.example ${ours} -all`],
    after: spfWanted,
    reason: 'mend-spf',
  },
  { title: 'in quotes', found: [`"${spfWanted}"`], after: spfWanted, reason: 'unquote' },
  {
    title: 'in quotes, of another provider',
    found: ['"v=spf1 include:mx.ovh.example ~all"'],
    after: `v=spf1 include:mx.ovh.example ${ours} ~all`,
    reason: 'unquote',
  },
  {
    title: 'in the quotes of a text editor',
    found: ['“v=spf1 mx ~all”'],
    after: `v=spf1 mx ${ours} ~all`,
    reason: 'unquote',
  },
  {
    title: 'an address under a name that leaves no doubt',
    found: [`v=spf1 ipv4:192.0.2.1 ip:192.0.2.2/31 ${ours} -all`],
    after: `v=spf1 ip4:192.0.2.1 ip4:192.0.2.2/31 ${ours} -all`,
    reason: 'mend-spf',
  },
  {
    title: 'the semicolons of a DKIM record',
    found: ['v=spf1; include:mx.ovh.example; -all;'],
    after: `v=spf1 include:mx.ovh.example ${ours} -all`,
    reason: 'mend-spf',
  },
  {
    title: 'commas between terms',
    found: ['v=spf1 include:mx.ovh.example,ip4:192.0.2.1,-all'],
    after: `v=spf1 include:mx.ovh.example ip4:192.0.2.1 ${ours} -all`,
    reason: 'insert-include',
  },
  {
    title: 'a long dash before all, a space after a colon',
    found: ['v=spf1 include: mx.ovh.example –all'],
    after: `v=spf1 include:mx.ovh.example ${ours} -all`,
    reason: 'insert-include',
  },
  {
    title: 'a tab between terms',
    found: [`v=spf1 mx\\009${ours} -all`],
    after: `v=spf1 mx ${ours} -all`,
    reason: 'mend-spf',
  },
  {
    title: 'two: dimail’s own beside another',
    found: ['v=spf1 include:mx.ovh.example ~all', spfWanted],
    after: `v=spf1 include:mx.ovh.example ${ours} ~all`,
    reason: 'merge-spf',
  },
  {
    title: 'two that refuse both',
    found: ['v=spf1 mx include:mx.ovh.example -all', spfWanted],
    after: `v=spf1 mx include:mx.ovh.example ${ours} -all`,
    reason: 'merge-spf',
  },
  {
    title: 'two that disagree on a sender',
    found: ['v=spf1 mx -ip4:192.0.2.1 -all', 'v=spf1 ip4:192.0.2.1 -all'],
    after: `v=spf1 mx ip4:192.0.2.1 ${ours} -all`,
    reason: 'merge-spf',
  },
  {
    title: 'two, one with a redirect',
    found: ['v=spf1 mx a:www.autre.example -all', 'v=spf1 redirect=open.example'],
    after: `v=spf1 mx a:www.autre.example include:open.example ${ours} ~all`,
    reason: 'merge-spf',
  },
  {
    title: 'three',
    found: ['v=spf1 mx ip4:192.0.2.1 -all', 'v=spf1 include:mx.ovh.example -all', spfWanted],
    after: `v=spf1 mx ip4:192.0.2.1 include:mx.ovh.example ${ours} -all`,
    reason: 'merge-spf',
  },
  {
    title: 'eleven look-ups: an include that another holds goes',
    found: [
      `v=spf1 include:spf.deep.example include:b.deep.example ${[0, 1, 2, 3].map((at) => `include:n${at}.example`).join(' ')} -all`,
    ],
    after: `v=spf1 include:spf.deep.example ${[0, 1, 2, 3].map((at) => `include:n${at}.example`).join(' ')} ${ours} -all`,
    reason: 'insert-include',
    lookups: [10, 9],
  },
  {
    title: 'eleven look-ups: ptr goes at last',
    found: [`v=spf1 ptr ${Array.from({ length: 9 }, (_, at) => `include:n${at}.example`).join(' ')} -all`],
    after: `v=spf1 ${Array.from({ length: 9 }, (_, at) => `include:n${at}.example`).join(' ')} ${ours} -all`,
    reason: 'insert-include',
    lookups: [10, 10],
  },
  {
    title: 'three that find nobody',
    found: [`v=spf1 a:x.autre.example a:y.autre.example mx:z.autre.example ${ours} -all`],
    after: `v=spf1 a:y.autre.example mx:z.autre.example ${ours} -all`,
    reason: 'mend-spf',
  },
]

describe('SPF', () => {
  test.each(spfs)('field N3: $title', ({ found, after, reason, lookups }) => {
    const { changes, hindered } = proposed(butFor('@ TXT', ...found.map((text) => `@ TXT ${text}`)))
    expect(hindered).toEqual([])
    const last = changes.filter((one) => one.act === 'change')
    expect(last.map((one) => one.after?.value ?? '')).toEqual([after])
    expect(last[0]?.reason).toBe(reason)
    const { before, diff } = last[0] ?? {}
    expect(diff?.flatMap(({ kind, text }) => (kind === 'added' ? [] : [text])).join('')).toBe(before?.value)
    expect(diff?.flatMap(({ kind, text }) => (kind === 'removed' ? [] : [text])).join('')).toBe(after)
    expect(changes.filter(({ act }) => act === 'delete')).toHaveLength(found.length - 1)
    if (lookups) expect(last[0]?.lookups).toEqual({ before: lookups[0], after: lookups[1] })
  })

  test.each([
    {
      title: 'ten others',
      found: [`v=spf1 ${Array.from({ length: 10 }, (_, at) => `include:n${at}.example`).join(' ')} -all`],
      why: 'spf-lookups',
    },
    { title: 'a term that is none', found: ['v=spf1 includ:mx.ovh.example -all'], why: 'spf-syntax' },
    { title: 'a version that is none', found: ['v=spf2.0/pra mx -all'], why: 'spf-syntax' },
    { title: 'two, of which one cannot be read', found: ['v=spf1 mx:: -all', spfWanted], why: 'spf-two' },
    { title: 'an include that has two', found: ['v=spf1 include:two.example -all'], why: 'spf-include' },
    { title: 'an include that is not known', found: ['v=spf1 include:autre.invalid -all'], why: 'unread' },
    { title: 'a redirect that is not known', found: ['v=spf1 redirect=autre.invalid'], why: 'unread' },
  ])('field 3.4: nothing is proposed for $title, and it is said why', ({ found, why }) => {
    const { changes, hindered } = proposed(butFor('@ TXT', ...found.map((text) => `@ TXT ${text}`)))
    expect(changes).toEqual([])
    expect(hindered.map((one) => one.why)).toEqual([why])
  })

  test('field 3.4: a sender that nobody could be found by is told when it goes', () => {
    const { changes } = proposed(butFor('@ TXT', `@ TXT v=spf1 mx include:text.example ${ours} -all`))
    expect(changes[0]?.facts).toMatchObject({ dropped: 'include:text.example', include: ours, all: '-all' })
  })

  const long = (term: (at: number) => string) =>
    `v=spf1 ${Array.from({ length: 2500 }, (_, at) => term(at)).join(' ')} -all`
  test.each([
    { title: 'includes', text: long((at) => `include:n${at % 12}.example`) },
    { title: 'includes of nothing', text: long((at) => `include:x${at}.autre.example`) },
    { title: 'includes after all', text: long((at) => (at === 0 ? '-all' : `include:n${at}.example`)) },
    { title: 'hosts', text: long((at) => `a:x${at}.autre.example`) },
    { title: 'addresses', text: long((at) => `ip4:192.0.2.${at % 256}/${at % 33}`) },
    { title: 'commas', text: `v=spf1 ${','.repeat(60_000)}` },
    { title: 'quotes', text: `"v=spf1 ${'" '.repeat(30_000)}` },
  ])('an SPF of 64 KB is dealt with in bounded time: $title', ({ text }) => {
    const began = performance.now()
    propose(apex, apex, expected, viewOf(apex, [record(apex, `@ TXT ${text}`)]))
    expect(performance.now() - began).toBeLessThan(3000)
  })

  test('field 3.4: more look-ups than RFC 7208 allows are counted in the hindrance', () => {
    const others = Array.from({ length: 10 }, (_, at) => `include:n${at}.example`).join(' ')
    const { hindered } = proposed(butFor('@ TXT', `@ TXT v=spf1 ${others} ~all`))
    expect(hindered[0]?.facts).toMatchObject({ lookups: 11, limit: 10 })
  })
})

type Case = { title: string; lines: string[]; changes: string[] }
const doubledMx = 'mx.ox.dimail.example.ville.example'
const others: Case[] = [
  { title: 'a zone that is right', lines: right, changes: [] },
  {
    title: 'a softer end than dimail’s, which does',
    lines: butFor('@ TXT', '@ TXT v=spf1 mx include:_spf.ox.dimail.example ~all'),
    changes: [],
  },
  { title: 'other texts beside', lines: [...right, '@ TXT google-site-verification=x'], changes: [] },
  {
    title: 'no MX',
    lines: butFor('@ MX'),
    changes: ['add add-missing: ville.example MX 10 mx.ox.dimail.example'],
  },
  {
    title: 'another MX',
    lines: butFor('@ MX', '@ MX 5 mx1.autre.example'),
    changes: [
      'change replace-wrong: ville.example MX 5 mx1.autre.example => ville.example MX 5 mx.ox.dimail.example',
    ],
  },
  {
    title: 'two other MX',
    lines: butFor('@ MX', '@ MX 20 mx2.autre.example', '@ MX 5 mx1.autre.example'),
    changes: [
      'change replace-wrong: ville.example MX 5 mx1.autre.example => ville.example MX 5 mx.ox.dimail.example',
      'delete remove-extra-mx: ville.example MX 20 mx2.autre.example',
    ],
  },
  {
    title: 'another MX beside ours',
    lines: [...right, '@ MX 5 mx1.autre.example'],
    changes: ['delete remove-extra-mx: ville.example MX 5 mx1.autre.example'],
  },
  {
    title: 'a null MX',
    lines: butFor('@ MX', '@ MX 0 '),
    changes: ['change replace-wrong: ville.example MX 0  => ville.example MX 0 mx.ox.dimail.example'],
  },
  {
    title: 'an MX with the zone behind it',
    lines: butFor('@ MX', `@ MX 10 ${doubledMx}`),
    changes: [
      `change replace-wrong: ville.example MX 10 ${doubledMx} => ville.example MX 10 mx.ox.dimail.example`,
    ],
  },
  { title: 'an MX in upper case', lines: butFor('@ MX', '@ MX 1 MX.ox.dimail.example'), changes: [] },
  {
    title: 'no CNAME',
    lines: butFor('imap'),
    changes: ['add add-missing: imap.ville.example CNAME imap.ox.dimail.example'],
  },
  {
    title: 'another CNAME',
    lines: butFor('imap', 'imap CNAME host.example'),
    changes: [
      'change replace-wrong: imap.ville.example CNAME host.example => imap.ville.example CNAME imap.ox.dimail.example',
    ],
  },
  {
    title: 'addresses at the place of a CNAME',
    lines: butFor('imap', 'imap A 198.51.100.1', 'imap AAAA 2001:db8::1'),
    changes: [
      'delete remove-in-the-way: imap.ville.example A 198.51.100.1',
      'delete remove-in-the-way: imap.ville.example AAAA 2001:db8::1',
      'add add-missing: imap.ville.example CNAME imap.ox.dimail.example',
    ],
  },
  {
    title: 'a text at the place of a CNAME',
    lines: butFor('imap', 'imap TXT v=spf1 -all'),
    changes: [
      'delete remove-in-the-way: imap.ville.example TXT v=spf1 -all',
      'add add-missing: imap.ville.example CNAME imap.ox.dimail.example',
    ],
  },
  {
    title: 'a wildcard at the place of a CNAME',
    lines: [...butFor('imap'), '* A 198.51.100.1'],
    changes: ['add beside-wildcard: imap.ville.example CNAME imap.ox.dimail.example'],
  },
  {
    title: 'a wildcard CNAME at the place of a CNAME',
    lines: [...butFor('imap'), '* CNAME host.example'],
    changes: ['add beside-wildcard: imap.ville.example CNAME imap.ox.dimail.example'],
  },
  {
    title: 'a CNAME with the zone behind its name',
    lines: [...butFor('imap'), 'imap.ville.example CNAME imap.ox.dimail.example'],
    changes: [
      'add add-missing: imap.ville.example CNAME imap.ox.dimail.example',
      'delete remove-doubled: imap.ville.example.ville.example CNAME imap.ox.dimail.example',
    ],
  },
  {
    title: 'no key',
    lines: butFor('dimail'),
    changes: [`add add-missing: dimail._domainkey.ville.example TXT ${key}`],
  },
  {
    title: 'a cut key',
    lines: butFor('dimail', `dimail._domainkey TXT ${key.slice(0, 255)}`),
    changes: [
      `change complete-key: dimail._domainkey.ville.example TXT ${key.slice(0, 255)} => dimail._domainkey.ville.example TXT ${key}`,
    ],
  },
  {
    title: 'a key in two records',
    lines: butFor(
      'dimail',
      `dimail._domainkey TXT ${key.slice(0, 255)}`,
      `dimail._domainkey TXT ${key.slice(255)}`,
    ),
    changes: [
      `change complete-key: dimail._domainkey.ville.example TXT ${key.slice(0, 255)} => dimail._domainkey.ville.example TXT ${key}`,
      `delete drop-second-key: dimail._domainkey.ville.example TXT ${key.slice(255)}`,
    ],
  },
  {
    title: 'another key',
    lines: butFor('dimail', 'dimail._domainkey TXT v=DKIM1; h=sha256; k=rsa; p=WFla'),
    changes: [
      `change replace-key: dimail._domainkey.ville.example TXT v=DKIM1; h=sha256; k=rsa; p=WFla => dimail._domainkey.ville.example TXT ${key}`,
    ],
  },
  {
    title: 'a revoked key',
    lines: butFor('dimail', 'dimail._domainkey TXT v=DKIM1; p='),
    changes: [
      `change replace-key: dimail._domainkey.ville.example TXT v=DKIM1; p= => dimail._domainkey.ville.example TXT ${key}`,
    ],
  },
  {
    title: 'a second key',
    lines: [...right, 'dimail._domainkey TXT v=DKIM1; h=sha256; k=rsa; p=WFla'],
    changes: ['delete drop-second-key: dimail._domainkey.ville.example TXT v=DKIM1; h=sha256; k=rsa; p=WFla'],
  },
  {
    title: 'a key under test',
    lines: butFor('dimail', `dimail._domainkey TXT ${key.replace('; p', '; t=y; p')}`),
    changes: [
      `change leave-test: dimail._domainkey.ville.example TXT ${key.replace('; p', '; t=y; p')} => dimail._domainkey.ville.example TXT ${key}`,
    ],
  },
  {
    title: 'a key with tags of its own',
    lines: butFor('dimail', `dimail._domainkey TXT ${key.replace('; p', '; n=x; p')}`),
    changes: [
      `change mend-key: dimail._domainkey.ville.example TXT ${key.replace('; p', '; n=x; p')} => dimail._domainkey.ville.example TXT ${key}`,
    ],
  },
  {
    title: 'a key in quotes',
    lines: butFor('dimail', `dimail._domainkey TXT "${key}"`),
    changes: [
      `change unquote: dimail._domainkey.ville.example TXT "${key}" => dimail._domainkey.ville.example TXT ${key}`,
    ],
  },
  {
    title: 'a key behind a CNAME to nothing',
    lines: butFor('dimail', 'dimail._domainkey CNAME nowhere.example'),
    changes: [
      'delete remove-in-the-way: dimail._domainkey.ville.example CNAME nowhere.example',
      `add add-missing: dimail._domainkey.ville.example TXT ${key}`,
    ],
  },
  {
    title: 'another text at the selector stays',
    lines: butFor('dimail', 'dimail._domainkey TXT some note'),
    changes: [`add add-missing: dimail._domainkey.ville.example TXT ${key}`],
  },
  {
    title: 'a key under a wildcard text',
    lines: [...butFor('dimail'), '* TXT some note'],
    changes: [`add beside-wildcard: dimail._domainkey.ville.example TXT ${key}`],
  },
]

describe('MX, CNAME and DKIM', () => {
  test.each(others)('field N3: $title', ({ lines, changes }) => {
    const proposal = proposed(lines)
    expect(proposal.hindered).toEqual([])
    expect(proposal.changes.map(told)).toEqual(changes)
  })

  test('field N3: an empty zone gets every record, and nothing is deleted', () => {
    const { changes } = proposed([])
    expect(changes.map(({ act, reason }) => `${act} ${reason}`)).toEqual(Array(6).fill('add add-missing'))
    expect(changes.find(({ serves }) => serves[0]?.startsWith('spf'))?.lookups).toEqual({
      before: null,
      after: 1,
    })
  })

  test('field N3: what is added and changed comes before what is deleted, so that mail always has a way', () => {
    const { changes } = proposed([
      '@ MX 10 mx1.autre.example',
      '@ MX 20 mx2.autre.example',
      '@ TXT v=spf1 mx ~all',
      `@ TXT ${spfWanted}`,
    ])
    expect(changes.map(({ act }) => act).join(' ')).toMatch(/^(?:(?:add|change) )+delete delete$/)
  })
})

describe('a domain below its zone', () => {
  const inZone = (lines: string[]) => proposed(lines, expected, 'mairie.agglo.example', 'agglo.example')

  test('field N3: what a CNAME at the domain gave goes on beside the mail', () => {
    const { changes } = inZone(['mairie CNAME host.example'])
    const names = changes
      .filter((one) => (one.after ?? one.before)?.name === 'mairie.agglo.example')
      .map(told)
    expect(names).toEqual([
      'delete remove-in-the-way: mairie.agglo.example CNAME host.example',
      'add add-missing: mairie.agglo.example MX 10 mx.ox.dimail.example',
      `add add-missing: mairie.agglo.example TXT ${spfWanted}`,
      'add keep-beside: mairie.agglo.example A 198.51.100.7',
      'add keep-beside: mairie.agglo.example TXT verification=of-the-host',
    ])
  })

  test('field N3: what a wildcard gave the domain goes on beside the mail', () => {
    const { changes } = inZone(['* A 198.51.100.1', 'www A 198.51.100.2'])
    expect(changes.map(told)).toContain('add keep-beside: mairie.agglo.example A 198.51.100.1')
    expect(changes.every(({ act }) => act === 'add')).toBe(true)
  })

  test('field N3: records of the zone itself are nobody’s business', () => {
    const { changes } = inZone([
      '@ MX 10 mx1.autre.example',
      '@ TXT v=spf1 mx -all',
      'imap CNAME host.example',
    ])
    expect(changes.filter((one) => !(one.after?.name ?? '').includes('mairie.agglo.example'))).toEqual([])
  })

  test('field N3: a name with the zone behind it is deleted', () => {
    const { changes } = inZone(['imap.mairie.agglo.example CNAME imap.ox.dimail.example'])
    expect(changes.map(told)).toContain(
      'delete remove-doubled: imap.mairie.agglo.example.agglo.example CNAME imap.ox.dimail.example',
    )
  })
})

test('field N3: what a wildcard gave rightly is published, where a new name would hide the wildcard', () => {
  const { changes } = proposed(
    ['* CNAME imap.ox.dimail.example'],
    expected,
    'mairie.agglo.example',
    'agglo.example',
  )
  expect(changes.map(told)).toContain(
    'add beside-wildcard: imap.mairie.agglo.example CNAME imap.ox.dimail.example',
  )
})

describe('what is not known', () => {
  test('field N3: a domain that nobody serves', () => {
    const { changes, hindered } = propose(apex, null, expected, viewOf(apex, []))
    expect(changes).toEqual([])
    expect(hindered.map(({ why }) => why)).toEqual(Array(6).fill('not-delegated'))
  })

  test('field N3: answers that could not be read are no reason to publish anything', () => {
    const { changes, hindered } = propose(apex, apex, expected, { look: () => undefined })
    expect(changes).toEqual([])
    expect(hindered.map(({ why }) => why)).toEqual(Array(6).fill('unread'))
  })

  test('field N3: a type that the console does not know', () => {
    const wanted = [{ target: '_25._tcp', type: 'tlsa', value: '3 1 1 ab' }]
    expect(proposed([], wanted).hindered.map(({ why }) => why)).toEqual(['unknown-type'])
  })

  test('field N3: other types are added beside what is there, addresses in its place', () => {
    const wanted = [
      { target: '', type: 'txt', value: 'dimail-verification=1' },
      { target: 'autodiscover', type: 'a', value: '198.51.100.9' },
    ]
    const { changes } = proposed(
      ['@ TXT dimail-verification=0', 'autodiscover A 192.0.2.1', 'autodiscover A 192.0.2.2'],
      wanted,
    )
    expect(changes.map(told)).toEqual([
      'add add-missing: ville.example TXT dimail-verification=1',
      'change replace-wrong: autodiscover.ville.example A 192.0.2.1 => autodiscover.ville.example A 198.51.100.9',
      'delete remove-in-the-way: autodiscover.ville.example A 192.0.2.2',
    ])
  })
})

describe('an SPF that lets the MX send', () => {
  const losing = (...lines: string[]) =>
    proposed([
      ...butFor('@ MX', '@ MX 5 mail.avant.example').filter((line) => !line.startsWith('@ TXT')),
      ...lines,
    ])
      .changes.filter(({ before }) => before?.type === 'MX')
      .map(({ facts }) => facts.loses)

  test('takes that right from a host that no longer is one, and that is said', () => {
    expect(losing(`@ TXT v=spf1 mx ${ours} -all`)).toEqual(['mail.avant.example'])
    expect(losing('@ TXT v=spf1 mx:ville.example ~all')).toEqual(['mail.avant.example'])
    expect(losing('@ MX 20 second.avant.example', `@ TXT v=spf1 MX ${ours} -all`)).toEqual([
      'mail.avant.example',
      'second.avant.example',
    ])
  })

  test('takes nothing where the host is named besides, where it had none, or where no SPF lets it', () => {
    expect(losing(`@ TXT v=spf1 mx a:mail.avant.example ${ours} -all`)).toEqual([undefined])
    expect(losing(`@ TXT v=spf1 ?mx ${ours} -all`)).toEqual([undefined])
    expect(losing(`@ TXT v=spf1 ${ours} -all mx`)).toEqual([undefined])
    expect(losing('@ TXT une note sur mx')).toEqual([undefined])
  })
})
