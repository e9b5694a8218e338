import type Database from 'better-sqlite3'
import { fold, foldedLines, nameKey } from './folding.ts'
import { createMailboxQueries } from './mailbox-queries.ts'
import { indexedPart, type MailboxRecord, mailboxColumns, toMailbox } from './mailbox-row.ts'
import { createMailboxSearch } from './mailbox-search.ts'
import { mailboxStatusOf } from './mailbox-status.ts'
import type { ListedMailbox, MailboxStore } from './mailbox-store.ts'

/** How many mailboxes are read at a time by `of`. */
const readAtOnce = 500

export function createMailboxStore(db: Database.Database): MailboxStore {
  const joined = 'mailbox JOIN domain ON domain.id = domain_id'
  const idOf = db.prepare<[string], number>('SELECT id FROM domain WHERE name = ?').pluck()
  const byAddress = db.prepare<[string], MailboxRecord>(
    `SELECT ${mailboxColumns} FROM ${joined} WHERE mailbox.address = ?`,
  )
  const following = db.prepare<[number, string, number], MailboxRecord>(
    `SELECT ${mailboxColumns} FROM ${joined} WHERE domain_id = ? AND mailbox.address > ?
     ORDER BY mailbox.address LIMIT ?`,
  )
  // A name is the first line of `person`, and a line ends before any character that a name may hold.
  const alike = db.prepare<[string, string, string, string], MailboxRecord>(
    `SELECT ${mailboxColumns} FROM mailbox INDEXED BY mailbox_by_person JOIN domain ON domain.id = domain_id
     WHERE person >= ? AND person < ? AND person <> '' AND mailbox.gone_at IS NULL AND (domain.name = ?
       OR domain.gone_at IS NULL AND domain.context = (SELECT context FROM domain WHERE name = ?))
     ORDER BY mailbox.address`,
  )
  const insert = db.prepare(
    `INSERT INTO mailbox (address, domain_id, local_part, email, given_name, sur_name, display_name, person, kind,
       imap, smtp, state, status, fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertText = db.prepare('INSERT INTO mailbox_text (rowid, address, person) VALUES (?, ?, ?)')
  const removeText = db.prepare(
    `INSERT INTO mailbox_text (mailbox_text, rowid, address, person) VALUES ('delete', ?, ?, ?)`,
  )
  // Three statements, since SQLite rewrites every index over a column that is written.
  const confirm = db.prepare('UPDATE mailbox SET fetched_at = ? WHERE id = ?')
  const turn = db.prepare(
    `UPDATE mailbox SET email = ?, kind = ?, imap = ?, smtp = ?, state = ?, status = ? WHERE id = ?`,
  )
  const rename = db.prepare(
    'UPDATE mailbox SET given_name = ?, sur_name = ?, display_name = ?, person = ? WHERE id = ?',
  )
  const comeBack = db.prepare('UPDATE mailbox SET gone_at = NULL WHERE id = ?')
  const leave = db.prepare(`UPDATE mailbox SET gone_at = ?, status = 'gone' WHERE id = ?`)
  const listed = `SELECT count(*) FROM mailbox INDEXED BY mailbox_in_domain
    WHERE domain_id = domain.id AND status <> 'gone'`
  const count = db.prepare<[string], number>(`SELECT (${listed}) FROM domain WHERE name = ?`).pluck()
  const complete = db.prepare(
    `UPDATE domain SET mailboxes = (${listed} AND kind <> 'technical'), mailboxes_at = ?, mailboxes_listed_at = ?
     WHERE name = ?`,
  )
  const listedAt = db
    .prepare<[string], number | null>('SELECT mailboxes_listed_at FROM domain WHERE name = ?')
    .pluck()
  const setSecondary = db.prepare(
    'INSERT INTO secondary (address, email) VALUES (?, ?) ON CONFLICT DO UPDATE SET email = excluded.email',
  )
  const removeSecondary = db.prepare('DELETE FROM secondary WHERE address = ?')
  const clearSecondary = db.prepare('DELETE FROM secondary')

  function storeNew(domainId: number, box: ListedMailbox, at: number): void {
    const { status } = mailboxStatusOf({ ...box, goneAt: null })
    const person = personOf(box)
    const { lastInsertRowid: id } = insert.run(
      box.address,
      domainId,
      box.localPart,
      box.email,
      box.givenName,
      box.surName,
      box.displayName,
      person,
      box.kind,
      box.imap,
      box.smtp,
      box.state,
      status,
      at,
    )
    insertText.run(id, indexedPart(box.address, box.domain), person)
  }

  function storeKnown(known: MailboxRecord, box: ListedMailbox, at: number): void {
    const { id } = known
    const isBack = known.gone_at !== null
    const isNamed = isNamedSo(known, box)
    const person = isNamed ? known.person : personOf(box)
    const isText = person === known.person
    const part = indexedPart(known.address, known.domain)
    confirm.run(at, id)
    if (!isBack && !isText) removeText.run(id, part, known.person)
    if (!isNamed) rename.run(box.givenName, box.surName, box.displayName, person, id)
    if (isBack || !isText) insertText.run(id, part, person)
    if (isBack) comeBack.run(id)
    if (isBack || !isSo(known, box)) {
      const { status } = mailboxStatusOf({ ...box, goneAt: null })
      turn.run(box.email, box.kind, box.imap, box.smtp, box.state, status, id)
    }
  }

  return {
    ...createMailboxQueries(db),
    search: createMailboxSearch(db),
    read(address) {
      const found = byAddress.get(address)
      return found ? toMailbox(found) : null
    },
    *of(domain) {
      const id = idOf.get(domain)
      if (id === undefined) return
      // A page at a time: a statement that is being walked would keep the database from being written.
      for (let page = following.all(id, '', readAtOnce); page.length > 0; ) {
        yield* page.map(toMailbox)
        page = page.length < readAtOnce ? [] : following.all(id, page.at(-1)?.address ?? '', readAtOnce)
      }
    },
    namedAlike(domain, displayName) {
      const [name] = foldedLines([displayName]).split('\n')
      if (name === undefined || name === '') return []
      const wanted = nameKey(displayName)
      return alike
        .all(name, `${name}\v`, domain, domain)
        .filter((row) => nameKey(row.display_name) === wanted)
        .map(toMailbox)
    },
    store: db.transaction((domain: string, boxes: readonly ListedMailbox[], at: number) => {
      const id = idOf.get(domain)
      if (id === undefined) throw new Error(`No domain ${domain} to store mailboxes of`)
      for (const box of boxes) {
        if (box.domain !== domain || !box.address.endsWith(`@${domain}`))
          throw new Error(`${box.address} is not a mailbox of ${domain}`)
        const known = byAddress.get(box.address)
        if (known) storeKnown(known, box, at)
        else storeNew(id, box, at)
      }
    }),
    markGone: db.transaction((addresses: readonly string[], at: number) => {
      for (const address of addresses) {
        const known = byAddress.get(address)
        if (!known || known.gone_at !== null) continue
        removeText.run(known.id, indexedPart(address, known.domain), known.person)
        leave.run(at, known.id)
      }
    }),
    completed: (domain, at) => void complete.run(at, at, domain),
    listedAt: (domain) => listedAt.get(domain) ?? null,
    count: (domain) => count.get(domain) ?? 0,
    setSecondary(address, email) {
      if (email === null) removeSecondary.run(address)
      else setSecondary.run(address, email)
    },
    mirrorSecondary: db.transaction((entries: readonly { address: string; email: string }[]) => {
      clearSecondary.run()
      for (const { address, email } of entries) setSecondary.run(address, email)
    }),
  }
}

/** What is looked for besides the address; the address too when its accents would keep it from being found. */
const personOf = ({ address, displayName, givenName, surName }: ListedMailbox): string =>
  foldedLines([displayName, givenName, surName, ...(fold(address) === address ? [] : [address])])

const isNamedSo = (known: MailboxRecord, box: ListedMailbox): boolean =>
  known.given_name === box.givenName &&
  known.sur_name === box.surName &&
  known.display_name === box.displayName

const isSo = (known: MailboxRecord, box: ListedMailbox): boolean =>
  known.email === box.email &&
  known.kind === box.kind &&
  known.imap === box.imap &&
  known.smtp === box.smtp &&
  known.state === box.state
