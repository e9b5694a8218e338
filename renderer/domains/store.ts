import { createStore } from 'zustand/vanilla'
import type { Failure } from '../../preload/failure.ts'
import type { Counts, DomainRow, DomainsView } from '../../preload/shapes.ts'
import type { Bridge } from '../bridge.ts'
import { createPager, toggled, toggledAll } from '../parts/pager.ts'

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
  /** Takes up the view as it was left, or a plain one in the same order: what one looked for may be nothing to another. */
  restore(asLeft: boolean): Promise<void>
  /** Lets go of all that was read: nobody may see it. */
  forget(): void
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

const plain = { text: '', status: 'all', open: null } as const

export type DomainsStore = ReturnType<typeof createDomainsStore>

/**
 * The list of domains as the agent left it, read by pages from the cache. `complain` tells the agent of what
 * failed without a place of its own on the page.
 */
export function createDomainsStore(bridge: Slice, complain: (failure: Failure) => void) {
  /** How many profiles were taken up, and whether the last one's view has been read: nothing is saved before. */
  let worlds = 0
  let restored = false
  /** What the agent looked for since, which goes before what is read. What is open is nobody's typing. */
  let sought: Partial<DomainsView> = {}

  const store = createStore<State & Actions>()((set, get) => {
    const pager = createPager({
      read(offset, limit) {
        const { text, status, sort, descending } = get().view
        return bridge['domains.list']({ text, status, sort, descending, offset, limit })
      },
      beside: bridge['domains.counts'],
      keyOf: (row: DomainRow) => row.name,
      held: get,
      taken(rows, { total }, counts, followed) {
        const active = followed ?? Math.min(get().active, Math.max(0, total - 1))
        set({ rows, total, active, status: 'ready', failure: null })
        if (counts.ok) set({ counts: counts.value })
        else complain(counts.failure)
      },
      grown: (rows, total) => set({ rows, total }),
      failed: (failure) => set({ status: 'failed', failure }),
      complain,
    })

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
      reload: pager.reload,
      forget() {
        worlds++
        pager.forget()
        pager.toTop()
        restored = false
        sought = {}
        set({ selection: new Set(), rows: new Map(), total: 0, counts: null, status: 'loading', active: 0 })
      },
      async restore(asLeft) {
        get().forget()
        const mine = worlds
        const saved = await bridge['view.read']()
        if (mine !== worlds) return
        if (saved.ok) set({ view: { ...saved.value, ...(asLeft ? {} : plain), ...sought } })
        else complain(saved.failure)
        restored = true
        // Before the list is read: what is typed from then on is written after it.
        if (!asLeft || Object.keys(sought).length > 0) void write(get().view)
        await pager.reload()
      },
      async change(view) {
        const next = { ...get().view, ...view }
        set({ view: next })
        const opens = Object.keys(view).join() === 'open'
        if (restored) void write(next)
        else if (!opens) sought = { ...sought, ...view }
        if (opens) return
        pager.toTop()
        set({ active: 0 })
        await pager.readShown()
      },
      show: pager.show,
      toggle: (name) => set({ selection: toggled(get().selection, name) }),
      async toggleAll() {
        const { text, status } = get().view
        const reply = await bridge['domains.names']({ text, status })
        if (!reply.ok) return complain(reply.failure)
        set({ selection: toggledAll(get().selection, reply.value) })
      },
      clear: () => set({ selection: new Set() }),
      activate(index) {
        const active = Math.max(0, Math.min(index, get().total - 1))
        pager.follow(get().rows.get(active)?.name ?? null)
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
  return store
}
