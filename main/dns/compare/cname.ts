import type { DnsFinding, Look } from '../../../preload/dns-shapes.ts'
import { absolute } from '../zone/names.ts'
import { finding, type Judgement, shortened } from './finding.ts'
import type { Subject } from './subject.ts'
import {
  addressesAt,
  doubledName,
  isDoubled,
  listed,
  tellingWildcard,
  unreadable,
  wildcardOf,
} from './surroundings.ts'

/** How far a CNAME that leads elsewhere is followed, to see whether it ends where it should. */
const longestWay = 8

/** Judges one expected CNAME by its own target: dimail does not follow it further (docs/dimail.md 6.2). */
export function judgeCname(subject: Subject): Judgement {
  const said = subject.view.look(subject.name, 'CNAME')
  if (said === undefined || said.state === 'unread') return unreadable(said)
  const judged = said.state === 'found' ? judgeFound(subject, said) : judgeNone(subject, said)
  return tellingWildcard(subject, said, judged)
}

function judgeFound(subject: Subject, said: Look): Judgement {
  const expected = absolute(subject.expected.value)
  const targets = [...new Set(said.records.map(({ value }) => absolute(value)))].toSorted()
  const others = targets.filter((target) => target !== expected)
  if (others.length === 0) return { verdict: 'correct', findings: [] }
  const findings = others.slice(0, 5).map((found) => describe(subject, found, expected))
  // Several CNAMEs at one name are forbidden (RFC 2181 10.1), and any of them may be taken.
  return { verdict: targets.length > 1 ? 'invalid' : 'incorrect', findings }
}

function describe(subject: Subject, found: string, expected: string): DnsFinding {
  if (isDoubled(found, expected, subject)) return finding('blocking', 'value-doubled', { found, expected })
  const code = leadsTo(found, expected, subject) ? 'cname-indirect' : 'cname-other'
  return finding('blocking', code, { name: subject.name, found, expected })
}

function leadsTo(from: string, expected: string, { view }: Subject): boolean {
  let at = from
  for (let step = 0; step < longestWay; step++) {
    const next = view.look(at, 'CNAME')?.records[0]?.value
    if (next === undefined) return false
    at = absolute(next)
    if (at === expected) return true
  }
  return false
}

function judgeNone(subject: Subject, said: Look): Judgement {
  const doubled = doubledName(subject)
  const instead = said.state === 'no-data' || said.wildcard ? otherData(subject) : []
  return { verdict: instead.length > 0 ? 'incorrect' : 'missing', findings: [...instead, ...doubled] }
}

/** Data of other types at the name, beside which no CNAME may stand (RFC 1034 3.6.2). */
function otherData(subject: Subject): DnsFinding[] {
  const { name, view } = subject
  const addresses = addressesAt(name, view)
  if (addresses.length > 0) {
    return [
      finding('blocking', 'address-instead', { name, addresses: listed(addresses) }),
      ...starOfAddresses(subject),
    ]
  }
  return (['TXT', 'MX'] as const).flatMap((type) => {
    const said = view.look(name, type)
    // What a wildcard gives is no longer given once the name has a record.
    if (said?.state !== 'found' || said.wildcard) return []
    const values = said.records.map(({ value }) => shortened(value)).toSorted()
    return [
      finding('blocking', 'other-value', {
        name,
        type,
        found: listed(values),
        expected: absolute(subject.expected.value),
      }),
    ]
  })
}

function starOfAddresses(subject: Subject): DnsFinding[] {
  const { name, view } = subject
  for (const type of ['A', 'AAAA'] as const) {
    const said = view.look(name, type)
    const star = said?.state === 'found' ? wildcardOf(name, said, type, subject) : null
    if (star !== null) return [finding('warning', 'wildcard', { name, wildcard: star })]
  }
  return []
}
