import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import { normaliseDomain } from '../dimail/names.ts'
import { validateMailbox, type Wanted } from '../mailboxes/rules.ts'
import { type Columns, columnLimit, type Field, fields } from './columns.ts'
import { isFormula } from './formula.ts'
import type { CsvRecord } from './read.ts'

/** The longest that a cell may be, as the contract has it (preload/mailbox-shapes.ts). */
const longest: Record<Field, number> = {
  localPart: 320,
  givenName: 200,
  surName: 200,
  secondaryEmail: 320,
  displayName: 401,
}

const troubles = {
  'line-too-long': 'The line is longer than 65,536 characters.',
  'line-quote': 'A quote opens and is never closed.',
  'line-columns': `The line has more than ${columnLimit} columns.`,
} as const

/** What a line says, as far as it can be shown, and why it cannot be taken when it cannot. */
export type ReadLine = { typed: Record<Field, string>; failure: Failure | null }

/**
 * The mailbox that a line describes, as it was typed save for the blanks around it. A cell that a spreadsheet would
 * run, that holds a control character or that was not decoded refuses its line, and is not kept.
 */
export function readLine(record: CsvRecord, columns: Columns): ReadLine {
  const typed = { localPart: '', givenName: '', surName: '', secondaryEmail: '', displayName: '' }
  if (record.cells === null) return { typed, failure: refusal(record.trouble, troubles[record.trouble]) }
  if (record.cells.length > columnLimit)
    return { typed, failure: refusal('line-columns', troubles['line-columns']) }
  let failure: Failure | null = null
  for (const field of fields) {
    const column = columns[field]
    if (column === undefined) continue
    const cell = record.cells[column] ?? ''
    const trouble = troubleOf(cell, field, column + 1)
    failure ??= trouble
    if (!trouble) typed[field] = cell.trim()
    else if (trouble.reason === 'line-cell-long') typed[field] = `${cell.trim().slice(0, 60)}…`
  }
  return { typed, failure }
}

function troubleOf(cell: string, field: Field, column: number): Failure | null {
  const text = cell.trim()
  // A quote before a formula is how our own exports tame it: taken off, the formula would be back.
  if (isFormula(text.replace(/^'/, '')))
    return refusal('line-formula', 'A cell starts as a formula does.', { column })
  if (/[\p{Cc}\p{Cs}]/u.test(text))
    return refusal('line-control', 'A cell holds a control character.', { column })
  if (text.includes('\uFFFD')) return refusal('line-unreadable', 'A character could not be read.', { column })
  if (text.length > longest[field])
    return refusal('line-cell-long', `A cell is longer than ${longest[field]} characters.`, {
      column,
      longest: longest[field],
    })
  return null
}

const refusal = (reason: string, message: string, details: Failure['details'] = {}): Failure =>
  failed('invalid', reason, message, details).failure

/**
 * The mailbox that a line asks for, by the rules of every new mailbox. Its address may be typed whole when it is of
 * this domain; of another it fails with `invalid/line-other-domain`.
 */
export function mailboxOf(typed: ReadLine['typed'], domain: string): Result<Wanted> {
  const at = typed.localPart.lastIndexOf('@')
  const host = at < 0 ? ok(domain) : normaliseDomain(typed.localPart.slice(at + 1))
  if (!host.ok || host.value !== domain)
    return failed('invalid', 'line-other-domain', `This address is not of ${domain}.`, {
      typed: typed.localPart.slice(0, 120),
      domain,
    })
  const localPart = at < 0 ? typed.localPart : typed.localPart.slice(0, at)
  return validateMailbox({ ...typed, localPart, domain })
}
