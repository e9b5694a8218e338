import * as openid from 'openid-client'
import { expect, onTestFinished } from 'vitest'
import { accounts } from '../../main/sandbox/accounts.ts'
import type { Sandbox } from '../../main/sandbox/server.ts'
import { type Browser, clickThrough, type Shown } from '../fakes/click-through.ts'
import { startHttpServer } from '../fakes/http-server.ts'

const scope = 'openid given_name usual_name email siret'

/** The console's end of a sign-in, as openid-client has it: what it asks, and where the browser comes back. */
export async function consoleOf(sandbox: Sandbox, clientId = sandbox.openid.clientId, secret?: string) {
  const callback = await startHttpServer((_seen, response) => void response.end('Back in the console'))
  onTestFinished(() => callback.close())
  const auth = secret === undefined ? openid.None() : openid.ClientSecretPost(secret)
  const metadata: Partial<openid.ClientMetadata> = {
    id_token_signed_response_alg: 'ES256',
    ...(clientId === sandbox.openid.signedClientId && { userinfo_signed_response_alg: 'ES256' }),
  }
  const issuer = new URL(sandbox.openid.issuer)
  const insecure = { execute: [openid.allowInsecureRequests] }
  const provider = await openid.discovery(issuer, clientId, metadata, auth, insecure)
  openid.enableNonRepudiationChecks(provider)

  const redirect = `${callback.address}/callback`
  const verifier = openid.randomPKCECodeVerifier()
  const state = openid.randomState()
  const nonce = openid.randomNonce()
  const wanted = { redirect_uri: redirect, scope, state, nonce, code_challenge_method: 'S256' }
  const code_challenge = await openid.calculatePKCECodeChallenge(verifier)
  const authorization = (more: Record<string, string> = {}) =>
    openid.buildAuthorizationUrl(provider, { ...wanted, code_challenge, ...more })

  /** Where the browser came back last. */
  const back = () => new URL(callback.requests.at(-1)?.url ?? '/', callback.address)
  const exchange = (pkceCodeVerifier = verifier) =>
    openid.authorizationCodeGrant(provider, back(), {
      pkceCodeVerifier,
      expectedState: state,
      expectedNonce: nonce,
    })
  async function signIn(agent: string, more: Record<string, string> = {}, browser?: Browser) {
    expect(await clickThrough(authorization(more), agent, browser)).toBe('Back in the console')
    return exchange()
  }
  const userinfo = (tokens: { access_token: string; claims(): openid.IDToken | undefined }) =>
    openid.fetchUserInfo(provider, tokens.access_token, tokens.claims()?.sub ?? '')
  return { provider, callback, redirect, authorization, back, exchange, signIn, userinfo }
}

/** An account of the sandbox by its id; fails when there is none. */
export const accountOf = (id: string) => {
  const account = accounts.find((one) => one.id === id)
  if (account === undefined) throw new Error(`No account ${id}`)
  return account
}

/** What the console is told of a request that the provider refuses. */
export function refusalOf(shown: Shown, back: URL) {
  expect(shown.text).toBe('Back in the console')
  return back.searchParams.get('error')
}
