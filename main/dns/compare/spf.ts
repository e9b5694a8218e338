import type { DnsFinding, Look } from '../../../preload/dns-shapes.ts'
import { absolute } from '../zone/names.ts'
import { finding, gravest, type Judgement, type Told, telling } from './finding.ts'
import { findingsOfCount } from './spf-cost.ts'
import { countLookups, type SpfCount } from './spf-count.ts'
import { unreadableTerms } from './spf-dimail.ts'
import {
  isDirective,
  isSpf,
  parseSpf,
  redirectOf,
  type Spf,
  type SpfQualifier,
  type SpfTerm,
} from './spf-parse.ts'
import { policyOf } from './spf-policy.ts'
import type { Subject } from './subject.ts'
import { doubledName, judgeThere } from './surroundings.ts'
import { hasBytes, lostSeam } from './text.ts'

/**
 * Judges the SPF of a domain by its terms: every mechanism that dimail wants is there, with `+` and before `all`
 * (docs/dimail.md 6.2), whatever else is; and the whole can be evaluated (RFC 7208).
 */
export function judgeSpf(subject: Subject): Judgement {
  return judgeThere(subject, (said) => judgeTexts(subject, said))
}

function judgeTexts(subject: Subject, said: Look): Judgement {
  const texts = said.records.map(({ value }) => value)
  const spfs = texts.flatMap((text) => parseSpf(text) ?? []).toSorted((a, b) => (a.text < b.text ? -1 : 1))
  const [spf] = spfs
  if (spf === undefined) return judgeNone(subject, texts)
  if (spfs.length > 1) return judgeSeveral(subject, spfs)
  const strings = said.records.find(({ value }) => value === spf.text)?.strings ?? []
  return judgeOne(subject, spf, strings)
}

/** No SPF: something that was meant to be one is told apart from nothing at all. */
function judgeNone(subject: Subject, texts: readonly string[]): Judgement {
  const meant = texts.filter((text) => /^[\s"'“”«]*v\s*=\s*spf/i.test(text)).toSorted()[0]
  if (meant === undefined) return { verdict: 'missing', findings: doubledName(subject) }
  const bare = meant.replace(/^["'“”«\s]+/, '')
  const isQuoted = bare !== meant.trimStart() && isSpf(bare)
  const told = isQuoted
    ? finding('blocking', 'quoted', { found: meant })
    : finding('blocking', 'spf-syntax', { term: meant })
  return { verdict: 'invalid', findings: [told] }
}

/** Two are a `permerror` (RFC 7208 4.5), though dimail is content with one good one. */
function judgeSeveral(subject: Subject, spfs: readonly Spf[]): Judgement {
  const isOneGood = spfs.some((spf) => missingTerms(subject, spf).length === 0)
  const missing = missingTerms(subject, { text: '', terms: [], errors: [] })
  return {
    verdict: 'duplicate',
    findings: [
      finding('blocking', 'spf-two', { count: spfs.length }),
      ...(isOneGood
        ? []
        : missing.map((term) => finding('blocking', 'spf-no-include', { expected: term.text }))),
      ...spfs.flatMap((spf) => unreadableTerms(spf, wantedOf(subject))),
    ],
  }
}

function judgeOne(subject: Subject, spf: Spf, strings: readonly string[]): Judgement {
  const count = countLookups(subject.name, spf, subject.view)
  const seam = lostSeam(strings)
  const told: Told[] = [
    ...spf.errors
      .slice(0, 5)
      .map(({ text }) => telling('invalid', finding('blocking', 'spf-syntax', { term: text }))),
    ...missingTerms(subject, spf).map((term) => absence(term, spf, count)),
    policyOf(spf, wantedOf(subject)),
    findingsOfCount(count),
    { verdicts: [], findings: remarks(spf) },
  ]
  if (seam !== null) told.push(telling('invalid', finding('blocking', 'split', { at: seam })))
  const cannotRead = unreadableTerms(spf, wantedOf(subject))
  const verdict = gravest(told.flatMap(({ verdicts }) => verdicts))
  const isMild = ['correct', 'conflicting', 'insecure'].includes(verdict)
  return {
    verdict: cannotRead.length > 0 && isMild ? 'invalid' : verdict,
    findings: [...told.flatMap(({ findings }) => findings), ...cannotRead],
  }
}

/** What dimail wants, read; its own words are taken for what they are, good or bad. */
function wantedOf({ expected }: Subject): Spf {
  return parseSpf(expected.value) ?? { text: expected.value, terms: [], errors: [] }
}

/** A term without its qualifier, as two are compared: case and final dot folded. */
const bodyOf = (term: SpfTerm): string =>
  term.kind === 'modifier'
    ? `${term.name}=${absolute(term.value)}`
    : `${term.mechanism}:${absolute(term.target ?? '')}${term.cidr}`

const qualifierOf = (term: SpfTerm): SpfQualifier => (term.kind === 'directive' ? term.qualifier : '+')

/** The wanted terms, `all` apart, that an evaluation does not reach as they should be. */
function missingTerms(subject: Subject, spf: Spf): SpfTerm[] {
  return wantedOf(subject).terms.filter((wanted) => !isDirective('all')(wanted) && !isReached(wanted, spf))
}

function isReached(wanted: SpfTerm, { terms }: Spf): boolean {
  const at = terms.findIndex((term) => bodyOf(term) === bodyOf(wanted))
  const term = terms[at]
  if (term === undefined || qualifierOf(term) !== qualifierOf(wanted)) return false
  const all = terms.findIndex(isDirective('all'))
  return term.kind === 'modifier' || all < 0 || at < all
}

/** Why a wanted term does not count: it stands elsewhere, otherwise, or not at all. */
function absence(wanted: SpfTerm, spf: Spf, count: SpfCount): Told {
  const expected = wanted.text
  const there = spf.terms.filter((term) => bodyOf(term) === bodyOf(wanted))
  const [first] = there
  if (first !== undefined) {
    const isQualified = qualifierOf(first) !== qualifierOf(wanted)
    const code = isQualified ? 'spf-include-qualified' : 'spf-include-after-all'
    return telling('incomplete', finding('blocking', code, { found: first.text, expected }))
  }
  const name =
    wanted.kind === 'directive' && wanted.mechanism === 'include' ? absolute(wanted.target ?? '') : ''
  return count.reached.get(name) === true
    ? telling('incomplete', finding('warning', 'spf-indirect', { expected }))
    : telling('incomplete', finding('blocking', 'spf-no-include', { expected }))
}

/** What is worth a word and changes no verdict. */
function remarks(spf: Spf): DnsFinding[] {
  const ptr = spf.terms.find(isDirective('ptr'))
  const redirect = spf.terms.find((term) => term.kind === 'modifier' && term.name === 'redirect')
  const findings: DnsFinding[] = []
  // RFC 7208 5.5: it should not be published.
  if (ptr !== undefined) findings.push(finding('note', 'spf-ptr', { term: ptr.text }))
  if (redirect !== undefined) {
    const level = redirectOf(spf) === null ? 'note' : 'warning'
    findings.push(finding(level, 'spf-redirect', { term: redirect.text }))
  }
  if (hasBytes(spf.text)) findings.push(finding('warning', 'not-text', { found: spf.text }))
  return findings
}
