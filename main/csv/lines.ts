import type { Failure } from '../../preload/failure.ts'
import type { CsvLine } from '../../preload/mailbox-shapes.ts'

/** A line of a plan, with what the page does not show of it. */
export type PlannedLine = CsvLine & { displayName: string }
type Verdict = CsvLine['verdict']

/** As many characters as a plan may hold, whatever is in the file: 28 MB, or twice where they are not Latin. */
const characterLimit = 28_000_000

export type Lines = ReturnType<typeof createLines>

/** The judged lines of a file, each as one string: 100,000 of them as objects would take thrice as much. */
export function createLines() {
  const kept: string[] = []
  const byVerdict: Record<Verdict, number[]> = { create: [], keep: [], refused: [] }
  const refusals = createRefusals()
  let characters = 0

  function read(place: number): PlannedLine {
    const { refusal, details, ...line } = JSON.parse(kept[place] ?? '')
    return { ...line, failure: refusal === undefined ? null : { ...refusals.read(refusal), details } }
  }

  return {
    add({ failure, ...line }: PlannedLine): void {
      const refusal = failure ? { refusal: refusals.placeOf(failure), details: failure.details } : {}
      const text = JSON.stringify({ ...line, ...refusal })
      characters += text.length
      byVerdict[line.verdict].push(kept.length)
      kept.push(text)
    },
    isFull: () => characters + refusals.characters() >= characterLimit,
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

type Refusal = Omit<Failure, 'details'>

/** Refusals without their details: most lines that are refused are so for the same few reasons. */
function createRefusals() {
  const known = new Map<string, number>()
  const kept: Refusal[] = []
  let characters = 0
  return {
    placeOf({ code, reason, message }: Failure): number {
      const key = `${code}/${reason}/${message}`
      const place = known.get(key)
      if (place !== undefined) return place
      characters += 2 * key.length
      known.set(key, kept.length)
      return kept.push({ code, reason, message }) - 1
    },
    read: (place: number): Refusal | undefined => kept[place],
    characters: () => characters,
  }
}
