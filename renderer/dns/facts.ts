import type { DnsFinding } from '../../preload/dns-shapes.ts'
import { visible } from '../parts/external-text.ts'

const longestFact = 160

/** Letters that are written from right to left. */
const leftwards = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/

/** The beginning of a text of at most `most` characters, none of them cut. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const characters = [...text.slice(0, most * 2)]
  return characters.length <= most && text.length <= most * 2
    ? text
    : `${characters.slice(0, most - 1).join('')}…`
}

/**
 * Facts of a finding as they go into its sentence: what a name server said is shortened, shown with what it hides, and
 * keeps to its own direction (docs/faults.md 11).
 */
export function factsOf(facts: DnsFinding['facts']): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'number' ? fact : shown(fact)]),
  )
}

function shown(fact: string): string {
  const text = visible(shortened(fact, longestFact))
  return leftwards.test(text) ? `\u2068${text}\u2069` : text
}

const tenths = { minimumFractionDigits: 1, maximumFractionDigits: 1 }

/** A duration in seconds as the language writes it; what took less than a tenth of one took a tenth. */
export const seconds = (locale: string, ms: number): string =>
  new Intl.NumberFormat(locale, tenths).format(Math.max(ms, 100) / 1000)

/** Both ends of a text, what is between them left out when there is more than `most` at each. */
export function middleOut(text: string, most: number): string {
  if (text.length <= most * 2) return text
  const characters = [...text]
  if (characters.length <= most * 2) return text
  return `${characters.slice(0, most).join('')} … ${characters.slice(-most).join('')}`
}
