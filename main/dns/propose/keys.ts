import type { DnsRecord } from '../../../preload/dns-shapes.ts'
import { isDkim, judgeDkim } from '../compare/dkim.ts'
import { parseDkim, tagOf } from '../compare/dkim-parse.ts'
import { found, nothing, type View } from '../zone/view.ts'
import { adding, changing, deleting, type Group, type Plan } from './draft.ts'
import { wantedOf } from './hosts.ts'

/**
 * DKIM: the selector is dimail's, so exactly dimail's key is published there, in the place of the one that is most like
 * it; other keys go (RFC 6376 3.6.2.2), and so does the rest of a cut key. Texts that are no key stay.
 */
export function planDkim(group: Group): Plan {
  const { seen, keys } = group
  const [wanted] = wantedOf(group)
  if (wanted === undefined) return []
  const there = seen
    .filter(({ value }) => isDkim(value))
    .map((record) => ({ record, likeness: likenessOf(record, wanted, group) }))
    .toSorted((a, b) => likenesses.indexOf(a.likeness) - likenesses.indexOf(b.likeness))
  const [nearest, ...others] = there
  const rest = seen.filter(({ value }) => !isDkim(value) && isRest(value, wanted.value))
  const away = [...others.map(({ record }) => record), ...rest].map((record) =>
    deleting(keys, record, { reason: 'drop-second-key' }),
  )
  if (nearest === undefined) return [adding(keys, wanted, { reason: 'add-missing' }), ...away]
  const { record, likeness } = nearest
  if (likeness === 'right') return away
  return [changing(keys, record, { ...wanted, ttl: record.ttl }, { reason: likeness }), ...away]
}

/** From the likest down; what is not right is named by what there is to do. */
const likenesses = ['right', 'unquote', 'leave-test', 'mend-key', 'complete-key', 'replace-key'] as const

function likenessOf(record: DnsRecord, wanted: DnsRecord, { subject }: Group): (typeof likenesses)[number] {
  const alone: View = { look: (_name, type) => (type === 'TXT' ? found([record]) : nothing('no-data')) }
  if (judgeDkim({ ...subject, view: alone }).verdict === 'correct') return 'right'
  const bare = record.value.replace(/["“”«»]/g, '').trim()
  const [there, expected] = [parseDkim(bare), parseDkim(wanted.value)]
  const [key, whole] = [tagOf(there, 'p') ?? '', tagOf(expected, 'p') ?? '']
  if (key !== whole) return key !== '' && whole.startsWith(key) ? 'complete-key' : 'replace-key'
  if (bare !== record.value.trim()) return 'unquote'
  const flags = (tagOf(there, 't') ?? '').toLowerCase().split(':')
  return flags.includes('y') ? 'leave-test' : 'mend-key'
}

/** Shorter than this, a piece of base64 may be anybody's. */
const tellingLength = 20

/** Whether a text is a piece of the wanted key, published as a record of its own. */
function isRest(text: string, wanted: string): boolean {
  const bare = text.replace(/["\s;]/g, '')
  const key = tagOf(parseDkim(wanted), 'p') ?? ''
  return bare.length >= tellingLength && key.includes(bare)
}
