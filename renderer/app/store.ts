import { createStore } from 'zustand/vanilla'
import type { Failure } from '../../preload/failure.ts'
import type { Session } from '../../preload/people-shapes.ts'
import type { AppState, Connectivity, Locale, SandboxState } from '../../preload/shapes.ts'
import type { Bridge } from '../bridge.ts'
import { speak } from '../i18n/index.ts'

export const domainTabs = ['overview', 'records', 'mailboxes', 'aliases', 'rights', 'history', 'raw'] as const
export type DomainTab = (typeof domainTabs)[number]

export type Place =
  /** `back`: the domain that the agent comes from, where the keyboard goes on. */
  | { view: 'domains'; back?: string }
  /** `tab` and `text`: where on its page, and what is looked for there. */
  | { view: 'domain'; name: string; tab?: DomainTab; text?: string }
  | { view: 'jobs' }
  | { view: 'journal' }
  | { view: 'messages' }
  | { view: 'outbox' }
  | { view: 'sandbox' }
  | { view: 'settings' }

type State = {
  /** Null until the main process has answered once. */
  app: AppState | null
  connectivity: Connectivity | null
  sandbox: SandboxState | null
  /** Who is at this console. */
  session: Session | null
  place: Place
  /** Why the console itself could not be read: then there is nothing else to show. */
  trouble: Failure | null
}

type Actions = {
  load(): Promise<void>
  go(place: Place): void
  /** To the list, from wherever. */
  back(): void
  configure(change: { locale?: Locale; colorScheme?: AppState['colorScheme'] }): Promise<void>
  openProfile(id: string): Promise<Failure | null>
  addProfile(input: Parameters<Bridge['profiles.add']>[0]): Promise<Failure | null>
  closeProfile(): Promise<void>
  unlock(password: string): Promise<Failure | null>
  retry(): Promise<void>
  become(person: string): Promise<void>
  dismiss(id: number): Promise<void>
  order(order: 'start' | 'stop' | 'reset' | 'populate'): Promise<boolean>
  configureSandbox(change: Pick<SandboxState, 'dialect' | 'latencyMs' | 'quirks'>): Promise<boolean>
}

export type AppStore = ReturnType<typeof createAppStore>

/**
 * Which profile is open, how dimail answers, and where in the console the agent is. `complain` tells the agent of
 * what failed without a place of its own on the page.
 */
export function createAppStore(bridge: Bridge, complain: (failure: Failure) => void) {
  return createStore<State & Actions>()((set, get) => {
    async function take(app: AppState): Promise<void> {
      await speak(app.locale)
      const changed = get().app?.profile?.id !== app.profile?.id
      set({ app, ...(changed ? { connectivity: null, session: null, place: { view: 'domains' } } : {}) })
      if (changed && app.profile) await readProfile(app.profile.kind === 'sandbox')
    }
    async function readProfile(isSandbox: boolean): Promise<void> {
      const connectivity = await bridge['connectivity.read']()
      if (connectivity.ok) set({ connectivity: connectivity.value })
      const session = await bridge['session.read']()
      set({ session: session.ok ? session.value : null })
      const sandbox = isSandbox ? await bridge['sandbox.read']() : null
      set({ sandbox: sandbox?.ok ? sandbox.value : null })
    }
    async function settle(asked: ReturnType<Bridge['profiles.open']>): Promise<Failure | null> {
      const reply = await asked
      if (!reply.ok) return reply.failure
      await take(reply.value)
      return null
    }

    bridge.on('app.changed', (app) => void take(app))
    bridge.on('connectivity.changed', (connectivity) => set({ connectivity }))
    bridge.on('sandbox.changed', (sandbox) => set({ sandbox }))
    // Another person may not read what is on the screen.
    bridge.on('session.changed', (session) => set({ session, place: { view: 'domains' } }))

    return {
      app: null,
      connectivity: null,
      sandbox: null,
      session: null,
      place: { view: 'domains' },
      trouble: null,
      async load() {
        const reply = await bridge['app.read']()
        if (!reply.ok) return set({ trouble: reply.failure })
        await take(reply.value)
        set({ trouble: null })
      },
      go: (place) => set({ place }),
      back() {
        const { place } = get()
        if (place.view === 'domains') return
        set({ place: { view: 'domains', ...(place.view === 'domain' ? { back: place.name } : {}) } })
      },
      async configure(change) {
        const reply = await bridge['app.configure'](change)
        if (reply.ok) await take(reply.value)
        else complain(reply.failure)
      },
      openProfile: (id) => settle(bridge['profiles.open']({ id })),
      addProfile: (input) => settle(bridge['profiles.add'](input)),
      async closeProfile() {
        const failure = await settle(bridge['profiles.close']())
        if (failure) complain(failure)
      },
      async unlock(password) {
        const reply = await bridge['profiles.unlock']({ password })
        if (!reply.ok) return reply.failure
        set({ connectivity: reply.value })
        return null
      },
      async retry() {
        const reply = await bridge['connectivity.retry']()
        if (reply.ok) set({ connectivity: reply.value })
        else complain(reply.failure)
      },
      async become(person) {
        const reply = await bridge['session.become']({ person })
        if (reply.ok) set({ session: reply.value, place: { view: 'domains' } })
        else complain(reply.failure)
      },
      async dismiss(id) {
        const reply = await bridge['app.dismiss']({ id })
        if (reply.ok) await take(reply.value)
        else complain(reply.failure)
      },
      async order(order) {
        const reply = await bridge[`sandbox.${order}`]()
        if (reply.ok) set({ sandbox: reply.value })
        else complain(reply.failure)
        return reply.ok
      },
      async configureSandbox(change) {
        const reply = await bridge['sandbox.configure'](change)
        if (reply.ok) set({ sandbox: reply.value })
        else complain(reply.failure)
        return reply.ok
      },
    }
  })
}

/** Why a call to dimail has no chance now; null when it has one. */
export type Away = Exclude<Connectivity['state'], 'online'>
export function awayNow({ connectivity }: Pick<State, 'connectivity'>): Away | null {
  const state = connectivity?.state ?? 'unknown'
  return state === 'online' ? null : state
}
