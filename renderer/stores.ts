import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { rememberOpen } from './app/remember-open.ts'
import { type AppStore, createAppStore } from './app/store.ts'
import type { Bridge } from './bridge.ts'
import { createDomainStore, type DomainStore } from './domain/store.ts'
import { createDomainsStore, type DomainsStore } from './domains/store.ts'
import { createJobsStore, type JobsStore } from './jobs/store.ts'
import { createDriftStore, type DriftStore } from './mailboxes/drift-store.ts'
import { createMailboxesStore, type MailboxesStore } from './mailboxes/store.ts'
import { tellFailure } from './parts/tell.ts'

export type Stores = {
  bridge: Bridge
  app: AppStore
  domains: DomainsStore
  domain: DomainStore
  jobs: JobsStore
  mailboxes: MailboxesStore
  drift: DriftStore
}

export function createStores(bridge: Bridge): Stores {
  const app = createAppStore(bridge, tellFailure)
  const domains = createDomainsStore(bridge, tellFailure)
  rememberOpen(app, (open) => {
    if (open !== domains.getState().view.open) void domains.getState().change({ open })
  })
  return {
    bridge,
    app,
    domains,
    domain: createDomainStore(bridge),
    jobs: createJobsStore(bridge, tellFailure),
    mailboxes: createMailboxesStore(bridge, tellFailure),
    drift: createDriftStore(bridge),
  }
}

const context = createContext<Stores | null>(null)
export const StoresProvider = context.Provider

export function useStores(): Stores {
  const stores = useContext(context)
  if (!stores) throw new Error('The page is not inside its stores')
  return stores
}

type StateOf<S> = S extends { getState: () => infer T } ? T : never

export const useApp = <T>(pick: (state: StateOf<AppStore>) => T): T => useStore(useStores().app, pick)
export const useDomains = <T>(pick: (state: StateOf<DomainsStore>) => T): T =>
  useStore(useStores().domains, pick)
export const useDomain = <T>(pick: (state: StateOf<DomainStore>) => T): T =>
  useStore(useStores().domain, pick)
export const useJobs = <T>(pick: (state: StateOf<JobsStore>) => T): T => useStore(useStores().jobs, pick)
export const useMailboxes = <T>(pick: (state: StateOf<MailboxesStore>) => T): T =>
  useStore(useStores().mailboxes, pick)
export const useDrift = <T>(pick: (state: StateOf<DriftStore>) => T): T => useStore(useStores().drift, pick)
