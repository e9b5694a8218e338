import { createStore } from 'zustand/vanilla'
import type { Failure } from '../../preload/failure.ts'
import type { Counts, DomainRow, DomainsView } from '../../preload/shapes.ts'
import type { Bridge } from '../bridge.ts'

/** Rows are read by pages of this many, as the table scrolls to them. */
const page = 100

type State = {
  view: DomainsView
  /** Rows by their place in the sorted and filtered list; holes are being read. */
  rows: ReadonlyMap<number, DomainRow>
  total: number
  counts: Counts | null
  selection: ReadonlySet<string>
  /** The row that the keyboard is on. */
  active: number
  status: 'loading' | 'ready' | 'failed'
  failure: Failure | null
  refreshing: boolean
}

type Page = { rows: readonly DomainRow[]; total: number }

type Actions = {
  /** Takes up the view as it was left. */
  restore(): Promise<void>
  change(view: Partial<DomainsView>): Promise<void>
  /** Says which rows the table shows, so that they are read. */
  show(first: number, last: number): void
  reload(): Promise<void>
  toggle(name: string): void
  toggleAll(): Promise<void>
  clear(): void
  activate(index: number): void
  refreshFleet(acceptShrink: boolean): Promise<Awaited<ReturnType<Bridge['fleet.refresh']>>>
}

type Slice = Pick<
  Bridge,
  'view.read' | 'view.write' | 'domains.list' | 'domains.counts' | 'domains.names' | 'fleet.refresh' | 'on'
>

function place(rows: Map<number, DomainRow>, offset: number, found: Page): void {
  for (const [index, row] of found.rows.entries()) rows.set(offset + index, row)
}

export type DomainsStore = ReturnType<typeof createDomainsStore>

/**
 * The list of domains as the agent left it, read by pages from the cache. `complain` tells the agent of what
 * failed without a place of its own on the page.
 */
export function createDomainsStore(bridge: Slice, complain: (failure: Failure) => void) {
  /** Every question about the list has its number: an answer to an older one is thrown away. */
  let turn = 0
  /** How many profiles were taken up, and whether the last one's view has been read: nothing is saved before. */
  let worlds = 0
  let restored = false
  let shown = { first: 0, last: page - 1 }
  /** The pages that the newest question has read or is reading, by their first row. */
  let asked = new Set<number>()
  /** Those that were asked on top of the ones shown when it began. */
  let added = new Map<number, Page>()
  let reloading: Promise<void> | null = null
  let again = false
  /** The domain that the keyboard is on: its row may move when rows change. */
  let followed: string | null = null

  const store = createStore<State & Actions>()((set, get) => {
    const read = (offset: number) => {
      const { text, status, sort, descending } = get().view
      return bridge['domains.list']({ text, status, sort, descending, offset, limit: page })
    }
    const pagesShown = () => {
      const first = Math.floor(shown.first / page)
      const last = Math.max(first, Math.floor(shown.last / page))
      return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * page)
    }

    /** Reads what is shown again, keeping what is on the screen until the answer is there. */
    async function readShown(): Promise<void> {
      const mine = ++turn
      // Taken once: the agent may scroll while these are on their way, and rows belong where they were asked.
      const offsets = pagesShown()
      asked = new Set(offsets)
      added = new Map()
      const [counts, ...replies] = await Promise.all([bridge['domains.counts'](), ...offsets.map(read)])
      if (mine !== turn) return
      const pages = new Map(added)
      let total = 0
      for (const [index, reply] of replies.entries()) {
        if (!reply.ok) {
          asked.clear()
          return set({ status: 'failed', failure: reply.failure })
        }
        total = reply.value.total
        pages.set(offsets[index] ?? 0, reply.value)
      }
      const rows = new Map<number, DomainRow>()
      for (const [offset, found] of pages) {
        // A page of a list of another length shows rows that have moved since.
        if (found.total === total) place(rows, offset, found)
        else asked.delete(offset)
      }
      set({
        rows,
        total,
        status: 'ready',
        failure: null,
        active: placeOf(followed, rows) ?? Math.min(get().active, Math.max(0, total - 1)),
      })
      if (counts.ok) set({ counts: counts.value })
      else complain(counts.failure)
      readMissing()
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
      const { total } = get()
      for (const offset of pagesShown()) {
        if (offset < total && !asked.has(offset)) void readPage(offset)
      }
    }

    async function readPage(offset: number): Promise<void> {
      const mine = turn
      asked.add(offset)
      const reply = await read(offset)
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

    async function write(view: DomainsView): Promise<void> {
      const reply = await bridge['view.write'](view)
      if (!reply.ok) complain(reply.failure)
    }

    return {
      view: { text: '', status: 'all', sort: 'urgency', descending: false, open: null },
      rows: new Map(),
      total: 0,
      counts: null,
      selection: new Set(),
      active: 0,
      status: 'loading',
      failure: null,
      refreshing: false,
      reload,
      async restore() {
        const mine = ++worlds
        turn++
        restored = false
        shown = { first: 0, last: page - 1 }
        followed = null
        set({ selection: new Set(), rows: new Map(), total: 0, counts: null, status: 'loading', active: 0 })
        const saved = await bridge['view.read']()
        if (mine !== worlds) return
        if (saved.ok) set({ view: saved.value })
        else complain(saved.failure)
        restored = true
        await reload()
      },
      async change(view) {
        const next = { ...get().view, ...view }
        set({ view: next })
        if (restored) void write(next)
        if (Object.keys(view).join() === 'open') return
        shown = { first: 0, last: page - 1 }
        followed = null
        set({ active: 0 })
        await readShown()
      },
      show(first, last) {
        shown = { first, last }
        readMissing()
      },
      toggle(name) {
        const selection = new Set(get().selection)
        if (!selection.delete(name)) selection.add(name)
        set({ selection })
      },
      async toggleAll() {
        const { text, status } = get().view
        const reply = await bridge['domains.names']({ text, status })
        if (!reply.ok) return complain(reply.failure)
        const selection = new Set(get().selection)
        const all = reply.value.every((name) => selection.has(name))
        for (const name of reply.value) {
          if (all) selection.delete(name)
          else selection.add(name)
        }
        set({ selection })
      },
      clear: () => set({ selection: new Set() }),
      activate(index) {
        const active = Math.max(0, Math.min(index, get().total - 1))
        followed = get().rows.get(active)?.name ?? null
        set({ active })
      },
      async refreshFleet(acceptShrink) {
        set({ refreshing: true })
        const reply = await bridge['fleet.refresh']({ acceptShrink })
        set({ refreshing: false })
        return reply
      },
    }
  })

  bridge.on('domains.changed', () => void store.getState().reload())
  bridge.on('rights.changed', () => void store.getState().reload())
  // Another person may not read these rows.
  bridge.on('session.changed', () => {
    // What one person looked for may be nothing that another may read.
    void store
      .getState()
      .restore()
      .then(() => store.getState().change({ text: '', status: 'all' }))
  })
  return store
}

function placeOf(name: string | null, rows: ReadonlyMap<number, DomainRow>): number | undefined {
  for (const [place, row] of rows) if (row.name === name) return place
  return undefined
}
