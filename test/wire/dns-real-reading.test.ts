import { describe, expect, onTestFinished, test } from 'vitest'
import { judgeReading } from '../../main/dns/compare/judge-reading.ts'
import { questionsFor } from '../../main/dns/compare/questions.ts'
import { readZone } from '../../main/dns/read/read-zone.ts'
import { createResolver } from '../../main/dns/read/resolver.ts'
import { createAsk } from '../../main/dns/wire/create-ask.ts'
import { type Internet, startInternet, startValidator } from '../fakes/small-internet.ts'

const long = `v=DKIM1; h=sha256; k=rsa; p=${'A'.repeat(200)}`
const expected = [
  { target: '', type: 'mx', value: 'mx.plateforme.example.' },
  { target: 'dimail._domainkey', type: 'txt', value: long },
  { target: 'imap', type: 'cname', value: 'imap.plateforme.example.' },
]

const soa = (serial: number) => `@ SOA ns1.hote.example. admin.hote.example. ${serial} 3600 600 86400 300`
/** A zone of two name servers with what dimail expects, but for its MX. */
const zone = (mx: string, serial = 2, servers = ['ns1', 'ns2']) => [
  soa(serial),
  ...servers.map((name) => `@ NS ${name}.hote.example.`),
  `@ MX 10 ${mx}.`,
  'imap CNAME imap.plateforme.example.',
  `dimail._domainkey TXT "${long}"`,
]
const ours = 'mx.plateforme.example'
const digest = 'ab'.repeat(32)

const root = '192.0.2.1'
const first = '198.51.100.1'
const second = '198.51.100.2'
const overIpv6 = '2001:db8::2'
const resolver = '192.0.2.53'

/** From the root down: `example.`, the host of the name servers, and the zones that each of both holds. */
const internet = (
  onFirst: Internet[string],
  onSecond: Internet[string],
  more: readonly string[] = [],
): Internet => ({
  [root]: {
    '.': [
      '. SOA a.root. admin.root. 1 3600 600 86400 300',
      '. NS a.root.',
      `a.root. A ${root}`,
      'example. NS a.root.',
    ],
    example: [
      '@ SOA a.root. admin.root. 1 3600 600 86400 300',
      '@ NS a.root.',
      ...['d-accord', 'en-retard', 'boiteuse', 'cassee', 'par-ipv6'].flatMap((name) => [
        `${name} NS ns1.hote.example.`,
        `${name} NS ns2.hote.example.`,
      ]),
      'hote NS ns1.hote.example.',
      `ns1.hote A ${first}`,
      `ns2.hote A ${second}`,
      ...more,
    ],
  },
  [first]: {
    'hote.example': [
      soa(1),
      '@ NS ns1.hote.example.',
      `ns1 A ${first}`,
      `ns2 A ${second}`,
      `ns3 AAAA ${overIpv6}`,
    ],
    ...onFirst,
  },
  [second]: onSecond,
})

async function open(onFirst: Internet[string], onSecond: Internet[string], more: readonly string[] = []) {
  const started = await startInternet(internet(onFirst, onSecond, more))
  onTestFinished(started.close)
  const read = async (domain: string) => {
    const reading = await readZone(
      createResolver({
        ask: createAsk(started.reach, { triesMs: [500] }),
        roots: () => [{ name: 'a.root', address: root }],
        resolvers: () => [resolver],
        now: Date.now,
      }),
      {
        domain,
        ...questionsFor(domain, expected),
        more: () => [],
        probe: 'personne',
        signal: new AbortController().signal,
      },
    )
    return { reading, records: judgeReading(reading, expected).records }
  }
  return { ...started, read }
}
const codes = (findings: readonly { code: string }[]) => findings.map(({ code }) => code)

describe('a reading of name servers of the real world', () => {
  test('field N1: both servers agree with dimail, asked from the root down', async () => {
    const zones = { 'd-accord.example': zone(ours) }
    const { read } = await open(zones, zones)
    const { reading, records } = await read('d-accord.example')
    expect(reading.delegation).toMatchObject({
      state: 'delegated',
      zone: 'd-accord.example',
      parent: ['ns1.hote.example', 'ns2.hote.example'],
      child: ['ns1.hote.example', 'ns2.hote.example'],
    })
    expect(records.map(({ verdict }) => verdict)).toEqual(['correct', 'correct', 'correct'])
    expect(
      records.every(({ answers }) =>
        answers.every(({ records: found }) => found.every(({ ttl }) => ttl === 300)),
      ),
    ).toBe(true)
  })

  test('field 3.3: a secondary that is behind makes a change one that propagates', async () => {
    const { read } = await open(
      { 'en-retard.example': zone(ours, 2) },
      { 'en-retard.example': zone('mail.ancien.example', 1) },
    )
    const { records } = await read('en-retard.example')
    const [mx] = records
    expect(mx?.verdict).toBe('incorrect')
    expect(mx?.findings.find(({ code }) => code === 'propagating')?.facts).toMatchObject({
      right: 1,
      total: 2,
    })
    expect(mx?.answers.filter(({ state }) => state === 'found').map(({ verdict }) => verdict)).toEqual([
      'correct',
      'incorrect',
    ])
  })

  test('field 3.3: a server that does not hold the zone is named, and the other is believed', async () => {
    const { read } = await open({ 'boiteuse.example': zone(ours) }, { 'autre.example': zone(ours) })
    const { reading, records } = await read('boiteuse.example')
    expect(records.map(({ verdict }) => verdict)).toEqual(['correct', 'correct', 'correct'])
    const troubled = reading.delegation.findings.filter(({ code }) => /^server-(lame|refuses)$/.test(code))
    expect(troubled.map(({ facts }) => facts.server)).toEqual(['ns2.hote.example'])
  })

  test('field N1: a server that has only an IPv6 address is asked there', async () => {
    const more = ['seule NS ns3.hote.example.', `ns3.hote AAAA ${overIpv6}`]
    const six = { 'seule.example': zone(ours, 2, ['ns3']) }
    const here = await open({ 'd-accord.example': zone(ours) }, { 'd-accord.example': zone(ours) }, more)
    const server = await startInternet({ [overIpv6]: six })
    onTestFinished(server.close)
    here.add(overIpv6, { port: server.portOf(overIpv6), close: async () => {} })
    const { reading, records } = await here.read('seule.example')
    expect(
      reading.servers.filter(({ role }) => role === 'authoritative').map(({ address }) => address),
    ).toEqual([overIpv6])
    expect(records.map(({ verdict }) => verdict)).toEqual(['correct', 'correct', 'correct'])
  })

  test('field N1: signatures that do not fit are told by a resolver that validates, and judge no record', async () => {
    const zones = { 'cassee.example': zone(ours), 'd-accord.example': zone(ours) }
    const here = await open(zones, zones, [`cassee DS 12345 13 2 ${digest}`])
    const port = here.portOf(first)
    const validator = await startValidator(
      { 'd-accord.example': port, 'cassee.example': port },
      { 'cassee.example': `12345 13 2 ${digest}` },
    )
    onTestFinished(validator.close)
    here.add(resolver, { port: validator.port, close: async () => {} })
    const broken = await here.read('cassee.example')
    expect(broken.reading.dnssec).toBe('broken')
    expect(codes(broken.reading.delegation.findings)).toContain('dnssec-broken')
    expect(broken.records.map(({ verdict }) => verdict)).toEqual(['correct', 'correct', 'correct'])
    const sound = await here.read('d-accord.example')
    expect([sound.reading.dnssec, codes(sound.reading.delegation.findings)]).toEqual(['unsigned', []])
  })
})
