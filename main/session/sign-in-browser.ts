import { randomState } from 'openid-client'
import type { Result } from '../../preload/failure.ts'
import type { SignInSettings } from '../../preload/profile-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import { callbackPage } from './callback-page.ts'
import { type CallbackPage, type Loopback, type LoopbackLimits, listenForCallback } from './loopback.ts'
import type { Provider } from './provider-calls.ts'
import type { SignIn } from './sign-in-types.ts'

export type BrowserReturnsDeps = {
  settings: Pick<SignInSettings, 'ports' | 'path'>
  locale: () => Locale
  openPage: (url: string, origin: string) => Promise<boolean>
  loopback: Partial<LoopbackLimits>
  /** How long the browser may come back from signing out. */
  signedOutMs: number
}

export type BrowserReturns = {
  fromSignIn(state: string, signal: AbortSignal): Promise<Result<Loopback>>
  /** Frees the port of a sign-in, which a second tab may still be using. */
  endSignIn(): void
  /** Opens the provider's own logout, which sends the browser back to a page that is not waited for. */
  toSignOut(provider: Provider, idToken: string | null, signal: AbortSignal): ReturnType<SignIn['signOut']>
}

/** Windows hands on no longer address; the ID token in it is a hint, which the provider's page makes up for. */
const longestPage = 2000

/** Where the browser comes back: a sign-in needs a registered port, and a sign-out goes without when it has none. */
export function createBrowserReturns(deps: BrowserReturnsDeps): BrowserReturns {
  const { locale, openPage, loopback } = deps
  const { ports, path } = deps.settings
  let signingIn: Loopback | null = null
  let signingOut: Loopback | null = null

  return {
    async fromSignIn(state, signal) {
      // Those before may hold the only port, to answer a second tab.
      signingIn?.close()
      signingOut?.close()
      const language = locale()
      const page = (kind: CallbackPage) => callbackPage(kind, language)
      const made = await listenForCallback({ ports, path, state, page, signal, limits: loopback })
      signingIn = made.ok ? made.value : null
      return made
    },
    endSignIn: () => signingIn?.close(),
    async toSignOut(provider, idToken, signal) {
      if (provider.signOutPage({}) === null) return 'none'
      const state = randomState()
      const language = locale()
      signingOut?.close()
      const back = await listenForCallback({
        ports,
        path: `${path.replace(/\/$/, '')}/signed-out`,
        state,
        // Shown whatever comes back: nothing depends on it.
        page: () => callbackPage('signed-out', language),
        signal,
        limits: { ...loopback, whole: deps.signedOutMs },
      })
      signingOut = back.ok ? back.value : null
      const asked = { state, ...(back.ok ? { post_logout_redirect_uri: back.value.redirectUri } : {}) }
      const hinted = idToken === null ? null : provider.signOutPage({ ...asked, id_token_hint: idToken })
      const page = hinted !== null && hinted.href.length <= longestPage ? hinted : provider.signOutPage(asked)
      return page !== null && (await openPage(page.href, page.origin)) ? 'told' : 'offline'
    },
  }
}
