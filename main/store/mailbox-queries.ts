import type Database from 'better-sqlite3'
import type { MailboxFilter, MailboxQuery } from '../../preload/mailbox-shapes.ts'
import { soughtOf } from './folding.ts'
import { type MailboxRecord, mailboxColumns, toMailbox } from './mailbox-row.ts'
import type { MailboxStore } from './mailbox-store.ts'

type Where = { sql: string; values: (string | number)[] }

/** What needs the agent comes first. */
const urgency = `CASE status WHEN 'broken' THEN 0 WHEN 'waiting' THEN 1 WHEN 'gone' THEN 2 WHEN 'unknown' THEN 3
  WHEN 'disabled' THEN 4 ELSE 5 END`

/** A mailbox whose activity dimail does not tell is no trouble: whole dialects never tell it. */
const shown: Record<MailboxFilter['show'], string> = {
  all: 'TRUE',
  enabled: `status = 'enabled'`,
  disabled: `status = 'disabled'`,
  functional: `kind = 'functional'`,
  trouble: `status IN ('broken', 'waiting', 'gone')`,
}

const directed = (column: string, way: string) => `${column} ${way}, mailbox.address ${way}`
const orders: Record<MailboxQuery['sort'], (way: string) => string> = {
  address: (way) => `mailbox.address ${way}`,
  person: (way) => directed('person', way),
  status: (way) => directed(urgency, way),
  kind: (way) => directed('kind', way),
  // Those without one are last both ways: they are most, and not what is looked for.
  secondary: (way) => `secondary.email IS NULL, ${directed('secondary.email', way)}`,
}

/** The table of one domain: the index `mailbox_in_domain` sorts and filters, and only a page's rows are read. */
export function createMailboxQueries(db: Database.Database): Pick<MailboxStore, 'list' | 'addresses'> {
  const statements = new Map<string, Database.Statement<unknown[], unknown>>()
  function prepared(sql: string): Database.Statement<unknown[], unknown> {
    const statement = statements.get(sql) ?? db.prepare<unknown[], unknown>(sql).pluck()
    statements.set(sql, statement)
    return statement
  }
  const idOf = db.prepare<[string], number>('SELECT id FROM domain WHERE name = ?').pluck()
  const byId = db.prepare<[number], MailboxRecord>(
    `SELECT ${mailboxColumns} FROM mailbox JOIN domain ON domain.id = domain_id WHERE mailbox.id = ?`,
  )
  const from = 'mailbox INDEXED BY mailbox_in_domain'

  return {
    list(query) {
      const where = whereOf(query, idOf.get(query.domain))
      if (where === null) return { rows: [], total: 0 }
      const joined = query.sort === 'secondary' ? 'LEFT JOIN secondary USING (address)' : ''
      const order = orders[query.sort](query.descending ? 'DESC' : 'ASC')
      const ids = prepared(
        `SELECT mailbox.id FROM ${from} ${joined} WHERE ${where.sql} ORDER BY ${order} LIMIT ? OFFSET ?`,
      ).all(...where.values, query.limit, query.offset)
      const rows = ids.map((id) => byId.get(Number(id))).filter((row) => row !== undefined)
      const total = prepared(`SELECT count(*) FROM ${from} WHERE ${where.sql}`).get(...where.values)
      return { rows: rows.map(toMailbox), total: Number(total) }
    },
    addresses(filter) {
      const where = whereOf(filter, idOf.get(filter.domain))
      if (where === null) return []
      const sql = `SELECT mailbox.address FROM ${from} WHERE ${where.sql} ORDER BY mailbox.address`
      return prepared(sql)
        .all(...where.values)
        .map(String)
    },
  }
}

function whereOf({ text, show }: MailboxFilter, domain: number | undefined): Where | null {
  const sought = soughtOf(text)
  if (domain === undefined || sought.how === 'nothing') return null
  const parts = ['domain_id = ?', shown[show]]
  const values: Where['values'] = [domain]
  if (sought.how === 'begin') {
    parts.push('(mailbox.address >= ? AND mailbox.address < ? OR person >= ? AND person < ?)')
    values.push(sought.from, sought.to, sought.from, sought.to)
  } else if (sought.how === 'anywhere') {
    parts.push('(instr(mailbox.address, ?) > 0 OR instr(person, ?) > 0)')
    values.push(sought.text, sought.text)
  }
  return { sql: parts.join(' AND '), values }
}
