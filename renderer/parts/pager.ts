import type { Reply } from '../../preload/contract.ts'
import type { Failure } from '../../preload/failure.ts'

/** Rows are read by pages of this many, as a table scrolls to them. */
const page = 100

export type Page<Row> = { rows: readonly Row[]; total: number }
export type Rows<Row> = ReadonlyMap<number, Row>

type Deps<Row, Found extends Page<Row>, Beside> = {
  read(offset: number, limit: number): Promise<Reply<Found>>
  /** What is asked with the first pages, and belongs to the same moment. */
  beside(): Promise<Beside>
  /** What the keyboard follows a row by; its place may move when rows change. */
  keyOf(row: Row): string
  held(): { rows: Rows<Row>; total: number }
  /** A whole reading; `followed` is the place of the row that the keyboard is on, when it is there. */
  taken(rows: Rows<Row>, found: Found, beside: Beside, followed: number | undefined): void
  /** A page more of the same list. */
  grown(rows: Rows<Row>, total: number): void
  failed(failure: Failure): void
  /** A page more could not be read: what is shown stays. */
  complain(failure: Failure): void
}

export type Pager = {
  /** Reads what is shown again, keeping what is on the screen until the answer is there. */
  readShown(): Promise<void>
  /** Many changes may come while one reading is under way: they are answered by one more reading. */
  reload(): Promise<void>
  /** Says which rows the table shows, so that they are read. */
  show(first: number, last: number): void
  /** Another question begins at its top, with no row followed. */
  toTop(): void
  follow(key: string | null): void
  /** Throws away the answers that are on their way. */
  forget(): void
}

/** A list read by pages, the newest question first: rows by their place, holes while they are being read. */
export function createPager<Row, Found extends Page<Row>, Beside>(deps: Deps<Row, Found, Beside>): Pager {
  /** Every question about the list has its number: an answer to an older one is thrown away. */
  let turn = 0
  let shown = { first: 0, last: page - 1 }
  /** The pages that the newest question has read or is reading, by their first row. */
  let asked = new Set<number>()
  /** Those that were asked on top of the ones shown when it began. */
  let added = new Map<number, Found>()
  let reloading: Promise<void> | null = null
  let again = false
  let followed: string | null = null

  function pagesShown(): number[] {
    const first = Math.floor(shown.first / page)
    const last = Math.max(first, Math.floor(shown.last / page))
    return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * page)
  }

  function placeOf(key: string | null, rows: Rows<Row>): number | undefined {
    if (key !== null) for (const [at, row] of rows) if (deps.keyOf(row) === key) return at
    return undefined
  }

  async function readShown(): Promise<void> {
    const mine = ++turn
    // Taken once: the agent may scroll while these are on their way, and rows belong where they were asked.
    const offsets = pagesShown()
    asked = new Set(offsets)
    added = new Map()
    const [beside, ...replies] = await Promise.all([
      deps.beside(),
      ...offsets.map((offset) => deps.read(offset, page)),
    ])
    if (mine !== turn) return
    const pages = new Map(added)
    let head: Found | undefined
    for (const [index, reply] of replies.entries()) {
      if (!reply.ok) {
        asked.clear()
        return deps.failed(reply.failure)
      }
      head = reply.value
      pages.set(offsets[index] ?? 0, reply.value)
    }
    if (!head) return
    const rows = new Map<number, Row>()
    for (const [offset, found] of pages) {
      // A page of a list of another length shows rows that have moved since.
      if (found.total === head.total) place(rows, offset, found)
      else asked.delete(offset)
    }
    deps.taken(rows, head, beside, placeOf(followed, rows))
    readMissing()
  }

  async function reload(): Promise<void> {
    if (reloading) {
      again = true
      return reloading
    }
    reloading = readShown()
    await reloading
    reloading = null
    if (!again) return
    again = false
    await reload()
  }

  function readMissing(): void {
    const { total } = deps.held()
    for (const offset of pagesShown()) {
      if (offset < total && !asked.has(offset)) void readPage(offset)
    }
  }

  async function readPage(offset: number): Promise<void> {
    const mine = turn
    asked.add(offset)
    const reply = await deps.read(offset, page)
    if (mine !== turn) return
    if (!reply.ok) {
      asked.delete(offset)
      return deps.complain(reply.failure)
    }
    added.set(offset, reply.value)
    const rows = new Map(deps.held().rows)
    place(rows, offset, reply.value)
    deps.grown(rows, reply.value.total)
  }

  return {
    readShown,
    reload,
    show(first, last) {
      shown = { first, last }
      readMissing()
    },
    toTop() {
      shown = { first: 0, last: page - 1 }
      followed = null
    },
    follow(key) {
      followed = key
    },
    forget() {
      turn++
    },
  }
}

function place<Row>(rows: Map<number, Row>, offset: number, found: Page<Row>): void {
  for (const [index, row] of found.rows.entries()) rows.set(offset + index, row)
}

/** A selection with one key put in or taken out. */
export function toggled(selection: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(selection)
  if (!next.delete(key)) next.add(key)
  return next
}

/** A selection with all of these keys, or with none of them when it had them all. */
export function toggledAll(selection: ReadonlySet<string>, keys: readonly string[]): ReadonlySet<string> {
  const next = new Set(selection)
  const all = keys.every((key) => next.has(key))
  for (const key of keys) {
    if (all) next.delete(key)
    else next.add(key)
  }
  return next
}
