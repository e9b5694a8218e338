import { type Failure, ok, type Result } from '../../preload/failure.ts'

/** Something that a server said, and when, in milliseconds. */
export type Held<T> = { value: T; at: number }
/** Where it is kept. */
export type Shelf<T> = {
  get(key: string): Promise<Held<T> | null>
  put(key: string, held: Held<T>): Promise<void>
  drop(key: string): Promise<void>
}
/** `stale`: why an earlier answer is given; null: this one is still fresh. */
export type Remembered<T> = Held<T> & { stale: Failure | null }
export type Memory<T> = {
  /** `force`: asks although a fresh answer is known. */
  read(key: string, force: boolean, ask: () => Promise<Result<T>>): Promise<Result<Remembered<T>>>
  forget(key: string): Promise<void>
}

/**
 * What a server said, asked again after `freshMs` and once however many wait for it; when it fails, what it said less
 * than `staleMs` ago. A failure is never kept (docs/entitlements.md 3.1).
 */
export function createMemory<T>({
  shelf,
  freshMs,
  staleMs,
  now,
}: {
  shelf: Shelf<T>
  freshMs: number
  staleMs: number
  now: () => number
}): Memory<T> {
  const coming = new Map<string, Promise<Result<Remembered<T>>>>()
  // A clock that was put back must not make an answer young for ever.
  const age = ({ at }: Held<T>) => Math.abs(now() - at)

  async function obtain(
    key: string,
    ask: () => Promise<Result<T>>,
    isWanted: () => boolean,
  ): Promise<Result<Remembered<T>>> {
    const asked = await ask()
    if (asked.ok) {
      const held = { value: asked.value, at: now() }
      if (isWanted()) await shelf.put(key, held)
      return ok({ ...held, stale: null })
    }
    if (asked.failure.code === 'cancelled') return asked
    const before = await shelf.get(key)
    return before !== null && age(before) < staleMs ? ok({ ...before, stale: asked.failure }) : asked
  }

  return {
    async read(key, force, ask) {
      const held = force ? null : await shelf.get(key)
      if (held !== null && age(held) < freshMs) return ok({ ...held, stale: null })
      const before = coming.get(key)
      if (before) return before
      // Forgotten meanwhile: what comes is told, and not kept.
      const flight = obtain(key, ask, () => coming.get(key) === flight)
      coming.set(key, flight)
      try {
        return await flight
      } finally {
        if (coming.get(key) === flight) coming.delete(key)
      }
    },
    async forget(key) {
      coming.delete(key)
      await shelf.drop(key)
    },
  }
}

/** Kept for this run only: the `most` latest. */
export function shortShelf<T>(most: number): Shelf<T> {
  const held = new Map<string, Held<T>>()
  return {
    get: async (key) => held.get(key) ?? null,
    async put(key, value) {
      held.delete(key)
      held.set(key, value)
      const [oldest] = held.keys()
      if (held.size > most && oldest !== undefined) held.delete(oldest)
    },
    async drop(key) {
      held.delete(key)
    },
  }
}
