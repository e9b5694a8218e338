import type { JudgedRecord, Proposal, RecordKind, RecordType } from '../../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../../preload/shapes.ts'
import { compareRecords } from '../compare/compare.ts'
import { absolute, isWithin, parentOf } from '../zone/names.ts'
import type { View } from '../zone/view.ts'
import { planCname } from './aliases.ts'
import { viewAfter } from './apply.ts'
import { planDoubled } from './doubled.ts'
import { adding, type Draft, type Group, type Hindrance, isHindrance, type Plan } from './draft.ts'
import { isStarred, type Place, seenAt } from './here.ts'
import { planMx, planOther } from './hosts.ts'
import { planDkim } from './keys.ts'
import { tellingLost } from './losing.ts'
import { inOrder } from './order.ts'
import { makingRoom } from './room.ts'
import { planSpf } from './texts.ts'
import { wantedRecord } from './wanted.ts'

const plans: Record<RecordKind, (group: Group) => Plan> = {
  mx: planMx,
  spf: planSpf,
  dkim: planDkim,
  cname: planCname,
  other: planOther,
}

/**
 * What to do in the zone so that every expected record is found as it should be: docs/field.md N3. What is there and
 * does not hinder stays; nothing is proposed that changes nothing, and nothing whose result the comparison would not
 * find correct. A record for which nothing can be proposed is hindered, with the reason.
 * @param zone the zone that the domain is in; null: nobody serves it, hence all are hindered. The view is asked all the
 * same, so that whoever notes what it lacks can ask.
 */
export function propose(
  domain: string,
  zone: string | null,
  expected: readonly ExpectedRecord[],
  view: View,
): Proposal {
  const place: Place = { domain: absolute(domain), zone: zone === null ? null : absolute(zone), view }
  const judged = compareRecords(domain, zone, expected, view)
  const names = new Set(judged.map(({ name }) => name))
  const planned = [...names].map((name) =>
    planName(
      place,
      judged.filter((one) => one.name === name),
    ),
  )
  const drafts = planned.flatMap((one) => one.drafts)
  const hindered = new Map(planned.flatMap((one) => one.hindered.map((row) => [row.key, row] as const)))
  if (zone === null) {
    const why = 'not-delegated' as const
    return { changes: [], hindered: judged.map(({ key }) => ({ key, why, facts: { name: place.domain } })) }
  }
  const sure = verified(place, expected, [...drafts, ...unhidden(place, judged, drafts)], hindered)
  return { ...sure, changes: tellingLost(place, sure.changes) }
}

type Hindered = Proposal['hindered'][number]
type Planned = { drafts: Draft[]; hindered: Hindered[] }

/** Everything at one name together: a CNAME there, or a wildcard, concerns all of it. */
function planName(place: Place, judged: readonly JudgedRecord[]): Planned {
  const hindered: Hindered[] = judged
    .filter(({ verdict }) => verdict === 'error')
    .map(({ key, name, type, expected, findings }) =>
      findings.some(({ code }) => code === 'unknown-type')
        ? { key, why: 'unknown-type', facts: { name, type: expected.type } }
        : { key, why: 'unread', facts: { name, type } },
    )
  const groups = groupsOf(place, judged)
  const drafts: Draft[] = []
  for (const group of groups) {
    const plan = plans[group.subject.kind](group)
    if (isHindrance(plan)) hindered.push(...group.keys.map((key) => ({ key, ...plan })))
    else drafts.push(...plan)
  }
  const doubled = groups.flatMap((group) => planDoubled(place, group))
  return withRoom(place, judged, groups, { drafts, hindered }, doubled)
}

function withRoom(
  place: Place,
  judged: readonly JudgedRecord[],
  groups: readonly Group[],
  planned: Planned,
  doubled: readonly Draft[],
): Planned {
  const { drafts, hindered } = planned
  const name = judged[0]?.name
  const hosts = groups.filter(({ subject }) => subject.kind !== 'cname')
  if (name === undefined || hosts.length === 0) return { drafts: [...drafts, ...doubled], hindered }
  const room = makingRoom(place, name, hosts, drafts)
  if (!isHindrance(room)) return { drafts: [...room, ...doubled], hindered }
  return { drafts: [...doubled], hindered: judged.map(({ key }) => ({ key, ...room })) }
}

/**
 * Records that a wildcard gives rightly and that a new name would take away from it: a wildcard serves no name below
 * one that exists (RFC 4592 2.2.1). They are published themselves.
 */
function unhidden(place: Place, judged: readonly JudgedRecord[], drafts: readonly Draft[]): Draft[] {
  const added = drafts.flatMap(({ act, after }) => (act === 'add' && after !== null ? [after.name] : []))
  return judged.flatMap(({ name, type, verdict, key, expected }) => {
    const wanted = verdict === 'correct' ? wantedRecord(place.domain, expected) : null
    const isGiven = wanted !== null && !added.includes(name) && isStarred(place, name, type)
    if (!isGiven || !added.some((one) => hides(one, name, type, place))) return []
    return [adding([key], wanted, { reason: 'beside-wildcard', facts: { expected: wanted.value } })]
  })
}

/** Whether a name, once it is there, stands between another and the wildcard that serves it. */
function hides(added: string, name: string, type: RecordType, { domain, zone, view }: Place): boolean {
  const top = zone ?? domain
  for (let above = parentOf(name); above !== null && above !== top; above = parentOf(above)) {
    const star = view.look(`*.${above}`, type)
    if (star?.state === 'found' && !star.wildcard) return false
    if (isWithin(added, above)) return true
  }
  return false
}

/** The records of one kind at a name, where one at least could be read and is wrong. */
function groupsOf(place: Place, judged: readonly JudgedRecord[]): Group[] {
  const known = judged.filter(({ verdict }) => verdict !== 'error')
  const kinds = new Set(known.map(({ kind, type }) => `${kind} ${type}`))
  return [...kinds].flatMap((one) => {
    const same = known.filter(({ kind, type }) => `${kind} ${type}` === one)
    const [first] = same
    if (first === undefined || same.every(({ verdict }) => verdict === 'correct')) return []
    const { name, type, kind } = first
    const expected = same.map((record) => record.expected)
    const subject = { ...place, name, type, kind, expected: first.expected, beside: expected }
    return [{ keys: same.map(({ key }) => key), subject, expected, seen: seenAt(place, name, type) ?? [] }]
  })
}

/** Only what the comparison finds correct afterwards is proposed. */
function verified(
  place: Place,
  expected: readonly ExpectedRecord[],
  drafts: readonly Draft[],
  hindered: Map<string, Hindered>,
): Proposal {
  const open = drafts.filter(({ serves }) => !serves.every((key) => hindered.has(key)))
  const after = compareRecords(place.domain, place.zone, expected, viewAfter(place, inOrder(open)))
  const wrong = after.filter(({ key, verdict }) => verdict !== 'correct' && !hindered.has(key))
  if (wrong.length === 0) return { changes: inOrder(open), hindered: [...hindered.values()] }
  for (const record of wrong) hindered.set(record.key, { key: record.key, ...whyNot(record) })
  return verified(place, expected, open, hindered)
}

/** Why a record would not be right in spite of all that is known to do. */
function whyNot({ kind, name, type, verdict, findings }: JudgedRecord): Hindrance {
  if (verdict === 'error') return { why: 'unread', facts: { name, type } }
  const codes = ['spf-include-broken', 'spf-include-loop', 'spf-include-missing', 'spf-mx-too-wide']
  const include = findings.find(({ code }) => codes.includes(code))
  if (kind === 'spf' && include !== undefined)
    return { why: 'spf-include', facts: { name, include: include.facts.name ?? '' } }
  return { why: 'unmendable', facts: { name } }
}
