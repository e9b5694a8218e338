const hourMs = 3_600_000

/** So many acts an hour. `spend`: null when there was one left, else when there will be. */
export type Budget = { spend(): number | null }

/** Counted from now on, in memory: a clock that is put back forgets what it has not seen yet. */
export function createBudget(hourly: number, now: () => number): Budget {
  let spent: number[] = []
  return {
    spend() {
      const at = now()
      spent = spent.filter((one) => one <= at && one > at - hourMs)
      const [oldest] = spent
      if (spent.length >= hourly && oldest !== undefined) return oldest + hourMs
      spent.push(at)
      return null
    },
  }
}
