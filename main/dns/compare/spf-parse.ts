import { isIPv4, isIPv6 } from 'node:net'

const spfMechanisms = ['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists'] as const
export type SpfMechanism = (typeof spfMechanisms)[number]
export type SpfQualifier = '+' | '-' | '~' | '?'

/** A term as it stands: `text`, at `at` characters from the start of the record. */
type Place = { text: string; at: number }
export type SpfDirective = Place & {
  kind: 'directive'
  qualifier: SpfQualifier
  mechanism: SpfMechanism
  /** The domain-spec, or the address of an `ip4` or `ip6`, as written; null: none is given. */
  target: string | null
  /** The prefix lengths as written, `/24`, `//64` or `/24//64`; '' when there is none. */
  cidr: string
}
export type SpfModifier = Place & { kind: 'modifier'; name: string; value: string }
export type SpfTerm = SpfDirective | SpfModifier

/** An SPF record read; any error makes the whole of it a `permerror` (RFC 7208 4.6). */
export type Spf = { text: string; terms: SpfTerm[]; errors: Place[] }

/** Whether a TXT is an SPF record, good or bad: its version, then a space or the end (RFC 7208 4.5). */
export const isSpf = (text: string): boolean => /^v=spf1(?: |$)/i.test(text)

/** `c`, `r` and `t` are for the text that `exp=` leads to, and for nothing else (RFC 7208 7.2). */
const macro = '%(?:\\{[slodiphv]\\d*r?[-.+,/_=]*\\}|%|_|-)'
// A backslash and three digits stand for a byte that is no text, which no domain-spec holds.
const literal = '(?!\\\\\\d{3})[\\x21-\\x24\\x26-\\x7e]'
const macroString = `(?:${macro}|${literal})*`
const wholeMacroString = new RegExp(`^${macroString}$`, 'i')
const endingMacro = /%\{[slodiphv]\d*r?[-.+,/_=]*\}$/i

/** The last label of a name (`toplabel`): not of digits alone, and no longer than a label can be (RFC 1035 2.3.4). */
const isTopLabel = (label: string): boolean =>
  label.length <= 63 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(label) && !/^\d+$/.test(label)

function isDomainSpec(text: string): boolean {
  if (!wholeMacroString.test(text)) return false
  const labels = text.replace(/\.$/, '').split('.')
  return endingMacro.test(text) || (labels.length > 1 && isTopLabel(labels.at(-1) ?? ''))
}

const length = (most: number) => (digits: string) =>
  /^(?:0|[1-9]\d{0,2})$/.test(digits) && Number(digits) <= most
const isV4Length = length(32)
const isV6Length = length(128)

type Rest = { target: string | null; cidr: string }

function address(rest: string, isAddress: (text: string) => boolean, isLength: (text: string) => boolean) {
  const [, target = '', digits] = /^:([^/]*)(?:\/(.*))?$/.exec(rest) ?? []
  if (!isAddress(target) || (digits !== undefined && !isLength(digits))) return null
  return { target, cidr: digits === undefined ? '' : `/${digits}` }
}

/** `a` and `mx`: an optional domain-spec, which may itself hold a slash, then optional prefix lengths. */
function hostAndLengths(rest: string): Rest | null {
  const [, head = '', v4, v6] = /^(.*?)(?:\/(\d+))?(?:\/\/(\d+))?$/.exec(rest) ?? []
  if ((v4 !== undefined && !isV4Length(v4)) || (v6 !== undefined && !isV6Length(v6))) return null
  const cidr = `${v4 === undefined ? '' : `/${v4}`}${v6 === undefined ? '' : `//${v6}`}`
  if (head === '') return { target: null, cidr }
  return head.startsWith(':') && isDomainSpec(head.slice(1)) ? { target: head.slice(1), cidr } : null
}

const host = (rest: string): Rest | null =>
  rest.startsWith(':') && isDomainSpec(rest.slice(1)) ? { target: rest.slice(1), cidr: '' } : null
const none = (rest: string): Rest | null => (rest === '' ? { target: null, cidr: '' } : null)

/** What may follow the name of each mechanism (RFC 7208 5 and 12). */
const restOf: Record<SpfMechanism, (rest: string) => Rest | null> = {
  all: none,
  include: host,
  exists: host,
  ptr: (rest) => none(rest) ?? host(rest),
  a: hostAndLengths,
  mx: hostAndLengths,
  ip4: (rest) => address(rest, isIPv4, isV4Length),
  ip6: (rest) => address(rest, (text) => isIPv6(text) && !text.includes('%'), isV6Length),
}

const qualifiers: readonly SpfQualifier[] = ['+', '-', '~', '?']

function directive(place: Place): SpfDirective | null {
  const qualifier = qualifiers.find((one) => place.text.startsWith(one))
  const bare = qualifier === undefined ? place.text : place.text.slice(1)
  const [, name = '', rest = ''] = /^([a-z0-9]*)(.*)$/is.exec(bare) ?? []
  const mechanism = spfMechanisms.find((one) => one === name.toLowerCase())
  const read = mechanism === undefined ? null : restOf[mechanism](rest)
  if (mechanism === undefined || read === null) return null
  return { ...place, kind: 'directive', qualifier: qualifier ?? '+', mechanism, ...read }
}

function modifier(place: Place): SpfModifier | null {
  const [, name, value = ''] = /^([a-z][a-z0-9\-_.]*)=(.*)$/is.exec(place.text) ?? []
  if (name === undefined) return null
  const lower = name.toLowerCase()
  const isRead = lower === 'redirect' || lower === 'exp' ? isDomainSpec(value) : wholeMacroString.test(value)
  return isRead ? { ...place, kind: 'modifier', name: lower, value } : null
}

/** `redirect` and `exp` are given once at most (RFC 7208 6). */
const isSecond = (terms: readonly SpfTerm[], term: SpfTerm) =>
  term.kind === 'modifier' &&
  (term.name === 'redirect' || term.name === 'exp') &&
  terms.some((one) => one.kind === 'modifier' && one.name === term.name)

/**
 * Reads an SPF record by its grammar (RFC 7208 4.6.1 and 12), macros accepted and left as they are.
 * @param text the strings of a TXT, joined.
 * @returns null when the text is no SPF record; else its terms in order, and the terms that are none.
 */
export function parseSpf(text: string): Spf | null {
  if (!isSpf(text)) return null
  const terms: SpfTerm[] = []
  const errors: Place[] = []
  for (const match of text.slice(6).matchAll(/[^ ]+/g)) {
    const place = { text: match[0], at: match.index + 6 }
    const term = directive(place) ?? modifier(place)
    if (term === null || isSecond(terms, term)) errors.push(place)
    else terms.push(term)
  }
  return { text, terms, errors }
}

export const isDirective =
  (mechanism: SpfMechanism) =>
  (term: SpfTerm): term is SpfDirective =>
    term.kind === 'directive' && term.mechanism === mechanism

/** The terms that an evaluation reaches: up to the first `all`, which always matches (RFC 7208 5.1). */
export function reachedTerms({ terms }: Spf): SpfTerm[] {
  const all = terms.findIndex(isDirective('all'))
  return all < 0 ? terms : terms.slice(0, all + 1)
}

/** The target of `redirect=`; null without one, and where an `all` stands, beside which it is ignored (RFC 7208 6.1). */
export function redirectOf({ terms }: Spf): string | null {
  if (terms.some(isDirective('all'))) return null
  const redirect = terms.find((term) => term.kind === 'modifier' && term.name === 'redirect')
  return redirect?.kind === 'modifier' ? redirect.value : null
}
