import type { RecordKind, RecordType } from '../../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../../preload/shapes.ts'
import type { View } from '../zone/view.ts'

/** One expected record under judgement. */
export type Subject = {
  domain: string
  /** The zone that the domain is in, itself or one above; null: not known. */
  zone: string | null
  /** The absolute name of the expected record. */
  name: string
  kind: RecordKind
  type: RecordType
  expected: ExpectedRecord
  /** Every expected record of the same kind and name, this one included. */
  beside: readonly ExpectedRecord[]
  view: View
}
