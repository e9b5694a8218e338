import type { DnsRecord } from '../../../preload/dns-shapes.ts'
import { adding, type Draft, deleting, type Group, isHindrance, type Plan } from './draft.ts'
import { isStarred, ownAt, type Place, seenAt } from './here.ts'

const carried = ['A', 'AAAA', 'MX', 'TXT'] as const

/**
 * The changes at one name, where a CNAME or a wildcard may be what gives its records now. A name that gets a record of
 * its own has no CNAME and no wildcard any more (RFC 1034 3.6.2, RFC 4592 2.2.1): what they gave beside, a web site's
 * address or another text, is then published at the name itself, so that it goes on. Not at a DKIM selector, where
 * nothing else is looked for. Where a CNAME leads on that could not be read, nothing is proposed: beside it nothing may
 * stand.
 */
export function makingRoom(place: Place, name: string, groups: readonly Group[], drafts: Draft[]): Plan {
  const keys = groups.flatMap((group) => group.keys)
  const alias = ownAt(place, name, 'CNAME')
  const isBeside = groups.some(({ subject }) => ownAt(place, name, subject.type).length > 0)
  const isStarGiven = [...carried, 'CNAME' as const].some((type) => isStarred(place, name, type))
  const isLedOn = groups.some(({ subject }) => (place.view.look(name, subject.type)?.chain.length ?? 0) > 0)
  if (alias.length === 0 && !isStarGiven)
    return isLedOn ? { why: 'unread', facts: { name, type: 'CNAME' } } : drafts
  const away = alias.map((record) => deleting(keys, record, { reason: 'remove-in-the-way' }))
  if (isBeside) return [...away, ...drafts]
  const isSelector = groups.every(({ subject }) => subject.kind === 'dkim')
  const kept = isSelector ? [] : keptAt(place, name, keys, drafts)
  if (isHindrance(kept)) return kept
  const own = drafts.flatMap(({ after, serves, facts, lookups, reason }) =>
    after === null
      ? []
      : [adding(serves, { ...after, name }, { reason: ownReason(reason, alias), facts, lookups })],
  )
  return [...away, ...own, ...kept]
}

/** Nothing is changed where nothing stands of its own: it is published. */
const ownReason = (reason: Draft['reason'], alias: readonly DnsRecord[]): Draft['reason'] =>
  alias.length > 0 || reason === 'keep-beside' ? 'add-missing' : 'beside-wildcard'

function keptAt(place: Place, name: string, serves: readonly string[], drafts: readonly Draft[]): Plan {
  const gone = new Set(
    drafts.flatMap(({ before }) => (before === null ? [] : [`${before.type} ${before.value}`])),
  )
  const kept: Draft[] = []
  for (const type of carried) {
    const seen = seenAt(place, name, type)
    if (seen === null) return { why: 'unread', facts: { name, type } }
    const stays = seen.filter(({ value }) => !gone.has(`${type} ${value}`))
    kept.push(
      ...stays.map((record) =>
        adding(serves, record, { reason: 'keep-beside', facts: { found: record.value.slice(0, 300) } }),
      ),
    )
  }
  return kept
}
