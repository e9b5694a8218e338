import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { rememberOpen } from './app/remember-open.ts'
import { type AppStore, createAppStore } from './app/store.ts'
import type { Bridge } from './bridge.ts'
import { createLetterStore, type LetterStore } from './dns/letter-store.ts'
import { createRehearsalStore, type RehearsalStore } from './dns/rehearsal-store.ts'
import { createDnsStore, type DnsStore } from './dns/store.ts'
import { createWatchesStore, type WatchesStore } from './dns/watches-store.ts'
import { createDomainStore, type DomainStore } from './domain/store.ts'
import { createDomainsStore, type DomainsStore } from './domains/store.ts'
import { createJobsStore, type JobsStore } from './jobs/store.ts'
import { createDriftStore, type DriftStore } from './mailboxes/drift-store.ts'
import { createMailboxesStore, type MailboxesStore } from './mailboxes/store.ts'
import { tellFailure, untellAll } from './parts/tell.ts'
import { createZoneStore, type ZoneStore } from './sandbox/zone-store.ts'
import { askFirst } from './session/ask-first.ts'
import { type Asks, createAsks } from './session/asks.ts'
import { followReader, readerOf } from './session/reader.ts'

export type Stores = {
  /** Every call, asked for first where the profile wants it. */
  bridge: Bridge
  asks: Asks
  app: AppStore
  domains: DomainsStore
  domain: DomainStore
  jobs: JobsStore
  mailboxes: MailboxesStore
  drift: DriftStore
  dns: DnsStore
  letter: LetterStore
  rehearsal: RehearsalStore
  watches: WatchesStore
  zone: ZoneStore
}

export function createStores(unguarded: Bridge): Stores {
  const asks = createAsks()
  const bridge = askFirst(unguarded, asks.getState().ask)
  const app = createAppStore(bridge, tellFailure)
  const domains = createDomainsStore(bridge, tellFailure)
  rememberOpen(app, (open) => {
    if (open !== domains.getState().view.open) void domains.getState().change({ open })
  })
  const stores: Stores = {
    bridge,
    asks,
    app,
    domains,
    domain: createDomainStore(bridge),
    jobs: createJobsStore(bridge, tellFailure),
    mailboxes: createMailboxesStore(bridge, tellFailure),
    drift: createDriftStore(bridge),
    dns: createDnsStore(bridge),
    letter: createLetterStore(bridge),
    rehearsal: createRehearsalStore(bridge),
    watches: createWatchesStore(bridge),
    zone: createZoneStore(bridge),
  }
  followReader(
    app,
    (asLeft) => void readAll(stores, asLeft),
    () => forgetAll(stores),
  )
  return stores
}

/** Another profile, or another person, is another world: all that is on the pages is read again from it. */
async function readAll({ app, domains, jobs, watches }: Stores, asLeft: boolean): Promise<void> {
  const reader = readerOf(app.getState())
  void jobs.getState().load()
  void watches.getState().load()
  await domains.getState().restore(asLeft)
  if (!asLeft || readerOf(app.getState()) !== reader) return
  const { open } = domains.getState().view
  const stayed = app.getState().place.view === 'domains'
  if (stayed && open !== null) app.getState().go({ view: 'domain', name: open })
}

function forgetAll({ asks, domains, ...stores }: Stores): void {
  asks.getState().decline()
  untellAll()
  domains.getState().forget()
  const { domain, jobs, mailboxes, drift, dns, letter, rehearsal, watches, zone } = stores
  domain.setState(domain.getInitialState())
  jobs.setState(jobs.getInitialState())
  mailboxes.setState(mailboxes.getInitialState())
  drift.setState(drift.getInitialState())
  dns.setState(dns.getInitialState())
  letter.setState(letter.getInitialState())
  rehearsal.setState(rehearsal.getInitialState())
  watches.setState(watches.getInitialState())
  zone.setState(zone.getInitialState())
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
export const useAsks = <T>(pick: (state: StateOf<Asks>) => T): T => useStore(useStores().asks, pick)
export const useDomains = <T>(pick: (state: StateOf<DomainsStore>) => T): T =>
  useStore(useStores().domains, pick)
export const useDomain = <T>(pick: (state: StateOf<DomainStore>) => T): T =>
  useStore(useStores().domain, pick)
export const useJobs = <T>(pick: (state: StateOf<JobsStore>) => T): T => useStore(useStores().jobs, pick)
export const useMailboxes = <T>(pick: (state: StateOf<MailboxesStore>) => T): T =>
  useStore(useStores().mailboxes, pick)
export const useDrift = <T>(pick: (state: StateOf<DriftStore>) => T): T => useStore(useStores().drift, pick)
export const useDns = <T>(pick: (state: StateOf<DnsStore>) => T): T => useStore(useStores().dns, pick)
export const useLetter = <T>(pick: (state: StateOf<LetterStore>) => T): T =>
  useStore(useStores().letter, pick)
export const useRehearsal = <T>(pick: (state: StateOf<RehearsalStore>) => T): T =>
  useStore(useStores().rehearsal, pick)
export const useWatches = <T>(pick: (state: StateOf<WatchesStore>) => T): T =>
  useStore(useStores().watches, pick)
