/** What a figure is held to; null: it is told, and held to nothing. */
export type Limit = { atLeast: number } | { atMost: number } | null

export type Budget = { unit: string; limit: Limit }

/** Sizes are reduced when `quick`: the figures then show that the benchmark works, and little else. */
export type Circumstances = { quick: boolean; say: (line: string) => void }

/** One benchmark gives the figures of all its budgets at once, since they come from the same run. */
export type Benchmark = {
  budgets: Record<string, Budget>
  run(circumstances: Circumstances): Promise<Record<string, number>>
}

/** A figure as `--json` writes it (docs/performance.md). */
export type Figure = { value: number; limit: number | null; unit: string; pass: boolean }

export function judgeFigure({ unit, limit }: Budget, measured: number): Figure {
  const value = Number(measured.toPrecision(4))
  if (limit === null) return { value, limit, unit, pass: true }
  if ('atLeast' in limit) return { value, limit: limit.atLeast, unit, pass: value >= limit.atLeast }
  return { value, limit: limit.atMost, unit, pass: value <= limit.atMost }
}

export function describeFigure(name: string, figure: Figure, { limit }: Budget): string {
  const bound =
    limit === null ? 'no limit' : 'atLeast' in limit ? `>= ${limit.atLeast}` : `<= ${limit.atMost}`
  const verdict = limit === null ? '' : figure.pass ? 'ok' : 'MISSED'
  return `${name.padEnd(22)} ${String(figure.value).padStart(9)} ${figure.unit.padEnd(6)} ${bound.padEnd(9)} ${verdict}`
}
