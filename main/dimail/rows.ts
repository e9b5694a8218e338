import type { z } from 'zod'

/** What a list held besides the rows that it gives. */
export type Leftovers = {
  /** How many rows cannot be read. */
  rejected: number
  /** Redacted excerpts of the first hundred of them. */
  unreadable: string[]
  /** What was listed more than once, each named once; its first row is the one that counts. */
  doubled: string[]
  /** How many rows repeat one that came before. */
  repeats: number
}

/** One attempt's rows: each is added as it comes, with the text it was read from. */
export type Rows<T> = { add(row: unknown, text: string): void; end(): T }
/** Begins anew for each attempt, so that nothing of a list that was cut is believed. */
export type RowsReading<T> = (excerpt: (text: string) => string) => Rows<T>

const mostExcerpts = 100

/**
 * Each row of a list by itself: one that does not fit `schema` is counted and costs nothing to the others; of those
 * with the same key the first is kept. `keep` is given each good row once.
 */
export function readRows<Row, T>(
  schema: z.ZodType<Row>,
  keyOf: (row: Row) => string,
  collect: () => { keep: (row: Row) => void; end: (leftovers: Leftovers) => T },
): RowsReading<T> {
  return (excerpt) => {
    const { keep, end } = collect()
    const seen = new Set<string>()
    const doubled = new Set<string>()
    const unreadable: string[] = []
    let rejected = 0
    let repeats = 0
    return {
      add(value, text) {
        const row = schema.safeParse(value)
        if (!row.success) {
          rejected++
          if (unreadable.length < mostExcerpts) unreadable.push(excerpt(text))
          return
        }
        const key = keyOf(row.data)
        if (seen.has(key)) {
          repeats++
          doubled.add(key)
          return
        }
        seen.add(key)
        keep(row.data)
      },
      end: () => end({ rejected, unreadable, doubled: [...doubled], repeats }),
    }
  }
}
