import type { CsvLine } from '../../preload/mailbox-shapes.ts'

/** A line of a plan, with what the page does not show of it. */
export type PlannedLine = CsvLine & { displayName: string }
type Verdict = CsvLine['verdict']

/** As many characters as a plan may hold, whatever is in the file: some 20 MB, or 40 where it is not Latin. */
const characterLimit = 20_000_000

export type Lines = ReturnType<typeof createLines>

/** The judged lines of a file. Each is kept as one string: 100,000 of them as objects would take thrice as much. */
export function createLines() {
  const kept: string[] = []
  const byVerdict: Record<Verdict, number[]> = { create: [], keep: [], refused: [] }
  let characters = 0
  const read = (place: number): PlannedLine => JSON.parse(kept[place] ?? '')

  return {
    add(line: PlannedLine): void {
      const text = JSON.stringify(line)
      characters += text.length
      byVerdict[line.verdict].push(kept.length)
      kept.push(text)
    },
    isFull: () => characters >= characterLimit,
    total: () => kept.length,
    counts: (): Record<Verdict, number> => ({
      create: byVerdict.create.length,
      keep: byVerdict.keep.length,
      refused: byVerdict.refused.length,
    }),
    /** A page of the lines with a verdict, in the file's order; null: all of them. */
    page(verdict: Verdict | null, offset: number, limit: number): { rows: CsvLine[]; total: number } {
      const places = verdict === null ? null : byVerdict[verdict]
      const total = places?.length ?? kept.length
      const wanted = Array.from(
        { length: Math.max(0, Math.min(limit, total - offset)) },
        (_, i) => offset + i,
      )
      const rows = wanted.map((place) => {
        const { displayName: _displayName, ...line } = read(places ? (places[place] ?? 0) : place)
        return line
      })
      return { rows, total }
    },
    /** The lines that may be written, in the file's order. */
    *takeable(): Generator<PlannedLine, void> {
      for (let place = 0; place < kept.length; place++) {
        const line = read(place)
        if (line.verdict !== 'refused') yield line
      }
    },
  }
}
