import { type RecordKind, type RecordType, recordTypes } from '../../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../../preload/shapes.ts'
import { isDkim } from './dkim.ts'
import { isSpf } from './spf-parse.ts'

export function kindOf({ target, type, value }: ExpectedRecord): RecordKind {
  const lower = type.toLowerCase()
  if (lower === 'mx' || lower === 'cname') return lower
  if (lower !== 'txt') return 'other'
  if (isSpf(value)) return 'spf'
  return isDkim(value) && /(?:^|\.)_domainkey$/i.test(target) ? 'dkim' : 'other'
}

/** The type that a server is asked for; null: one that this console does not know. */
export const typeOf = ({ type }: ExpectedRecord): RecordType | null =>
  recordTypes.find((one) => one === type.toUpperCase()) ?? null

const hosts = ['webmail', 'imap', 'smtp'] as const

/** dimail's check that looks at a record (docs/dimail.md 6.2): of a CNAME by the host that it leads to; null: none. */
export function checkOf(expected: ExpectedRecord): string | null {
  const kind = kindOf(expected)
  if (kind === 'mx' || kind === 'spf' || kind === 'dkim') return kind
  if (kind !== 'cname') return null
  const first = (name: string) => name.toLowerCase().split('.')[0]
  // A town may choose the name; of the host dimail is the master. Where one host serves all, the name decides.
  const host =
    hosts.find((one) => one === first(expected.value)) ?? hosts.find((one) => one === first(expected.target))
  return host === undefined ? null : `cname_${host}`
}
