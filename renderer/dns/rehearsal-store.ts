import { createStore } from 'zustand/vanilla'
import type { Rehearsal } from '../../preload/dns-shapes.ts'
import type { Failure } from '../../preload/failure.ts'
import type { ExpectedRecord } from '../../preload/shapes.ts'
import type { Bridge } from '../bridge.ts'
import { toggled } from '../parts/pager.ts'

/** A record that is being typed, with a number to know it by. */
export type Typed = ExpectedRecord & { id: number }

type State = {
  domain: string | null
  /** The changes of the proposal that are not made, by id: all others are. */
  left: ReadonlySet<string>
  publish: readonly Typed[]
  result: Rehearsal | null
  busy: boolean
  failure: Failure | null
}

type Actions = {
  /** Each domain is as it was left. */
  open(domain: string): void
  toggle(change: string): void
  /** The number of the last one there is; null: none. */
  add(...records: readonly ExpectedRecord[]): number | null
  type(id: number, record: Partial<ExpectedRecord>): void
  remove(id: number): void
  /** Says what would be, were the changes of `proposed` that are not left out made. */
  rehearse(proposed: readonly string[]): Promise<void>
}

export type RehearsalStore = ReturnType<typeof createRehearsalStore>

/** Only what has a value is published: a line that is being typed stands in nobody's way. */
export const publishable = (publish: readonly Typed[]): ExpectedRecord[] =>
  publish
    .map(({ target, type, value }) => ({ target: target.trim(), type, value: value.trim() }))
    .filter(({ value }) => value !== '')

/** The call takes no more. */
export const mostPublished = 50

export function createRehearsalStore(bridge: Pick<Bridge, 'dns.rehearse'>) {
  let turn = 0
  let ids = 0
  /** What was chosen and typed for the domains that were rehearsed before. */
  const kept = new Map<string, Pick<State, 'left' | 'publish'>>()
  return createStore<State & Actions>()((set, get) => ({
    domain: null,
    left: new Set<string>(),
    publish: [],
    result: null,
    busy: false,
    failure: null,
    open(domain) {
      if (domain === get().domain) return
      turn++
      const { domain: before, left, publish } = get()
      if (before !== null) kept.set(before, { left, publish })
      const typed = kept.get(domain) ?? { left: new Set<string>(), publish: [] }
      set({ domain, ...typed, result: null, busy: false, failure: null })
    },
    toggle: (change) => set({ left: toggled(get().left, change) }),
    add(...records) {
      const added = records.map((record) => ({ ...record, id: ++ids }))
      const publish = [...get().publish, ...added].slice(0, mostPublished)
      set({ publish })
      return publish.at(-1)?.id ?? null
    },
    type: (id, record) =>
      set({ publish: get().publish.map((one) => (one.id === id ? { ...one, ...record } : one)) }),
    remove: (id) => set({ publish: get().publish.filter((one) => one.id !== id) }),
    async rehearse(proposed) {
      const { domain, left, publish } = get()
      if (domain === null) return
      const mine = ++turn
      set({ busy: true })
      const changes = proposed.filter((id) => !left.has(id))
      const reply = await bridge['dns.rehearse']({ name: domain, changes, publish: publishable(publish) })
      if (mine !== turn) return
      set(
        reply.ok
          ? { busy: false, result: reply.value, failure: null }
          : { busy: false, failure: reply.failure },
      )
    },
  }))
}
