import type { Diagnosis, DnsRecord, Proposal, ZoneChange } from '../../../preload/dns-shapes.ts'
import type { Locale } from '../../../preload/shapes.ts'
import { hostOf, knownHosts, stepsOf } from '../../dns/hosts.ts'
import type { LetterFacts } from './values.ts'

const domain = 'commune.example'
const record = (name: string, type: DnsRecord['type'], value: string): DnsRecord => ({
  ...{ name, type, value, ttl: 3600, strings: null },
  priority: type === 'MX' ? 10 : null,
})
const change = (id: string, before: DnsRecord | null, after: DnsRecord | null): ZoneChange => ({
  ...{ id, before, after, serves: [], facts: {}, diff: null, lookups: null },
  act: before === null ? 'add' : after === null ? 'delete' : 'change',
  reason: before === null ? 'add-missing' : after === null ? 'remove-extra-mx' : 'insert-include',
})

const proposal: Proposal = {
  changes: [
    change('mx', null, record(domain, 'MX', 'mx.service.example')),
    change('old', record(domain, 'MX', 'mx.ancien.example'), null),
    change(
      'spf',
      record(domain, 'TXT', 'v=spf1 include:_spf.ancien.example ~all'),
      record(domain, 'TXT', 'v=spf1 include:_spf.ancien.example include:_spf.service.example ~all'),
    ),
  ],
  hindered: [{ key: 'mx', why: 'unread', facts: {} }],
}

const judged = (
  key: string,
  kind: 'mx' | 'spf',
  type: string,
  value: string,
): Diagnosis['records'][number] => ({
  ...{ key, kind, name: domain, expected: { target: '', type, value }, check: kind },
  ...{ type: kind === 'mx' ? 'MX' : 'TXT', verdict: 'incorrect', findings: [], answers: [], since: 0 },
  before: null,
})

/** A letter about nobody, on which a template is tried: it has at least one of everything. */
export function sampleFacts(locale: Locale, hostId: string): LetterFacts {
  const host = knownHosts.find(({ id }) => id === hostId) ?? hostOf([])
  const diagnosis: Diagnosis = {
    ...{ domain, at: 0, tookMs: 0, expectedAt: 0, host: null, information: [] },
    delegation: { state: 'delegated', zone: domain, parent: [], child: [], findings: [] },
    servers: [{ role: 'authoritative', name: 'ns1.commune.example', address: null, trouble: 'timeout' }],
    records: [
      judged('mx', 'mx', 'mx', 'mx.service.example.'),
      judged('spf', 'spf', 'txt', 'v=spf1 include:_spf.service.example -all'),
    ],
  }
  return {
    ...{ domain, diagnosis, proposal, host, locale, checks: [] },
    steps: stepsOf(host, proposal, domain),
    note: '…',
    service: 'Service',
    agent: 'Agent',
  }
}
