import type Database from 'better-sqlite3'
import type { Provisioned } from '../../preload/provisioning-shapes.ts'
import { soughtValueOf } from './domain-filter.ts'
import { fold } from './folding.ts'

/** The desk's custom attributes of domains, mirrored in the cache so that the list of domains is searched by them. */
export type AttributeStore = {
  /** Makes the mirror again from all that the desk holds: the cache may have been begun again. */
  mirrorAttributes(all: readonly Provisioned[]): void
  /** Mirrors what was provisioned of one domain, in place of what was; the domain need not be stored yet. */
  putAttributes(one: Provisioned): void
  /**
   * The domains, listed or not, with a value that holds the text whatever its case and accents; none for a text of one
   * or two characters. For a list that is not the cache's own: `list`, `names` and their totals hold them already.
   */
  attributeMatches(text: string): ReadonlySet<string>
}

export function createAttributeStore(db: Database.Database): AttributeStore {
  const find = db.prepare<[string], { id: number; text: string }>(
    'SELECT id, text FROM attribute WHERE domain = ?',
  )
  const insert = db.prepare('INSERT INTO attribute (domain, text) VALUES (?, ?)')
  const remove = db.prepare('DELETE FROM attribute WHERE id = ?')
  const clear = db.prepare('DELETE FROM attribute')
  const insertText = db.prepare('INSERT INTO attribute_text (rowid, text) VALUES (?, ?)')
  const removeText = db.prepare(
    `INSERT INTO attribute_text (attribute_text, rowid, text) VALUES ('delete', ?, ?)`,
  )
  const clearText = db.prepare(`INSERT INTO attribute_text (attribute_text) VALUES ('delete-all')`)
  const holding = db
    .prepare<[string, string], string>(
      `SELECT domain FROM attribute_text CROSS JOIN attribute ON attribute.id = attribute_text.rowid
       WHERE attribute_text MATCH ? AND instr(attribute.text, ?) > 0`,
    )
    .pluck()

  function put({ domain, attributes }: Provisioned): void {
    const known = find.get(domain)
    const text = textOf(attributes)
    if (known?.text === text) return
    if (known) {
      removeText.run(known.id, known.text)
      remove.run(known.id)
    }
    if (text !== '') insertText.run(insert.run(domain, text).lastInsertRowid, text)
  }

  return {
    mirrorAttributes: db.transaction((all: readonly Provisioned[]) => {
      clearText.run()
      clear.run()
      for (const one of all) put(one)
    }),
    putAttributes: db.transaction(put),
    attributeMatches(typed) {
      const sought = soughtValueOf(typed)
      return new Set(sought === null ? [] : holding.all(sought.question, sought.text))
    },
  }
}

/** A line for each value: no value that was folded holds the end of a line, so that none is found across two. */
const textOf = (attributes: Provisioned['attributes']): string =>
  [...new Set(Object.values(attributes).map((value) => fold(String(value))))]
    .filter((line) => line !== '')
    .join('\n')
