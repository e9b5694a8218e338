import type { DnsRecord } from '../../../preload/dns-shapes.ts'
import { isDkim } from '../compare/dkim.ts'
import { type Draft, deleting, type Group } from './draft.ts'
import { ownAt, type Place } from './here.ts'
import { wantedOf } from './hosts.ts'
import { isMeantAsSpf } from './spf-parts.ts'

/** What a form put at the name with the zone's, or the domain's, behind it: it was meant for here, and nobody looks there. */
export function planDoubled(place: Place, group: Group): Draft[] {
  const { name, type } = group.subject
  const ends = new Set([place.zone ?? place.domain, place.domain])
  return [...ends].flatMap((end) => {
    const doubled = `${name}.${end}`
    return ownAt(place, doubled, type)
      .filter((record) => isMeantHere(record, group))
      .map((record) => deleting(group.keys, record, { reason: 'remove-doubled', facts: { meant: name } }))
  })
}

function isMeantHere(record: DnsRecord, group: Group): boolean {
  const { kind } = group.subject
  if (kind === 'spf') return isMeantAsSpf(record.value)
  if (kind === 'dkim') return isDkim(record.value)
  const ends = ['', `.${group.subject.domain}`, `.${group.subject.zone}`]
  return wantedOf(group).some(({ value }) => ends.some((end) => record.value === `${value}${end}`))
}
