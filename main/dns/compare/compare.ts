import type { JudgedRecord } from '../../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../../preload/shapes.ts'
import type { View } from '../zone/view.ts'

/**
 * Judges each expected record against what a view says, in the order of `expected`. What the view does not know is
 * `unread`, hence `error`, and never `missing`.
 */
export function compareRecords(
  _domain: string,
  _zone: string | null,
  _expected: readonly ExpectedRecord[],
  _view: View,
): JudgedRecord[] {
  return []
}
