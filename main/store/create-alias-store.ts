import type Database from 'better-sqlite3'
import { createAliasQueries } from './alias-queries.ts'
import type { AliasStore, ListedAlias } from './alias-store.ts'
import { fold } from './folding.ts'

export function createAliasStore(db: Database.Database): AliasStore {
  const idOf = db.prepare<[string], number>('SELECT id FROM domain WHERE name = ?').pluck()
  const find = db.prepare<
    [number, string, string],
    { id: number; text: string; allow_to_send: number | null; fetched_at: number }
  >(
    'SELECT id, text, allow_to_send, fetched_at FROM alias WHERE domain_id = ? AND local_part = ? AND destination = ?',
  )
  const insert = db.prepare(
    `INSERT INTO alias (domain_id, local_part, destination, text, allow_to_send, fetched_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const confirm = db.prepare(
    'UPDATE alias SET allow_to_send = coalesce(?, allow_to_send), fetched_at = ? WHERE id = ?',
  )
  const remove = db.prepare('DELETE FROM alias WHERE id = ?')
  const insertText = db.prepare('INSERT INTO alias_text (rowid, text) VALUES (?, ?)')
  const removeText = db.prepare(`INSERT INTO alias_text (alias_text, rowid, text) VALUES ('delete', ?, ?)`)
  const complete = db.prepare('UPDATE domain SET aliases_listed_at = ? WHERE name = ?')
  const listedAt = db
    .prepare<[string], number | null>('SELECT aliases_listed_at FROM domain WHERE name = ?')
    .pluck()
  const count = db
    .prepare<[string], number>(
      `SELECT count(DISTINCT local_part) FROM domain JOIN alias ON domain_id = domain.id WHERE name = ?`,
    )
    .pluck()

  return {
    ...createAliasQueries(db),
    read({ domain, localPart, destination }) {
      const row = find.get(idOf.get(domain) ?? -1, localPart, destination)
      if (row === undefined) return null
      const { allow_to_send: right, fetched_at: fetchedAt } = row
      return { domain, localPart, destination, allowToSend: right === null ? null : right === 1, fetchedAt }
    },
    store: db.transaction((domain: string, aliases: readonly ListedAlias[], at: number) => {
      const domainId = idOf.get(domain)
      if (domainId === undefined) throw new Error(`No domain ${domain} to store aliases of`)
      for (const alias of aliases) {
        const { localPart, destination } = alias
        if (alias.domain !== domain)
          throw new Error(`${localPart}@${alias.domain} is not an alias of ${domain}`)
        const right = alias.allowToSend === null ? null : Number(alias.allowToSend)
        const known = find.get(domainId, localPart, destination)
        if (known) {
          confirm.run(right, at, known.id)
          continue
        }
        const text = `${fold(`${localPart}@${domain}`)}\n${fold(destination)}`
        const { lastInsertRowid } = insert.run(domainId, localPart, destination, text, right, at)
        insertText.run(lastInsertRowid, text)
      }
    }),
    remove: db.transaction((domain: string, localPart: string, destinations: readonly string[]) => {
      const domainId = idOf.get(domain)
      if (domainId === undefined) return
      for (const destination of destinations) {
        const known = find.get(domainId, localPart, destination)
        if (!known) continue
        removeText.run(known.id, known.text)
        remove.run(known.id)
      }
    }),
    completed: (domain, at) => void complete.run(at, domain),
    listedAt: (domain) => listedAt.get(domain) ?? null,
    count: (domain) => count.get(domain) ?? 0,
  }
}
