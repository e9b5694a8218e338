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

/** The domains, gone ones included, with an attribute that holds the text; asked with its question, then itself. */
export const attributeHolders = `SELECT holder.id FROM attribute_text
  CROSS JOIN attribute ON attribute.id = attribute_text.rowid CROSS JOIN domain AS holder ON holder.name = attribute.domain
  WHERE attribute_text MATCH ? AND instr(attribute.text, ?) > 0`

/**
 * The condition for a filter. `find` asks the trigram index and `begin` the index of names, quick when few names
 * match; `walk` tests each name in the order of the index that sorts (docs/decisions/search.md).
 * With `value`, the domains that hold it among their attributes are found as well.
 */
export function whereOf({ text, status }: DomainFilter, how: How, value: SoughtValue | null): Where {
  const { sql, values } = statusOf(status)
  const parts = ['gone_at IS NULL', sql]
  const phrase = phraseOf(text)
  const [holders, held] = value === null ? [null, []] : [attributeHolders, [value.question, value.text]]
  if (how === 'find' && phrase !== null) {
    const named = 'SELECT rowid FROM domain_text WHERE domain_text MATCH ?'
    parts.push(holders === null ? `id IN (${named})` : `id IN (${named} UNION ${holders})`)
    values.push(phrase, ...held)
  } else if (isShort(text)) {
    parts.push('name >= ? AND name < ?')
    values.push(...beginningOf(text))
  } else if (text.trim() !== '') {
    parts.push(holders === null ? 'instr(name, ?) > 0' : `(instr(name, ?) > 0 OR id IN (${holders}))`)
    values.push(wantedOf(text), ...held)
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

const wantedOf = (text: string) => text.trim().toLowerCase()

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
