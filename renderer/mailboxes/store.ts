import { createStore } from 'zustand/vanilla'
import type { Failure } from '../../preload/failure.ts'
import type { MailboxQuery, MailboxRow } from '../../preload/mailbox-shapes.ts'
import type { Bridge } from '../bridge.ts'
import { createPager, toggled, toggledAll } from '../parts/pager.ts'

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

export type MailboxesStore = ReturnType<typeof createMailboxesStore>

export const plainView: MailboxesView = { text: '', show: 'all', sort: 'address', descending: false }

/**
 * The mailboxes of one domain, read by pages from the cache. `complain` tells the agent of what failed without a
 * place of its own on the page.
 */
export function createMailboxesStore(bridge: Slice, complain: (failure: Failure) => void) {
  const store = createStore<State & Actions>()((set, get) => {
    const pager = createPager({
      read: (offset, limit) =>
        bridge['mailboxes.list']({ domain: get().domain ?? '', ...get().view, offset, limit }),
      beside: async () => {},
      keyOf: (row: MailboxRow) => row.address,
      held: get,
      taken(rows, { total, all, fetchedAt }, _beside, followed) {
        const active = followed ?? Math.min(get().active, Math.max(0, total - 1))
        const readings = get().readings + 1
        set({ rows, total, all, fetchedAt, active, readings, status: 'ready', failure: null })
      },
      grown: (rows, total) => set({ rows, total }),
      failed: (failure) => set({ status: 'failed', failure }),
      complain,
    })
    function toTop(): void {
      pager.toTop()
      set({ active: 0 })
    }
    const readShown = async () => {
      if (get().domain !== null) await pager.readShown()
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
      reload: async () => {
        if (get().domain !== null) await pager.reload()
      },
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
      show: pager.show,
      toggle: (address) => set({ selection: toggled(get().selection, address) }),
      async toggleAll() {
        const { domain, view } = get()
        if (domain === null) return
        const reply = await bridge['mailboxes.addresses']({ domain, text: view.text, show: view.show })
        if (!reply.ok) return complain(reply.failure)
        if (domain !== get().domain) return
        set({ selection: toggledAll(get().selection, reply.value) })
      },
      clear: () => set({ selection: new Set() }),
      activate(index) {
        const active = Math.max(0, Math.min(index, get().total - 1))
        pager.follow(get().rows.get(active)?.address ?? null)
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
