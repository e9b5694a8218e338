export type MadePassword = { address: string; password: string }

/** Passwords of mailboxes that were made while no agent looked: in memory only, and told once (docs/faults.md 72). */
export type Passwords<Key> = {
  put(key: Key, made: MadePassword): void
  /** Those under the key, which are then forgotten. */
  take(key: Key): MadePassword[]
  count(key: Key): number
}

export function createPasswords<Key>(): Passwords<Key> {
  const held = new Map<Key, MadePassword[]>()
  return {
    put(key, made) {
      const kept = held.get(key)
      if (kept) kept.push(made)
      else held.set(key, [made])
    },
    take(key) {
      const taken = held.get(key) ?? []
      held.delete(key)
      return taken
    },
    count: (key) => held.get(key)?.length ?? 0,
  }
}
