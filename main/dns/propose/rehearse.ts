import type { DnsRecord, Proposal, Rehearsal } from '../../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../../preload/shapes.ts'
import { compareRecords } from '../compare/compare.ts'
import { settled } from '../compare/finding.ts'
import { absolute } from '../zone/names.ts'
import type { View } from '../zone/view.ts'
import { viewAfter } from './apply.ts'
import { wantedRecord } from './wanted.ts'

export type Rehearsed = {
  domain: string
  zone: string | null
  expected: readonly ExpectedRecord[]
  /** What is published now. */
  view: View
  proposal: Proposal
  /** Ids of changes of the proposal; others are ignored. */
  changes: readonly string[]
  /** What would be published beside. */
  publish: readonly ExpectedRecord[]
}

/**
 * The comparison on the zone as it would be: what is there now, some changes of the proposal made, some records
 * published (docs/field.md N14). Of what is not known now nothing is known then.
 */
export function rehearse({ domain, zone, expected, view, proposal, changes, publish }: Rehearsed): Rehearsal {
  const place = { domain: absolute(domain), zone: zone === null ? null : absolute(zone), view }
  const chosen = proposal.changes.filter(({ id }) => changes.includes(id))
  const published = publish.flatMap((one): { before: null; after: DnsRecord }[] => {
    const after = wantedRecord(domain, one)
    return after === null ? [] : [{ before: null, after }]
  })
  const now = compareRecords(domain, zone, expected, view)
  const then = compareRecords(domain, zone, expected, viewAfter(place, [...chosen, ...published]))
  return {
    records: then.map((record, index) => ({ ...record, now: now[index]?.verdict ?? 'error' })),
    remaining: settled(then.flatMap(({ findings }) => findings)),
  }
}
