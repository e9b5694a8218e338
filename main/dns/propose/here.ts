import type { DnsRecord, RecordType } from '../../../preload/dns-shapes.ts'
import type { Subject } from '../compare/subject.ts'

/** Where a change is thought of: the domain, its zone, and who knows what is there. */
export type Place = Pick<Subject, 'domain' | 'zone' | 'view'>

/** What a name gives, of its own or through a CNAME or a wildcard; null: not known. The same in any order of answers. */
export function seenAt({ view }: Place, name: string, type: RecordType): DnsRecord[] | null {
  const said = view.look(name, type)
  if (said === undefined || said.state === 'unread') return null
  return said.records.map((record) => ({ ...record, name })).toSorted(byValue)
}

const byValue = (a: DnsRecord, b: DnsRecord): number =>
  (a.priority ?? 0) - (b.priority ?? 0) || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0)

/** What a name holds itself: what could be changed or deleted there. */
export function ownAt(place: Place, name: string, type: RecordType): DnsRecord[] {
  const said = place.view.look(name, type)
  if (said?.state !== 'found' || said.chain.length > 0 || isStarred(place, name, type)) return []
  return said.records.map((record) => ({ ...record, name })).toSorted(byValue)
}

/** Whether what a name gives of a type is a wildcard's (RFC 4592). */
export const isStarred = ({ view }: Place, name: string, type: RecordType): boolean =>
  view.look(name, type)?.wildcard ?? false
