import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Question } from '../../main/dns/zone/view.ts'
import { type Authority, startAuthority, startSandboxAuthority } from './dns-real-server.ts'
import { askOf, once } from './dns-wire.ts'

const apex = 'town.example'
const longTexts = Array.from({ length: 12 }, (_, index) => `${index}-`.padEnd(400, 'x'))
const key = `v=DKIM1; k=rsa; p=${'A'.repeat(392)}`
const records = [
  { target: '', type: 'mx', value: '10 mx1.mail.example.' },
  { target: '', type: 'mx', value: '20 mx2.mail.example.' },
  { target: '', type: 'txt', value: 'v=spf1 include:spf.mail.example -all' },
  { target: '', type: 'caa', value: '0 issue "ca.example"' },
  { target: 'key._domainkey', type: 'txt', value: key },
  { target: 'webmail', type: 'cname', value: 'www.town.example.' },
  { target: 'away', type: 'cname', value: 'elsewhere.example.' },
  { target: 'www', type: 'a', value: '192.0.2.80' },
  { target: 'www', type: 'aaaa', value: '2001:db8::80' },
  { target: '*.wild', type: 'txt', value: 'any' },
  { target: 'deep.empty', type: 'a', value: '192.0.2.81' },
  { target: '_imap._tcp', type: 'srv', value: '0 1 993 imap.mail.example.' },
  { target: 'child', type: 'ns', value: 'ns.child-host.example.' },
  ...longTexts.map((value) => ({ target: 'long', type: 'txt', value })),
]

describe.each([
  ['an authoritative server, nsd where it is installed', startAuthority],
  ['the authoritative server of the sandbox', startSandboxAuthority],
] as const)('%s', (_server, start) => {
  let authority: Authority
  beforeAll(async () => {
    authority = await start(apex, records)
  })
  afterAll(() => authority.close())

  const answer = (question: Partial<Question>, host: '127.0.0.1' | '::1' = '127.0.0.1') =>
    once(askOf(host, authority.portOf(host)), question)

  test.each(['127.0.0.1', '::1'] as const)(
    'field 3.1: it is asked at %s and answers with authority',
    async (host) => {
      const reply = await answer({ type: 'MX' }, host)
      expect(reply).toMatchObject({ kind: 'reply', rcode: 'NOERROR', authoritative: true, over: 'udp' })
      expect(reply.kind === 'reply' && valuesOf(reply.answers)).toEqual([
        'mx1.mail.example',
        'mx2.mail.example',
      ])
    },
  )

  test.each(['127.0.0.1', '::1'] as const)(
    'field 2.1: a set of texts that no datagram of %s holds comes whole over TCP',
    async (host) => {
      const reply = await answer({ name: `long.${apex}` }, host)
      expect(reply).toMatchObject({ kind: 'reply', rcode: 'NOERROR', over: 'tcp', authoritative: true })
      expect(reply.kind === 'reply' && valuesOf(reply.answers)).toEqual([...longTexts].sort())
    },
  )

  test('field 2.1: a DKIM key split in strings is one text', async () => {
    expect(await answer({ name: `key._domainkey.${apex}` })).toMatchObject({
      answers: [
        {
          value: key,
          strings: [key.slice(0, 255), key.slice(255)],
          ttl: 300,
        },
      ],
    })
  })

  test('field 3.1: no such name, and no such type, each with the SOA that says for how long', async () => {
    const soa = [
      { type: 'SOA', name: apex, value: /^ns1\.host\.example\. hostmaster\.host\.example\. 2026110101 / },
    ]
    const matching = soa.map((one) => ({ ...one, value: expect.stringMatching(one.value) }))
    const nothing = { kind: 'reply', authoritative: true, answers: [], authority: matching }
    expect(await answer({ name: `nothing.${apex}` })).toMatchObject({ ...nothing, rcode: 'NXDOMAIN' })
    expect(await answer({ name: `www.${apex}` })).toMatchObject({ ...nothing, rcode: 'NOERROR' })
    // An empty non-terminal is there, though nothing is at it.
    expect(await answer({ name: `empty.${apex}` })).toMatchObject({ ...nothing, rcode: 'NOERROR' })
  })

  test('field 2.1: a wildcard answers under the name that was asked for', async () => {
    const name = `anything.wild.${apex}`
    expect(await answer({ name })).toMatchObject({ rcode: 'NOERROR', answers: [{ name, value: 'any' }] })
  })

  test('field 2.1: a CNAME is told, and what it leads to within the zone', async () => {
    const alias = { name: `webmail.${apex}`, type: 'CNAME', value: `www.${apex}` }
    expect(await answer({ name: `webmail.${apex}`, type: 'A' })).toMatchObject({
      answers: [alias, { name: `www.${apex}`, type: 'A', value: '192.0.2.80' }],
    })
    expect(await answer({ name: `webmail.${apex}` })).toMatchObject({ rcode: 'NOERROR', answers: [alias] })
    expect(await answer({ name: `away.${apex}`, type: 'A' })).toMatchObject({
      answers: [{ type: 'CNAME', value: 'elsewhere.example' }],
    })
  })

  test('field 3.1: what is delegated further is a referral, without authority', async () => {
    expect(await answer({ name: `mail.child.${apex}`, type: 'A' })).toMatchObject({
      kind: 'reply',
      rcode: 'NOERROR',
      authoritative: false,
      answers: [],
      authority: [{ name: `child.${apex}`, type: 'NS', value: 'ns.child-host.example' }],
    })
  })

  test('field 2.1: a name of a zone that it does not hold is refused', async () => {
    expect(await answer({ name: 'stranger.example' })).toMatchObject({
      kind: 'reply',
      rcode: 'REFUSED',
      answers: [],
    })
  })

  test.each([
    ['AAAA', `www.${apex}`, '2001:db8::80'],
    ['CAA', apex, '0 issue "ca.example"'],
    ['SRV', `_imap._tcp.${apex}`, '0 1 993 imap.mail.example.'],
    ['NS', apex, 'ns1.host.example'],
    ['TXT', apex, 'v=spf1 include:spf.mail.example -all'],
  ] as const)('a record %s of %s is read as it is published', async (type, name, value) => {
    expect(await answer({ name, type })).toMatchObject({ answers: [{ name, type, value }] })
  })

  test('in whatever case a name is asked for, the answer is to it', async () => {
    expect(await answer({ name: 'WWW.Town.Example', type: 'A' })).toMatchObject({
      answers: [{ name: `www.${apex}`, value: '192.0.2.80' }],
    })
  })
})

const valuesOf = (records: readonly { value: string }[]) => records.map(({ value }) => value).sort()
