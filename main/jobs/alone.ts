import type { Desk } from '../store/desk.ts'

const held = new WeakMap<Desk, Map<string, Promise<unknown>>>()

const heldBy = (desk: Desk) => {
  const known = held.get(desk) ?? new Map<string, Promise<unknown>>()
  held.set(desk, known)
  return known
}

/**
 * Does `work` when nothing else is being done under this key: two acts on one mailbox, or two looks at what is
 * taken, would each believe what the other is about to change.
 */
export async function alone<T>(desk: Desk, key: string, work: () => Promise<T>): Promise<T> {
  const queue = heldBy(desk)
  const before = queue.get(key) ?? Promise.resolve()
  // What became of the one before is for its own caller to know.
  const mine = before.then(work, work)
  queue.set(key, mine)
  try {
    return await mine
  } finally {
    if (queue.get(key) === mine) queue.delete(key)
  }
}

/** Resolves once nothing is under way: what has left for dimail is waited for before the desk closes. */
export async function quiet(desk: Desk): Promise<void> {
  for (let under = heldBy(desk); under.size > 0; ) await Promise.allSettled(under.values())
}

export const isBusy = (desk: Desk, key: string): boolean => heldBy(desk).has(key)
