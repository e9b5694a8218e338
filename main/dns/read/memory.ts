export type Memory<T> = {
  get(key: string): T | undefined
  /** Keeps a value for as many seconds as its TTL, within the bounds of the memory. */
  keep(key: string, value: T, ttl: number): void
}

export type MemoryLimits = { entries: number; leastSeconds: number; mostSeconds: number }

/**
 * What was answered, for as long as its TTL allows; of too many, what was not needed for longest is forgotten
 * (docs/dns.md).
 */
export function createMemory<T>(
  now: () => number,
  { entries, leastSeconds, mostSeconds }: MemoryLimits,
): Memory<T> {
  const kept = new Map<string, { value: T; until: number }>()
  return {
    get(key) {
      const entry = kept.get(key)
      if (entry === undefined) return undefined
      kept.delete(key)
      if (entry.until <= now()) return undefined
      // Put back as the youngest: a Map keeps its keys in the order in which they came.
      kept.set(key, entry)
      return entry.value
    },
    keep(key, value, ttl) {
      kept.delete(key)
      const seconds = Math.min(Math.max(ttl, leastSeconds), mostSeconds)
      kept.set(key, { value, until: now() + seconds * 1000 })
      for (const oldest of kept.keys()) {
        if (kept.size <= entries) break
        kept.delete(oldest)
      }
    },
  }
}
