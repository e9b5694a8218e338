import { describe, expect, test } from 'vitest'
import { compareRecords } from '../../main/dns/compare/compare.ts'
import { parseDkim, tagOf } from '../../main/dns/compare/dkim-parse.ts'
import { countLookups } from '../../main/dns/compare/spf-count.ts'
import { parseSpf } from '../../main/dns/compare/spf-parse.ts'
import { nothing, unread, type View } from '../../main/dns/zone/view.ts'
import { viewOfZone } from '../../main/dns/zone/virtual.ts'
import { recordOf, usual } from './dns-zone-file.ts'

const spfOf = (text: string) => {
  const spf = parseSpf(text)
  if (spf === null) throw new Error(`No SPF: ${text}`)
  return spf
}

describe('field 3.4: an SPF is read by its grammar', () => {
  test('each term with its place, qualifier, target and lengths', () => {
    const text = 'v=spf1  ?MX:Mail.example/24//64 ip6:2001:db8::/32 redirect=x.example'
    expect(spfOf(text)).toEqual({
      text,
      errors: [],
      terms: [
        {
          kind: 'directive',
          qualifier: '?',
          mechanism: 'mx',
          target: 'Mail.example',
          cidr: '/24//64',
          text: '?MX:Mail.example/24//64',
          at: 8,
        },
        {
          kind: 'directive',
          qualifier: '+',
          mechanism: 'ip6',
          target: '2001:db8::',
          cidr: '/32',
          text: 'ip6:2001:db8::/32',
          at: 32,
        },
        { kind: 'modifier', name: 'redirect', value: 'x.example', text: 'redirect=x.example', at: 50 },
      ],
    })
    for (const { text: term, at } of spfOf(text).terms) expect(text.slice(at, at + term.length)).toBe(term)
  })

  // Those of RFC 7208: 5.3 to 5.7, 7.4, appendix A; and the limits of its ABNF (12).
  test.each([
    'a',
    'a/24',
    'a:offsite.example.com/24',
    'a//64',
    'a:x.example//64',
    'mx/24//64',
    'ptr:other.example.',
    'ip4:192.0.2.129',
    'ip4:0.0.0.0/0',
    'ip6:::1',
    'ip6:2001:db8::cb01/128',
    'exists:_h.%{h}._l.%{l}._o.%{o}.spf.example.com',
    'exists:%{ir}.sbl.spamhaus.example.org',
    'include:%{d2}.trusted-domains.example.net',
    'include:1x.a-b',
    'include:a.b-1',
    'exists:%{L1R-+.}.%{D}',
    'redirect=spf-%{o}',
    'exp=explain._spf.%{d}',
    'x-tag=',
    'all=',
    'a:a/b.example',
    'include:%{ir}.%{v}._spf.%{d2}',
  ])('%s is a term', (term) => {
    expect(spfOf(`v=spf1 ${term} -all`).errors.map(({ text }) => text)).toEqual([])
  })

  test.each([
    'a:',
    'a/',
    'a/033',
    'a/33',
    'a//129',
    'a/24/64',
    'a:.',
    'a:example',
    'mx:',
    'ptr:',
    'ptr/24',
    'ip4',
    'ip4:',
    'ip4:1.2.3',
    'ip4:1.2.3.4.5',
    'ip4:1.2.3.256',
    'ip6:',
    'ip6::::1',
    'ip6:192.0.2.1',
    'exists',
    'exists:',
    'include',
    'include:a..',
    'all.',
    'all/8',
    '-',
    '+',
    '=x',
    '1=x',
    'redirect=',
    'redirect=example',
    'exp=',
    'x=%',
    'x=%{x}',
    'exists:%{t}.example',
    'x=%{d',
    'exists:%{d0x}.example',
    'exists:%{d}.123',
    'include:example.-a',
    'include:example.a-',
    'foo',
    'ip5:1.2.3.4',
    '~~all',
    `include:example.${'a'.repeat(64)}`,
  ])('%s is none', (term) => {
    expect(spfOf(`v=spf1 ${term} -all`).errors.map(({ text }) => text)).toEqual([term])
  })

  test.each(['', 'v=spf', 'v=spf10', 'v=spf1\u00a0-all', ' v=spf1 -all', 'v=spf1\t-all', 'spf2.0/pra'])(
    '"%s" is no SPF at all',
    (text) => {
      expect(parseSpf(text)).toBeNull()
    },
  )
})

test('field 3.4: look-ups are counted with whatever could not be read told apart', () => {
  const elsewhere = viewOfZone(
    'example',
    ['a.example. TXT "v=spf1 include:b.example mx -all"', 'b.example. TXT "v=spf1 -all"'].map((line) =>
      recordOf(line, ''),
    ),
  )
  const view: View = {
    look: (name, type) => (name === 'c.example' ? unread('timeout') : elsewhere.look(name, type)),
  }
  const count = countLookups(
    'commune.example',
    spfOf('v=spf1 include:a.example include:c.example exists:%{i}.example -all'),
    view,
  )
  expect(count).toMatchObject({
    lookups: 5,
    isCut: false,
    unread: [{ name: 'c.example', reason: 'timeout' }],
    voids: ['a.example'],
  })
  expect([...count.reached.keys()]).toEqual(['a.example', 'b.example', 'c.example'])
})

describe('field 3.4: a DKIM record is read by its tags', () => {
  test('white space is folded where it means nothing', () => {
    const dkim = parseDkim(' v = DKIM1 ;\\009p= AB CD\\013\\010 EF ; n = two  words ;')
    expect([dkim.errors, tagOf(dkim, 'p'), dkim.tags.get('n'), tagOf(dkim, 'h')]).toEqual([
      [],
      'ABCDEF',
      'two  words',
      null,
    ])
  })

  test.each([
    ['v=DKIM1; p=A; p=B', 'p=B'],
    ['v=DKIM1; ; p=A', ''],
    ['v=DKIM1; sans valeur; p=A', 'sans valeur'],
    ['p=A; v=DKIM1', 'v=DKIM1'],
    ['v=DKIM2; p=A', 'v=DKIM2'],
    ['1a=x; p=A', '1a=x'],
  ])('%s cannot be read', (text, error) => {
    expect(parseDkim(text).errors).toEqual([error])
  })
})

describe('field 3.8: a zone that nobody serves answers as it would', () => {
  const lines = [
    '@ A 192.0.2.1',
    'www CNAME @',
    '* TXT "étoile"',
    'a.b A 192.0.2.2',
    '*.c CNAME dehors.example.',
    'fin CNAME hors.autre.example.',
    'boucle CNAME elcuob',
    'elcuob CNAME boucle',
    'sous NS ns.autre.example.',
    'sous DS 1 8 2 00',
    'x.sous A 192.0.2.3',
    '*.d A 192.0.2.4',
    '*.d CNAME encore',
  ]
  const elsewhere: View = { look: (name) => (name === 'dehors.example' ? nothing('no-data') : undefined) }
  const view = viewOfZone(
    'commune.example',
    lines.map((line) => recordOf(line, 'commune.example')),
    elsewhere,
  )
  const at = (name: string, type: 'A' | 'TXT' | 'CNAME' | 'DS' | 'MX') =>
    view.look(`${name}commune.example`, type)

  test.each([
    [
      'a CNAME is followed within the zone',
      'www.',
      'A',
      { state: 'found', chain: ['commune.example'], wildcard: false },
    ],
    ['a CNAME asked for is itself', 'www.', 'CNAME', { state: 'found', chain: [] }],
    ['a wildcard gives its type to any name', 'n.importe.', 'TXT', { state: 'found', wildcard: true }],
    ['and has no other', 'importe.', 'A', { state: 'no-data', wildcard: true }],
    ['not to a name that is there', 'www.', 'TXT', { state: 'no-data', wildcard: false }],
    ['nor to one that stands above another', 'b.', 'TXT', { state: 'no-data', wildcard: false }],
    ['nor below such a name (RFC 4592 3.3.1)', 'z.b.', 'TXT', { state: 'no-name' }],
    ['a wildcard CNAME leads away', 'x.c.', 'A', { state: 'no-data', chain: ['dehors.example'] }],
    [
      'what nobody asked at the end of a CNAME is unread',
      'fin.',
      'A',
      { state: 'unread', reason: 'not-asked', chain: ['hors.autre.example'] },
    ],
    ['a loop is told', 'boucle.', 'A', { state: 'unread', reason: 'cname-loop' }],
    ["the DS of a cut is the zone's own", 'sous.', 'DS', { state: 'found' }],
  ] as const)('%s', (_, name, type, look) => {
    expect(at(name, type)).toMatchObject(look)
  })

  test('what is handed on, and what is outside, is asked elsewhere', () => {
    expect([at('sous.', 'A'), at('x.sous.', 'A'), view.look('autre.example', 'A')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(view.look('dehors.example', 'TXT')?.state).toBe('no-data')
  })

  test('the records of a wildcard are given under the name that was asked', () => {
    expect(at('n.importe.', 'TXT')?.records.map(({ name }) => name)).toEqual(['n.importe.commune.example'])
  })
})

const long = (one: string) => one.repeat(Math.ceil(64_000 / one.length))
const hostile = [
  `include:x.${long('a')}!`,
  `include:${long('a.')}!`,
  `a:x.example${long('/1')}!`,
  `a:x${long('1')}`,
  `x=${long('%{d}')}%`,
  long('redirect=x.example '),
  long('-'),
  `include:x.%{d${long('1')}`,
]

test.each(
  [
    ...hostile.map((term) => `v=spf1 ${term} -all`),
    `v=DKIM1; p=A${long(' ')}B`,
    long('a=1;'),
    Array.from({ length: 9000 }, (_, at) => `t${at}=1`).join(';'),
    long(';'),
    long('"'),
    `v=DKIM1; p=${long('= ')}`,
  ].map((text) => [text.slice(0, 40), text]),
)('field 3.1: a text of 64 KB made to be slow is read at once: %s', (_, text) => {
  const lines = [
    `@ TXT "${text.replace(/"/g, '\\"')}"`,
    `dimail._domainkey TXT "${text.replace(/"/g, '\\"')}"`,
  ]
  const view = viewOfZone(
    'commune.example',
    lines.map((line) => recordOf(line, 'commune.example')),
  )
  const began = performance.now()
  compareRecords('commune.example', 'commune.example', usual, view)
  expect(performance.now() - began).toBeLessThan(1000)
})
