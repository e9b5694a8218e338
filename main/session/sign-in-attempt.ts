import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { type Identity, identityOf } from './identity.ts'
import type { Loopback } from './loopback.ts'
import type { Attempt, Grant, Provider } from './provider-calls.ts'
import { refused } from './provider-failures.ts'
import { acrOf } from './tokens.ts'

export type AttemptDeps = {
  provider: Provider
  /** Waits for the browser to come back with this state. */
  listen: (state: string) => Promise<Result<Loopback>>
  openPage: (url: string, origin: string) => Promise<boolean>
  /** Whether a level of assurance is one that the profile requires. */
  isLevel: (acr: string | null) => boolean
}
export type SignedIn = { identity: Identity; grant: Grant; acr: string | null }

/** One sign-in, from the page opened in the browser to a person: nothing of it is kept before it is whole. */
export async function attemptSignIn(deps: AttemptDeps): Promise<Result<SignedIn>> {
  const { provider, listen, openPage } = deps
  const chance = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
  const made = await listen(chance.state)
  if (!made.ok) return made
  const attempt = { ...chance, redirectUri: made.value.redirectUri }
  const page = await provider.signInPage(attempt)
  if (!page.ok || !(await openPage(page.value.href, page.value.origin))) {
    made.value.close()
    if (!page.ok) return page
    return failed('not-possible', 'sign-in-browser', 'The browser could not be opened.')
  }
  const callback = await made.value.callback
  return callback.ok ? proven(deps, callback.value, attempt) : callback
}

async function proven(
  { provider, isLevel }: AttemptDeps,
  callback: URLSearchParams,
  attempt: Attempt,
): Promise<Result<SignedIn>> {
  const granted = await provider.exchange(callback, attempt)
  if (!granted.ok) return granted
  const grant = granted.value
  const { claims } = grant
  if (claims === null) throw new Error('A sign-in without an ID token was accepted')
  const acr = acrOf(grant)
  if (!isLevel(acr)) return refused('sign-in-acr')
  const told = await provider.userinfo(grant.accessToken, claims.sub)
  if (told === 'unauthorised') return refused('sign-in-userinfo')
  if (!told.ok) return told
  const identity = identityOf(claims, told.value)
  return identity.ok ? ok({ identity: identity.value, grant, acr }) : identity
}
