import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  ClientError,
  type Configuration,
  type CustomFetch,
  calculatePKCECodeChallenge,
  fetchUserInfo,
  type IDToken,
  ResponseBodyError,
  refreshTokenGrant,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
  type UserInfoResponse,
} from 'openid-client'
import { type Failure, ok, type Result } from '../../preload/failure.ts'
import type { SignInSettings } from '../../preload/profile-shapes.ts'
import {
  type Circumstances,
  failureOfError,
  isUnauthorised,
  refused,
  type Stage,
} from './provider-failures.ts'
import { type Fate, NoAnswer } from './provider-fetch.ts'

/** What a grant gave. `claims` are those of a verified ID token; null when a refresh gave none. */
export type Grant = {
  accessToken: string
  expiresInS: number | null
  refreshToken: string | null
  idToken: string | null
  claims: IDToken | null
}
/** Without a grant, `fate` is what has become of the refresh token; `over`: the provider ended it. */
export type Refreshed = { ok: true; value: Grant } | { ok: false; failure: Failure; fate: Fate | 'over' }

/** The chance of one attempt, 256 bits each. */
export type Attempt = { state: string; nonce: string; verifier: string; redirectUri: string }

export type Provider = {
  /** As the provider itself writes it. */
  issuer: string
  /** The page where the agent proves who they are: these parameters and no other, since ProConnect refuses more. */
  signInPage(attempt: Attempt): Promise<Result<URL>>
  /** The code of a callback, for an ID token of this attempt whose signature is verified. */
  exchange(callback: URLSearchParams, attempt: Attempt): Promise<Result<Grant>>
  refresh(refreshToken: string): Promise<Refreshed>
  userinfo(accessToken: string, sub: string): Promise<Result<UserInfoResponse> | 'unauthorised'>
  /** Null when the provider offers no logout. */
  signOutPage(parameters: Record<string, string>): URL | null
  /** By how many seconds this computer's clock and the provider's differ, as far as it was told; else 0. */
  skewS(): number
}

/** What a discovered provider is spoken to with. */
export type Spoken = {
  settings: SignInSettings
  usesPkce: boolean
  fetch: CustomFetch
  found: Configuration
  /** Anew, with no key remembered. */
  configure: (through: CustomFetch) => Configuration
  circumstances: (stage: Stage) => Circumstances
  skewS: () => number
}

/** The calls to a provider that has been discovered. */
export function spokenTo(spoken: Spoken): Provider {
  const { settings, usesPkce, found, circumstances, skewS } = spoken
  return {
    issuer: found.serverMetadata().issuer,
    async signInPage({ state, nonce, verifier, redirectUri }) {
      const challenge = usesPkce ? await calculatePKCECodeChallenge(verifier) : null
      try {
        const page = buildAuthorizationUrl(found, {
          redirect_uri: redirectUri,
          scope: settings.scopes,
          state,
          nonce,
          ...acrAsked(settings),
          ...(challenge === null ? {} : { code_challenge: challenge, code_challenge_method: 'S256' }),
        })
        return ok(page)
      } catch (error) {
        return { ok: false, failure: failureOfError(error, circumstances('discovery')) }
      }
    },
    async exchange(callback, { state, nonce, verifier, redirectUri }) {
      // The query only: the redirect URI sent to the token end point is copied from this (docs/faults.md 1.3).
      const address = new URL(redirectUri)
      address.search = callback.toString()
      try {
        const answer = await authorizationCodeGrant(found, address, {
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
          ...(usesPkce ? { pkceCodeVerifier: verifier } : {}),
        })
        return ok(grantOf(answer))
      } catch (error) {
        return { ok: false, failure: failureOfError(error, circumstances('sign-in')) }
      }
    },
    refresh: (refreshToken) => refreshBy(spoken, refreshToken),
    userinfo: (accessToken, sub) => readUserinfo(spoken, accessToken, sub),
    signOutPage(parameters) {
      if (found.serverMetadata().end_session_endpoint === undefined) return null
      return buildEndSessionUrl(found, parameters)
    },
    skewS,
  }
}

/** docs/faults.md 3: ProConnect takes the `claims` parameter, others `acr_values` (OpenID Connect Core 5.5.1.1). */
function acrAsked({ acr, acrRequest }: SignInSettings): Record<string, string> {
  if (acr.length === 0 || acrRequest === 'none') return {}
  if (acrRequest === 'acr_values') return { acr_values: acr.join(' ') }
  return { claims: JSON.stringify({ id_token: { acr: { essential: true, values: acr } } }) }
}

function grantOf(answer: TokenEndpointResponse & TokenEndpointResponseHelpers): Grant {
  return {
    accessToken: answer.access_token,
    expiresInS: answer.expiresIn() ?? null,
    refreshToken: answer.refresh_token ?? null,
    idToken: answer.id_token ?? null,
    claims: answer.claims() ?? null,
  }
}

async function refreshBy(spoken: Spoken, refreshToken: string): Promise<Refreshed> {
  const { fetch, configure, circumstances } = spoken
  let fate: Fate = 'unsent'
  const watched: CustomFetch = async (url, options) => {
    // What is asked after the grant, its keys, says nothing of the grant.
    if (options.method !== 'POST') return fetch(url, options)
    try {
      const response = await fetch(url, options)
      fate = response.status < 400 ? 'used' : 'unused'
      return response
    } catch (error) {
      if (error instanceof NoAnswer) fate = error.fate
      throw error
    }
  }
  try {
    const answer = await refreshTokenGrant(configure(watched), refreshToken)
    return { ok: true, value: grantOf(answer) }
  } catch (error) {
    const isOver = error instanceof ResponseBodyError && error.error === 'invalid_grant'
    const failure = failureOfError(error, circumstances('refresh'))
    return { ok: false, failure, fate: isOver ? 'over' : fate }
  }
}

async function readUserinfo(spoken: Spoken, accessToken: string, sub: string) {
  const { settings, found, fetch, configure, circumstances } = spoken
  try {
    const told = await fetchUserInfo(found, accessToken, sub).catch((error: unknown) => {
      // The keys of the ID token may have been replaced since: they are asked for once more.
      if (!(error instanceof ClientError) || error.code !== 'OAUTH_KEY_SELECTION_FAILED') throw error
      return fetchUserInfo(configure(fetch), accessToken, sub)
    })
    return settings.userinfo === 'jwt' && !isForUs(told, settings, found)
      ? refused('sign-in-userinfo')
      : ok(told)
  } catch (error) {
    if (isUnauthorised(error)) return 'unauthorised' as const
    return { ok: false as const, failure: failureOfError(error, circumstances('userinfo')) }
  }
}

/** OpenID Connect Core 5.3.2: what is signed says by whom and for whom; openid-client lets it say neither. */
function isForUs(told: UserInfoResponse, { clientId }: SignInSettings, found: Configuration): boolean {
  const { iss, aud } = told
  const audience: unknown[] = Array.isArray(aud) ? aud : [aud]
  return iss === found.serverMetadata().issuer && audience.includes(clientId)
}
