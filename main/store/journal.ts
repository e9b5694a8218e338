import type Database from 'better-sqlite3'
import { z } from 'zod'
import { type Failure, failed, failure as failureShape } from '../../preload/failure.ts'
import { type JournalAction, type JournalEntry, journalActions } from '../../preload/shapes.ts'
import { sha256 } from './database.ts'

export type Intent = {
  action: JournalAction
  /** The domain. */
  subject: string
  target: string | null
  actor: string
  before: unknown
  at: number
}
export type Settlement = {
  state: 'done' | 'failed' | 'unknown'
  after: unknown
  failure: Failure | null
  at: number
}
export type JournalRow = Omit<JournalEntry, 'before' | 'after' | 'effect' | 'actorName'> & {
  before: unknown
  after: unknown
  settledAt: number | null
}

/** `target` and `action` narrow the rows of a subject; absent: all of them. */
export type JournalFilter = {
  subject: string | null
  target?: string | undefined
  action?: JournalAction | undefined
  limit: number
}

type Row = { id: number; intent: number | null; at: number; body: string; hash: string }

/** An intent of version 1 has no target. */
const intentBody = z.object({
  action: z.enum(journalActions),
  subject: z.string(),
  target: z.string().nullable().default(null),
  actor: z.string(),
  before: z.unknown(),
})
const settlementBody = z.object({
  state: z.enum(['done', 'failed', 'unknown']),
  after: z.unknown(),
  failure: failureShape.nullable(),
})

export type Journal = ReturnType<typeof createJournal>

/** The rows of the journal, each chained to the one before; nothing here changes or removes one. */
export function createJournal(db: Database.Database) {
  const lastHash = db.prepare<[], { hash: string }>('SELECT hash FROM journal ORDER BY id DESC LIMIT 1')
  const insert = db.prepare('INSERT INTO journal (intent, at, body, hash) VALUES (?, ?, ?, ?)')
  const insertIntent = db.prepare(
    'INSERT INTO intent (journal_id, subject, target, action) VALUES (?, ?, ?, ?)',
  )
  const setDoubt = db.prepare(
    `UPDATE intent SET in_doubt = (? = 1 AND action <> 'repair') WHERE journal_id = ?`,
  )
  const all = db.prepare<[], Row>('SELECT * FROM journal ORDER BY id')
  const settlementOf = db.prepare<[number], Row>(
    'SELECT * FROM journal WHERE intent = ? ORDER BY id DESC LIMIT 1',
  )
  const rows = <Given extends unknown[]>(condition: string, order: string) =>
    db.prepare<Given, Row>(
      `SELECT journal.* FROM intent JOIN journal ON journal.id = journal_id WHERE ${condition} ORDER BY ${order}`,
    )
  const doubtful = rows<[]>('in_doubt = 1', 'journal_id')
  const abandoned = db.prepare<[], Row>(
    'SELECT * FROM journal AS i WHERE intent IS NULL AND NOT EXISTS (SELECT 1 FROM journal WHERE intent = i.id)',
  )

  function append(intent: number | null, at: number, body: unknown): number {
    const text = JSON.stringify(body)
    const hash = chained(lastHash.get()?.hash ?? '', intent, at, text)
    return Number(insert.run(intent, at, text, hash).lastInsertRowid)
  }
  const settle = db.transaction((intent: number, { at, ...body }: Settlement) => {
    append(intent, at, body)
    setDoubt.run(Number(body.state === 'unknown'), intent)
  })

  /** Null for a row that was altered into something that is no entry: it is left out, and `verify` tells it. */
  function toEntry({ id, at, body }: Row): JournalRow | null {
    const intent = intentBody.safeParse(parsed(body))
    const end = settlementOf.get(id)
    const settled = end ? settlementBody.safeParse(parsed(end.body)) : null
    if (!intent.success || settled?.success === false) return null
    const { action, subject, target, actor, before } = intent.data
    const outcome = settled?.data ?? { state: 'running' as const, after: null, failure: null }
    const { state, after, failure } = outcome
    const settledAt = end?.at ?? null
    return { id, at, action, subject, target, actor, before, state, after, failure, settledAt }
  }
  const entries = (found: readonly Row[]): JournalRow[] =>
    found.map(toEntry).filter((entry) => entry !== null)

  /** Asked for again when some of the rows are left out, so that a page is as full as it can be. */
  function journal({ subject, target, action, limit }: JournalFilter): JournalRow[] {
    const given = { subject, target, action }
    const parts = [
      subject === null ? 'TRUE' : 'subject = :subject',
      target === undefined ? 'TRUE' : 'target = :target',
      action === undefined ? 'TRUE' : 'action = :action',
    ]
    const found: JournalRow[] = []
    for (const row of rows<[typeof given]>(parts.join(' AND '), 'journal_id DESC').iterate(given)) {
      const entry = toEntry(row)
      if (entry !== null) found.push(entry)
      if (found.length >= limit) break
    }
    return found
  }

  return {
    intend: db.transaction(({ at, ...body }: Intent): number => {
      const id = append(null, at, body)
      insertIntent.run(id, body.subject, body.target, body.action)
      return id
    }),
    settle,
    journal,
    settleAbandoned(at: number): string[] {
      const { failure } = failed(
        'unknown-outcome',
        'interrupted',
        'The program ended before the answer came.',
      )
      const left = entries(abandoned.all())
      for (const { id } of left) settle(id, { state: 'unknown', after: null, failure, at })
      return left.map((entry) => entry.subject)
    },
    inDoubt: (): JournalRow[] =>
      entries(doubtful.all()).filter(({ state, action }) => state === 'unknown' && action !== 'repair'),
    /** The ids of rows whose content does not match their hash or is no entry, or whose chain is broken. */
    verify(): number[] {
      let previous = ''
      const wrong: number[] = []
      for (const row of all.iterate()) {
        const shape = row.intent === null ? intentBody : settlementBody
        const isSound = row.hash === chained(previous, row.intent, row.at, row.body)
        if (!isSound || !shape.safeParse(parsed(row.body)).success) wrong.push(row.id)
        previous = row.hash
      }
      return wrong
    },
  }
}

const chained = (previous: string, intent: number | null, at: number, body: string) =>
  sha256(JSON.stringify([previous, intent, at, body]))

/** Undefined, which no shape takes, for what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
