import { createStore } from 'zustand/vanilla'
import type { DnsState } from '../../preload/dns-shapes.ts'
import type { Failure } from '../../preload/failure.ts'
import type { Bridge } from '../bridge.ts'

/** A diagnosis older than this is made again, unasked, when the agent comes to read it. */
export const diagnosisFreshForMs = 5 * 60_000

type State = {
  /** The domain whose DNS is shown. */
  name: string | null
  /** What is known of it; null while it is being read. */
  dns: DnsState | null
  busy: 'asking' | null
  /** The pin is being set or taken away. */
  watching: boolean
  /** Why nothing can be shown at all. */
  missing: Failure | null
  /** Why the last thing asked here failed; it goes when something succeeds. */
  failure: Failure | null
  /** The servers have just answered, for those who do not see the page change. */
  asked: boolean
  /** The servers were asked unasked once since the agent came: a failure is not tried over and over. */
  tried: boolean
}

type Actions = {
  open(name: string): Promise<void>
  /** Asks the name servers unasked, when what is known is old. */
  refresh(now: number): Promise<void>
  ask(): Promise<void>
  /** Pins the domain as waiting for DNS, or takes the pin away. */
  watch(isOn: boolean): Promise<void>
}

type Slice = Pick<Bridge, 'dns.read' | 'dns.diagnose' | 'dns.watch' | 'dns.unwatch' | 'on'>

export type DnsStore = ReturnType<typeof createDnsStore>

/** What DNS says of the domain that is open: read from what is kept first, then asked. */
export function createDnsStore(bridge: Slice) {
  /** Every question has its number: an older answer than the one that is shown is thrown away. */
  let turn = 0
  return createStore<State & Actions>()((set, get) => {
    async function read(): Promise<void> {
      const { name } = get()
      if (name === null) return
      const mine = ++turn
      const reply = await bridge['dns.read']({ name })
      if (mine !== turn || name !== get().name) return
      set(reply.ok ? { dns: reply.value, missing: null } : { missing: reply.failure })
    }
    async function ask(): Promise<void> {
      const { name, busy } = get()
      if (name === null || busy !== null) return
      set({ busy: 'asking', failure: null, asked: false })
      const reply = await bridge['dns.diagnose']({ name })
      if (name !== get().name) return
      if (!reply.ok) return set({ busy: null, failure: reply.failure })
      turn++
      set({ busy: null, dns: reply.value, missing: null, asked: true })
    }
    /** Waits for nobody: silent servers may keep a question under way for long. */
    async function watch(isOn: boolean): Promise<void> {
      const { name, watching } = get()
      if (name === null || watching) return
      set({ watching: true, failure: null })
      const reply = await bridge[isOn ? 'dns.watch' : 'dns.unwatch']({ name })
      if (name !== get().name) return
      if (!reply.ok) return set({ watching: false, failure: reply.failure })
      // What was diagnosed meanwhile is newer than what came with the pin.
      const dns = { ...(get().dns ?? reply.value), watch: reply.value.watch }
      set({ watching: false, dns, missing: null })
    }

    bridge.on('dns.changed', ({ domain }) => {
      if (domain === get().name) void read()
    })
    // What dimail expects is a part of what is shown.
    bridge.on('domains.changed', ({ names }) => {
      const { name } = get()
      if (name !== null && (names.length === 0 || names.includes(name))) void read()
    })

    return {
      name: null,
      dns: null,
      busy: null,
      watching: false,
      missing: null,
      failure: null,
      asked: false,
      tried: false,
      async open(name) {
        const fresh = { dns: null, busy: null, watching: false, missing: null, failure: null }
        set({ ...(name === get().name ? {} : fresh), name, asked: false, tried: false })
        await read()
      },
      async refresh(now) {
        const { dns, busy, tried } = get()
        if (dns === null || busy !== null || tried) return
        const last = dns.diagnosis?.at ?? Number.NEGATIVE_INFINITY
        if (now - last <= diagnosisFreshForMs) return
        set({ tried: true })
        await ask()
      },
      ask,
      watch,
    }
  })
}
