import type Database from 'better-sqlite3'

export type Tally = {
  add(status: string, repair: string): void
  remove(status: string, repair: string): void
  /** Writes what was counted since; called at the end of the transaction that changed the domains. */
  settle(): void
  /** Forgets it instead, when that transaction was rolled back. */
  forget(): void
}

/**
 * How many domains stand in each status, kept as they turn: counting a hundred thousand rows at each key typed
 * takes too long, and a trigger for each row costs as much as the row itself.
 */
export function createTally(db: Database.Database): Tally {
  const write = db.prepare(
    `INSERT INTO tally (status, repair, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  )
  let changes = new Map<string, number>()
  function change(status: string, repair: string, by: number): void {
    const key = `${status} ${repair}`
    changes.set(key, (changes.get(key) ?? 0) + by)
  }
  return {
    add: (status, repair) => change(status, repair, 1),
    remove: (status, repair) => change(status, repair, -1),
    settle() {
      for (const [key, by] of changes) if (by !== 0) write.run(...key.split(' '), by)
      changes = new Map()
    },
    forget() {
      changes = new Map()
    },
  }
}
