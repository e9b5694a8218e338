/** A kind of record of the desk, each under a key of its own and with a hash of its content. */
export type Collection<T> = {
  get(key: string): Promise<T | null>
  /** In the order in which they were first written; null: of every domain. */
  list(domain: string | null): Promise<T[]>
  /** False, and nothing written, when the key is taken. */
  add(key: string, domain: string, value: T): Promise<boolean>
  put(key: string, domain: string, value: T): Promise<void>
  /** All in one transaction; returns the keys that were taken, which are left as they were. */
  addAll(entries: readonly { key: string; domain: string; value: T }[]): Promise<string[]>
  /** False when there was none. */
  remove(key: string): Promise<boolean>
}
