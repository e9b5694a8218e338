import type { CsvPlan } from '../../preload/mailbox-shapes.ts'

export type Delimiter = ';' | ',' | '\t'

export const delimiterName = (delimiter: Delimiter): CsvPlan['delimiter'] =>
  delimiter === '\t' ? 'tab' : delimiter

const candidates = [';', '\t', ','] as const satisfies readonly Delimiter[]

/** Lines that are looked at when those before hold no delimiter. */
const linesLookedAt = 10

/**
 * What separates the cells: what the first line that has any uses most, outside quotes; `;` when none does.
 * csv-parse 7 could guess too, but it fails on the first accented letter.
 */
export function delimiterOf(text: string): Delimiter {
  const outside = text.replace(/"[^"]*("|$)/g, '')
  for (const line of outside.split(/[\r\n]+/, linesLookedAt)) {
    const counts = candidates.map((each) => line.split(each).length - 1)
    const best = Math.max(...counts)
    const found = candidates[counts.indexOf(best)]
    if (best > 0 && found) return found
  }
  return ';'
}
