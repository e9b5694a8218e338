import type { DiagnosedRecord, Diagnosis } from '../../preload/dns-shapes.ts'

type Judged = Omit<DiagnosedRecord, 'since' | 'before'>

/**
 * The records of a diagnosis with what the one before tells of them: since when this console finds their verdict, and
 * what it found until then. That is how "corrected at the source 12 minutes ago" is known (docs/field.md N1).
 */
export function carried(before: Diagnosis | null, records: readonly Judged[], at: number): DiagnosedRecord[] {
  const known = new Map(before?.records.map((record) => [record.key, record]))
  return records.map((record) => {
    const last = known.get(record.key)
    if (last === undefined || before === null) return { ...record, since: at, before: null }
    if (last.verdict === record.verdict) return { ...record, since: last.since, before: last.before }
    // What could not be read in between was no change of the zone.
    const readable = last.verdict === 'error' ? last.before : { verdict: last.verdict, lastAt: before.at }
    if (readable?.verdict === record.verdict) return { ...record, since: readable.lastAt, before: null }
    return { ...record, since: at, before: readable }
  })
}
