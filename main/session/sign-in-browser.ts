import { randomState } from 'openid-client'
import type { Result } from '../../preload/failure.ts'
import type { SignInSettings } from '../../preload/profile-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import { callbackPage } from './callback-page.ts'
import {
  type CallbackPage,
  type Loopback,
  type LoopbackLimits,
  type LoopbackOptions,
  listenForCallback,
} from './loopback.ts'
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
  /** Opens the provider's own logout, which sends the browser back to a page that is not waited for. */
  toSignOut(provider: Provider, idToken: string | null, signal: AbortSignal): ReturnType<SignIn['signOut']>
}

/** Where the browser comes back: one listener at a time, since both may need the same registered port. */
export function createBrowserReturns(deps: BrowserReturnsDeps): BrowserReturns {
  const { settings, locale, openPage, loopback } = deps
  let listening: Loopback | null = null

  async function listen(options: Pick<LoopbackOptions, 'path' | 'state' | 'page' | 'signal' | 'limits'>) {
    // The one before may still be answering a second tab.
    listening?.close()
    const made = await listenForCallback({ ...options, ports: settings.ports })
    listening = made.ok ? made.value : null
    return made
  }

  return {
    fromSignIn(state, signal) {
      const language = locale()
      const page = (kind: CallbackPage) => callbackPage(kind, language)
      return listen({ path: settings.path, state, page, signal, limits: loopback })
    },
    async toSignOut(provider, idToken, signal) {
      if (provider.signOutPage({}) === null) return 'none'
      const state = randomState()
      const language = locale()
      const back = await listen({
        path: `${settings.path.replace(/\/$/, '')}/signed-out`,
        state,
        // Shown whatever comes back: nothing depends on it.
        page: () => callbackPage('signed-out', language),
        signal,
        limits: { ...loopback, whole: deps.signedOutMs },
      })
      const page = provider.signOutPage({
        state,
        ...(idToken === null ? {} : { id_token_hint: idToken }),
        ...(back.ok ? { post_logout_redirect_uri: back.value.redirectUri } : {}),
      })
      return page !== null && (await openPage(page.href, page.origin)) ? 'told' : 'offline'
    },
  }
}
