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

export type DomainsStore = ReturnType<typeof createDomainsStore>

export function createDomainsStore(bridge: Slice) {
  let turn = 0
  let shown = { first: 0, last: page - 1 }
  let reloading: Promise<void> | null = null
  let again = false

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
      const [counts, ...pages] = await Promise.all([bridge['domains.counts'](), ...pagesShown().map(read)])
      if (mine !== turn) return // a newer question is on its way
      const rows = new Map<number, DomainRow>()
      let total = 0
      for (const [index, reply] of pages.entries()) {
        if (!reply.ok) return set({ status: 'failed', failure: reply.failure })
        total = reply.value.total
        const offset = pagesShown()[index] ?? 0
        for (const [place, row] of reply.value.rows.entries()) rows.set(offset + place, row)
      }
      set({
        rows,
        total,
        status: 'ready',
        failure: null,
        active: Math.min(get().active, Math.max(0, total - 1)),
      })
      if (counts.ok) set({ counts: counts.value })
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

    async function readMissing(offsets: number[]): Promise<void> {
      const mine = turn
      for (const offset of offsets) {
        const reply = await read(offset)
        if (mine !== turn || !reply.ok) return
        const rows = new Map(get().rows)
        for (const [place, row] of reply.value.rows.entries()) rows.set(offset + place, row)
        set({ rows, total: reply.value.total })
      }
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
        shown = { first: 0, last: page - 1 }
        set({ selection: new Set(), rows: new Map(), total: 0, counts: null, status: 'loading', active: 0 })
        const saved = await bridge['view.read']()
        if (saved.ok) set({ view: saved.value })
        await reload()
      },
      async change(view) {
        const next = { ...get().view, ...view }
        set({ view: next })
        void bridge['view.write'](next)
        if (Object.keys(view).join() === 'open') return
        shown = { first: 0, last: page - 1 }
        set({ active: 0 })
        await readShown()
      },
      show(first, last) {
        if (first === shown.first && last === shown.last) return
        shown = { first, last }
        const { rows, total } = get()
        const missing = pagesShown().filter((offset) => offset < total && !rows.has(offset))
        if (missing.length > 0) void readMissing(missing)
      },
      toggle(name) {
        const selection = new Set(get().selection)
        if (!selection.delete(name)) selection.add(name)
        set({ selection })
      },
      async toggleAll() {
        if (get().selection.size > 0) return set({ selection: new Set() })
        const { text, status } = get().view
        const reply = await bridge['domains.names']({ text, status })
        if (reply.ok) set({ selection: new Set(reply.value) })
      },
      clear: () => set({ selection: new Set() }),
      activate: (index) => set({ active: Math.max(0, Math.min(index, get().total - 1)) }),
      async refreshFleet(acceptShrink) {
        set({ refreshing: true })
        const reply = await bridge['fleet.refresh']({ acceptShrink })
        set({ refreshing: false })
        return reply
      },
    }
  })

  bridge.on('domains.changed', () => void store.getState().reload())
  return store
}
