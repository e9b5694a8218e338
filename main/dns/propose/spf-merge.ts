import type { Proposal } from '../../../preload/dns-shapes.ts'
import { countLookups, expanded, lookupLimit, type SpfCount, voidLimit } from '../compare/spf-count.ts'
import { isSpf, parseSpf, type SpfDirective, type SpfQualifier } from '../compare/spf-parse.ts'
import { policyOf } from '../compare/spf-policy.ts'
import type { View } from '../zone/view.ts'
import { meaningOf, partsOf, type SpfParts, writtenOf } from './spf-parts.ts'

export type Hindrance = Omit<Proposal['hindered'][number], 'key'>
export type MergedSpf = {
  text: string
  lookups: number
  /** What it lists, as `meaningOf` writes it. */
  kept: string[]
}

type Kept = { directive: SpfDirective; text: string; meaning: string; isWanted: boolean; wasDead: boolean }
type Asked = {
  /** The name that holds the record. */
  name: string
  /** The SPF records that are there, as they stand; the first gives the order. */
  texts: readonly string[]
  /** The SPF that dimail wants. */
  wanted: string
  view: View
}

/**
 * One SPF out of those that a name has and the one that dimail wants: everybody's mechanisms stay, in their order,
 * each once; dimail's come last, before `all`. `all` is `-all` only where each record that is there ended so: a
 * record that was softer, open, or without an end, let senders through whom nobody has listed, and one written
 * without knowing of the other cannot refuse the other's. A `redirect=`, which stops dimail's check and which an
 * `all` would void, becomes an include of the same name, with that record's own `all`. What stood after `all` comes
 * before it, as its author meant, unless it refuses. Above ten look-ups what cannot matter goes, as little as needed.
 */
export function mergeSpf(asked: Asked): MergedSpf | Hindrance {
  const parts = asked.texts.map(partsOf)
  const wrong = parts.flatMap(({ errors }) => errors)
  if (wrong.length > 0) {
    const why = parts.length > 1 ? 'spf-two' : 'spf-syntax'
    return { why, facts: { name: asked.name, terms: wrong.join(' ').slice(0, 500) } }
  }
  const ends = parts.map((one) => endOf(one, asked))
  const unread = ends.find((end) => end === 'unread')
  if (unread !== undefined) return { why: 'unread', facts: { name: asked.name } }
  const all = ends.every((end) => end === '-') ? '-all' : '~all'
  const kept = keptOf(parts, asked)
  const others = [...new Set([...parts, partsOf(asked.wanted)].flatMap((one) => one.others))]
  const put = (terms: readonly Kept[]) =>
    ['v=spf1', ...terms.map(({ text }) => text), ...others, all].join(' ')
  return lightened(kept, put, asked)
}

type End = SpfQualifier | 'unread' | null

/** What happens to who is not listed; a list of everybody lets everybody through. */
function endOf({ all, redirect, reached }: SpfParts, { name, view }: Asked): End {
  if (reached.some(isOpen)) return '+'
  return redirect === null ? all : endThere(redirect, name, view, 0)
}

const longestRedirect = 10

function endThere(redirect: string, name: string, view: View, depth: number): End {
  const target = expanded(redirect, name)
  if (target === null || depth > longestRedirect) return null
  const said = view.look(target, 'TXT')
  if (said === undefined || said.state === 'unread') return 'unread'
  const text = said.records.map(({ value }) => value).find(isSpf)
  if (text === undefined) return null
  const there = partsOf(text)
  return there.redirect === null ? there.all : endThere(there.redirect, target, view, depth + 1)
}

function keptOf(parts: readonly SpfParts[], { name, wanted, view }: Asked): Kept[] {
  const kept = new Map<string, Kept>()
  const ours = partsOf(wanted).reached
  const grants = grantsOf(parts, name)
  const own = new Set(ours.map((one) => meaningOf(one, name)))
  const keep = (directive: SpfDirective, wasDead: boolean, isWanted: boolean) => {
    const meaning = meaningOf(directive, name)
    const before = kept.get(meaning)
    if (before === undefined)
      kept.set(meaning, {
        directive,
        text: isWanted ? directive.text : writtenOf(directive, name),
        meaning,
        isWanted,
        wasDead,
      })
  }
  for (const { reached, redirect } of parts) {
    for (const one of [...reached, ...includeOf(redirect)]) {
      const mine = ours.find((other) => meaningOf(other, name) === meaningOf(one, name))
      if (mine !== undefined) keep(mine, false, true)
      else if (isUseful(one, name, view)) keep(grants.get(meaningOf(one, name)) ?? one, false, false)
    }
  }
  for (const one of parts.flatMap(({ dead }) => dead)) {
    const isFree = one.qualifier === '+' || one.qualifier === '?'
    if (isFree && !own.has(meaningOf(one, name)) && isUseful(one, name, view)) keep(one, true, false)
  }
  for (const one of ours) keep(one, false, true)
  return [...kept.values()]
}

const includeOf = (redirect: string | null): SpfDirective[] =>
  redirect === null
    ? []
    : [
        {
          kind: 'directive',
          qualifier: '+',
          mechanism: 'include',
          target: redirect,
          cidr: '',
          text: `include:${redirect}`,
          at: 0,
        },
      ]

/** Of two records that disagree on a sender, what the one says that lets it through: the other did not know of it. */
function grantsOf(parts: readonly SpfParts[], name: string): Map<string, SpfDirective> {
  const grants = new Map<string, SpfDirective>()
  for (const { reached } of parts) {
    const decided = new Set<string>()
    for (const one of reached) {
      const meaning = meaningOf(one, name)
      if (one.qualifier === '+' && !decided.has(meaning) && !grants.has(meaning)) grants.set(meaning, one)
      decided.add(meaning)
    }
  }
  return grants
}

const nothingWanted = { text: '', terms: [], errors: [] }

/** Whether a sender may be listed so: neither everybody, nor by an include that fails them all. */
const isUseful = (one: SpfDirective, name: string, view: View): boolean =>
  !isOpen(one) && !isBroken(one, name, view)

const isOpen = (one: SpfDirective): boolean =>
  policyOf({ ...nothingWanted, terms: [one] }, nothingWanted).verdicts.length > 0

/** Whether an include can only fail everybody: of itself, or of a name that is known to have no SPF (RFC 7208 5.2). */
function isBroken({ mechanism, target }: SpfDirective, name: string, view: View): boolean {
  if (mechanism !== 'include') return false
  const there = expanded(target ?? '', name)
  if (there === null) return false
  if (there === name) return true
  const said = view.look(there, 'TXT')
  if (said === undefined || said.state === 'unread') return false
  return !said.records.some(({ value }) => isSpf(value))
}

/** No hand lists so many: a record that would lose more is not this console's to mend. */
const mostDropped = 40

type Weigh = (terms: readonly Kept[]) => SpfCount

/** Takes away what cannot matter, one after the other, until the record can be evaluated (RFC 7208 4.6.4). */
function lightened(
  kept: readonly Kept[],
  put: (terms: readonly Kept[]) => string,
  { name, view }: Asked,
): MergedSpf | Hindrance {
  const weigh: Weigh = (terms) => {
    const spf = parseSpf(put(terms))
    if (spf === null) throw new Error('An SPF put together is one')
    return countLookups(name, spf, view)
  }
  let terms = kept
  let count = weigh(terms)
  for (let turn = 0; turn < mostDropped && isHeavy(count); turn++) {
    const needless = needlessIn(terms, count, weigh, name)
    if (needless === undefined) break
    terms = terms.filter((one) => one !== needless)
    count = weigh(terms)
  }
  const { unread, lookups } = count
  const facts = { name, lookups, limit: lookupLimit }
  if (isHeavy(count)) return { why: 'spf-lookups', facts: { ...facts, voids: count.voids.length } }
  if (unread[0] !== undefined) return { why: 'unread', facts: { name: unread[0].name } }
  return { text: put(terms), lookups, kept: terms.map(({ meaning }) => meaning) }
}

const isHeavy = ({ lookups, voids }: SpfCount): boolean => lookups > lookupLimit || voids.length > voidLimit

/**
 * The next term that can go: one that no evaluation reached before; one that finds nobody; an include that another
 * holds already; at last `ptr`, which RFC 7208 5.5 says not to use and most receivers leave out.
 */
function needlessIn(terms: readonly Kept[], count: SpfCount, weigh: Weigh, name: string): Kept | undefined {
  const free = terms.filter(({ isWanted }) => !isWanted)
  const asks = free.filter(({ directive }) => directive.mechanism !== 'ip4' && directive.mechanism !== 'ip6')
  if (asks.length > mostDropped + lookupLimit) return undefined
  return (
    asks.find(({ wasDead }) => wasDead) ??
    asks.find(({ directive }) => isVoid(directive, count, name)) ??
    (asks.length > mostWeighed ? undefined : asks.find((one) => isCovered(one, terms, weigh, name))) ??
    asks.find(({ directive }) => directive.mechanism === 'ptr')
  )
}

function isVoid({ mechanism, target }: SpfDirective, { voids }: SpfCount, name: string): boolean {
  if ((mechanism !== 'a' && mechanism !== 'mx') || target === null) return false
  const there = expanded(target, name)
  return there !== null && there !== name && voids.includes(there)
}

/** Beyond this many, what one more include costs is not worth the time: nobody lists so many by hand. */
const mostWeighed = 30

/** Whether other includes lead to the same record, all of them with `+`. */
function isCovered(one: Kept, terms: readonly Kept[], weigh: Weigh, name: string): boolean {
  const { mechanism, qualifier, target } = one.directive
  const there = mechanism === 'include' && qualifier === '+' ? expanded(target ?? '', name) : null
  if (there === null) return false
  return weigh(terms.filter((other) => other !== one)).reached.get(there) === true
}
