import { absolute } from '../zone/names.ts'
import { adding, changing, deleting, type Group, type Plan } from './draft.ts'
import { isStarred, ownAt, type Place } from './here.ts'
import { wantedOf } from './hosts.ts'

/** What may stand where a CNAME must stand alone (RFC 1034 3.6.2). */
const besideTypes = ['A', 'AAAA', 'TXT', 'MX'] as const

/** CNAME: the one that is there is led to the right host; without one, what is in its way goes first. */
export function planCname(group: Group): Plan {
  const { subject, keys } = group
  const { name } = subject
  const [wanted] = wantedOf(group)
  if (wanted === undefined) return []
  const place: Place = subject
  const found = ownAt(place, name, 'CNAME')
  const right = found.find(({ value }) => absolute(value) === wanted.value)
  const [first, ...others] = found.filter((record) => record !== right)
  const away = others.map((record) => deleting(keys, record, { reason: 'remove-in-the-way' }))
  if (right !== undefined)
    return first === undefined ? [] : [deleting(keys, first, { reason: 'remove-in-the-way' }), ...away]
  const facts = { expected: wanted.value }
  if (first !== undefined) {
    const after = { ...wanted, ttl: first.ttl }
    return [changing(keys, first, after, { reason: 'replace-wrong', facts }), ...away]
  }
  const isBesideWildcard = [...besideTypes, 'CNAME' as const].some((type) => isStarred(place, name, type))
  const unread = besideTypes.find((type) => {
    const said = place.view.look(name, type)
    return said === undefined || said.state === 'unread'
  })
  if (unread !== undefined) return { why: 'unread', facts: { name, type: unread } }
  const blocking = besideTypes.flatMap((type) => ownAt(place, name, type))
  return [
    ...blocking.map((record) => deleting(keys, record, { reason: 'remove-in-the-way', facts })),
    adding(keys, wanted, { reason: isBesideWildcard ? 'beside-wildcard' : 'add-missing', facts }),
  ]
}
