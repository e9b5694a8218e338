import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Difference, DifferenceKind, DriftReport } from '../../preload/mailbox-shapes.ts'
import type { Drift, There } from './drift.ts'

/** A report, with what an import of it needs: null once it was imported. */
export type Compared = {
  report: DriftReport
  differences: readonly Difference[]
  toStore: { there: There; drift: Omit<Drift, 'differences'> } | null
}

/** The last report of each domain, in memory: a report is worth a few minutes (docs/faults.md 78). */
export type Reports = {
  next(): number
  keep(compared: Compared): void
  /** Fails with `not-possible/report-old` when the domain has been compared since, or too long ago. */
  find(domain: string, id: number): Result<Compared>
}

/** How long a report may be read and imported, in milliseconds. */
export const reportLifeMs = 10 * 60_000

/** Where the reports of one profile are kept until it closes. */
export function createReports(now: () => number): Reports {
  const byDomain = new Map<string, Compared>()
  let last = 0
  const isOld = ({ report }: Compared) => now() - report.at > reportLifeMs
  return {
    next: () => ++last,
    keep(compared) {
      // Lists of many thousands are not kept for nothing.
      for (const [domain, other] of byDomain) if (isOld(other)) byDomain.delete(domain)
      byDomain.set(compared.report.domain, compared)
    },
    find(domain, id) {
      const compared = byDomain.get(domain)
      if (compared !== undefined && compared.report.id === id && !isOld(compared)) return ok(compared)
      return failed('not-possible', 'report-old', 'This report is too old: compare again.')
    },
  }
}

/** A page of a report's differences, of one kind or of all. Fails with `not-possible/report-old`. */
export function listDifferences(
  reports: Reports,
  domain: string,
  {
    report,
    kind,
    offset,
    limit,
  }: { report: number; kind: DifferenceKind | null; offset: number; limit: number },
): Result<{ rows: Difference[]; total: number }> {
  const found = reports.find(domain, report)
  if (!found.ok) return found
  const { differences } = found.value
  const rows = kind === null ? differences : differences.filter((one) => one.kind === kind)
  return ok({ rows: rows.slice(offset, offset + limit), total: rows.length })
}
