import type { DnsFinding, Look, RecordType } from '../../../preload/dns-shapes.ts'
import { absolute, isWithin, parentOf } from '../zone/names.ts'
import type { View } from '../zone/view.ts'
import { finding, type Judgement } from './finding.ts'
import type { Subject } from './subject.ts'

/** Nothing is known of the record: whatever the reason, that is not "there is none". */
export const unreadable = (said: Look | undefined): Judgement => ({
  verdict: 'error',
  findings: [finding('warning', 'unread', { reason: said?.reason ?? 'not-asked' })],
})

/** The names that a host's form may append to what was typed in full: the zone's, and the domain's. */
const appended = ({ domain, zone }: Subject): string[] => [...new Set([zone ?? domain, domain])]

/** Whether a value is the wanted host with the zone's name behind it, for want of a final dot (RFC 1035 5.1). */
export const isDoubled = (value: string, wanted: string, subject: Subject): boolean =>
  appended(subject).some((name) => absolute(value) === `${absolute(wanted)}.${name}`)

/** The record stands at its own name with the zone's behind it. */
export function doubledName(subject: Subject): DnsFinding[] {
  const { name, type, view } = subject
  return appended(subject).flatMap((end) => {
    const doubled = `${name}.${end}`
    const said = view.look(doubled, type)
    if (said?.state !== 'found' || said.wildcard) return []
    // Nobody looks for wildcards that far down, where one further up gives its answer as well.
    if (starAbove(doubled, said, type, subject) !== null) return []
    return [finding('blocking', 'name-doubled', { name: doubled })]
  })
}

const valuesOf = ({ records }: Look): string => JSON.stringify(records.map(({ value }) => value).toSorted())

/** The wildcard above a name that holds what the name is said to hold. */
function starAbove(name: string, said: Look, type: RecordType, subject: Subject): string | null {
  const top = subject.zone ?? subject.domain
  const [alias] = said.chain
  for (let above = parentOf(name); above !== null && isWithin(above, top); above = parentOf(above)) {
    const star = `*.${above}`
    const there = subject.view.look(star, alias === undefined ? type : 'CNAME')
    // One that another wildcard gives is not there.
    if (there?.state !== 'found' || there.wildcard) continue
    const isSame = alias === undefined ? valuesOf(there) === valuesOf(said) : leadsTo(there, alias)
    if (isSame) return star
  }
  return null
}

const leadsTo = ({ records }: Look, name: string) => records.some(({ value }) => absolute(value) === name)

/** The wildcard that gives an answer, by its name (RFC 4592); null: the name has the record itself. */
export const wildcardOf = (name: string, said: Look, type: RecordType, subject: Subject): string | null =>
  said.wildcard ? (starAbove(name, said, type, subject) ?? `*.${parentOf(name)}`) : null

/** A wildcard that gives the answer is told of: good to know of a right one, in the way when it is another. */
export function tellingWildcard(subject: Subject, said: Look, judged: Judgement): Judgement {
  const star = said.state === 'found' ? wildcardOf(subject.name, said, subject.type, subject) : null
  if (star === null) return judged
  const level = judged.verdict === 'correct' ? 'note' : 'warning'
  const told = finding(level, 'wildcard', { name: subject.name, wildcard: star })
  return { ...judged, findings: [...judged.findings, told] }
}

/** Where the CNAME at a name leads first; null: there is none. */
export function aliasAt(name: string, said: Look, view: View): string | null {
  const [first] = said.chain
  if (first !== undefined) return first
  const alias = view.look(name, 'CNAME')
  const target = alias?.state === 'found' ? alias.records[0]?.value : undefined
  return target === undefined ? null : absolute(target)
}

/** Judges what there is of the wanted type at the wanted name, through a CNAME and a wildcard. */
export function judgeThere(subject: Subject, judge: (said: Look) => Judgement): Judgement {
  const said = subject.view.look(subject.name, subject.type)
  if (said === undefined) return unreadable(said)
  return behindAlias(subject, said, () => tellingWildcard(subject, said, judge(said)))
}

/**
 * Judges a record whose name may be a CNAME instead. Beside other data, and at the top of a zone, where SOA and NS
 * are, no CNAME may stand (RFC 1034 3.6.2, RFC 2181 10.1); elsewhere what it leads to counts.
 */
function behindAlias(subject: Subject, said: Look, judge: () => Judgement): Judgement {
  const to = aliasAt(subject.name, said, subject.view)
  if (to === null) return said.state === 'unread' ? unreadable(said) : judge()
  const isTop = subject.name === (subject.zone ?? subject.domain)
  const isBeside = said.chain.length === 0 && said.state === 'found'
  const instead = finding('blocking', 'cname-instead', { name: subject.name, to })
  if (isTop || isBeside) return { verdict: 'invalid', findings: [instead] }
  if (said.state === 'unread') return unreadable(said)
  const judged = judge()
  const isThere = judged.verdict !== 'missing' && judged.verdict !== 'incorrect'
  if (isThere) {
    const behind = finding('note', 'behind-cname', { name: subject.name, to })
    return { verdict: judged.verdict, findings: [...judged.findings, behind] }
  }
  // Where nothing is at its end, there is nothing to say but that the CNAME is in the way.
  const others = judged.verdict === 'missing' ? [] : judged.findings
  return { verdict: 'incorrect', findings: [...others, instead] }
}

/** The addresses at a name, of both families, in an order of their own. */
export function addressesAt(name: string, view: View): string[] {
  const values = (['A', 'AAAA'] as const).flatMap((type) => {
    const said = view.look(name, type)
    return said?.state === 'found' ? said.records.map((record) => record.value) : []
  })
  return [...new Set(values)].toSorted()
}

/** A list of values for one fact, bounded. */
export const listed = (values: readonly string[]): string => {
  const shown = values.slice(0, 5).join(', ')
  return values.length > 5 ? `${shown}, …` : shown
}
