import { diffChars } from 'diff'
import type { DnsRecord, Proposal, ZoneChange } from '../../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../../preload/shapes.ts'
import type { Subject } from '../compare/subject.ts'

/** A change that has no place in the order yet. */
export type Draft = Omit<ZoneChange, 'id'>
export type Hindrance = Omit<Proposal['hindered'][number], 'key'>

/** The expected records of one kind at one name, of which one at least is not as it should be. */
export type Group = {
  keys: string[]
  subject: Subject
  expected: readonly ExpectedRecord[]
  /** What stands there of this type, under the name itself, whether it has it or a CNAME or wildcard gives it. */
  seen: readonly DnsRecord[]
}
export type Plan = Draft[] | Hindrance

export const isHindrance = (plan: Plan): plan is Hindrance => !Array.isArray(plan)

type Why = Pick<Draft, 'reason'> & { facts?: Draft['facts']; lookups?: Draft['lookups'] }

const draft = (
  serves: readonly string[],
  { reason, facts = {}, lookups = null }: Why,
  before: DnsRecord | null,
  after: DnsRecord | null,
): Omit<Draft, 'act' | 'diff'> => {
  const record = after ?? before
  const about = { name: record?.name ?? '', type: record?.type ?? '' }
  return { serves: [...serves], reason, facts: { ...about, ...facts }, before, after, lookups }
}

export const adding = (serves: readonly string[], after: DnsRecord, why: Why): Draft => ({
  ...draft(serves, why, null, after),
  act: 'add',
  diff: null,
})

export const deleting = (serves: readonly string[], before: DnsRecord, why: Why): Draft => ({
  ...draft(serves, { ...why, facts: { found: shown(before), ...why.facts } }, before, null),
  act: 'delete',
  diff: null,
})

export const changing = (
  serves: readonly string[],
  before: DnsRecord,
  after: DnsRecord,
  why: Why,
): Draft => ({
  ...draft(serves, { ...why, facts: { found: shown(before), ...why.facts } }, before, after),
  act: 'change',
  diff: before.value === after.value ? null : difference(before.value, after.value),
})

const longestFact = 300
/** A value as a sentence bears it. */
export const shown = ({ value, priority }: DnsRecord): string => {
  const text = priority === null ? value : `${priority} ${value}`
  return text.length > longestFact ? `${text.slice(0, longestFact - 1)}…` : text
}

/** Beyond this many edits two texts have nothing in common that would help whoever reads. */
const mostEdits = 600

/** Two values next to each other, character by character. */
function difference(before: string, after: string): ZoneChange['diff'] {
  const parts = diffChars(before, after, { maxEditLength: mostEdits })
  if (parts === undefined)
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ]
  return parts.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }))
}
