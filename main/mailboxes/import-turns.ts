import { setImmediate as nextTurn } from 'node:timers/promises'

/** Rows handled between two turns of the event loop, so that a domain of 50,000 never holds the window back. */
export const batch = 400

/** The items by `batch`, with a turn of the event loop before each batch but the first. */
export async function* inBatches<T>(items: Iterable<T>): AsyncGenerator<T[]> {
  let some: T[] = []
  for (const item of items) {
    some.push(item)
    if (some.length < batch) continue
    yield some
    some = []
    await nextTurn()
  }
  if (some.length > 0) yield some
}
