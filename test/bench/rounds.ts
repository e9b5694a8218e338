import { setImmediate as nextTurn } from 'node:timers/promises'

export type Run = () => number | Promise<number>

/**
 * Runs ours and the bare one in turn, `rounds` times and each first every other time, so that a machine that
 * slows down slows both. Both give the same kind of number; `ratio` is the median of ours / bare.
 */
export async function interleave(
  rounds: number,
  ours: Run,
  bare: Run,
): Promise<{ ours: number; bare: number; ratio: number }> {
  const pairs: { ours: number; bare: number }[] = []
  for (let round = 0; round < rounds; round++) {
    // What one run left to collect is not paid by the next.
    global.gc?.()
    if (round % 2 === 0) {
      const first = await ours()
      await nextTurn()
      pairs.push({ ours: first, bare: await bare() })
    } else {
      const first = await bare()
      await nextTurn()
      pairs.push({ bare: first, ours: await ours() })
    }
  }
  return {
    ours: median(pairs.map((pair) => pair.ours)),
    bare: median(pairs.map((pair) => pair.bare)),
    ratio: median(pairs.map((pair) => pair.ours / pair.bare)),
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The smallest value that a share `q` of all is not above (nearest rank). */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
}
