import { isIP } from 'node:net'
import type { DnsFinding, DnsRecord } from '../../../preload/dns-shapes.ts'
import { absolute } from '../zone/names.ts'
import { finding, type Judgement } from './finding.ts'
import type { Subject } from './subject.ts'
import { addressesAt, doubledName, isDoubled, judgeThere, listed } from './surroundings.ts'

/** How many foreign MX have a finding each: the first by preference. */
const mostTold = 8

/**
 * Judges one expected MX by the set of those found (RFC 5321 5.1). Extra ones are conflicting: mail may go there, and
 * dimail looks at the first MX of the answer alone, whichever that is (docs/dimail.md 6.2).
 */
export function judgeMx(subject: Subject): Judgement {
  return judgeThere(subject, (said) =>
    said.state === 'found' ? judgeFound(subject, said.records) : judgeNone(subject),
  )
}

/** Without MX mail goes to the address of the domain itself (RFC 5321 5.1). */
function judgeNone(subject: Subject): Judgement {
  const addresses = addressesAt(subject.name, subject.view)
  const instead = finding('blocking', 'address-instead', { name: subject.name, addresses: listed(addresses) })
  return {
    verdict: 'missing',
    findings: [...(addresses.length > 0 ? [instead] : []), ...doubledName(subject)],
  }
}

const hostOf = ({ value }: { value: string }) => absolute(value)
const rankOf = ({ priority }: DnsRecord) => priority ?? 0

function judgeFound(subject: Subject, records: readonly DnsRecord[]): Judgement {
  const wanted = subject.beside.map(hostOf)
  const own = records.filter((record) => hostOf(record) === hostOf(subject.expected))
  const foreign = records
    .filter((record) => !wanted.includes(hostOf(record)))
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (hostOf(a) < hostOf(b) ? -1 : 1))
    .slice(0, mostTold)
  if (own.length === 0) {
    const isOneThere = records.some((record) => wanted.includes(hostOf(record)))
    const missing = finding('warning', 'mx-missing-one', { expected: hostOf(subject.expected) })
    const others = foreign.flatMap((record) => describe(subject, record, 'mx-other', 'blocking'))
    return isOneThere
      ? { verdict: 'incomplete', findings: [missing, ...others] }
      : { verdict: 'incorrect', findings: others }
  }
  const best = Math.min(...own.map(rankOf))
  const extra = foreign.flatMap((record) =>
    describe(subject, record, 'mx-extra', rankOf(record) <= best ? 'blocking' : 'warning'),
  )
  const unsure = finding('note', 'mx-not-first', {
    expected: hostOf(subject.expected),
    count: records.length,
  })
  return {
    verdict: foreign.length > 0 ? 'conflicting' : 'correct',
    findings: [
      ...extra,
      ...(foreign.length > 0 ? [unsure] : []),
      ...aliasOfHost(subject, hostOf(subject.expected), 'warning'),
    ],
  }
}

/** What an MX that is not wanted is: nobody's (RFC 7505), an address, the wanted one mistyped, or another host. */
function describe(
  subject: Subject,
  record: DnsRecord,
  code: 'mx-other' | 'mx-extra',
  level: 'blocking' | 'warning',
): DnsFinding[] {
  const host = hostOf(record)
  const facts = { found: host, priority: rankOf(record), expected: hostOf(subject.expected) }
  if (host === '') return [finding('blocking', 'mx-null', { expected: facts.expected })]
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) return [finding(level, 'mx-to-address', facts)]
  const doubled = subject.beside.some(({ value }) => isDoubled(host, value, subject))
  if (doubled) return [finding(level, 'value-doubled', { found: host, expected: facts.expected })]
  return [finding(level, code, facts), ...aliasOfHost(subject, host, level)]
}

/** An MX leads to a name that has addresses of its own, not to a CNAME (RFC 2181 10.3, RFC 5321 5.1). */
function aliasOfHost({ view }: Subject, host: string, level: 'blocking' | 'warning'): DnsFinding[] {
  const alias = view.look(host, 'CNAME')
  const to = alias?.state === 'found' ? alias.records[0]?.value : undefined
  return to === undefined ? [] : [finding(level, 'mx-to-cname', { host, to: absolute(to) })]
}
