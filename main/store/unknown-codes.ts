import type Database from 'better-sqlite3'
import type { UnknownCode } from '../../preload/dns-shapes.ts'

/** A code of dimail that nothing here explains, as it came, and the domain that it came for. */
export type SeenCode = { check: string; code: string; domain: string }

/** The codes of dimail that nothing here explains (docs/field.md 4, N5). It does not itself know which these are. */
export type UnknownCodeStore = {
  countUnknown(seen: readonly SeenCode[], at: number): void
  /** Most seen first. */
  unknownCodes(): UnknownCode[]
}

/** What is told by somebody else is bounded: more than this is noise, and the codes seen longest ago go. */
const codesKept = 1000
const longest = 200

export function createUnknownCodeStore(db: Database.Database): UnknownCodeStore {
  const count = db.prepare(
    `INSERT INTO unknown_code (check_key, code, count, first_at, last_at, domain) VALUES (?, ?, 1, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + 1, last_at = excluded.last_at, domain = excluded.domain`,
  )
  const forget = db.prepare(
    `DELETE FROM unknown_code WHERE (check_key, code) IN (
       SELECT check_key, code FROM unknown_code ORDER BY last_at DESC, count DESC LIMIT -1 OFFSET ${codesKept})`,
  )
  const all = db.prepare<[], UnknownCode>(
    `SELECT check_key AS "check", code, count, first_at AS firstAt, last_at AS lastAt, domain FROM unknown_code
     ORDER BY count DESC, last_at DESC, check_key, code`,
  )
  return {
    countUnknown: db.transaction((seen: readonly SeenCode[], at: number) => {
      for (const { check, code, domain } of seen) count.run(cut(check), cut(code), at, at, domain)
      forget.run()
    }),
    unknownCodes: () => all.all(),
  }
}

const cut = (text: string): string => text.slice(0, longest).toWellFormed()
