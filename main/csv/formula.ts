/**
 * What a spreadsheet would take for a formula, after the blanks and invisible characters that it drops
 * (docs/faults.md 68), full-width signs included; and the controls that some let through to the next character.
 */
const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u
const control = /^[\t\r\n\0]/

export const isFormula = (cell: string): boolean => formula.test(cell)

/** The cell with a quote before what a spreadsheet would run. */
export const neutralised = (cell: string): string =>
  formula.test(cell) || control.test(cell) ? `'${cell}` : cell
