import type { DnsRecord, RecordType, ZoneChange } from '../../../preload/dns-shapes.ts'
import { questionKey, type View } from '../zone/view.ts'
import { viewOfZone } from '../zone/virtual.ts'
import { ownAt, type Place } from './here.ts'

type Done = Pick<ZoneChange, 'before' | 'after'>

const identityOf = ({ name, type, value, priority }: DnsRecord): string =>
  JSON.stringify([name, type, value, priority])

/** The records once some changes were made, in their order. What is there already is not there twice. */
export function applyChanges(records: readonly DnsRecord[], changes: readonly Done[]): DnsRecord[] {
  const zone = new Map(records.map((record) => [identityOf(record), record]))
  for (const { before, after } of changes) {
    if (before !== null) zone.delete(identityOf(before))
    if (after !== null && !zone.has(identityOf(after))) zone.set(identityOf(after), after)
  }
  return [...zone.values()]
}

/**
 * A view as it would answer once some changes were made: at the names that they touch the records that would be there,
 * elsewhere what it says now. What was not known there, and is not published by a change, stays so.
 */
export function viewAfter(place: Place, changes: readonly Done[]): View {
  const { view } = place
  const touched = new Set(changes.flatMap(({ before, after }) => [before?.name, after?.name]))
  const published = new Map<string, DnsRecord[]>()
  const standing = (name: string, type: RecordType): DnsRecord[] => {
    const key = questionKey({ name, type })
    const records =
      published.get(key) ??
      applyChanges(ownAt(place, name, type), changes).filter((one) => questionKey(one) === key)
    published.set(key, records)
    return records
  }
  const wasAlias = (name: string) =>
    changes.some(({ before }) => before?.type === 'CNAME' && before.name === name)
  const after: View = {
    look(name, type) {
      const said = view.look(name, type)
      if (!touched.has(name)) return said
      const aliases = type === 'CNAME' ? [] : standing(name, 'CNAME')
      const records = [...aliases, ...standing(name, type)]
      const isUnread = said === undefined || said.state === 'unread'
      if (isUnread && records.length === 0 && !wasAlias(name)) return said
      // A zone of one name: what is below it may be known otherwise.
      return viewOfZone(name, records, after).look(name, type)
    },
  }
  return after
}
