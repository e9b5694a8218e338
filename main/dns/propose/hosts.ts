import { SocketAddress } from 'node:net'
import type { DnsRecord } from '../../../preload/dns-shapes.ts'
import { adding, changing, type Draft, deleting, type Group, type Plan, shown } from './draft.ts'
import { wantedRecord } from './wanted.ts'

/** The wanted records of a group, as its zone would hold them. */
export const wantedOf = ({ expected, subject }: Group): DnsRecord[] =>
  expected.flatMap((one) => wantedRecord(subject.domain, one) ?? [])

/**
 * MX: the wanted ones in the place of others, the preferred first, so that there is at no time none; the others go
 * (RFC 5321 5.1: mail may be taken to any of them).
 */
export const planMx = (group: Group): Plan => inPlace(group, 'remove-extra-mx')

/** Addresses: those that are wanted and no others. Of any other type more records may stand beside. */
export function planOther(group: Group): Plan {
  const { type, name } = group.subject
  if (type === 'A' || type === 'AAAA') return inPlace(group, 'remove-in-the-way')
  if (type === 'NS' || type === 'SOA' || type === 'DS') return { why: 'unknown-type', facts: { name, type } }
  const isQuoted = (record: DnsRecord, { value }: DnsRecord) => record.value === `"${value}"`
  return wantedOf(group).flatMap((wanted, place): Draft[] => {
    if (group.seen.some(({ value }) => value === wanted.value)) return []
    const serves = group.keys.slice(place, place + 1)
    const quoted = group.seen.find((record) => type === 'TXT' && isQuoted(record, wanted))
    return quoted === undefined
      ? [adding(serves, wanted, { reason: 'add-missing' })]
      : [changing(serves, quoted, { ...wanted, ttl: quoted.ttl }, { reason: 'unquote' })]
  })
}

function inPlace(group: Group, extra: 'remove-extra-mx' | 'remove-in-the-way'): Draft[] {
  const { seen, keys } = group
  const wanted = wantedOf(group).map((record, place) => ({ record, serves: keys.slice(place, place + 1) }))
  const others = seen.filter((one) => !wanted.some(({ record }) => sameValue(one, record)))
  const missing = wanted.filter(({ record }) => !seen.some((one) => sameValue(one, record)))
  const drafts = missing.map(({ record, serves }, place): Draft => {
    const before = others[place]
    if (before === undefined) return adding(serves, record, { reason: 'add-missing' })
    const after = { ...record, ttl: before.ttl, priority: before.priority }
    return changing(serves, before, after, { reason: 'replace-wrong', facts: { expected: shown(after) } })
  })
  const left = others.slice(missing.length)
  return [...drafts, ...left.map((one) => deleting(keys, one, { reason: extra }))]
}

const sameValue = (a: DnsRecord, b: DnsRecord): boolean => folded(a) === folded(b)

function folded({ type, value }: DnsRecord): string {
  const address = type === 'AAAA' ? SocketAddress.parse(`[${value}]:0`)?.address : undefined
  return (address ?? value).toLowerCase().replace(/\.$/, '')
}
