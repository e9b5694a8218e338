/**
 * Gathers what comes in a burst and gives it once: a check of a thousand domains is told to the page some ten
 * times a second, not a thousand. `flush` gives at once what waits, `drop` forgets it.
 */
export function createBatch<T>(
  everyMs: number,
  give: (items: T[]) => void,
): { add(item: T): void; flush(): void; drop(): void } {
  let waiting: T[] = []
  let timer: NodeJS.Timeout | undefined
  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0) return
    const items = waiting
    waiting = []
    give(items)
  }
  return {
    add(item) {
      waiting.push(item)
      timer ??= setTimeout(flush, everyMs)
    },
    flush,
    drop() {
      clearTimeout(timer)
      timer = undefined
      waiting = []
    },
  }
}
