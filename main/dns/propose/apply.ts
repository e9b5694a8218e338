import { type DnsRecord, type RecordType, recordTypes, type ZoneChange } from '../../../preload/dns-shapes.ts'
import type { View } from '../zone/view.ts'
import { viewOfZone } from '../zone/virtual.ts'
import { ownAt, type Place } from './here.ts'

type Done = Pick<ZoneChange, 'before' | 'after'>

const isSame = (a: DnsRecord, b: DnsRecord): boolean =>
  a.name === b.name && a.type === b.type && a.value === b.value && a.priority === b.priority

/** The records once some changes were made, in their order. What is there already is not there twice. */
export function applyChanges(records: readonly DnsRecord[], changes: readonly Done[]): DnsRecord[] {
  return changes.reduce<DnsRecord[]>(
    (zone, { before, after }) => {
      const left = before === null ? zone : zone.filter((record) => !isSame(record, before))
      return after === null || left.some((record) => isSame(record, after)) ? left : [...left, after]
    },
    [...records],
  )
}

/**
 * What a view knows at some names: the records that stand there themselves, neither a wildcard's nor those that a
 * CNAME leads to.
 */
export const zoneRecordsOf = (place: Place, names: Iterable<string>): DnsRecord[] =>
  [...new Set(names)].flatMap((name) => recordTypes.flatMap((type) => ownAt(place, name, type)))

/**
 * A view as it would answer once some changes were made: at the names that they touch the records that would be there,
 * elsewhere what it says now. What was not known there, and is not published by a change, stays so.
 */
export function viewAfter(place: Place, changes: readonly Done[]): View {
  const { view } = place
  const touched = new Set(changes.flatMap(({ before, after }) => [before?.name, after?.name]))
  const names = [...touched].filter((name) => name !== undefined)
  const records = applyChanges(zoneRecordsOf(place, names), changes)
  const isAlias = new Set(records.filter(({ type }) => type === 'CNAME').map(({ name }) => name))
  const wasAlias = new Set(changes.flatMap(({ before }) => (before?.type === 'CNAME' ? [before.name] : [])))
  const isUnknown = (name: string, type: RecordType) => {
    const said = view.look(name, type)
    return (
      (said === undefined || said.state === 'unread') &&
      !isAlias.has(name) &&
      !wasAlias.has(name) &&
      !records.some((record) => record.name === name && record.type === type)
    )
  }
  const after: View = {
    look: (name, type) =>
      touched.has(name) && !isUnknown(name, type) ? at(name).look(name, type) : view.look(name, type),
  }
  /** A zone of one name: what is below it may be known otherwise. */
  const at = (name: string) =>
    viewOfZone(
      name,
      records.filter((record) => record.name === name),
      after,
    )
  return after
}
