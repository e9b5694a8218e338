import { createHash } from 'node:crypto'
import type { DnsRecord, ZoneChange } from '../../../preload/dns-shapes.ts'
import type { Draft } from './draft.ts'

/**
 * Changes in the order in which to make them: what is added and changed before what is deleted, so that at no time
 * mail has nowhere to go; but where a record can only stand once another is gone (RFC 1034 3.6.2), that one goes right
 * before it. The same change twice is one, which serves both.
 */
export function inOrder(drafts: readonly Draft[]): ZoneChange[] {
  const changes = once(drafts)
  const aliases = new Set(changes.flatMap(({ after }) => (after?.type === 'CNAME' ? [after.name] : [])))
  const isFirst = ({ act, before }: Draft) =>
    act === 'delete' && before !== null && (before.type === 'CNAME' || aliases.has(before.name))
  const blocked = new Set(changes.filter(isFirst).flatMap(({ before }) => before?.name ?? []))
  const isBlocked = ({ after }: Draft) => after !== null && blocked.has(after.name)
  const swaps = [...blocked].flatMap((name) => [
    ...changes.filter((one) => isFirst(one) && one.before?.name === name),
    ...changes.filter((one) => one.after?.name === name),
  ])
  return [
    ...changes.filter((one) => one.act !== 'delete' && !isBlocked(one)),
    ...swaps,
    ...changes.filter((one) => one.act === 'delete' && !isFirst(one)),
  ]
}

function once(drafts: readonly Draft[]): ZoneChange[] {
  const changes = new Map<string, ZoneChange>()
  for (const draft of drafts) {
    const id = idOf(draft)
    const same = changes.get(id)
    const serves = [...new Set([...(same?.serves ?? []), ...draft.serves])]
    changes.set(id, { ...(same ?? draft), id, serves })
  }
  return [...changes.values()]
}

/** The same from one proposal to the next, as long as the same record is to become the same other. */
function idOf({ act, before, after }: Draft): string {
  const record = after ?? before
  const parts = [act, before, after].map((one) => (one === null || typeof one === 'string' ? one : told(one)))
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
  return `${act}-${record?.type.toLowerCase()}-${digest}`
}

const told = ({ name, type, value, priority }: DnsRecord) => [name, type, value, priority]
