import type { DomainFilter, DomainQuery, DomainRow } from '../../preload/shapes.ts'
import { soughtOf } from './folding.ts'

/** What a status is worth in the table sorted by urgency; 0 is a failed domain that one call can repair. */
export const urgencies: Record<DomainRow['status'], number> = {
  failed: 1,
  action_required: 2,
  pending: 3,
  enabled: 4,
  disabled: 5,
}

export const urgencyOf = ({ status, repair }: Pick<DomainRow, 'status' | 'repair'>): number =>
  status === 'failed' && repair === 'possible' ? 0 : urgencies[status]

/** Trigrams need three characters; a NUL would end the index's query, and it folds accents differently from us. */
const indexed = /^[\x20-\x7e]{3,}$/
const shortestAnywhere = 3

export type Where = { sql: string; values: (string | number)[] }
export type How = 'find' | 'begin' | 'walk'

// Left to itself, SQLite sorts all that a filter leaves rather than walk an index and stop at the page's end.
export const from = (how: How, sort: DomainQuery['sort'] = 'name') =>
  how === 'find' ? 'domain' : `domain INDEXED BY domain_by_${how === 'begin' ? 'name' : sort}`

/** A text looked for among custom attributes, with the trigrams to ask of their index. */
export type SoughtValue = { text: string; question: string }

/** Null for a text that is not: one or two characters are what a name begins with. */
export function soughtValueOf(typed: string): SoughtValue | null {
  const sought = isShort(typed) ? null : soughtOf(typed)
  return sought?.how === 'anywhere' ? { text: sought.text, question: sought.question } : null
}

/** Every domain with an attribute that holds the text; asked with its question, then itself. */
export const holders = `attribute_text CROSS JOIN attribute ON attribute.id = attribute_text.rowid
  CROSS JOIN domain AS holder ON holder.name = attribute.domain
  WHERE attribute_text MATCH ? AND instr(attribute.text, ?) > 0 AND holder.gone_at IS NULL`

/** What some attribute holds; `common`: so many do that each domain is tested in its turn rather than all listed first. */
export type HeldValue = SoughtValue & { common: boolean }

const none: Where = { sql: '', values: [] }

function heldBy(value: HeldValue | null): Where {
  if (value === null) return none
  if (!value.common)
    return { sql: `OR id IN (SELECT holder.id FROM ${holders})`, values: [value.question, value.text] }
  const held = 'SELECT 1 FROM attribute WHERE attribute.domain = domain.name AND instr(attribute.text, ?) > 0'
  return { sql: `OR EXISTS (${held})`, values: [value.text] }
}

/**
 * The condition for a filter. `find` asks the trigram index and `begin` the index of names, quick when few names
 * match; `walk` tests each name in the order of the index that sorts (docs/decisions/search.md).
 * With `value`, the domains that hold it among their attributes are found as well.
 */
export function whereOf({ text, status }: DomainFilter, how: How, value: HeldValue | null): Where {
  const { sql, values } = statusOf(status)
  const parts = ['gone_at IS NULL', sql]
  const phrase = phraseOf(text)
  const held = heldBy(value)
  const orHeld = (named: string) => (value === null ? named : `(${named} ${held.sql})`)
  if (how === 'find' && phrase !== null) {
    parts.push(orHeld('id IN (SELECT rowid FROM domain_text WHERE domain_text MATCH ?)'))
    values.push(phrase, ...held.values)
  } else if (isShort(text)) {
    parts.push('name >= ? AND name < ?')
    values.push(...beginningOf(text))
  } else if (text.trim() !== '') {
    parts.push(orHeld('instr(name, ?) > 0'))
    values.push(wantedOf(text), ...held.values)
  }
  return { sql: parts.join(' AND '), values }
}

/** Narrows a walk by urgency to the part of the index where a status stands. */
export function narrowedTo({ status }: DomainFilter): string {
  if (status === 'all' || status === 'repairable') return ''
  return status === 'failed' ? 'AND urgency IN (0, 1)' : `AND urgency = ${urgencies[status]}`
}

export function statusOf(status: DomainFilter['status']): Where {
  if (status === 'all') return { sql: 'TRUE', values: [] }
  if (status === 'repairable') return { sql: `repair = 'possible'`, values: [] }
  return { sql: 'status = ?', values: [status] }
}

/** A typed text as names are looked for. */
export const wantedOf = (text: string) => text.trim().toLowerCase()

/** One or two characters stand in too many names to be looked for everywhere: they are what a name begins with. */
export const isShort = (text: string): boolean => {
  const { length } = wantedOf(text)
  return length > 0 && length < shortestAnywhere
}

/** The names that begin so: from the text itself to the last text that begins with it. */
export const beginningOf = (text: string): [string, string] => [wantedOf(text), `${wantedOf(text)}\u{10FFFF}`]

/** What to ask the trigram index for; null for a text that it does not know. */
export function phraseOf(text: string): string | null {
  const wanted = wantedOf(text)
  return indexed.test(wanted) ? `"${wanted.replaceAll('"', '""')}"` : null
}
