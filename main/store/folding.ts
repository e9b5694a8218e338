/** No folded text is kept longer, so none longer is looked for. */
const longest = 1000

/** ASCII without control characters and without two spaces in a row. */
const plain = /^(?!.* {2})[\x20-\x7e]*$/

/**
 * What is compared when case and accents do not count: no marks, lower case, runs of white space as one space. A
 * NUL, which would end a question to SQLite's index of trigrams, becomes the sign for what cannot be read.
 */
export function fold(text: string): string {
  // Most texts need no more, and this takes a tenth of the time.
  if (plain.test(text)) return text.toLowerCase().trim()
  return text
    .toWellFormed()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll('\0', '\uFFFD')
    .replace(/\s+/g, ' ')
    .trim()
}

/** What is compared when two names are said to be the same (docs/dimail.md 7.6): case does not count, accents do. */
export const nameKey = (name: string): string => name.trim().normalize('NFC').toLowerCase()

/** Several texts folded into one, a line each; those that an earlier one holds are left out. */
export function foldedLines(texts: readonly string[]): string {
  const lines: string[] = []
  for (const line of texts.map(fold)) {
    if (!lines.some((earlier) => earlier.includes(line))) lines.push(line)
  }
  return lines
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, longest)
    .toWellFormed()
}

/** As many trigrams as are asked for at most: what has them all is then read and compared. */
const trigramsAsked = 6

/**
 * How a typed text is looked for (docs/decisions/search.md): `all` when there is none, `begin` for one or two
 * characters, `anywhere` from three on, `nothing` for one that is longer than any text kept.
 */
export type Sought =
  | { how: 'all' }
  | { how: 'nothing' }
  | { how: 'begin'; text: string; from: string; to: string }
  | { how: 'anywhere'; text: string; question: string }

export function soughtOf(typed: string): Sought {
  if (typed.length > 4 * longest) return { how: 'nothing' }
  const text = fold(typed)
  if (text === '') return { how: 'all' }
  if (text.length > longest) return { how: 'nothing' }
  const characters = [...text]
  if (characters.length < 3) return { how: 'begin', text, ...beginning(text) }
  return { how: 'anywhere', text, question: questionFor(text) }
}

/** The texts that begin so: from the text itself to the last text that begins with it. */
export const beginning = (text: string) => ({ from: text, to: `${text}\u{10FFFF}` })

/**
 * What to ask an index of trigrams for a text of three characters at least: trigrams spread over it, since each one
 * more to intersect costs more than the rows it keeps away.
 */
export function questionFor(text: string): string {
  const characters = [...text]
  const last = characters.length - 3
  const steps = Math.min(trigramsAsked - 1, Math.ceil(last / 3))
  const places = Array.from({ length: steps }, (_, step) => Math.round((step * last) / steps))
  const trigrams = [...places, last].map((at) => characters.slice(at, at + 3).join(''))
  return [...new Set(trigrams)].map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' ')
}
