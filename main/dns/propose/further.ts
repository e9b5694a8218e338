import type { ExpectedRecord } from '../../../preload/shapes.ts'
import { compareRecords } from '../compare/compare.ts'
import { informationOf } from '../compare/information.ts'
import { noting, type Question, type View } from '../zone/view.ts'
import { propose } from './propose.ts'

/**
 * What the judgement and the proposal look for beyond what was asked: SPF includes, the hosts of MX, the DMARC of what
 * is above the domain.
 */
export function furtherQuestions(
  domain: string,
  zone: string | null,
  expected: readonly ExpectedRecord[],
  view: View,
): Question[] {
  const noted = noting(view)
  compareRecords(domain, zone, expected, noted)
  propose(domain, zone, expected, noted)
  informationOf(domain, noted, 'unknown')
  return noted.wanted()
}
