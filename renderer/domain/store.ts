import { createStore } from 'zustand/vanilla'
import type { Failure } from '../../preload/failure.ts'
import type { Domain } from '../../preload/shapes.ts'
import type { Bridge } from '../bridge.ts'

type State = {
  name: string | null
  domain: Domain | null
  /** Why the domain cannot be shown at all. */
  missing: Failure | null
  busy: 'checking' | 'repairing' | null
  /** Why the last thing asked here failed; it goes when something succeeds. */
  failure: Failure | null
  /** What was just achieved, for those who do not see the page change. */
  done: 'checked' | 'asked' | null
}

type Actions = {
  open(name: string): Promise<void>
  check(): Promise<void>
  repair(): Promise<void>
  askRecords(): Promise<void>
}

type Slice = Pick<Bridge, 'domains.read' | 'domains.check' | 'domains.repair' | 'domains.fetchRecords' | 'on'>

export type DomainStore = ReturnType<typeof createDomainStore>

const recordsFreshForMs = 24 * 3_600_000

export function createDomainStore(bridge: Slice) {
  const store = createStore<State & Actions>()((set, get) => {
    async function read(): Promise<void> {
      const { name } = get()
      if (name === null) return
      const reply = await bridge['domains.read']({ name })
      if (name !== get().name) return // the agent has gone elsewhere
      if (reply.ok) set({ domain: reply.value, missing: null })
      else set({ missing: reply.failure })
    }
    /** Runs one thing on the domain that is open, unless one is already running. */
    async function run(busy: State['busy'], work: (name: string) => Promise<Partial<State>>): Promise<void> {
      const { name } = get()
      if (name === null || get().busy !== null) return
      set({ busy, failure: null, done: null })
      const change = await work(name)
      if (name === get().name) set({ ...change, busy: null })
      await read()
    }

    bridge.on('domains.changed', ({ names }) => {
      const { name } = get()
      if (name !== null && (names.length === 0 || names.includes(name))) void read()
    })

    return {
      name: null,
      domain: null,
      missing: null,
      busy: null,
      failure: null,
      done: null,
      async open(name) {
        set({ name, domain: null, missing: null, busy: null, failure: null, done: null })
        await read()
        const { domain } = get()
        const stale =
          domain && (domain.records === null || Date.now() - domain.records.fetchedAt > recordsFreshForMs)
        // The page is already readable: these are fetched behind it, and an unreachable dimail is said elsewhere.
        if (stale) void bridge['domains.fetchRecords']({ name })
      },
      check: () =>
        run('checking', async (name) => {
          const reply = await bridge['domains.check']({ name })
          return reply.ok ? { domain: reply.value, done: 'checked' } : { failure: reply.failure }
        }),
      repair: () =>
        run('repairing', async (name) => {
          const reply = await bridge['domains.repair']({ name })
          if (!reply.ok) return { failure: reply.failure }
          // With an "after" the page tells what came of it: the lost answer is no more the news.
          return { failure: reply.value.after === null ? reply.value.failure : null }
        }),
      askRecords: () =>
        run('checking', async (name) => {
          const reply = await bridge['domains.fetchRecords']({ name })
          return reply.ok ? { domain: reply.value, done: 'asked' } : { failure: reply.failure }
        }),
    }
  })
  return store
}
