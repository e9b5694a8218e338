import { isDeepStrictEqual } from 'node:util'
import type Database from 'better-sqlite3'
import { Expected, failed } from '../../preload/failure.ts'
import type { Access } from '../../preload/people-shapes.ts'
import type { JournalAction } from '../../preload/shapes.ts'
import type { Journal } from './journal.ts'
import type { Records } from './records.ts'

/** An access as it is and as it is meant to be; null: none. One of them is there. */
export type AccessChange = {
  action: Extract<JournalAction, `access.${string}`>
  was: Access | null
  wanted: Access | null
}

/** One access for each person and domain (docs/dimail.md 8.8). */
export const accessKey = (domain: string, person: string): string => `${domain} ${person}`

/**
 * Writes accesses with their rows of the journal, all or none (docs/entitlements.md 5). An access that is no longer
 * what it was when the changes were planned is an `Expected` `conflict/accesses-changed`, and nothing is written.
 */
export function createAccessChanges(
  db: Database.Database,
  { intend, settle }: Pick<Journal, 'intend' | 'settle'>,
  { get, put, remove }: Records<Access>,
) {
  return db.transaction((changes: readonly AccessChange[], by: { actor: string; at: number }): void => {
    for (const { action, was, wanted } of changes) {
      const about = wanted ?? was
      if (about === null) throw new Error(`${action} of no access`)
      const { domain, person } = about
      const key = accessKey(domain, person)
      const from = was === null ? key : accessKey(was.domain, was.person)
      if (!isDeepStrictEqual(get(from), was)) throw new Expected(changed(domain))
      const intent = intend({ ...by, action, subject: domain, target: person, before: { was, wanted } })
      if (was !== null && (wanted === null || from !== key)) remove(from)
      if (wanted !== null) put(key, domain, wanted)
      settle(intent, { state: 'done', after: null, failure: null, at: by.at })
    }
  })
}

const changed = (domain: string) =>
  failed('conflict', 'accesses-changed', 'An access was changed since these changes were planned.', {
    domain,
  }).failure
