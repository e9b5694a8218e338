import type { Diagnosis, DnsServer, DnsState, Proposal, UnreadReason } from '../../../preload/dns-shapes.ts'
import type { Check, Locale } from '../../../preload/shapes.ts'
import type { DnsHostProfile } from '../../dns/host-shapes.ts'
import { hintsOf, letterSteps } from './steps.ts'
import { isWrong, troublesOf } from './troubles.ts'
import { durationOf, filled, wordsOf } from './words.ts'

/** What a letter is written from. */
export type LetterFacts = {
  domain: string
  diagnosis: Diagnosis
  proposal: Proposal
  /** As `stepsOf` of main/dns/hosts.ts writes them for `host`. */
  steps: DnsState['steps']
  host: DnsHostProfile
  locale: Locale
  /** The agent's own words; empty: none. */
  note: string
  /** The name of the service: the profile's. */
  service: string
  /** Who signs; null: the service alone. */
  agent: string | null
  /** What dimail found last. */
  checks: readonly Check[]
}

export const situations = ['to-correct', 'spreading', 'unread', 'not-delegated', 'right'] as const
export type Situation = (typeof situations)[number]

/** Which of the letters is to be written. */
export function situationOf({ diagnosis, proposal }: Pick<LetterFacts, 'diagnosis' | 'proposal'>): Situation {
  const { delegation, records } = diagnosis
  if (delegation.state === 'not-delegated') return 'not-delegated'
  if (delegation.state === 'unread') return 'unread'
  const wrong = records.filter(isWrong)
  if (proposal.changes.length > 0) return 'to-correct'
  // The source is right, and other servers are about to be.
  if (wrong.length > 0 && wrong.every(isSpreading)) return 'spreading'
  if (wrong.length > 0) return 'to-correct'
  if (records.some(({ verdict }) => verdict === 'error')) return 'unread'
  return 'right'
}

const isSpreading = ({ findings }: Diagnosis['records'][number]): boolean =>
  findings.some(({ code }) => code === 'propagating')

/** All that a template may name (docs/letters.md). */
export function valuesOf(facts: LetterFacts) {
  const { domain, diagnosis, proposal, steps, host, locale, note, service, agent, checks } = facts
  const words = host.words[locale]
  return {
    situation: situationOf(facts),
    domain,
    service,
    agent,
    note,
    troubles: troublesOf(diagnosis.records, checks, locale),
    host: {
      known: host.id !== 'unknown',
      name: host.name,
      where: words.where,
      add: words.add,
      edit: words.edit,
      delete: words.delete,
      ttl: words.labels.ttl,
      help: host.help[locale],
    },
    hints: hintsOf(steps, host, locale),
    steps: letterSteps(proposal, steps, diagnosis.records, locale),
    hindered: hinderedOf(proposal, diagnosis, locale),
    servers: troubledServers(diagnosis.servers, locale),
    dnssec: diagnosis.delegation.findings.some(({ code }) => code === 'dnssec-broken'),
    wait: durationOf(longestTtl(facts), locale),
  }
}

function hinderedOf({ hindered }: Proposal, { records }: Diagnosis, locale: Locale) {
  const words = wordsOf(locale)
  return hindered.map(({ key, why }) => {
    const record = records.find((one) => one.key === key)
    const type = record?.expected.type.toUpperCase() ?? key
    return { record: filled(words.records[record?.kind ?? 'other'], { type }), why: words.hindered[why] }
  })
}

/** What a server's trouble is to a town: whoever hosts it is told the rest by their own logs. */
const troubleWords: Record<UnreadReason, keyof ReturnType<typeof wordsOf>['servers'] | null> = {
  timeout: 'silent',
  deadline: 'silent',
  servfail: 'fails',
  'other-code': 'fails',
  'cname-loop': 'fails',
  'cname-too-long': 'fails',
  refused: 'refuses',
  lame: 'lame',
  malformed: 'garbled',
  'too-large': 'garbled',
  dnssec: 'unsigned',
  unreachable: 'unreachable',
  'private-address': 'unreachable',
  // Of this computer, not of the server.
  'no-ipv6': null,
  'not-asked': null,
}

function troubledServers(servers: readonly DnsServer[], locale: Locale) {
  const words = wordsOf(locale).servers
  return servers.flatMap(({ role, name, address, trouble }) => {
    if (role !== 'authoritative' || trouble === null) return []
    const word = trouble === 'not-asked' && address === null ? 'addressless' : troubleWords[trouble]
    if (word === null) return []
    const at = name === null ? (address ?? '') : address === null ? name : `${name} (${address})`
    return [{ name: at, trouble: words[word] }]
  })
}

/** How long an answer of before may be kept; an absence, for an hour as most zones have it (RFC 2308 5). */
const usualTtl = 3600
const longestTtl = ({ diagnosis, proposal }: LetterFacts): number =>
  Math.max(
    0,
    ...proposal.changes.map(({ before }) => before?.ttl ?? usualTtl),
    ...(proposal.changes.length > 0
      ? []
      : diagnosis.records.flatMap(({ answers }) =>
          answers.flatMap(({ records }) => records.map(({ ttl }) => ttl ?? usualTtl)),
        )),
  )
