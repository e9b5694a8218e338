import { createStore } from 'zustand/vanilla'
import type { DnsWatch } from '../../preload/dns-shapes.ts'
import type { Failure } from '../../preload/failure.ts'
import type { Bridge } from '../bridge.ts'

type State = {
  /** Null: not read yet. */
  watches: readonly DnsWatch[] | null
  failure: Failure | null
}

type Actions = {
  load(): Promise<void>
  /** Why it was not unpinned; null when it was. */
  unpin(domain: string): Promise<Failure | null>
}

type Slice = Pick<Bridge, 'dns.watches' | 'dns.unwatch' | 'on'>

export type WatchesStore = ReturnType<typeof createWatchesStore>

/** The domains that wait for DNS, whoever pinned them. */
export function createWatchesStore(bridge: Slice) {
  let turn = 0
  return createStore<State & Actions>()((set, get) => {
    async function load(): Promise<void> {
      const mine = ++turn
      const reply = await bridge['dns.watches']()
      if (mine !== turn) return
      set(reply.ok ? { watches: reply.value, failure: null } : { failure: reply.failure })
    }
    // Before the first reading nobody is known to read: what changes then is read with the rest.
    bridge.on('dns.changed', () => {
      if (get().watches !== null) void load()
    })
    return {
      watches: null,
      failure: null,
      load,
      async unpin(domain) {
        const reply = await bridge['dns.unwatch']({ name: domain })
        if (!reply.ok) return reply.failure
        await load()
        return null
      },
    }
  })
}
