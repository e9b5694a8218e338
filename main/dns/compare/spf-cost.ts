import type { DnsFinding } from '../../../preload/dns-shapes.ts'
import { finding, type Told } from './finding.ts'
import { lookupLimit, type SpfCount, voidLimit } from './spf-count.ts'
import { listed } from './surroundings.ts'

const unique = (names: readonly string[]): string[] => [...new Set(names)].toSorted()

/** What makes the evaluation of an SPF fail for whoever receives mail (RFC 7208 4.6.4, 5.2, 6.1). */
export function findingsOfCount(count: SpfCount): Told {
  const fatal: DnsFinding[] = [
    ...unique(count.loops).map((name) => finding('blocking', 'spf-include-loop', { name })),
    ...unique(count.missing).map((name) => finding('blocking', 'spf-include-missing', { name })),
    ...unique(count.broken).map((name) => finding('blocking', 'spf-include-broken', { name })),
    ...unique(count.wideMx).map((name) => finding('blocking', 'spf-mx-too-wide', { name })),
  ].slice(0, 8)
  const isTooDear = count.lookups > lookupLimit
  if (isTooDear)
    fatal.push(finding('blocking', 'spf-too-many-lookups', { count: count.lookups, limit: lookupLimit }))
  if (count.voids.length > voidLimit) {
    const facts = { count: count.voids.length, limit: voidLimit, names: listed(unique(count.voids)) }
    fatal.push(finding('blocking', 'spf-too-many-void', facts))
  }
  // Beyond the limit there is no count left to be unsure of.
  const unread = isTooDear ? [] : count.unread
  const unsure = unread.map(({ name, reason }) => finding('warning', 'spf-include-unread', { name, reason }))
  return { verdicts: fatal.length > 0 ? ['invalid'] : [], findings: [...fatal, ...unsure] }
}
