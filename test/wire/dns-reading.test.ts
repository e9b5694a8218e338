import { describe, expect, test } from 'vitest'
import { judgeReading } from '../../main/dns/compare/judge-reading.ts'
import { questionsFor } from '../../main/dns/compare/questions.ts'
import { readZone } from '../../main/dns/read/read-zone.ts'
import { createResolver } from '../../main/dns/read/resolver.ts'
import { createAsk } from '../../main/dns/wire/create-ask.ts'
import { sandboxPlace } from '../../main/profiles/sandbox-dns.ts'
import { publish } from '../../main/sandbox/dns/published.ts'
import { publicResolvers } from '../../main/sandbox/dns/servers.ts'
import { namesOf, openDns, town } from './sandbox-dns-open.ts'

const resolvers = publicResolvers.flatMap(({ addresses }) => addresses)
const expected = [
  { target: '', type: 'mx', value: 'mx.ox.numerique.example.' },
  { target: 'webmail', type: 'cname', value: 'webmail.ox.numerique.example.' },
]

/** The sandbox's name servers over UDP and TCP, and a reading of one of its domains. */
async function openReading() {
  const opened = await openDns()
  const { roots, reach } = sandboxPlace(() => opened.sandbox.dns)
  const ask = createAsk(reach, { triesMs: [150] })
  const read = (domain = town) => {
    const resolver = createResolver({ ask, roots, resolvers: () => resolvers, now: Date.now })
    const { signal } = new AbortController()
    return readZone(resolver, {
      domain,
      ...questionsFor(domain, expected),
      more: () => [],
      probe: 'nobody-1',
      signal,
    })
  }
  return { ...opened, read }
}

const [first = '', second = ''] = namesOf(town)

describe('a reading of real name servers, from the roots down', () => {
  test('field N1: asks every address of every server and both resolvers, over UDP', async () => {
    const { read } = await openReading()
    const reading = await read()
    expect(reading.delegation).toMatchObject({
      state: 'delegated',
      zone: town,
      parent: namesOf(town),
      child: namesOf(town),
      findings: [],
    })
    expect([...new Set(reading.servers.flatMap(({ name }) => name ?? []))]).toEqual(namesOf(town).toSorted())
    expect(reading.servers.filter(({ role }) => role === 'public').map(({ address }) => address)).toEqual(
      resolvers,
    )
    for (const answers of Object.values(reading.everywhere)) {
      expect(answers.map(({ look }) => look.state)).not.toContain('unread')
    }
    expect(reading.dnssec).toBe('unsigned')
    expect(judgeReading(reading, expected).records).toHaveLength(2)
  })

  test.each([
    ['silent', 'server-silent'],
    ['servfail', 'server-fails'],
    ['refuses', 'server-refuses'],
    ['lame', 'server-lame'],
  ] as const)(
    'field 2.1: a server that is %s is a finding of its own, and the others are read',
    async (mode, code) => {
      const { read, domain } = await openReading()
      domain.servers.set(second, mode)
      const reading = await read()
      const codes = reading.delegation.findings.map((finding) => [finding.code, finding.facts.server])
      expect(new Set(codes.map(String))).toEqual(new Set([`${code},${second}`]))
      const ofFirst = reading.servers.findIndex(({ name }) => name === first)
      expect(reading.everywhere[`MX ${town}`]?.[ofFirst]?.look.state).not.toBe('unread')
    },
  )

  test('a secondary that lags behind is kept apart', async () => {
    const { read, domain } = await openReading()
    const records = [{ target: '', type: 'mx', value: 'mx.ox.numerique.example.' }]
    publish(domain, {
      delegated: true,
      failure: null,
      records: [{ target: '', type: 'mx', value: 'old.example.' }],
    })
    publish(domain, { delegated: true, failure: null, records })
    domain.servers.set(second, 'behind')
    const { everywhere, servers } = await read()
    const values = new Set(
      everywhere[`MX ${town}`]?.map(
        ({ server, look }) => `${servers[server]?.name} ${look.records[0]?.value}`,
      ),
    )
    expect(values).toContain(`${first} mx.ox.numerique.example`)
    expect(values).toContain(`${second} old.example`)
  })

  test('a text that no datagram holds is read over TCP', async () => {
    const { read, domain } = await openReading()
    const value = 'x'.repeat(4000)
    publish(domain, { delegated: true, failure: null, records: [{ target: '_dmarc', type: 'txt', value }] })
    expect((await read()).elsewhere[`TXT _dmarc.${town}`]).toMatchObject({
      state: 'found',
      records: [{ value }],
    })
  })

  test('what validating resolvers refuse is DNSSEC, not absence', async () => {
    const { read, domain } = await openReading()
    domain.dnssec = 'broken'
    const reading = await read()
    expect(reading.dnssec).toBe('broken')
    expect(reading.delegation.findings.map(({ code }) => code)).toEqual(['dnssec-broken'])
    expect(reading.servers.map(({ trouble }) => trouble)).toEqual(
      reading.servers.map(({ role }) => (role === 'public' ? 'dnssec' : null)),
    )
  })

  test('a domain that its parent does not know is not delegated', async () => {
    const { read, domain } = await openReading()
    domain.zone.delegated = false
    expect((await read()).delegation).toMatchObject({
      state: 'not-delegated',
      findings: [{ code: 'not-delegated' }],
    })
  })

  test('nothing is asked of anybody when there is no sandbox', async () => {
    const { roots, reach } = sandboxPlace(() => null)
    const resolver = createResolver({
      ask: createAsk(reach),
      roots,
      resolvers: () => resolvers,
      now: Date.now,
    })
    const { signal } = new AbortController()
    const reading = await readZone(resolver, {
      domain: town,
      everywhere: [],
      once: [],
      more: () => [],
      probe: 'nobody-1',
      signal,
    })
    expect(reading.delegation.state).toBe('unread')
    expect(reading.delegation.findings[0]).toEqual({
      code: 'roots-silent',
      level: 'blocking',
      facts: { reason: 'unreachable' },
    })
    expect(reading.servers.map(({ trouble }) => trouble)).toEqual(['unreachable', 'unreachable'])
  })
})
