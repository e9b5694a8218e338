import type Database from 'better-sqlite3'

/** The Open-Xchange context that an answer names; null when it names none, as some do of any domain (docs/dimail.md 3.1). */
export const contextIn = ({ context_name: name }: Record<string, unknown>): string | null =>
  typeof name === 'string' && name !== '' ? name : null

/** The domains that share the context of one, itself first; itself alone when its context was never told. */
export function createContextOf(db: Database.Database): (name: string) => string[] {
  const others = db
    .prepare<[string, string], string>(
      `SELECT name FROM domain WHERE context = (SELECT context FROM domain WHERE name = ?) AND name <> ?
       AND gone_at IS NULL ORDER BY name`,
    )
    .pluck()
  return (name) => [name, ...others.all(name, name)]
}
