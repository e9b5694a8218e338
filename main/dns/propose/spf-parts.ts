import { isIPv4, isIPv6 } from 'node:net'
import {
  isSpf,
  parseSpf,
  reachedTerms,
  redirectOf,
  type Spf,
  type SpfDirective,
  type SpfQualifier,
} from '../compare/spf-parse.ts'
import { absolute } from '../zone/names.ts'

/** An SPF taken apart, so that it can be put together otherwise. */
export type SpfParts = {
  /** What an evaluation reaches, `all` excluded. */
  reached: SpfDirective[]
  /** What stands after `all`, which no evaluation reaches (RFC 7208 5.1). */
  dead: SpfDirective[]
  /** Of the first `all`; null: there is none. */
  all: SpfQualifier | null
  /** Null too where an `all` makes it void. */
  redirect: string | null
  /** Modifiers that mean nothing to RFC 7208, as they stand. */
  others: string[]
  /** Terms that are none, and cannot be guessed. */
  errors: string[]
}

/** A comma or semicolon where a term begins behind it; a domain-spec may hold one (RFC 7208 7.1), never before a colon. */
const glued = /[;,](?=[+?~-]?(?:(?:include|exists|a|mx|ptr|ip4|ip6):|(?:all|a|mx|ptr)(?: |$)|redirect=))/gi

/**
 * A text as its author meant it, where that leaves no doubt: without the quotes that a form took for text, with spaces
 * for blanks that only look so, with spaces for commas, without the semicolons of a DKIM record, a long dash before `all` for the minus that
 * it was, and the usual misspelling of `ip4` and `ip6`.
 */
export const tidied = (text: string): string =>
  text
    .replace(/"\s*"/g, '')
    .replace(/["“”«»]|^\s*'|'\s*$/g, '')
    .replace(/(?:[\s\u00a0\u200b\ufeff]|\\(?:009|010|013))+/g, ' ')
    .replace(/^ ?v ?= ?spf1(?=[ ;,]|$)[;,]?/i, 'v=spf1')
    .replace(/[;,](?= |$)/g, '')
    .replace(glued, ' ')
    .replace(/ [–—−]all(?= |$)/gi, ' -all')
    .replace(/( [+?~-]?(?:include|exists|a|mx|ip4|ip6):) /gi, '$1')
    .trim()
    .split(' ')
    .filter((term) => term !== '')
    .map(mended)
    .join(' ')

function mended(term: string): string {
  const [, qualifier = '', name = '', address = ''] = /^([+?~-]?)(ipv?4?|ipv6):(.*)$/i.exec(term) ?? []
  const [host = '', length] = address.split('/')
  const suffix = length === undefined ? '' : `/${length}`
  if (name === '') return term
  if (isIPv4(host)) return `${qualifier}ip4:${host}${suffix}`
  return isIPv6(host) ? `${qualifier}ip6:${host}${suffix}` : term
}

/** Whether a TXT is an SPF, or one in quotes or behind a blank, which receivers do not take for one. */
export const isMeantAsSpf = (text: string): boolean => isSpf(tidied(text))

/** @param text what `isMeantAsSpf` is true of. */
export function partsOf(text: string): SpfParts {
  const spf: Spf = parseSpf(tidied(text)) ?? { text, terms: [], errors: [{ text, at: 0 }] }
  const directives = spf.terms.filter((term) => term.kind === 'directive')
  const reached = reachedTerms(spf).filter((term) => term.kind === 'directive')
  const all = directives.find((term) => term.mechanism === 'all')
  return {
    reached: reached.filter((term) => term.mechanism !== 'all'),
    dead: directives.slice(reached.length).filter((term) => term.mechanism !== 'all'),
    all: all?.qualifier ?? null,
    redirect: redirectOf(spf),
    others: spf.terms
      .filter((term) => term.kind === 'modifier')
      .filter(({ name }) => name !== 'redirect' && name !== 'exp')
      .map((term) => term.text),
    // A second explanation is one more text that goes: dimail reads none (docs/dimail.md 6.3).
    errors: spf.errors.map((place) => place.text).filter((term) => !/^exp=/i.test(term)),
  }
}

/** What a directive says, whatever its qualifier, case and final dot; `a` alone is `a` of the name that holds it. */
export function meaningOf({ mechanism, target, cidr }: SpfDirective, name: string): string {
  const own = ['a', 'mx', 'ptr'].includes(mechanism) ? name : ''
  return `${mechanism}:${target === null ? own : absolute(target)}${cidr}`
}

/** A directive as it will stand: bare `a` and `ptr`, which stop dimail's check, name their domain (docs/dimail.md 6.3). */
export function writtenOf(directive: SpfDirective, name: string): string {
  const { mechanism, target, cidr, qualifier, text } = directive
  if (target !== null || cidr !== '' || (mechanism !== 'a' && mechanism !== 'ptr')) return text
  return `${qualifier === '+' ? '' : qualifier}${mechanism}:${name}`
}
