import { createStore } from 'zustand/vanilla'
import type { Failure } from '../../preload/failure.ts'
import type { MailboxQuery, MailboxRow } from '../../preload/mailbox-shapes.ts'
import type { Bridge } from '../bridge.ts'

/** Rows are read by pages of this many, as the table scrolls to them. */
const page = 100

export type MailboxesView = Pick<MailboxQuery, 'text' | 'show' | 'sort' | 'descending'>

type State = {
  /** The domain whose mailboxes are shown. */
  domain: string | null
  view: MailboxesView
  /** Rows by their place in the sorted and filtered list; holes are being read. */
  rows: ReadonlyMap<number, MailboxRow>
  total: number
  /** All of the domain, whatever the filter; null: never read. */
  all: number | null
  fetchedAt: number | null
  selection: ReadonlySet<string>
  /** The last bulk creation of each domain whose passwords may still be to be told. */
  bulk: ReadonlyMap<string, number>
  /** The row that the keyboard is on. */
  active: number
  /** Counts the readings: whoever asks something else about the same list asks again when it changes. */
  readings: number
  status: 'loading' | 'ready' | 'failed'
  failure: Failure | null
}

type Actions = {
  /** Takes up a domain from the beginning, what is looked for there included. */
  open(domain: string, text?: string): Promise<void>
  change(view: Partial<MailboxesView>): Promise<void>
  /** Says which rows the table shows, so that they are read. */
  show(first: number, last: number): void
  reload(): Promise<void>
  toggle(address: string): void
  /** Selects every mailbox that matches the filter, or none of them when all are selected. */
  toggleAll(): Promise<void>
  clear(): void
  activate(index: number): void
  /** Remembers the job of a bulk creation; null: its passwords were told. */
  rememberBulk(domain: string, job: number | null): void
}

type Slice = Pick<Bridge, 'mailboxes.list' | 'mailboxes.addresses' | 'on'>
type List = Extract<Awaited<ReturnType<Slice['mailboxes.list']>>, { ok: true }>['value']

export type MailboxesStore = ReturnType<typeof createMailboxesStore>

export const plainView: MailboxesView = { text: '', show: 'all', sort: 'address', descending: false }

/**
 * The mailboxes of one domain, read by pages from the cache. `complain` tells the agent of what failed without a
 * place of its own on the page.
 */
export function createMailboxesStore(bridge: Slice, complain: (failure: Failure) => void) {
  /** Every question about the list has its number: an answer to an older one is thrown away. */
  let turn = 0
  let shown = { first: 0, last: page - 1 }
  /** The pages that the newest question has read or is reading, by their first row. */
  let asked = new Set<number>()
  /** Those that were asked on top of the ones shown when it began. */
  let added = new Map<number, List>()
  let reloading: Promise<void> | null = null
  let again = false
  /** The mailbox that the keyboard is on: its row may move when rows change. */
  let followed: string | null = null

  const store = createStore<State & Actions>()((set, get) => {
    const read = (domain: string, offset: number) =>
      bridge['mailboxes.list']({ domain, ...get().view, offset, limit: page })
    const pagesShown = () => {
      const first = Math.floor(shown.first / page)
      const last = Math.max(first, Math.floor(shown.last / page))
      return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * page)
    }
    function toTop(): void {
      shown = { first: 0, last: page - 1 }
      followed = null
      set({ active: 0 })
    }

    /** Reads what is shown again, keeping what is on the screen until the answer is there. */
    async function readShown(): Promise<void> {
      const { domain } = get()
      if (domain === null) return
      const mine = ++turn
      // Taken once: the agent may scroll while these are on their way, and rows belong where they were asked.
      const offsets = pagesShown()
      asked = new Set(offsets)
      added = new Map()
      const replies = await Promise.all(offsets.map((offset) => read(domain, offset)))
      if (mine !== turn) return
      const pages = new Map(added)
      let head: List | undefined
      for (const [index, reply] of replies.entries()) {
        if (!reply.ok) {
          asked.clear()
          return set({ status: 'failed', failure: reply.failure })
        }
        head = reply.value
        pages.set(offsets[index] ?? 0, reply.value)
      }
      if (head) take(head, pages)
      readMissing()
    }

    function take({ total, all, fetchedAt }: List, pages: ReadonlyMap<number, List>): void {
      const rows = new Map<number, MailboxRow>()
      for (const [offset, found] of pages) {
        // A page of a list of another length shows rows that have moved since.
        if (found.total === total) place(rows, offset, found)
        else asked.delete(offset)
      }
      const active = placeOf(followed, rows) ?? Math.min(get().active, Math.max(0, total - 1))
      const readings = get().readings + 1
      set({ rows, total, all, fetchedAt, active, readings, status: 'ready', failure: null })
    }

    /** Many changes may come while one reading is under way: they are answered by one more reading. */
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
      const { domain, total } = get()
      if (domain === null) return
      for (const offset of pagesShown()) {
        if (offset < total && !asked.has(offset)) void readPage(domain, offset)
      }
    }

    async function readPage(domain: string, offset: number): Promise<void> {
      const mine = turn
      asked.add(offset)
      const reply = await read(domain, offset)
      if (mine !== turn) return
      if (!reply.ok) {
        asked.delete(offset)
        return complain(reply.failure)
      }
      added.set(offset, reply.value)
      const rows = new Map(get().rows)
      place(rows, offset, reply.value)
      set({ rows, total: reply.value.total })
    }

    return {
      domain: null,
      view: plainView,
      rows: new Map(),
      total: 0,
      all: null,
      fetchedAt: null,
      selection: new Set(),
      bulk: new Map(),
      active: 0,
      readings: 0,
      status: 'loading',
      failure: null,
      reload,
      async open(domain, text = '') {
        toTop()
        const fresh = { rows: new Map(), total: 0, all: null, fetchedAt: null, selection: new Set<string>() }
        set({ domain, view: { ...plainView, text }, status: 'loading', failure: null, ...fresh })
        await readShown()
      },
      async change(view) {
        set({ view: { ...get().view, ...view } })
        toTop()
        await readShown()
      },
      show(first, last) {
        shown = { first, last }
        readMissing()
      },
      toggle(address) {
        const selection = new Set(get().selection)
        if (!selection.delete(address)) selection.add(address)
        set({ selection })
      },
      async toggleAll() {
        const { domain, view } = get()
        if (domain === null) return
        const reply = await bridge['mailboxes.addresses']({ domain, text: view.text, show: view.show })
        if (!reply.ok) return complain(reply.failure)
        if (domain !== get().domain) return
        const selection = new Set(get().selection)
        const all = reply.value.every((address) => selection.has(address))
        for (const address of reply.value) {
          if (all) selection.delete(address)
          else selection.add(address)
        }
        set({ selection })
      },
      clear: () => set({ selection: new Set() }),
      activate(index) {
        const active = Math.max(0, Math.min(index, get().total - 1))
        followed = get().rows.get(active)?.address ?? null
        set({ active })
      },
      rememberBulk(domain, job) {
        const bulk = new Map(get().bulk)
        if (job === null) bulk.delete(domain)
        else bulk.set(domain, job)
        set({ bulk })
      },
    }
  })

  bridge.on('mailboxes.changed', ({ domain }) => {
    const open = store.getState().domain
    if (open !== null && (domain === null || domain === open)) void store.getState().reload()
  })
  return store
}

function place(rows: Map<number, MailboxRow>, offset: number, found: List): void {
  for (const [index, row] of found.rows.entries()) rows.set(offset + index, row)
}

function placeOf(address: string | null, rows: ReadonlyMap<number, MailboxRow>): number | undefined {
  for (const [at, row] of rows) if (row.address === address) return at
  return undefined
}
