import { z } from 'zod'
import { mailOutcome } from './mailbox-shapes.ts'
import { expectedRecord, locales } from './shapes.ts'

/** Milliseconds since 1970, UTC. */
const instant = z.int().nonnegative()
/** Facts for a sentence: names, values as they were found, numbers. */
const facts = z.record(z.string(), z.union([z.string().max(2000), z.number()]))

export const recordTypes = ['A', 'AAAA', 'CAA', 'CNAME', 'DS', 'MX', 'NS', 'SOA', 'SRV', 'TXT'] as const
export const recordType = z.enum(recordTypes)
export type RecordType = (typeof recordTypes)[number]

/** One record as a name server gave it, or as it would be published. */
export const dnsRecord = z.object({
  /** Absolute, in lower case, without the final dot; `''`: the root. */
  name: z.string(),
  type: recordType,
  /** Seconds; null: nobody publishes it yet. */
  ttl: z.int().nonnegative().nullable(),
  /** MX: its host; CNAME and NS: the name that they lead to; TXT: its strings joined; else the presentation form. */
  value: z.string(),
  /** Of an MX only. */
  priority: z.int().min(0).max(65_535).nullable(),
  /** Of a TXT only: as it was split. A byte that is no text stands as `\DDD` (RFC 1035 5.1). */
  strings: z.array(z.string()).nullable(),
})
export type DnsRecord = z.infer<typeof dnsRecord>

/** The nine words of La Suite's Messages, so that support speaks one language (docs/field.md 2.1). */
export const verdicts = [
  'correct',
  'incorrect',
  'missing',
  'duplicate',
  'insecure',
  'conflicting',
  'incomplete',
  'invalid',
  'error',
] as const
export const dnsVerdict = z.enum(verdicts)
export type DnsVerdict = (typeof verdicts)[number]

/** Why a question has no answer that could be read: never to be taken for "there is nothing". */
export const unreadReasons = [
  'timeout',
  'servfail',
  'refused',
  /** It answers that it does not hold this zone. */
  'lame',
  'unreachable',
  /** This computer has no IPv6: no fault of the server. */
  'no-ipv6',
  /** A private or loopback address, which is never asked. */
  'private-address',
  'malformed',
  'too-large',
  'other-code',
  'cname-loop',
  'cname-too-long',
  'dnssec',
  'deadline',
  'not-asked',
] as const
export type UnreadReason = (typeof unreadReasons)[number]

/** What one server, or one zone, says of a name and a type. */
export const look = z.object({
  /** `no-data`: the name is there, without this type; `no-name`: NXDOMAIN; `unread`: for the reason given. */
  state: z.enum(['found', 'no-data', 'no-name', 'unread']),
  reason: z.enum(unreadReasons).nullable(),
  records: z.array(dnsRecord),
  /** The names that CNAMEs led through, in order, the asked one excluded. */
  chain: z.array(z.string()),
  /** The answer is a wildcard's: any other name beside it gets the same. */
  wildcard: z.boolean(),
})
export type Look = z.infer<typeof look>

/** How grave a finding is: it stops mail or dimail, it should be corrected, or it is good to know. */
export const levels = ['blocking', 'warning', 'note'] as const
export type Level = (typeof levels)[number]

/** Everything that can be found, each with a sentence of its own (`dns.finding.<code>`). */
export const findingCodes = [
  // Of the delegation and of the servers.
  'not-delegated',
  'delegation-unread',
  /** No root server answered, as where a network lets no DNS out. */
  'roots-silent',
  'delegation-differs',
  'server-lame',
  'server-silent',
  'server-fails',
  'server-refuses',
  'server-unreachable',
  'server-garbled',
  'server-without-address',
  'server-address-unread',
  'server-private',
  'no-ipv6-here',
  'public-behind',
  'public-fails',
  // Of one answer of a server that gives others.
  'server-unread',
  'dnssec-broken',
  'deadline',
  'questions-spent',
  // Of any record.
  'unread',
  'propagating',
  'servers-differ',
  'wildcard',
  'cname-instead',
  'behind-cname',
  'address-instead',
  'name-doubled',
  'value-doubled',
  'quoted',
  'split',
  'not-text',
  'unknown-type',
  // MX
  'mx-other',
  'mx-extra',
  'mx-not-first',
  'mx-to-cname',
  'mx-to-address',
  'mx-null',
  'mx-missing-one',
  // CNAME
  'cname-other',
  'cname-indirect',
  // SPF
  'spf-two',
  'spf-syntax',
  'spf-no-include',
  'spf-include-qualified',
  'spf-include-after-all',
  'spf-redirect',
  'spf-no-all',
  'spf-open',
  'spf-neutral',
  'spf-softer',
  'spf-indirect',
  'spf-too-many-lookups',
  'spf-too-many-void',
  'spf-include-loop',
  'spf-include-missing',
  'spf-include-broken',
  'spf-include-unread',
  'spf-mx-too-wide',
  'spf-ptr',
  'spf-dimail-cannot-read',
  // DKIM
  'dkim-other-key',
  'dkim-cut',
  'dkim-test',
  'dkim-two',
  'dkim-syntax',
  'dkim-revoked',
  'dkim-extra-tags',
  'dkim-missing-tag',
  'dkim-hash',
  'dkim-dimail-cannot-read',
  // Other texts and types
  'other-value',
  // Beyond what dimail requires.
  'dmarc-none',
  'dmarc-two',
  'dmarc-syntax',
  'dmarc-watching',
  'dmarc-published',
  'mta-sts-none',
  'mta-sts-published',
  'tls-rpt-none',
  'tls-rpt-published',
  'dnssec-unsigned',
  'dnssec-signed',
  'dnssec-unknown',
] as const
export type FindingCode = (typeof findingCodes)[number]

export const finding = z.object({ code: z.enum(findingCodes), level: z.enum(levels), facts })
export type DnsFinding = z.infer<typeof finding>

export const recordKinds = ['mx', 'spf', 'dkim', 'cname', 'other'] as const
export type RecordKind = (typeof recordKinds)[number]

export const dnsServer = z.object({
  role: z.enum(['authoritative', 'public']),
  /** Of an authoritative one; null: known by its address alone. */
  name: z.string().nullable(),
  /** Null: its name leads to no address. */
  address: z.string().nullable(),
  /** Null: it answers. */
  trouble: z.enum(unreadReasons).nullable(),
})
export type DnsServer = z.infer<typeof dnsServer>

/** What one server answered to the question of one record, and how that compares. */
export const serverAnswer = look.extend({
  /** Its place in the diagnosis's `servers`. */
  server: z.int().nonnegative(),
  verdict: dnsVerdict,
  at: instant,
})
export type ServerAnswer = z.infer<typeof serverAnswer>

/** The verdict on one expected record, from what one server, one zone or all of them together say. */
export const judgedRecord = z.object({
  /** The same from one diagnosis to the next: its kind and name, and a number for the second of both. */
  key: z.string(),
  kind: z.enum(recordKinds),
  expected: expectedRecord,
  /** The absolute name. */
  name: z.string(),
  type: recordType,
  verdict: dnsVerdict,
  findings: z.array(finding),
})
export type JudgedRecord = z.infer<typeof judgedRecord>

export const diagnosedRecord = judgedRecord.extend({
  /** dimail's check that looks at it; null: none does. */
  check: z.string().nullable(),
  answers: z.array(serverAnswer),
  /** Since when this console finds this verdict; `before` is what it found until then, null: nothing else. */
  since: instant,
  before: z.object({ verdict: dnsVerdict, lastAt: instant }).nullable(),
})
export type DiagnosedRecord = z.infer<typeof diagnosedRecord>

export const informationKinds = ['dmarc', 'mta-sts', 'tls-rpt', 'dnssec'] as const
export const information = z.object({
  kind: z.enum(informationKinds),
  value: z.string().nullable(),
  findings: z.array(finding),
})
export type Information = z.infer<typeof information>

export const delegation = z.object({
  state: z.enum(['delegated', 'not-delegated', 'unread']),
  /** The zone that the name is in: itself, or one above; null: not known. */
  zone: z.string().nullable(),
  /** The name servers as the parent names them, and as the zone itself does. */
  parent: z.array(z.string()),
  child: z.array(z.string()),
  findings: z.array(finding),
})
export type Delegation = z.infer<typeof delegation>

/** Who hosts the zone, by its name servers; null: a host that the console does not know. */
export const dnsHost = z.object({ id: z.string(), name: z.string() }).nullable()

export const diagnosis = z.object({
  domain: z.string(),
  at: instant,
  tookMs: z.int().nonnegative(),
  /** When dimail said what to publish. */
  expectedAt: instant,
  delegation,
  servers: z.array(dnsServer),
  host: dnsHost,
  records: z.array(diagnosedRecord),
  information: z.array(information),
})
export type Diagnosis = z.infer<typeof diagnosis>

export const changeReasons = [
  'add-missing',
  'replace-wrong',
  'remove-extra-mx',
  'remove-in-the-way',
  'merge-spf',
  'insert-include',
  'unqualify-include',
  'move-include',
  'remove-redirect',
  'drop-second-spf',
  'mend-spf',
  'complete-key',
  'replace-key',
  /** The right key, with other tags than dimail's. */
  'mend-key',
  'drop-second-key',
  'leave-test',
  'close-all',
  'beside-wildcard',
  'unquote',
  /** What a CNAME or a wildcard gave and would take away with it. */
  'keep-beside',
  /** At its name with the zone's behind it, where nobody looks. */
  'remove-doubled',
] as const

/** One thing to do in the zone. */
export const zoneChange = z.object({
  id: z.string().max(200),
  act: z.enum(['add', 'change', 'delete']),
  /** The keys of the expected records that it serves. */
  serves: z.array(z.string()),
  reason: z.enum(changeReasons),
  facts,
  before: dnsRecord.nullable(),
  after: dnsRecord.nullable(),
  /** Of a changed value, character by character. */
  diff: z.array(z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() })).nullable(),
  /** DNS look-ups of an SPF (RFC 7208 4.6.4), before and after. */
  lookups: z.object({ before: z.int().nullable(), after: z.int() }).nullable(),
})
export type ZoneChange = z.infer<typeof zoneChange>

/** Why nothing can be proposed for a record. */
export const hindrances = [
  'not-delegated',
  'unread',
  'spf-lookups',
  'spf-syntax',
  'spf-two',
  /** An include of somebody else's cannot be evaluated. */
  'spf-include',
  'unknown-type',
  /** Nothing that the console knows to do would make it right. */
  'unmendable',
] as const

/** What to do in the zone, in the order in which to do it. */
export const proposal = z.object({
  changes: z.array(zoneChange),
  hindered: z.array(z.object({ key: z.string(), why: z.enum(hindrances), facts })),
})
export type Proposal = z.infer<typeof proposal>

/** What the host's page calls the fields of one record. */
export const hostLabels = z.object({
  name: z.string(),
  type: z.string(),
  value: z.string(),
  priority: z.string(),
})
/** How one record reads on the host's own page, and what its fields are called there in each language. */
export const hostForm = z.object({
  name: z.string(),
  type: z.string(),
  value: z.string(),
  priority: z.int().nullable(),
  labels: z.object({ fr: hostLabels, en: hostLabels }),
})
export type HostForm = z.infer<typeof hostForm>

/** How the host's page wants one thing done: what to fill in, by change. */
export const hostStep = z.object({
  change: z.string(),
  before: hostForm.nullable(),
  after: hostForm.nullable(),
})

export const watchStates = ['waiting', 'propagating', 'settled'] as const
export const dnsWatch = z.object({
  domain: z.string(),
  /** The subject of who pinned it, and when. */
  by: z.string(),
  since: instant,
  state: z.enum(watchStates),
  /** How many answers in a row, from all authoritative servers, were right. */
  agreed: z.int().nonnegative(),
  lastAt: instant.nullable(),
  nextAt: instant.nullable(),
  /** When the agent was told; null: not yet. Once. */
  toldAt: instant.nullable(),
})
export type DnsWatch = z.infer<typeof dnsWatch>

export const dnsState = z.object({
  /** Null: never diagnosed. */
  diagnosis: diagnosis.nullable(),
  proposal: proposal.nullable(),
  steps: z.array(hostStep),
  /** Every expected record in the host's form, by key, for who copies one. */
  forms: z.array(z.object({ key: z.string(), form: hostForm })),
  watch: dnsWatch.nullable(),
})
export type DnsState = z.infer<typeof dnsState>

/** What would be, were some changes made and some records published. */
export const rehearsal = z.object({
  records: z.array(judgedRecord.extend({ now: dnsVerdict })),
  /** Findings that would remain, the graver first, each once. */
  remaining: z.array(finding),
})
export type Rehearsal = z.infer<typeof rehearsal>

export const exportFormats = ['bind', 'csv', 'tsv', 'markdown'] as const
export const exportSubjects = ['expected', 'changes'] as const
export const letterFormats = ['text', 'markdown', 'pdf'] as const

/** A letter to the town; the agent's own words are in it. */
export const letterInput = {
  name: z.string().min(1).max(260),
  locale: z.enum(locales),
  note: z.string().max(3000),
}
export const dnsLetter = z.object({
  /** The town's address, when it is known. */
  to: z.string().nullable(),
  subject: z.string(),
  text: z.string(),
  markdown: z.string(),
  /** Whether a mail server is configured to send it. */
  canSend: z.boolean(),
})
export type DnsLetter = z.infer<typeof dnsLetter>
export const letterSent = z.object({ mail: mailOutcome })
/** The agent's mail program was opened; `copied`: the text was too long for it and is on the clipboard. */
export const letterComposed = z.object({ copied: z.boolean() })

/** A code of dimail that the catalogue does not explain, how often it was seen, and where last. */
export const unknownCode = z.object({
  check: z.string(),
  code: z.string(),
  count: z.int().positive(),
  firstAt: instant,
  lastAt: instant,
  domain: z.string(),
})
export type UnknownCode = z.infer<typeof unknownCode>

/** What the sandbox publishes of one of its domains, for its own page. */
export const sandboxRecord = z.object({
  /** Relative to the domain; `''`: the domain itself. */
  target: z.string().max(260),
  type: z.string().max(10),
  value: z.string().max(70_000),
})
export const sandboxServerModes = ['right', 'behind', 'silent', 'servfail', 'refuses', 'lame'] as const
export const sandboxZone = z.object({
  domain: z.string(),
  delegated: z.boolean(),
  records: z.array(sandboxRecord),
  host: z.string(),
  servers: z.array(z.object({ name: z.string(), mode: z.enum(sandboxServerModes) })),
})
export type SandboxZone = z.infer<typeof sandboxZone>
