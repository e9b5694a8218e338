import { failed, ok, type Result } from '../../preload/failure.ts'
import type { SignInSettings } from '../../preload/profile-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import { createConnections } from '../http/connection.ts'
import { createWire, type Timeouts } from '../http/wire.ts'
import type { Log } from '../log.ts'
import { type Identity, identityOf } from './identity.ts'
import type { LoopbackLimits } from './loopback.ts'
import { discoverProvider } from './provider.ts'
import type { Provider } from './provider-calls.ts'
import { clockToleranceS, refused } from './provider-failures.ts'
import { attemptSignIn } from './sign-in-attempt.ts'
import { createBrowserReturns } from './sign-in-browser.ts'
import type { SignIn } from './sign-in-types.ts'
import { createTokens, type KeptSession } from './tokens.ts'

export type SignInLimits = {
  timeouts: Timeouts
  loopback: Partial<LoopbackLimits>
  /** How long a provider may take to say where one signs out, in milliseconds. */
  signOut: number
  /** How long the browser may come back from signing out. */
  signedOut: number
}

export type SignInDeps = {
  settings: SignInSettings
  /** Of a confidential client; from the vault, when it is used. */
  secret: () => string | null
  kept: KeptSession
  /** Opens a page of `origin` in the system's browser; false when it could not. */
  openPage: (url: string, origin: string) => Promise<boolean>
  /** Http on the literal 127.0.0.1: the sandbox, and nothing else. */
  allowHttp: boolean
  now: () => number
  locale: () => Locale
  log: Pick<Log, 'info' | 'warn'>
  /** The agent is proven, and yet the clocks differ by this much: later proofs may fail. */
  skewed: (skewS: number) => void
  limits?: Partial<SignInLimits>
}

const usualLimits: SignInLimits = {
  timeouts: { connect: 10_000, headers: 10_000, idle: 10_000, total: 10_000 },
  loopback: {},
  signOut: 3000,
  signedOut: 60_000,
}

const cancelled = () => failed('cancelled', 'sign-in', 'The sign-in was cancelled.')

/** The client of the OpenID provider of one profile (docs/sign-in.md): nothing else here speaks to it. */
export function createSignIn(deps: SignInDeps): SignIn {
  const { settings, now, log } = deps
  const limits = { ...usualLimits, ...deps.limits }
  const connections = createConnections(undefined)
  const { issuer, clientId } = settings
  const tokens = createTokens({ kept: deps.kept, owner: { issuer, clientId }, now })
  const closed = new AbortController()
  /** Of the agent who is known: what is asked for them ends when they sign out. */
  let session = new AbortController()
  let attempt: AbortController | null = null

  const browser = createBrowserReturns({ ...deps, loopback: limits.loopback, signedOutMs: limits.signedOut })
  const asked = { ...deps, wire: createWire(connections), timeouts: limits.timeouts }
  const discover = (signal: AbortSignal) => discoverProvider(asked, AbortSignal.any([closed.signal, signal]))
  /** docs/faults.md 27: asking for a level is not having it. */
  const isLevel = (acr: string | null) =>
    settings.acr.length === 0 || (acr !== null && settings.acr.includes(acr))
  const tellSkew = (provider: Provider) => {
    if (provider.skewS() > clockToleranceS) deps.skewed(provider.skewS())
  }

  async function signIn(signal: AbortSignal): Promise<Result<Identity>> {
    const found = await discover(signal)
    if (!found.ok) return found
    const provider = found.value
    const listen = (state: string) => browser.fromSignIn(state, AbortSignal.any([closed.signal, signal]))
    const made = await attemptSignIn({ provider, listen, openPage: deps.openPage, isLevel })
    if (!made.ok) return made
    if (signal.aborted || closed.signal.aborted) return cancelled()
    const { identity, grant, acr } = made.value
    tokens.take(grant, identity.sub, acr)
    tellSkew(provider)
    return ok(identity)
  }

  async function resume(signal: AbortSignal): Promise<Result<Identity>> {
    const before = tokens.known()
    if (before === null || !tokens.canRefresh()) return refused('session-over')
    const found = await discover(signal)
    if (!found.ok) return found
    const provider = found.value
    const call = (accessToken: string) => provider.userinfo(accessToken, before.sub)
    const told = await tokens.withAccess(provider.refresh, call)
    if (!told.ok) return told
    if (!isLevel(tokens.known()?.acr ?? null)) {
      tokens.forget()
      return refused('sign-in-acr')
    }
    tellSkew(provider)
    return identityOf({ iss: provider.issuer, sub: before.sub }, told.value)
  }

  /** Nothing of it but its kind is told: a failure names nobody, and neither does the log. */
  function logged<T>(event: string, result: Result<T>): Result<T> {
    if (result.ok) log.info(event, { outcome: 'ok' })
    else log.warn(event, { outcome: `${result.failure.code}/${result.failure.reason}` })
    return result
  }

  return {
    async start() {
      if (attempt !== null)
        return failed('not-possible', 'sign-in-running', 'A sign-in is already under way.')
      if (closed.signal.aborted) return cancelled()
      const mine = new AbortController()
      attempt = mine
      try {
        return logged('session: sign-in', await signIn(mine.signal))
      } finally {
        attempt = null
      }
    },
    cancel: () => attempt?.abort(),
    canResume: () => tokens.canRefresh(),
    resume: async () => logged('session: resumed', await resume(session.signal)),
    forget: tokens.forget,
    async signOut() {
      const idToken = tokens.known()?.idToken ?? null
      tokens.forget()
      attempt?.abort()
      browser.endSignIn()
      session.abort()
      session = new AbortController()
      const found = await discover(AbortSignal.timeout(limits.signOut))
      const told = found.ok ? await browser.toSignOut(found.value, idToken, closed.signal) : 'offline'
      log.info('session: signed out', { provider: told })
      return told
    },
    close() {
      closed.abort()
      connections.close()
    },
  }
}
