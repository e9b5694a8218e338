import type { UnreadReason } from '../../../preload/dns-shapes.ts'
import { absolute } from '../zone/names.ts'
import type { View } from '../zone/view.ts'
import { isSpf, parseSpf, reachedTerms, redirectOf, type Spf, type SpfDirective } from './spf-parse.ts'

export const lookupLimit = 10
export const voidLimit = 2
/** `a`, `mx`: how many hosts one `mx` may lead to (RFC 7208 4.6.4). */
const mxLimit = 10
/** Far above the limit there is nothing to learn from going on: a hostile chain of includes has no end. */
const enough = 40

/** What evaluating an SPF costs and meets when no sender matches before `all`: the dearest case. */
export type SpfCount = {
  /** `include`, `a`, `mx`, `ptr`, `exists` and `redirect`, through all includes (RFC 7208 4.6.4). */
  lookups: number
  /** The count was given up: there are more. */
  isCut: boolean
  /** Names that `a`, `mx` or `include` ask for and that hold nothing. */
  voids: string[]
  /** Includes and redirects whose SPF could not be read: what they cost is not counted. */
  unread: { name: string; reason: UnreadReason }[]
  /** Includes and redirects to a name without an SPF: a `permerror`. */
  missing: string[]
  /** Includes and redirects to a name with two SPF, or with one that is no SPF by its grammar. */
  broken: string[]
  /** Names that include themselves, at once or further on. */
  loops: string[]
  /** Names with more than ten MX, asked for by `mx`. */
  wideMx: string[]
  /** Names whose SPF is evaluated in their turn, each with whether only `+` leads there. */
  reached: Map<string, boolean>
}

/**
 * A domain-spec as a name: `%{d}` is the domain whose record it stands in, `%{o}` the sender's, which has led there
 * (RFC 7208 7.2). Null: domains that depend on the message are counted, and cannot be followed.
 */
export function expanded(target: string, current: string, sender = current): string | null {
  const name = absolute(target.replace(/%\{d\}/gi, current).replace(/%\{o\}/gi, sender))
  return name.includes('%') ? null : name
}

/**
 * Counts the DNS look-ups of an SPF through its includes, as RFC 7208 4.6.4 says, in the order of evaluation.
 * Whether a name is void is asked of A and AAAA together, hence never said of a host that has one of them.
 * @param domain the name that holds the record.
 * @param view is asked the TXT of includes and redirects, the MX and the addresses of `a` and `mx`.
 */
export function countLookups(domain: string, spf: Spf, view: View): SpfCount {
  const count: SpfCount = {
    lookups: 0,
    isCut: false,
    voids: [],
    unread: [],
    missing: [],
    broken: [],
    loops: [],
    wideMx: [],
    reached: new Map(),
  }
  evaluate({ name: domain, spf, path: [domain], isPlus: true }, view, count)
  return count
}

type Turn = { name: string; spf: Spf; path: readonly string[]; isPlus: boolean }

function evaluate(turn: Turn, view: View, count: SpfCount): void {
  for (const term of reachedTerms(turn.spf)) {
    if (term.kind === 'directive') directive(term, turn, view, count)
    if (count.isCut) return
  }
  const redirect = redirectOf(turn.spf)
  if (redirect === null || isOver(count)) return
  enter(redirect, turn, turn.isPlus, view, count)
}

function isOver(count: SpfCount): boolean {
  if (count.lookups < enough) count.lookups++
  else count.isCut = true
  return count.isCut
}

function directive(term: SpfDirective, turn: Turn, view: View, count: SpfCount): void {
  const { mechanism } = term
  if (mechanism === 'all' || mechanism === 'ip4' || mechanism === 'ip6' || isOver(count)) return
  if (mechanism === 'include') {
    enter(term.target ?? '', turn, turn.isPlus && term.qualifier === '+', view, count)
    return
  }
  const name = term.target === null ? turn.name : expanded(term.target, turn.name, turn.path[0])
  if (name === null) return
  if (mechanism === 'a' && isVoidHost(name, view)) count.voids.push(name)
  if (mechanism === 'mx') askMx(name, view, count)
}

function askMx(name: string, view: View, count: SpfCount): void {
  const said = view.look(name, 'MX')
  if (said?.state === 'no-name' || said?.state === 'no-data') count.voids.push(name)
  if (said !== undefined && said.records.length > mxLimit) count.wideMx.push(name)
}

function isVoidHost(name: string, view: View): boolean {
  const v4 = view.look(name, 'A')
  if (v4?.state === 'no-name') return true
  return v4?.state === 'no-data' && ['no-name', 'no-data'].includes(view.look(name, 'AAAA')?.state ?? '')
}

/** Follows an include or a redirect. */
function enter(target: string, turn: Turn, isPlus: boolean, view: View, count: SpfCount): void {
  const name = expanded(target, turn.name, turn.path[0])
  if (name === null) return
  if (turn.path.includes(name)) {
    count.loops.push(name)
    return
  }
  count.reached.set(name, isPlus || (count.reached.get(name) ?? false))
  const said = view.look(name, 'TXT')
  if (said === undefined || said.state === 'unread') {
    count.unread.push({ name, reason: said?.reason ?? 'not-asked' })
    return
  }
  if (said.state !== 'found') count.voids.push(name)
  const texts = said.records.map((record) => record.value).filter(isSpf)
  const [text] = texts
  if (text === undefined) {
    count.missing.push(name)
    return
  }
  const spf = parseSpf(text)
  if (spf === null || texts.length > 1 || spf.errors.length > 0) count.broken.push(name)
  else evaluate({ name, spf, path: [...turn.path, name], isPlus }, view, count)
}
