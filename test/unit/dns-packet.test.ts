import type { Answer } from 'dns-packet'
import { expect, test } from 'vitest'
import { isAskable, readReply } from '../../main/dns/wire/packet.ts'
import { answerOf, labels, queryOf, rawAnswer, rawRecord, readAnswers } from './dns-packet.ts'

const name = 'Town.Example'

test.each<[Answer['type'], Answer, object]>([
  ['A', { name, type: 'A', ttl: 60, data: '192.0.2.1' }, { value: '192.0.2.1' }],
  ['AAAA', { name, type: 'AAAA', ttl: 60, data: '2001:db8::1' }, { value: '2001:db8::1' }],
  ['NS', { name, type: 'NS', ttl: 60, data: 'NS1.Host.example' }, { value: 'ns1.host.example' }],
  ['CNAME', { name, type: 'CNAME', ttl: 60, data: 'Web.Host.example' }, { value: 'web.host.example' }],
  [
    'MX',
    { name, type: 'MX', ttl: 60, data: { preference: 10, exchange: 'MX.Host.example' } },
    { value: 'mx.host.example', priority: 10 },
  ],
  ['MX', { name, type: 'MX', ttl: 60, data: { preference: 0, exchange: '.' } }, { value: '', priority: 0 }],
  [
    'SRV',
    { name, type: 'SRV', ttl: 60, data: { priority: 1, weight: 2, port: 443, target: 'Host.example' } },
    { value: '1 2 443 host.example.' },
  ],
  [
    'CAA',
    { name, type: 'CAA', ttl: 60, data: { flags: 128, tag: 'issue', value: 'ca.example; a="b"' } },
    { value: '128 issue "ca.example; a=\\"b\\""' },
  ],
  [
    'DS',
    {
      name,
      type: 'DS',
      ttl: 60,
      data: { keyTag: 5, algorithm: 13, digestType: 2, digest: Buffer.from('c0ffee', 'hex') },
    },
    { value: '5 13 2 C0FFEE' },
  ],
  [
    'SOA',
    {
      name,
      type: 'SOA',
      ttl: 60,
      data: {
        mname: 'NS1.Host.example',
        rname: 'First\\.Last.Host.example',
        serial: 2 ** 32 - 1,
        refresh: 2,
        retry: 3,
        expire: 4,
        minimum: 5,
      },
    },
    { value: 'ns1.host.example. first\\.last.host.example. 4294967295 2 3 4 5' },
  ],
])(
  'field 3.1: a record %s is read as it is published, names in lower case without a final dot',
  (type, record, read) => {
    expect(readAnswers([record])).toMatchObject({
      kind: 'reply',
      answers: [{ name: 'town.example', type, ttl: 60, priority: null, strings: null, ...read }],
    })
  },
)

test('field 2.1: a TXT keeps its strings and is read as one, also where a character is split between two', () => {
  const strings = [
    Buffer.from('v=spf1 é').subarray(0, -1),
    Buffer.from('é -all').subarray(1),
    Buffer.alloc(0),
  ]
  expect(readAnswers([{ name, type: 'TXT', ttl: 60, data: strings }])).toMatchObject({
    answers: [{ value: 'v=spf1 é -all', strings: ['v=spf1 \\195', '\\169 -all', ''] }],
  })
})

test('field 2.1: octets of a TXT that are no text, and control characters, are told as numbers', () => {
  const data = [Buffer.from([0x61, 0, 0x0a, 0xff, 0xe2, 0x80, 0xae])]
  expect(readAnswers([{ name, type: 'TXT', ttl: 60, data }])).toMatchObject({
    answers: [{ value: 'a\\000\\010\\255\u202e' }],
  })
})

test('field 3.1: a name in another script does not become the Latin one that it resembles', () => {
  // The Kelvin sign, which is a k in lower case elsewhere.
  const exchange = 'mx.\u212aeep.example'
  expect(readAnswers([{ name, type: 'MX', data: { preference: 1, exchange } }])).toMatchObject({
    answers: [{ value: 'mx.\\226\\132\\170eep.example' }],
  })
})

test('a time to live with its first bit set counts as none (RFC 2181 8)', () => {
  const query = queryOf()
  const bytes = rawAnswer(query, [rawRecord({ type: 16, ttl: 0x8000_0001, data: Buffer.of(1, 97) })])
  expect(readReply(bytes, query)).toMatchObject({ answers: [{ ttl: 0, value: 'a' }] })
})

test('field 3.1: what belongs to other names, classes and types is left out', () => {
  const query = queryOf({ name: 'www.town.example', type: 'A' })
  const text = (owner: string) => ({ name: owner, type: 'A' as const, ttl: 60, data: '192.0.2.1' })
  const cname = (owner: string, data: string) => ({ name: owner, type: 'CNAME' as const, ttl: 60, data })
  const read = readReply(
    answerOf(query, {
      answers: [
        text('last.example'),
        text('stranger.example'),
        cname('stranger.example', 'more.example'),
        cname('middle.example', 'last.example'),
        cname('www.town.example', 'MIDDLE.example'),
        { ...text('www.town.example'), class: 'CH' },
        { ...text('www.town.example'), flush: true },
        { name: 'www.town.example', type: 'HINFO', data: { cpu: 'a', os: 'b' } },
      ],
      authorities: [{ name: 'town.example', type: 'NS', ttl: 60, data: 'ns1.host.example' }],
      additionals: [text('ns1.host.example')],
    }),
    query,
  )
  expect(read).toMatchObject({
    kind: 'reply',
    answers: [
      { name: 'last.example' },
      { name: 'middle.example' },
      { name: 'www.town.example', type: 'CNAME' },
    ],
    authority: [{ name: 'town.example', value: 'ns1.host.example' }],
    additional: [{ name: 'ns1.host.example' }],
  })
})

test('field 3.1: CNAMEs in a loop end, and all of them are told', () => {
  const cname = (owner: string, data: string): Answer => ({ name: owner, type: 'CNAME', data })
  const loop = [
    cname('town.example', 'a.example'),
    cname('a.example', 'town.example'),
    cname('a.example', 'a.example'),
  ]
  expect(readAnswers(loop)).toMatchObject({ answers: [{}, {}, {}] })
})

test('a name of 255 octets is read, owner and value', () => {
  const long = `${'abcdefg.'.repeat(31)}abcde`
  expect(readAnswers([{ name: long, type: 'NS', data: long }], { name: long, type: 'NS' })).toMatchObject({
    answers: [{ name: long, value: long }],
  })
})

test('a record of a type that the console does not know is left out, however it is made', () => {
  const query = queryOf()
  const strange = [16, 47, 35, 99, 65000].map((type) =>
    rawRecord({ type, data: type === 16 ? Buffer.of(1, 97) : Buffer.from([1, 2, 3]) }),
  )
  expect(readReply(rawAnswer(query, strange), query)).toMatchObject({ answers: [{ value: 'a' }] })
})

test.each([
  ['', true],
  ['_dmarc.town.example', true],
  ['*.town.example', true],
  ['a'.repeat(63), true],
  ['a'.repeat(64), false],
  ['.', false],
  ['a\\046b.example', false],
  ['a\u0000.example', false],
])('whether %j can be asked for: %s', (asked, is) => {
  expect(isAskable(asked)).toBe(is)
})

test('a label with a dot in it is not taken for two', () => {
  const query = queryOf({ name: 'a.b.example', type: 'A' })
  const bytes = rawAnswer(query, [
    rawRecord({ name: labels('a.b', 'example'), type: 1, data: Buffer.from([192, 0, 2, 1]) }),
  ])
  expect(readReply(bytes, query)).toEqual({ kind: 'malformed' })
})
