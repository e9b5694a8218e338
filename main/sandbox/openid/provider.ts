import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { ClientMetadata, Configuration, interactionPolicy, Provider } from 'oidc-provider'
import { type Account, accounts } from '../accounts.ts'
import { levels } from './levels.ts'
import { failedPage, headers, languageOf, signedOutPage, signOutPage } from './pages.ts'
import { createStorage } from './storage.ts'

/** The session's cookie: named apart, because cookies are shared by every port of 127.0.0.1. */
export const sessionCookie = 'sandbox_session'
const minute = 60
const hour = 60 * minute

type Deps = { issuer: string; clients: ClientMetadata[]; now: () => number }

/** The provider itself, made by a library that real ones use; it is loaded here, when it is first asked. */
export async function createProvider({ issuer, clients, now }: Deps): Promise<Provider> {
  const library = await import('oidc-provider')
  const provider = new library.Provider(issuer, {
    ...whatItKnows,
    ...howItLooks,
    adapter: createStorage(now),
    clients,
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: { session: sessionCookie, interaction: 'sandbox_choice', resume: 'sandbox_resume' },
    },
    jwks: { keys: [signingKey()] },
    interactions: {
      policy: policy(library.interactionPolicy),
      url: (_ctx, { uid }) => `/openid/interaction/${uid}`,
    },
  })
  provider.use((ctx, next) => {
    ctx.set(headers)
    return next()
  })
  // A bug of the sandbox itself must not pass for a simulated one.
  provider.on('server_error', (_ctx, error) => console.error(error))
  return provider
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: randomUUID() }
}

/** One page, one choice: it signs in, and consents; somebody may ask for it by any of its names. */
function policy({ base, Prompt }: typeof interactionPolicy): interactionPolicy.DefaultPolicy {
  const known = base()
  known.add(new Prompt({ name: 'select_account', requestable: true }), 0)
  return known
}

const whatItKnows: Configuration = {
  acrValues: levels,
  scopes: ['openid', 'given_name', 'usual_name', 'email', 'siret', 'roles', 'offline_access'],
  claims: {
    openid: ['sub', 'acr', 'amr', 'roles'],
    given_name: ['given_name'],
    usual_name: ['usual_name'],
    email: ['email'],
    siret: ['siret'],
    roles: ['roles'],
    ...{ acr: null, amr: null, auth_time: null, sid: null, iss: null },
  },
  findAccount(_ctx, sub) {
    const account = accounts.find((one) => one.sub === sub)
    return account && { accountId: sub, claims: () => claimsOf(account) }
  },
  responseTypes: ['code'],
  pkce: { required: () => true },
  clientBasedCORS: () => false,
  enabledJWA: { idTokenSigningAlgValues: ['ES256'], userinfoSigningAlgValues: ['ES256'] },
  // Always, and a new one each time: what it replaces is refused afterwards (RFC 9700 4.14.2).
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  async loadExistingGrant(ctx) {
    const { client, session, params } = ctx.oidc
    if (client === undefined || session?.accountId === undefined) return undefined
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    if (typeof params?.scope === 'string') grant.addOIDCScope(params.scope)
    grant.addOIDCClaims([...ctx.oidc.requestParamClaims])
    await grant.save()
    return grant
  },
  ttl: {
    // As ProConnect's (docs/sign-in.md).
    ...{ AccessToken: minute, AuthorizationCode: minute, IdToken: hour, RefreshToken: 2 * hour },
    ...{ Session: 12 * hour, Grant: 12 * hour, Interaction: hour },
  },
}

const howItLooks: Configuration = {
  discovery: { ui_locales_supported: ['fr', 'en'] },
  features: {
    ...{ devInteractions: { enabled: false }, dPoP: { enabled: false } },
    ...{ pushedAuthorizationRequests: { enabled: false }, resourceIndicators: { enabled: false } },
    ...{ claimsParameter: { enabled: true }, jwtUserinfo: { enabled: true } },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource(ctx, form) {
        ctx.body = signOutPage(form, languageOf(ctx.oidc.params?.ui_locales, ctx.headers))
      },
      postLogoutSuccessSource(ctx) {
        ctx.body = signedOutPage(languageOf(undefined, ctx.headers))
      },
    },
  },
  renderError(ctx, { error, error_description: description }) {
    ctx.type = 'html'
    ctx.body = failedPage(error, description, languageOf(ctx.oidc?.params?.ui_locales, ctx.headers))
  },
}

const claimsOf = ({ sub, givenName, usualName, email, siret, roles }: Account) => ({
  ...{ sub, given_name: givenName, usual_name: usualName, email, siret, roles: [...roles] },
})
