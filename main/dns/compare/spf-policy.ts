import { finding, type Told } from './finding.ts'
import {
  isDirective,
  reachedTerms,
  redirectOf,
  type Spf,
  type SpfDirective,
  type SpfQualifier,
} from './spf-parse.ts'

const softness: Record<SpfQualifier, number> = { '-': 0, '~': 1, '?': 2, '+': 3 }

/** What an SPF says of everybody else, next to what dimail wants said: `~all` does for `-all`, no more than that. */
export function policyOf(spf: Spf, wanted: Spf): Told {
  const open = openRange(spf)
  if (open !== undefined)
    return { verdicts: ['insecure'], findings: [finding('warning', 'spf-open', { found: open.text })] }
  const all = spf.terms.find(isDirective('all'))
  if (all === undefined) {
    // Without either, everybody else is "neutral" (RFC 7208 4.7).
    const isOpenEnded = redirectOf(spf) === null && wanted.terms.some(isDirective('all'))
    return { verdicts: [], findings: isOpenEnded ? [finding('warning', 'spf-no-all', {})] : [] }
  }
  const wantedAll = wanted.terms.find(isDirective('all'))
  if (softness[all.qualifier] <= softness[wantedAll?.qualifier ?? '-']) return { verdicts: [], findings: [] }
  const facts = { found: all.text, expected: wantedAll?.text ?? '-all' }
  if (all.qualifier === '~') return { verdicts: [], findings: [finding('note', 'spf-softer', facts)] }
  const code = all.qualifier === '?' ? 'spf-neutral' : 'spf-open'
  return { verdicts: ['insecure'], findings: [finding('warning', code, facts)] }
}

/** A prefix length of nought lets every address in, before any `all`. */
const openRange = (spf: Spf): SpfDirective | undefined =>
  reachedTerms(spf).find(
    (term): term is SpfDirective =>
      term.kind === 'directive' && term.qualifier === '+' && /^\/0(?:\/|$)|^(?:\/\d+)?\/\/0$/.test(term.cidr),
  )
