import { createStore } from 'zustand/vanilla'
import type { Failure } from '../../preload/failure.ts'
import type { Session, SignedOut } from '../../preload/session-shapes.ts'
import type { AppState, Connectivity, Locale, SandboxState } from '../../preload/shapes.ts'
import type { Bridge } from '../bridge.ts'
import { speak } from '../i18n/index.ts'
import { readerOf } from '../session/reader.ts'

export const domainTabs = ['health', 'records', 'mailboxes', 'aliases', 'rights', 'history', 'raw'] as const
export type DomainTab = (typeof domainTabs)[number]

export type Place =
  /** `back`: the domain that the agent comes from, where the keyboard goes on. */
  | { view: 'domains'; back?: string }
  /** `tab` and `text`: where on its page, and what is looked for there. */
  | { view: 'domain'; name: string; tab?: DomainTab; text?: string }
  | { view: 'jobs' }
  | { view: 'journal' }
  /** The domains that wait for DNS. */
  | { view: 'watches' }
  | { view: 'messages' }
  | { view: 'outbox' }
  | { view: 'sandbox' }
  | { view: 'provisioning' }
  /** `id` null: a profile that is being made. */
  | { view: 'profile'; id: string | null }
  /** `section`: which of its cards the agent came for. */
  | { view: 'settings'; section?: 'rights' }

type State = {
  /** Null until the main process has answered once. */
  app: AppState | null
  connectivity: Connectivity | null
  sandbox: SandboxState | null
  /** Who is at this console. */
  session: Session | null
  /** A sign-in was asked for here and has not ended. */
  signingIn: boolean
  /** Why the last one failed. */
  signInFailure: Failure | null
  /** What the provider was told of the last sign-out, for the page that follows it. */
  left: SignedOut['provider'] | null
  /** The reading of rights whose news the agent has taken note of. */
  seenPlan: number | null
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
  saveProfile(input: Parameters<Bridge['profiles.save']>[0]): Promise<Failure | null>
  removeProfile(id: string): Promise<Failure | null>
  closeProfile(): Promise<void>
  unlock(password: string): Promise<Failure | null>
  retry(): Promise<void>
  signIn(): Promise<void>
  cancelSignIn(): Promise<void>
  /** Whether the console is signed out. */
  signOut(): Promise<boolean>
  /** Writes the rights that a reading of them would change, or leaves them. */
  settlePlan(plan: number, act: 'apply' | 'decline'): ReturnType<Bridge['entitlements.apply']>
  seePlan(plan: number): void
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
  /** The answer to a sign-in that was given up, or that another profile asked for, says nothing any more. */
  let attempts = 0
  let running: Promise<unknown> = Promise.resolve()
  const nobody = { session: null, signingIn: false, signInFailure: null, left: null, seenPlan: null }

  return createStore<State & Actions>()((set, get) => {
    async function take(app: AppState): Promise<void> {
      await speak(app.locale)
      const changed = get().app?.profile?.id !== app.profile?.id
      if (changed) attempts++
      set({ app, ...(changed ? { ...nobody, connectivity: null, place: { view: 'domains' } } : {}) })
      if (changed && app.profile) await readProfile(app.profile.kind === 'sandbox')
    }
    async function readProfile(isSandbox: boolean): Promise<void> {
      const session = await bridge['session.read']()
      if (session.ok) takeSession(session.value)
      else set({ trouble: session.failure })
      const connectivity = await bridge['connectivity.read']()
      if (connectivity.ok) set({ connectivity: connectivity.value })
      const sandbox = isSandbox ? await bridge['sandbox.read']() : null
      set({ sandbox: sandbox?.ok ? sandbox.value : null })
    }
    function takeSession(session: Session): void {
      const { app, place } = get()
      const proven = session.state === 'signed-in' ? { signInFailure: null, left: null } : {}
      // Another person may not read what is on the screen.
      const isOther = readerOf(get()) !== readerOf({ app, session })
      const { plan } = session
      const isLost = place.view === 'domain' && plan?.state === 'applied' && plan.remove.includes(place.name)
      set({
        session,
        ...proven,
        ...(isOther ? { seenPlan: null } : {}),
        ...(isOther || isLost ? { place: { view: 'domains' } } : {}),
      })
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
    bridge.on('session.changed', takeSession)
    bridge.on('domains.open', ({ domain }) => get().go({ view: 'domain', name: domain, tab: 'records' }))

    return {
      app: null,
      connectivity: null,
      sandbox: null,
      ...nobody,
      place: { view: 'domains' },
      trouble: null,
      async load() {
        const reply = await bridge['app.read']()
        if (!reply.ok) return set({ trouble: reply.failure })
        set({ trouble: null })
        await take(reply.value)
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
      saveProfile: (input) => settle(bridge['profiles.save'](input)),
      removeProfile: (id) => settle(bridge['profiles.remove']({ id })),
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
      async signIn() {
        const mine = ++attempts
        set({ signingIn: true, signInFailure: null, left: null })
        const asked = bridge['session.signIn']()
        running = asked
        const reply = await asked
        if (mine !== attempts) return
        set({ signingIn: false })
        if (reply.ok) takeSession(reply.value)
        else if (!isEnded(reply.failure)) set({ signInFailure: reply.failure })
      },
      async cancelSignIn() {
        attempts++
        const reply = await bridge['session.cancel']()
        if (!reply.ok) complain(reply.failure)
        // Another attempt may begin, and the session is what it is, only when this one has ended.
        await running
        const session = await bridge['session.read']()
        set({ signingIn: false })
        if (session.ok) takeSession(session.value)
      },
      async signOut() {
        attempts++
        const reply = await bridge['session.signOut']()
        if (reply.ok) {
          takeSession(reply.value.session)
          set({ signingIn: false, signInFailure: null, left: reply.value.provider })
        } else complain(reply.failure)
        return reply.ok
      },
      async settlePlan(plan, act) {
        const reply = await bridge[`entitlements.${act}`]({ plan })
        const { session } = get()
        if (reply.ok && session?.plan?.id === plan) set({ session: { ...session, plan: reply.value } })
        return reply
      },
      seePlan: (plan) => set({ seenPlan: plan }),
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

/** An attempt that was given up here needs no word; one that was refused at the provider's page does. */
const isEnded = ({ code, reason }: Failure) => code === 'cancelled' && reason === 'sign-in'

/** Why a call to dimail has no chance now; null when it has one. `known`: nobody is proven, and nothing leaves. */
export type Away = Exclude<Connectivity['state'], 'online'> | 'known'
export function awayNow({ connectivity, session }: Pick<State, 'connectivity' | 'session'>): Away | null {
  if (session !== null && session.state !== 'signed-in') return 'known'
  const state = connectivity?.state ?? 'unknown'
  return state === 'online' ? null : state
}

/** What holds every change back, whatever the role: the agent is not proven, or the profile is locked. */
export function heldNow({ session }: Pick<State, 'session'>): 'known' | 'read-only' | null {
  if (session === null) return null
  if (session.state !== 'signed-in') return 'known'
  return session.lock === 'read-only' ? 'read-only' : null
}
