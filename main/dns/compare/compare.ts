import type { JudgedRecord, RecordKind } from '../../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../../preload/shapes.ts'
import { absolute, under } from '../zone/names.ts'
import type { View } from '../zone/view.ts'
import { judgeCname } from './cname.ts'
import { judgeDkim } from './dkim.ts'
import { finding, type Judgement, settled } from './finding.ts'
import { kindOf, typeOf } from './kinds.ts'
import { judgeMx } from './mx.ts'
import { judgeOther } from './other.ts'
import { judgeSpf } from './spf.ts'
import type { Subject } from './subject.ts'

const judges: Record<RecordKind, (subject: Subject) => Judgement> = {
  mx: judgeMx,
  spf: judgeSpf,
  dkim: judgeDkim,
  cname: judgeCname,
  other: judgeOther,
}

/**
 * Judges each expected record against what a view says, in the order of `expected`: docs/field.md 2.1. What the view
 * does not know is `unread`, hence `error`, and never `missing`. Nothing depends on the order of answers.
 * @param zone the zone that the domain is in; null: not known, the domain is taken for one.
 */
export function compareRecords(
  domain: string,
  zone: string | null,
  expected: readonly ExpectedRecord[],
  view: View,
): JudgedRecord[] {
  const keys = keysOf(domain, expected)
  return expected.map((record, place) => {
    const kind = kindOf(record)
    const type = typeOf(record)
    const name = under(record.target, domain)
    const judged = { key: keys[place] ?? '', kind, expected: record, name }
    if (type === null) {
      const unknown = finding('warning', 'unknown-type', { type: record.type })
      return { ...judged, type: 'TXT', verdict: 'error', findings: [unknown] }
    }
    const beside = expected.filter(
      (other) => kindOf(other) === kind && typeOf(other) === type && under(other.target, domain) === name,
    )
    const at = { domain: absolute(domain), zone: zone === null ? null : absolute(zone) }
    const { verdict, findings } = judges[kind]({ ...at, name, kind, type, expected: record, beside, view })
    return { ...judged, type, verdict, findings: settled(findings) }
  })
}

/** The kind and the name of each, and a number for the second of both, whatever the order in which dimail lists them. */
function keysOf(domain: string, expected: readonly ExpectedRecord[]): string[] {
  const bare = (record: ExpectedRecord) => `${kindOf(record)}:${under(record.target, domain)}`
  const rank = (record: ExpectedRecord) => `${record.type.toLowerCase()} ${record.value}`
  return expected.map((record, place) => {
    const before = expected.filter(
      (other, at) =>
        bare(other) === bare(record) &&
        (rank(other) < rank(record) || (rank(other) === rank(record) && at < place)),
    )
    return before.length === 0 ? bare(record) : `${bare(record)}:${before.length + 1}`
  })
}
