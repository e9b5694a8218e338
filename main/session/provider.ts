import {
  allowInsecureRequests,
  type ClientMetadata,
  ClientSecretPost,
  Configuration,
  type CustomFetch,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  type ServerMetadata,
} from 'openid-client'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type { SignInSettings } from '../../preload/profile-shapes.ts'
import type { Timeouts, Wire } from '../http/wire.ts'
import { type Provider, spokenTo } from './provider-calls.ts'
import {
  type Circumstances,
  clockToleranceS,
  failureOfError,
  refused,
  type Stage,
} from './provider-failures.ts'
import { createProviderFetch, isProviderAddress, NoAnswer } from './provider-fetch.ts'

export type ProviderDeps = {
  settings: SignInSettings
  /** Of a confidential client; from the vault, when it is used. */
  secret: () => string | null
  wire: Wire
  timeouts: Timeouts
  /** Http on the literal 127.0.0.1: the sandbox. */
  allowHttp: boolean
  now: () => number
}

/**
 * Asks the provider of a profile how it is spoken to, and checks that it is the one meant and that it can do what
 * the profile requires (OpenID Connect Discovery 4.3; docs/faults.md 24, 26). Every later request ends with `signal`.
 */
export async function discoverProvider(deps: ProviderDeps, signal: AbortSignal): Promise<Result<Provider>> {
  const { settings, allowHttp, now } = deps
  if (!isIssuer(settings.issuer, allowHttp)) return refused('sign-in-address')
  const isConfidential = settings.client === 'confidential'
  const secret = isConfidential ? deps.secret() : null
  if (isConfidential && !secret)
    return failed('refused', 'sign-in-no-secret', 'The secret of this client has not been given.')

  let { issuer } = settings
  let skewS = 0
  const dated = (date: string) => {
    const at = Date.parse(date)
    if (!Number.isNaN(at)) skewS = Math.abs(Math.round((at - now()) / 1000))
  }
  const circumstances = (stage: Stage): Circumstances => ({ stage, issuer, skewS })
  const fetch = asDeclared(settings, createProviderFetch({ ...deps, signal, dated }))
  const metadata: Partial<ClientMetadata> = {
    id_token_signed_response_alg: settings.algorithm,
    ...(settings.userinfo === 'jwt' ? { userinfo_signed_response_alg: settings.algorithm } : {}),
    [clockTolerance]: clockToleranceS,
  }
  const auth = secret ? ClientSecretPost(secret) : None()
  // TLS alone vouches for a token unless asked otherwise: docs/faults.md 1.1.
  const execute = [enableNonRepudiationChecks, ...(allowHttp ? [allowInsecureRequests] : [])]
  try {
    const options = { [customFetch]: fetch, execute }
    const found = await discovery(new URL(settings.issuer), settings.clientId, metadata, auth, options)
    const server = found.serverMetadata()
    // openid-client lets some hosts name any issuer.
    if (new URL(server.issuer).href !== new URL(settings.issuer).href) return refused('sign-in-issuer')
    const usesPkce = !isConfidential || settings.pkce
    issuer = server.issuer
    // As a list: openid-client would also find it within a text.
    const methods: unknown = server.code_challenge_methods_supported
    if (usesPkce && !(Array.isArray(methods) && methods.includes('S256')))
      return failed('refused', 'sign-in-pkce', 'The provider does not announce PKCE with S256.')
    const configure = (through: CustomFetch) => {
      const made = new Configuration(server, settings.clientId, metadata, auth)
      made[customFetch] = through
      for (const extension of execute) extension(made)
      return made
    }
    if (!areSafe(server, allowHttp)) return refused('sign-in-address')
    return ok(spokenTo({ settings, usesPkce, fetch, found, configure, circumstances, skewS: () => skewS }))
  } catch (error) {
    return { ok: false, failure: failureOfError(error, circumstances('discovery')) }
  }
}

/** openid-client does not compare the issuer of an address that names the document itself. */
function isIssuer(address: string, allowHttp: boolean): boolean {
  if (!isProviderAddress(address, allowHttp)) return false
  const { search, hash, pathname } = new URL(address)
  return search === '' && hash === '' && !pathname.includes('/.well-known/')
}

/** Those that are asked and those that the browser opens: known before anybody has typed a password. */
function areSafe(server: ServerMetadata, allowHttp: boolean): boolean {
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint, end_session_endpoint } = server
  return [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint, end_session_endpoint].every(
    (address) => address === undefined || isProviderAddress(address, allowHttp),
  )
}

/** A signed userinfo where a plain one was declared would be verified by whatever algorithm the provider names. */
function asDeclared({ userinfo }: SignInSettings, fetch: CustomFetch): CustomFetch {
  if (userinfo === 'jwt') return fetch
  return async (url, options) => {
    const response = await fetch(url, options)
    const isSigned = response.headers.get('content-type')?.includes('application/jwt') === true
    if (isSigned) throw new NoAnswer(refused('sign-in-userinfo').failure, 'used')
    return response
  }
}
