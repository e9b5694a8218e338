import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeReading } from '../../main/dns/compare/judge-reading.ts'
import { checkOf } from '../../main/dns/compare/kinds.ts'
import { questionsFor } from '../../main/dns/compare/questions.ts'
import { sourceView } from '../../main/dns/compare/source-view.ts'
import type { Answered, ZoneReading } from '../../main/dns/read/reading.ts'
import { nothing, questionKey, unread, type View } from '../../main/dns/zone/view.ts'
import { viewOfZone } from '../../main/dns/zone/virtual.ts'
import type { DnsServer, UnreadReason } from '../../preload/dns-shapes.ts'
import { key, recordOf, usual } from './dns-zone-file.ts'

const domain = 'commune.example'
const right = [
  '@ MX 10 mx.platform.example.',
  '@ TXT "v=spf1 include:_spf.platform.example -all"',
  `dimail._domainkey TXT "v=DKIM1; h=sha256; k=rsa; p=${key}"`,
  'imap CNAME imap.platform.example.',
  'smtp CNAME smtp.platform.example.',
  'webmail CNAME webmail.platform.example.',
]
const soa = (serial: number) =>
  `@ SOA ns1.hebergeur.example. dns.hebergeur.example. ${serial} 7200 900 1209600 600`
const without = (part: string) => right.filter((line) => !line.includes(part))
const wrongMx = [...without(' MX '), '@ MX 10 mail.ancien-hebergeur.example.']
const elsewhere = viewOfZone('', [recordOf('_spf.platform.example. TXT "v=spf1 ip4:192.0.2.0/24 -all"', '')])

const zone = (lines: readonly string[], serial = 1): View =>
  viewOfZone(
    domain,
    [soa(serial), ...lines].map((line) => recordOf(line, domain)),
  )
const silent = (reason: UnreadReason): View => ({ look: () => unread(reason) })
/** A server that answers everything but one question. */
const failingAt = (view: View, asked: string, reason: UnreadReason): View => ({
  look: (name, type) => (questionKey({ name, type }) === asked ? unread(reason) : view.look(name, type)),
})

type Server = { view: View; role?: DnsServer['role']; trouble?: UnreadReason }
const at = Date.UTC(2026, 10, 21)

function readingOf(servers: readonly Server[], change: Partial<ZoneReading> = {}): ZoneReading {
  const { everywhere, once } = questionsFor(domain, usual)
  const ask =
    ({ view }: Server, server: number) =>
    (question: (typeof everywhere)[number]): Answered => ({
      server,
      at,
      tookMs: 5,
      look: view.look(question.name, question.type) ?? unread('not-asked'),
    })
  const more = ['mx.platform.example', 'mail.ancien-hebergeur.example'].map((name) => ({
    name,
    type: 'CNAME' as const,
  }))
  const [first] = servers
  const known = (question: (typeof once)[number]) =>
    elsewhere.look(question.name, question.type) ?? nothing('no-name')
  const asked = [...once, ...more, { name: '_spf.platform.example', type: 'TXT' as const }]
  return {
    domain,
    at,
    tookMs: 20,
    delegation: { state: 'delegated', zone: domain, parent: [], child: [], findings: [] },
    servers: servers.map(({ role = 'authoritative', trouble = null }, place) => ({
      role,
      name: role === 'public' ? null : `ns${place + 1}.hebergeur.example`,
      address: `192.0.2.${place + 1}`,
      trouble,
    })),
    everywhere: Object.fromEntries(
      everywhere.map((question) => [
        questionKey(question),
        servers.map((server, place) => ask(server, place)(question)),
      ]),
    ),
    elsewhere: Object.fromEntries(
      asked.map((question) => [
        questionKey(question),
        (question.name.endsWith(domain) ? first?.view.look(question.name, question.type) : undefined) ??
          known(question),
      ]),
    ),
    dnssec: 'unsigned',
    ...change,
  }
}

const mxOf = (reading: ZoneReading) => {
  const mx = judgeReading(reading, usual).records.find(({ kind }) => kind === 'mx')
  if (mx === undefined) throw new Error('No MX was judged')
  return mx
}
const codesOf = ({ findings }: { findings: readonly { code: string }[] }) => findings.map(({ code }) => code)
const propagating = ({ findings }: ReturnType<typeof mxOf>) =>
  findings.find(({ code }) => code === 'propagating')?.facts

test("field 3.3: all servers right is right, with the answer of each, its time and dimail's check", () => {
  const { records } = judgeReading(readingOf([{ view: zone(right) }, { view: zone(right) }]), usual)
  expect(records.map(({ verdict, findings }) => [verdict, findings])).toEqual(
    usual.map(() => ['correct', []]),
  )
  expect(records.map(({ check }) => check)).toEqual([
    'mx',
    'dkim',
    'cname_imap',
    'cname_smtp',
    'spf',
    'cname_webmail',
  ])
  const [mx] = records
  expect(mx?.answers.map(({ server, verdict, at: when }) => [server, verdict, when])).toEqual([
    [0, 'correct', at],
    [1, 'correct', at],
  ])
})

test('field 3.3: a change that one server has and another has not is propagating, and not yet right', () => {
  const mx = mxOf(readingOf([{ view: zone(right, 2) }, { view: zone(wrongMx) }, { view: zone(right, 2) }]))
  expect(mx.verdict).toBe('incorrect')
  expect(propagating(mx)).toEqual({ right: 2, total: 3, servers: 'ns2.hebergeur.example (192.0.2.2)' })
})

test('field 3.3: a name server is one on however many addresses, and late while one of them is', () => {
  const reading = readingOf([{ view: zone(right, 2) }, { view: zone(wrongMx) }, { view: zone(right, 2) }])
  const named = reading.servers.map((server, place) =>
    place === 2 ? { ...server, name: 'ns2.hebergeur.example' } : server,
  )
  expect(propagating(mxOf({ ...reading, servers: named }))).toMatchObject({ right: 1, total: 2 })
})

test('field 3.3: servers that are wrong in two ways are told as servers that disagree', () => {
  const mx = mxOf(readingOf([{ view: zone(without(' MX ')) }, { view: zone(wrongMx) }]))
  expect(mx.verdict).toBe('missing')
  expect(codesOf(mx)).toContain('servers-differ')
  expect(propagating(mx)).toBeUndefined()
})

test('field N1: a server that gives no answer beside good ones changes no verdict', () => {
  const mx = mxOf(readingOf([{ view: zone(right) }, { view: silent('timeout'), trouble: 'timeout' }]))
  expect([mx.verdict, mx.findings]).toEqual(['correct', []])
})

test('field N1: a server that fails on one question alone is told with that record', () => {
  const view = failingAt(zone(right), `MX ${domain}`, 'servfail')
  const mx = mxOf(readingOf([{ view: zone(right) }, { view }]))
  expect(mx.verdict).toBe('correct')
  expect(mx.findings).toEqual([
    {
      code: 'server-unread',
      level: 'warning',
      facts: { server: 'ns2.hebergeur.example (192.0.2.2)', reason: 'servfail' },
    },
  ])
})

test('field 2.1: when no server can be read the verdict is an error with every reason, and never missing', () => {
  const { records } = judgeReading(
    readingOf([{ view: silent('servfail') }, { view: silent('timeout') }]),
    usual,
  )
  for (const record of records) {
    expect(record.verdict).toBe('error')
    expect(record.findings.map(({ code, facts }) => [code, facts.reason])).toEqual([
      ['unread', 'servfail'],
      ['unread', 'timeout'],
    ])
  }
})

test('field 2.1: a delegation that cannot be read is an error, with its reason', () => {
  const findings = [
    { code: 'delegation-unread' as const, level: 'blocking' as const, facts: { reason: 'dnssec' } },
  ]
  const delegation = { state: 'unread' as const, zone: null, parent: [], child: [], findings }
  const mx = mxOf(readingOf([{ view: zone(right), role: 'public' }], { delegation }))
  expect([mx.verdict, mx.findings[0]?.facts.reason]).toEqual(['error', 'dnssec'])
})

test("field 2.1: a domain that its parent does not know has no record, by an authority's own word", () => {
  const delegation = { state: 'not-delegated' as const, zone: null, parent: [], child: [], findings: [] }
  const { records } = judgeReading(readingOf([], { delegation }), usual)
  expect(records.map(({ verdict }) => verdict)).toEqual(usual.map(() => 'missing'))
})

describe('field 3.3: public resolvers', () => {
  const publicly = (view: View): Server => ({ view, role: 'public' })

  test('never make a wrong source right', () => {
    const mx = mxOf(readingOf([{ view: zone(wrongMx) }, publicly(zone(right)), publicly(zone(right))]))
    expect([mx.verdict, codesOf(mx)]).toEqual(['incorrect', ['mx-other']])
  })

  test('that still give the old answer are told, with the time that is left to it', () => {
    const old = zone(wrongMx)
    const mx = mxOf(readingOf([{ view: zone(right) }, publicly(old)]))
    expect(mx.verdict).toBe('correct')
    expect(mx.findings).toEqual([
      {
        code: 'public-behind',
        level: 'note',
        facts: { addresses: '192.0.2.2', minutes: 60 },
      },
    ])
  })

  test('that are behind are told together, for as long as the slowest of them may be', () => {
    const none = publicly(zone(without(' MX ')))
    const mx = mxOf(readingOf([{ view: zone(right) }, none, publicly(zone(wrongMx))]))
    expect(mx.findings.map(({ facts }) => facts)).toEqual([
      { addresses: '192.0.2.2, 192.0.2.3', minutes: 60 },
    ])
  })

  test('that still say "none" do so no longer than the zone lets denials be kept (RFC 2308 5)', () => {
    const mx = mxOf(readingOf([{ view: zone(right) }, publicly(zone(without(' MX ')))]))
    expect(mx.findings.map(({ code, facts }) => [code, facts.minutes])).toEqual([['public-behind', 10]])
  })

  test('that fail change nothing', () => {
    const mx = mxOf(readingOf([{ view: zone(right) }, publicly(silent('servfail'))]))
    expect([mx.verdict, mx.findings]).toEqual(['correct', []])
  })
})

test('field 3.3: the source is the server whose serial is ahead, even when the count began anew (RFC 1982)', () => {
  const servers = [
    { view: zone(wrongMx, 4_294_967_290) },
    { view: zone(right, 3) },
    { view: zone(without(' MX '), 4_294_967_295) },
  ]
  expect(sourceView(readingOf(servers)).look(domain, 'MX')?.records[0]?.value).toBe('mx.platform.example')
})

test('field 3.3: where the server that is ahead failed on a question, another is heard; a public one never', () => {
  const ahead = failingAt(zone(right, 9), `MX ${domain}`, 'timeout')
  const servers: Server[] = [{ view: ahead }, { view: zone(wrongMx, 8) }]
  expect(sourceView(readingOf(servers)).look(domain, 'MX')?.records[0]?.value).toBe(
    'mail.ancien-hebergeur.example',
  )
  const alone: Server[] = [{ view: ahead }, { view: zone(right, 99), role: 'public' }]
  expect(sourceView(readingOf(alone)).look(domain, 'MX')?.reason).toBe('timeout')
})

test('field 3.3: the verdict does not depend on the order of servers', () => {
  const kinds: Server[] = [
    { view: zone(right, 2) },
    { view: zone(wrongMx) },
    { view: zone(without(' MX ')) },
    { view: silent('refused'), trouble: 'refused' },
    { view: zone([...right, '@ MX 5 mail.autre.example.']) },
  ]
  const order = fc
    .shuffledSubarray(kinds, { minLength: 1 })
    .chain((servers) =>
      fc.tuple(fc.constant(servers), fc.shuffledSubarray(servers, { minLength: servers.length })),
    )
  fc.assert(
    fc.property(order, ([one, other]) => {
      const [a, b] = [mxOf(readingOf(one)), mxOf(readingOf(other))]
      expect(b.verdict).toBe(a.verdict)
      expect(codesOf(b)).toEqual(codesOf(a))
    }),
  )
})

test('field 3.3: what dimail expects is asked of every server, what explains it of one', () => {
  const { everywhere, once } = questionsFor('Commune.example', usual)
  expect(everywhere.map(questionKey)).toEqual([
    'SOA commune.example',
    'MX commune.example',
    'TXT dimail._domainkey.commune.example',
    'CNAME imap.commune.example',
    'CNAME smtp.commune.example',
    'TXT commune.example',
    'CNAME webmail.commune.example',
  ])
  const asked = once.map(questionKey)
  for (const question of [
    'A imap.commune.example',
    'AAAA smtp.commune.example',
    'CNAME commune.example',
    'TXT _dmarc.commune.example',
    'TXT _mta-sts.commune.example',
    'TXT _smtp._tls.commune.example',
    'CNAME imap.commune.example.commune.example',
  ])
    expect(asked).toContain(question)
  expect(new Set([...asked, ...everywhere.map(questionKey)]).size).toBe(asked.length + everywhere.length)
})

test('field 3.4: which check of dimail looks at a record, whatever the town calls its hosts', () => {
  const cname = (target: string, value: string) => checkOf({ target, type: 'cname', value })
  expect(cname('courrier', 'webmail.platform.example.')).toBe('cname_webmail')
  expect(cname('imap', 'mail.platform.example.')).toBe('cname_imap')
  expect(cname('autoconfig', 'mail.platform.example.')).toBeNull()
  expect(checkOf({ target: '', type: 'txt', value: 'verification=1' })).toBeNull()
})
