import { createStore } from 'zustand/vanilla'
import type { Failure } from '../../preload/failure.ts'
import type { DriftReport, Imported } from '../../preload/mailbox-shapes.ts'
import type { Bridge } from '../bridge.ts'

/** A list older than this is compared with dimail's when its domain is opened. */
const freshForMs = 10 * 60_000

type State = {
  domain: string | null
  report: DriftReport | null
  comparing: boolean
  importing: boolean
  /** Why the comparison that the agent asked for, or the import, failed. */
  failure: Failure | null
  imported: Imported | null
}

type Actions = {
  /** Compares unasked when the list is old: its failure is told elsewhere, since dimail is then away. */
  refresh(domain: string, fetchedAt: number | null, now: number): Promise<void>
  compare(domain: string): Promise<void>
  take(acceptShrink: boolean): Promise<void>
}

export type DriftStore = ReturnType<typeof createDriftStore>

/** How dimail's list of one domain differs from what is known here. */
export function createDriftStore(bridge: Pick<Bridge, 'drift.compare' | 'drift.import'>) {
  const nothing = { report: null, comparing: false, importing: false, failure: null, imported: null }
  return createStore<State & Actions>()((set, get) => {
    async function compare(domain: string, isAsked: boolean): Promise<void> {
      if (get().domain !== domain) set({ domain, ...nothing })
      if (get().comparing) return
      set({ comparing: true, failure: null, imported: null })
      const reply = await bridge['drift.compare']({ domain })
      if (domain !== get().domain) return
      if (reply.ok) set({ comparing: false, report: reply.value })
      else set({ comparing: false, ...(isAsked ? { failure: reply.failure } : {}) })
    }
    return {
      domain: null,
      ...nothing,
      async refresh(domain, fetchedAt, now) {
        if (get().domain !== domain) set({ domain, ...nothing })
        const last = Math.max(fetchedAt ?? 0, get().report?.at ?? 0)
        if (now - last > freshForMs) await compare(domain, false)
      },
      compare: (domain) => compare(domain, true),
      async take(acceptShrink) {
        const { report, domain, importing } = get()
        if (!report || importing) return
        set({ importing: true, failure: null })
        const reply = await bridge['drift.import']({ domain: report.domain, report: report.id, acceptShrink })
        if (domain !== get().domain) return
        if (reply.ok) set({ importing: false, imported: reply.value, report: null })
        else set({ importing: false, failure: reply.failure })
      },
    }
  })
}
