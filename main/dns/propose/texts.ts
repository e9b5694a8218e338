import type { DnsRecord, ZoneChange } from '../../../preload/dns-shapes.ts'
import { countLookups } from '../compare/spf-count.ts'
import { isSpf, parseSpf } from '../compare/spf-parse.ts'
import { lostSeam } from '../compare/text.ts'
import { adding, changing, deleting, type Group, type Plan } from './draft.ts'
import { wantedOf } from './hosts.ts'
import { type MergedSpf, mergeSpf } from './spf-merge.ts'
import { isMeantAsSpf, meaningOf, partsOf } from './spf-parts.ts'
import { textRecord } from './wanted.ts'

type Present = { record: DnsRecord; text: string }

/**
 * SPF: one record, with everybody's senders and dimail's (`mergeSpf`). The record that keeps most of what is there is
 * changed, and others go.
 */
export function planSpf(group: Group): Plan {
  const { seen, keys, subject } = group
  const [wanted] = wantedOf(group)
  if (wanted === undefined) return []
  const present = presentIn(seen, wanted.value, subject.name)
  const unreadable = seen.find(({ value }) => meant.test(value))
  if (present.length === 0) {
    if (unreadable !== undefined)
      return { why: 'spf-syntax', facts: { name: subject.name, terms: unreadable.value.slice(0, 500) } }
    const lookups = { before: null, after: costOf(group, wanted.value) }
    return [adding(keys, wanted, { reason: 'add-missing', lookups })]
  }
  const texts = present.map(({ text }) => text)
  const merged = mergeSpf({ name: subject.name, texts, wanted: wanted.value, view: subject.view })
  return 'why' in merged ? merged : changesTo(merged, present, wanted.value, group)
}

/** Something between quotes, with blanks where none may be, or of another version: an SPF to whoever wrote it. */
const meant = /^[\s"'“”«]*v\s*=\s*spf/i

/** Those that receivers take for SPF, or else those that were meant; what lists most senders beside dimail's first. */
function presentIn(seen: readonly DnsRecord[], wanted: string, name: string): Present[] {
  const ours = partsOf(wanted).reached.map((one) => meaningOf(one, name))
  const real = seen.filter(({ value }) => isSpf(value))
  const records = real.length > 0 ? real : seen.filter(({ value }) => isMeantAsSpf(value))
  const size = ({ text }: Present) =>
    partsOf(text).reached.filter((one) => !ours.includes(meaningOf(one, name))).length
  return records.map((record) => ({ record, text: spoken(record) })).toSorted((a, b) => size(b) - size(a))
}

/** A text with the spaces between its terms that its splitting lost. */
const spoken = ({ value, strings }: DnsRecord): string =>
  lostSeam(strings ?? []) === null
    ? value
    : (strings ?? []).reduce((text, next) => `${text}${lostSeam([text, next]) === null ? '' : ' '}${next}`)

function changesTo(merged: MergedSpf, present: readonly Present[], wanted: string, group: Group): Plan {
  const { keys } = group
  const whole = present.find(({ record }) => record.value === merged.text)
  const base = whole ?? present[0]
  if (base === undefined) return []
  const before = costOf(group, base.record.value)
  const facts = {
    include: listedIn(wanted),
    all: merged.text.split(' ').at(-1) ?? '',
    dropped: droppedFrom(present, merged, group.subject.name).join(' ').slice(0, 500),
    count: present.length,
  }
  const after = textRecord(base.record.name, merged.text, base.record.ttl)
  const reason = reasonOf(present, wanted, group.subject.name)
  const lookups = { before, after: merged.lookups }
  const change = changing(keys, base.record, after, { reason, facts, lookups })
  const others = present.filter((one) => one !== base)
  const away = others.map(({ record }) => deleting(keys, record, { reason: 'drop-second-spf' }))
  return whole !== undefined && lostSeam(whole.record.strings ?? []) === null ? away : [change, ...away]
}

/** What dimail wants listed, as a sentence names it. */
const listedIn = (spf: string): string =>
  partsOf(spf)
    .reached.map((one) => one.text)
    .join(' ')

/** Senders that were listed and are not any more: none that could be found, or that mattered. */
function droppedFrom(present: readonly Present[], { kept }: MergedSpf, name: string): string[] {
  const there = present.flatMap(({ text }) => {
    const { reached, dead } = partsOf(text)
    return [...reached, ...dead]
  })
  return [...new Set(there.filter((one) => !kept.includes(meaningOf(one, name))).map((one) => one.text))]
}

/** What the change is mainly for: the gravest of its causes. */
function reasonOf(present: readonly Present[], wanted: string, name: string): ZoneChange['reason'] {
  const [first, second] = present
  if (first === undefined || second !== undefined) return 'merge-spf'
  if (!isSpf(first.record.value)) return /["“”«»]/.test(first.record.value) ? 'unquote' : 'mend-spf'
  const { reached, dead, all, redirect } = partsOf(first.text)
  const ours = partsOf(wanted).reached.map((one) => meaningOf(one, name))
  const like = (one: (typeof reached)[number]) => ours.includes(meaningOf(one, name))
  if (redirect !== null) return 'remove-redirect'
  const found = reached.filter(like)
  if (found.some(({ qualifier }) => qualifier !== '+')) return 'unqualify-include'
  if (found.length < ours.length) return dead.some(like) ? 'move-include' : 'insert-include'
  return all === '+' || all === '?' || all === null ? 'close-all' : 'mend-spf'
}

/** The look-ups of a text; none when it is no SPF to whoever receives. */
function costOf({ subject }: Group, text: string): number {
  const spf = parseSpf(text)
  return spf === null ? 0 : countLookups(subject.name, spf, subject.view).lookups
}
