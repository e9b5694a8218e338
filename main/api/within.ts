import type { Counts, DomainFilter, DomainQuery, DomainRow } from '../../preload/shapes.ts'
import { isShort, urgencyOf } from '../store/domain-filter.ts'

/**
 * The list of domains for somebody who may read a few of them only: filtered, sorted and counted here, since the
 * indexes of the cache are made for the whole fleet (docs/decisions/search.md). `provisioned`: the names of those with
 * a custom attribute that holds the text.
 */
export function listWithin(
  rows: readonly DomainRow[],
  query: DomainQuery,
  provisioned: ReadonlySet<string>,
): { rows: DomainRow[]; total: number } {
  const found = matching(rows, query, provisioned).toSorted(
    (a, b) => (query.descending ? -1 : 1) * (order[query.sort](a, b) || byName(a, b)),
  )
  return { rows: found.slice(query.offset, query.offset + query.limit), total: found.length }
}

export function matching(
  rows: readonly DomainRow[],
  { text, status }: DomainFilter,
  provisioned: ReadonlySet<string>,
): DomainRow[] {
  const wanted = text.trim().toLowerCase()
  const isNamed = ({ name }: DomainRow) => (isShort(text) ? name.startsWith(wanted) : name.includes(wanted))
  return rows.filter(
    (row) =>
      (isNamed(row) || provisioned.has(row.name)) &&
      (status === 'all' || (status === 'repairable' ? row.repair === 'possible' : row.status === status)),
  )
}

export function countWithin(rows: readonly DomainRow[], fetchedAt: number | null): Counts {
  const counts: Counts = {
    all: rows.length,
    pending: 0,
    enabled: 0,
    action_required: 0,
    failed: 0,
    disabled: 0,
    repairable: 0,
    fetchedAt,
  }
  for (const { status, repair } of rows) {
    counts[status] += 1
    if (repair === 'possible') counts.repairable += 1
  }
  return counts
}

type Compare = (a: DomainRow, b: DomainRow) => number
const byName: Compare = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
const byNumber =
  (read: (row: DomainRow) => number | null): Compare =>
  (a, b) =>
    (read(a) ?? -1) - (read(b) ?? -1)
const order: Record<DomainQuery['sort'], Compare> = {
  name: byName,
  urgency: byNumber(urgencyOf),
  since: byNumber(({ since }) => since),
  checked: byNumber(({ checkedAt }) => checkedAt),
  mailboxes: byNumber(({ mailboxes }) => mailboxes),
}
