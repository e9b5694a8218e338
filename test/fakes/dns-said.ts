import type {
  DiagnosedRecord,
  Diagnosis,
  DnsRecord,
  DnsServer,
  DnsState,
  DnsVerdict,
  ServerAnswer,
} from '../../preload/dns-shapes.ts'

export const town = 'belmont.example'

export const mx = (value: string, ttl: number | null = 3600): DnsRecord => ({
  name: town,
  type: 'MX',
  ttl,
  value,
  priority: 10,
  strings: null,
})

/** What one server answered: these records, and how that compares. */
export const answer = (
  server: number,
  verdict: DnsVerdict,
  records: DnsRecord[] = [mx('mx.ox.example')],
  more: Partial<ServerAnswer> = {},
): ServerAnswer => ({
  server,
  verdict,
  at: 1000,
  state: records.length === 0 ? 'no-data' : 'found',
  reason: null,
  records,
  chain: [],
  wildcard: false,
  ...more,
})

/** One expected record, as it was found: `check` is dimail's own check of it. */
export const diagnosed = (
  check: string | null,
  verdict: DnsVerdict,
  more: Partial<DiagnosedRecord> = {},
): DiagnosedRecord => ({
  key: `${check} ${town}`,
  kind: 'mx',
  expected: { target: '', type: 'mx', value: 'mx.ox.example.' },
  name: town,
  type: 'MX',
  verdict,
  findings: [],
  check,
  answers: [],
  since: 500,
  before: null,
  ...more,
})

export const servers: DnsServer[] = [
  ...['a', 'b', 'c'].map((name, index) => ({
    role: 'authoritative' as const,
    name: `${name}.dns.example`,
    address: `192.0.2.${index + 1}`,
    trouble: null,
  })),
  { role: 'public', name: null, address: '192.0.2.53', trouble: null },
]

export const diagnosis = (records: DiagnosedRecord[], more: Partial<Diagnosis> = {}): Diagnosis => ({
  domain: town,
  at: 1000,
  tookMs: 12,
  expectedAt: 0,
  delegation: { state: 'delegated', zone: town, parent: [], child: [], findings: [] },
  servers,
  host: null,
  records,
  information: [],
  ...more,
})

/** What is kept of a domain: its diagnosis, and nothing else unless said. */
export const known = (diagnosed: Diagnosis | null, more: Partial<DnsState> = {}): DnsState => ({
  diagnosis: diagnosed,
  proposal: null,
  steps: [],
  forms: [],
  watch: null,
  ...more,
})
