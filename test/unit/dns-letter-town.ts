import { readFileSync } from 'node:fs'
import type { LetterFacts } from '../../main/diagnosis/letter/values.ts'
import { letterOf, type WrittenLetter } from '../../main/diagnosis/letter.ts'
import type { DnsHostProfile } from '../../main/dns/host-shapes.ts'
import { knownHosts, stepsOf } from '../../main/dns/hosts.ts'
import type {
  Diagnosis,
  DnsRecord,
  DnsVerdict,
  Proposal,
  RecordKind,
  ZoneChange,
} from '../../preload/dns-shapes.ts'
import { unwrap } from '../../preload/failure.ts'
import type { Locale } from '../../preload/shapes.ts'

export const domain = 'clairvaux-les-granges.example'
export const template = (locale: Locale) =>
  readFileSync(new URL(`../../resources/letters/${locale}.liquid`, import.meta.url), 'utf8')

const platform = 'ox.numerique.gouv.fr'
export const dkimValue = `v=DKIM1; h=sha256; k=rsa; p=${'MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEA'.repeat(16)}/+aQ==`

export const mxAt = (value: string, priority: number | null = 10): DnsRecord => ({
  ...{ name: domain, type: 'MX', value, priority, ttl: 3600, strings: null },
})
export const textAt = (target: string, value: string): DnsRecord => ({
  ...{ name: target === '' ? domain : `${target}.${domain}`, type: 'TXT', value, priority: null, ttl: 7200 },
  strings: [value],
})
export const aliasAt = (target: string, value: string): DnsRecord => ({
  ...{ name: `${target}.${domain}`, type: 'CNAME', value, priority: null, ttl: 86_400, strings: null },
})

type Reason = ZoneChange['reason']
let latest = 0
export const change = (
  reason: Reason,
  before: DnsRecord | null,
  after: DnsRecord | null,
  serves: string[] = [],
): ZoneChange => ({
  ...{ id: `change-${latest++}`, serves, reason, facts: {}, before, after, diff: null, lookups: null },
  act: before === null ? 'add' : after === null ? 'delete' : 'change',
})

export const judged = (
  key: string,
  kind: RecordKind,
  check: string | null,
  verdict: DnsVerdict,
  findings: Diagnosis['records'][number]['findings'] = [],
): Diagnosis['records'][number] => ({
  ...{ key, kind, check, verdict, findings, name: domain, answers: [], since: 0, before: null },
  type: kind === 'mx' ? 'MX' : kind === 'cname' ? 'CNAME' : 'TXT',
  expected: { target: '', type: kind === 'mx' ? 'mx' : kind === 'cname' ? 'cname' : 'txt', value: '' },
})

export type Trouble = { name: string; code: string | null; check: string; facts: Partial<LetterFacts> }

const trouble = (
  name: string,
  [kind, check, verdict, code]: [RecordKind, string, DnsVerdict, string | null],
  changes: ZoneChange[],
  hindered: Proposal['hindered'] = [],
  findings: Diagnosis['records'][number]['findings'] = [],
): Trouble => ({
  ...{ name, code, check },
  facts: {
    diagnosis: diagnosisOf([judged(check, kind, check, verdict, findings)]),
    proposal: { changes: changes.map((one) => ({ ...one, serves: [check] })), hindered },
  },
})

export function diagnosisOf(
  records: Diagnosis['records'],
  more: Partial<Pick<Diagnosis, 'delegation' | 'servers'>> = {},
): Diagnosis {
  return {
    ...{ domain, at: 0, tookMs: 0, expectedAt: 0, host: null, information: [], servers: [], records },
    delegation: { state: 'delegated', zone: domain, parent: [], child: [], findings: [] },
    ...more,
  }
}

const mx = mxAt(`mx.${platform}`)
const spf = `v=spf1 include:_spf.${platform} -all`
const merged = `v=spf1 include:mx.ancien.example include:_spf.${platform} ~all`
const foreign = textAt('', 'v=spf1 include:mx.ancien.example ~all')
const dkim = textAt('dimail._domainkey', dkimValue)

const ofAlias = (name: string): Trouble[] => [
  trouble(
    `no_cname_${name}`,
    ['cname', `cname_${name}`, 'missing', `no_cname_${name}`],
    [change('add-missing', null, aliasAt(name, `${name}.${platform}`))],
  ),
  trouble(
    `wrong_cname_${name}`,
    ['cname', `cname_${name}`, 'incorrect', `wrong_cname_${name}`],
    [change('replace-wrong', aliasAt(name, 'ailleurs.example'), aliasAt(name, `${name}.${platform}`))],
  ),
]

/** Every kind of trouble that a town can mend, with dimail's code where it has one. */
export const troubles: Trouble[] = [
  trouble('no_mx', ['mx', 'mx', 'missing', 'no_mx'], [change('add-missing', null, mx)]),
  trouble(
    'wrong_mx',
    ['mx', 'mx', 'incorrect', 'wrong_mx'],
    [
      change('add-missing', null, mx),
      change('remove-extra-mx', mxAt('mx1.mail.ancien.example', 1), null),
      change('remove-extra-mx', mxAt('mx2.mail.ancien.example', 5), null),
    ],
  ),
  trouble(
    'one_mx',
    ['mx', 'mx', 'conflicting', 'one_mx'],
    [change('remove-extra-mx', mxAt('mx.ancien.example', 20), null)],
  ),
  ...['webmail', 'imap', 'smtp'].flatMap(ofAlias),
  trouble('no_spf', ['spf', 'spf', 'missing', 'no_spf'], [change('add-missing', null, textAt('', spf))]),
  trouble(
    'wrong_spf',
    ['spf', 'spf', 'incomplete', 'wrong_spf'],
    [change('insert-include', foreign, textAt('', merged))],
  ),
  trouble(
    'invalid_spf',
    ['spf', 'spf', 'invalid', 'invalid_spf'],
    [change('mend-spf', textAt('', 'v=spf1 include: ~all'), textAt('', spf))],
  ),
  trouble(
    'two-spf',
    ['spf', 'spf', 'duplicate', 'wrong_spf'],
    [
      change('merge-spf', foreign, textAt('', merged)),
      change('drop-second-spf', textAt('', 'v=spf1 a -all'), null),
    ],
  ),
  trouble(
    'open-spf',
    ['spf', 'spf', 'insecure', null],
    [change('close-all', textAt('', `v=spf1 include:_spf.${platform} +all`), textAt('', spf))],
  ),
  trouble('no_dkim', ['dkim', 'dkim', 'missing', 'no_dkim'], [change('add-missing', null, dkim)]),
  trouble(
    'wrong_dkim',
    ['dkim', 'dkim', 'incorrect', 'wrong_dkim'],
    [change('replace-key', textAt('dimail._domainkey', 'v=DKIM1; k=rsa; p=AUTRE'), dkim)],
  ),
  trouble(
    'cut-dkim',
    ['dkim', 'dkim', 'incomplete', 'wrong_dkim'],
    [change('complete-key', textAt('dimail._domainkey', dkimValue.slice(0, 255)), dkim)],
  ),
  trouble(
    'test-dkim',
    ['dkim', 'dkim', 'insecure', null],
    [change('leave-test', textAt('dimail._domainkey', `${dkimValue}; t=y`), dkim)],
  ),
  trouble(
    'spf-lookups',
    ['spf', 'spf', 'invalid', 'wrong_spf'],
    [],
    [{ key: 'spf', why: 'spf-lookups', facts: {} }],
    [{ code: 'spf-too-many-lookups', level: 'blocking', facts: {} }],
  ),
  trouble('no_test', ['mx', 'mx', 'missing', 'no_test'], [change('add-missing', null, mx)]),
  trouble('unknown code', ['mx', 'mx', 'missing', 'mx_on_fire'], [change('add-missing', null, mx)]),
]

export function factsOf(host: DnsHostProfile, locale: Locale, given: Partial<LetterFacts>): LetterFacts {
  const proposal = given.proposal ?? { changes: [], hindered: [] }
  return {
    ...{
      domain,
      host,
      locale,
      note: '',
      service: 'Messagerie de l’État',
      agent: 'Capucine Fictive',
      checks: [],
    },
    diagnosis: diagnosisOf([]),
    proposal,
    steps: stepsOf(host, proposal, domain),
    ...given,
  }
}

/** The facts of a trouble at a host, as dimail tells it too. */
export const troubledAt = (
  host: DnsHostProfile,
  locale: Locale,
  { facts, check, code }: Trouble,
): LetterFacts =>
  factsOf(host, locale, {
    ...facts,
    checks:
      code === null
        ? []
        : [{ key: check, internal: false, state: 'failing', errors: [{ code, detail: 'Texte de dimail' }] }],
  })

export const written = (facts: LetterFacts): WrittenLetter => unwrap(letterOf(facts, template(facts.locale)))

/** The letters in which there is nothing to type. */
export const others: { name: string; facts: Partial<LetterFacts> }[] = [
  { name: 'right', facts: { diagnosis: diagnosisOf([judged('mx', 'mx', 'mx', 'correct')]) } },
  {
    name: 'spreading',
    facts: {
      diagnosis: diagnosisOf([
        judged('mx', 'mx', 'mx', 'incorrect', [{ code: 'propagating', level: 'note', facts: {} }]),
      ]),
    },
  },
  {
    name: 'not-delegated',
    facts: {
      diagnosis: diagnosisOf([], {
        delegation: { state: 'not-delegated', zone: null, parent: [], child: [], findings: [] },
      }),
      proposal: { changes: [], hindered: [{ key: 'mx', why: 'not-delegated', facts: {} }] },
    },
  },
  {
    name: 'unread',
    facts: {
      diagnosis: diagnosisOf([judged('mx', 'mx', 'mx', 'error')], {
        servers: [
          { role: 'authoritative', name: 'ns1.commune.example', address: '192.0.2.1', trouble: 'timeout' },
          { role: 'authoritative', name: 'ns2.commune.example', address: '192.0.2.2', trouble: 'refused' },
          { role: 'authoritative', name: 'ns3.commune.example', address: null, trouble: null },
        ],
      }),
    },
  },
  {
    name: 'unread, DNSSEC',
    facts: {
      diagnosis: diagnosisOf([judged('mx', 'mx', 'mx', 'error')], {
        delegation: {
          ...{ state: 'unread', zone: null, parent: [], child: [] },
          findings: [{ code: 'dnssec-broken', level: 'blocking', facts: {} }],
        },
      }),
    },
  },
]

export { knownHosts }
