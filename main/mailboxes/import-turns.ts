import { setTimeout as rest } from 'node:timers/promises'

/** Rows in one transaction: few enough that it takes about two milliseconds. */
const batch = 50

/** After so many milliseconds of work, the event loop is left to others. */
const workMs = 3
/** At least so long, and for as long as was worked otherwise: an index that is put in order at once may take a while. */
const shortestRestMs = 2
const longestRestMs = 50

/**
 * The items by `batch`, in turns of the event loop that leave others as much time as the work before took: a domain
 * of 50,000 is in no hurry, and never holds the window back (docs/performance.md). Ends at once when `signal` aborts:
 * what comes after it must look.
 */
export async function* inBatches<T>(items: Iterable<T>, signal: AbortSignal): AsyncGenerator<T[]> {
  if (signal.aborted) return
  let some: T[] = []
  let since = performance.now()
  for (const item of items) {
    some.push(item)
    if (some.length < batch) continue
    yield some
    some = []
    const spent = performance.now() - since
    if (spent < workMs) continue
    // Its only rejection is the signal's.
    await rest(Math.min(longestRestMs, Math.max(shortestRestMs, spent)), undefined, { signal }).catch(
      () => {},
    )
    if (signal.aborted) return
    since = performance.now()
  }
  if (some.length > 0) yield some
}
