import type { Domain } from '../../preload/shapes.ts'
import { readChecks } from '../dimail/checks.ts'
import type { Snapshot } from '../store/domain-queries.ts'

/**
 * How long each state lasted: the spans of the status and of every check, oldest first, from the snapshots of a
 * domain (latest first). A snapshot holds until the next one; the last until `lastSeen`. Times are milliseconds.
 */
export function spansOf(
  snapshots: readonly Snapshot[],
  lastSeen: number,
): Pick<Domain, 'statusSpans' | 'checkSpans'> {
  const statusSpans: Domain['statusSpans'] = []
  const checkSpans: Domain['checkSpans'] = []
  const open = new Map<string, Domain['checkSpans'][number]>()
  const ordered = snapshots.toReversed()
  for (const [index, { at, status, answer }] of ordered.entries()) {
    const to = Math.max(at, ordered[index + 1]?.at ?? lastSeen)
    const last = statusSpans.at(-1)
    if (last?.status === status) last.to = to
    else statusSpans.push({ status, from: at, to })
    for (const { key, state } of readChecks(JSON.parse(answer))) {
      const span = open.get(key)
      if (span?.state === state && span.to === at) span.to = to
      else {
        const fresh = { key, state, from: at, to }
        open.set(key, fresh)
        checkSpans.push(fresh)
      }
    }
  }
  return { statusSpans, checkSpans }
}
