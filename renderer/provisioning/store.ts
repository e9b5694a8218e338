import { createStore } from 'zustand/vanilla'
import type { Failure } from '../../preload/failure.ts'
import type { EndpointState, ProvisionPlan } from '../../preload/provisioning-shapes.ts'
import type { Bridge } from '../bridge.ts'

type State = {
  text: string
  oidcAutojoin: boolean
  identitySync: boolean
  /** What was read last, and would be applied; null: nothing, or it is no longer what is typed. */
  plan: ProvisionPlan | null
  busy: 'text' | 'file' | 'running' | null
  failure: Failure | null
  /** Null until main has told it. */
  endpoint: EndpointState | null
  endpointFailure: Failure | null
}

type Actions = {
  /** Changes what would be read. */
  write(change: Partial<Pick<State, 'text' | 'oidcAutojoin' | 'identitySync'>>): void
  /** Reads and judges; nothing is written nor sent. */
  preview(from: 'text' | 'file'): Promise<void>
  /** Back to what was typed. */
  forget(): void
  /** Applies the plan; the job that does it, or null when there is none. */
  run(): Promise<number | null>
  readEndpoint(): Promise<void>
}

type Slice = Pick<Bridge, 'provisioning.preview' | 'provisioning.run' | 'provisioning.endpoint' | 'on'>

export type ProvisioningStore = ReturnType<typeof createProvisioningStore>

/**
 * What is to be provisioned, from what was typed to the job that does it, and how the endpoint fares. What Messages
 * takes when nothing is said of the two switches is what they start from (docs/entitlements.md 6.2).
 */
export function createProvisioningStore(bridge: Slice) {
  const store = createStore<State & Actions>()((set, get) => ({
    text: '',
    oidcAutojoin: true,
    identitySync: false,
    plan: null,
    busy: null,
    failure: null,
    endpoint: null,
    endpointFailure: null,
    write: (change) => set({ ...change, plan: null }),
    async preview(from) {
      const { text, oidcAutojoin, identitySync } = get()
      set({ busy: from, failure: null })
      const input = { text: from === 'text' ? text : null, oidcAutojoin, identitySync }
      const reply = await bridge['provisioning.preview'](input)
      set({ busy: null })
      if (!reply.ok) return set({ failure: reply.failure })
      // No file was chosen: what was there stays.
      if (reply.value) set({ plan: reply.value })
    },
    forget: () => set({ plan: null, failure: null }),
    async run() {
      const { plan } = get()
      if (!plan) return null
      set({ busy: 'running', failure: null })
      const reply = await bridge['provisioning.run']({ plan: plan.id })
      set({ busy: null })
      if (!reply.ok) {
        set({ failure: reply.failure })
        return null
      }
      set({ plan: null })
      return reply.value.id
    },
    async readEndpoint() {
      const reply = await bridge['provisioning.endpoint']()
      set(reply.ok ? { endpoint: reply.value, endpointFailure: null } : { endpointFailure: reply.failure })
    },
  }))
  return store
}

/** Follows what the endpoint does, until told to stop. */
export const followEndpoint = (bridge: Pick<Bridge, 'on'>, store: ProvisioningStore): (() => void) =>
  bridge.on('provisioning.changed', (endpoint) => store.setState({ endpoint, endpointFailure: null }))
