import type { DnsFinding } from '../../../preload/dns-shapes.ts'
import { finding } from './finding.ts'
import type { Spf, SpfTerm } from './spf-parse.ts'

/**
 * What dimail's own parser does not read in an SPF, though RFC 7208 allows it: its check answers 500, or sees no SPF
 * at all (docs/dimail.md 6.2, 6.3). What dimail itself asks for is not held against anybody.
 */
export function unreadableTerms(spf: Spf, wanted: Spf): DnsFinding[] {
  const own = new Set(culprits(wanted).map(({ why }) => why))
  return culprits(spf)
    .filter(({ why }) => !own.has(why))
    .map(({ why, term }) => finding('blocking', 'spf-dimail-cannot-read', { why, term }))
}

type Culprit = { why: 'version' | 'a' | 'ptr' | 'redirect' | 'exp' | 'no-final-all'; term: string }

function culprits({ text, terms, errors }: Spf): Culprit[] {
  const found: Culprit[] = []
  if (!text.startsWith('v=spf1 ')) found.push({ why: 'version', term: text.slice(0, 6) })
  for (const term of terms) {
    const why = whyOf(term)
    if (why !== null && !found.some((one) => one.why === why)) found.push({ why, term: term.text })
  }
  const last = [...terms, ...errors].toSorted((a, b) => a.at - b.at).at(-1)
  if (!/^[+?~-]?all$/i.test(last?.text ?? '')) found.push({ why: 'no-final-all', term: last?.text ?? text })
  return found
}

function whyOf(term: SpfTerm): Culprit['why'] | null {
  if (term.kind === 'modifier') return term.name === 'redirect' || term.name === 'exp' ? term.name : null
  const isBare = term.target === null && term.cidr === ''
  return isBare && (term.mechanism === 'a' || term.mechanism === 'ptr') ? term.mechanism : null
}
