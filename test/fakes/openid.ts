import { createHash, randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import { json, type Seen, startHttpServer } from './http-server.ts'
import { plant } from './planted.ts'

type Algorithm = 'ES256' | 'RS256'
export type Key = { privateKey: CryptoKey; public: JWK; kid: string }
export type Kind = 'idToken' | 'userinfo'
type Call = 'discovery' | 'jwks' | 'token' | 'userinfo' | 'logout'
type Answering = (request: Seen, response: ServerResponse) => void | Promise<void>

/** What a test changes of an honest provider; everything may be set at any time. */
export type Behaviour = {
  discovery: (document: Record<string, unknown>) => Record<string, unknown>
  idToken: (claims: JWTPayload) => Record<string, unknown>
  userinfo: (claims: Record<string, unknown>) => Record<string, unknown>
  /** In place of an honest signature. */
  sign: (kind: Kind, claims: Record<string, unknown>) => Promise<string>
  token: (answer: Record<string, unknown>, grant: string) => Record<string, unknown>
  /** In place of the answer to a call. */
  instead: Partial<Record<Call, Answering>>
  /** By how much this provider's clock is ahead. */
  aheadMs: number
  signedUserinfo: boolean
}

export type OpenId = {
  issuer: string
  behaviour: Behaviour
  keys: Key[]
  /** What was asked of it, and how often. */
  asked: (call: Call) => Seen[]
  /** Plays the agent's browser and the agent: where the page opened by the console would send the browser. */
  approve(page: string, others?: { subject?: string; clientId?: string }): URL
  /** The honest answer to a call. */
  answer(call: Call, request: Seen, response: ServerResponse): void | Promise<void>
  /** Makes every access token unknown. */
  expire(): void
  rotate(): Promise<void>
  close(): Promise<void>
}

export const made = async (algorithm: Algorithm, kid: string): Promise<Key> => {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  return {
    privateKey,
    kid,
    public: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' },
  }
}

/** A token signed by a key, whatever the provider says of that key. */
export const signedBy = (
  key: Pick<Key, 'privateKey'>,
  claims: Record<string, unknown>,
  header: Record<string, unknown> & { alg: string },
) => new SignJWT(claims).setProtectedHeader(header).sign(key.privateKey)

/** A token whose parts are what a test says, signature included. */
export const unsigned = (header: object, claims: object, signature = '') => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part(claims)}.${signature}`
}

type Granted = { clientId: string; subject: string; nonce: string | null }
type Code = Granted & { redirectUri: string; challenge: string | null }
const chance = () => randomBytes(24).toString('base64url')

const paths: Record<string, Call> = {
  '/.well-known/openid-configuration': 'discovery',
  '/keys': 'jwks',
  '/token': 'token',
  '/userinfo': 'userinfo',
  '/logout': 'logout',
}

/** A small OpenID provider on 127.0.0.1, honest until a test says otherwise; it always enforces PKCE it was given. */
export async function startOpenId(algorithm: Algorithm = 'ES256'): Promise<OpenId> {
  const keys = [await made(algorithm, 'first')]
  const behaviour: Behaviour = {
    discovery: (document) => document,
    idToken: (claims) => claims,
    userinfo: (claims) => claims,
    sign: (_kind, claims) => {
      const key = keys[0]
      if (!key) throw new Error('This provider has no key')
      return signedBy(key, claims, { alg: algorithm, kid: key.kid })
    },
    token: (answer) => answer,
    instead: {},
    aheadMs: 0,
    signedUserinfo: false,
  }
  const codes = new Map<string, Code>()
  const accesses = new Map<string, Granted>()
  const refreshes = new Map<string, Granted>()
  const asked: [Call, Seen][] = []
  const nowS = () => Math.floor((Date.now() + behaviour.aheadMs) / 1000)

  const document = () =>
    behaviour.discovery({
      issuer: server.address,
      authorization_endpoint: `${server.address}/authorize`,
      token_endpoint: `${server.address}/token`,
      userinfo_endpoint: `${server.address}/userinfo`,
      jwks_uri: `${server.address}/keys`,
      end_session_endpoint: `${server.address}/logout`,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [algorithm],
      userinfo_signing_alg_values_supported: [algorithm],
      authorization_response_iss_parameter_supported: true,
    })

  async function grant(granted: Granted, kind: string): Promise<Record<string, unknown>> {
    const access = chance()
    const refresh = chance()
    plant('access token', access)
    plant('refresh token', refresh)
    accesses.set(access, granted)
    refreshes.set(refresh, granted)
    const { clientId, subject, nonce } = granted
    const claims = behaviour.idToken({
      iss: server.address,
      sub: subject,
      aud: clientId,
      iat: nowS(),
      exp: nowS() + 60,
      ...(nonce === null ? {} : { nonce }),
    })
    const idToken = await behaviour.sign('idToken', claims)
    plant('ID token', idToken)
    const answer = { access_token: access, token_type: 'Bearer', expires_in: 60, refresh_token: refresh }
    return behaviour.token({ ...answer, id_token: idToken }, kind)
  }

  async function token(request: Seen, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(request.body)
    const refuse = (error: string) => json(response, 400, { error })
    if (form.get('grant_type') === 'refresh_token') {
      const old = form.get('refresh_token') ?? ''
      const granted = refreshes.get(old)
      refreshes.delete(old)
      if (!granted) return refuse('invalid_grant')
      return json(response, 200, await grant({ ...granted, nonce: null }, 'refresh_token'))
    }
    const code = form.get('code') ?? ''
    const known = codes.get(code)
    codes.delete(code)
    const verifier = form.get('code_verifier')
    const challenge = verifier === null ? null : createHash('sha256').update(verifier).digest('base64url')
    if (!known || known.redirectUri !== form.get('redirect_uri') || known.challenge !== challenge)
      return refuse('invalid_grant')
    return json(response, 200, await grant(known, 'authorization_code'))
  }

  async function userinfo(request: Seen, response: ServerResponse): Promise<void> {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const granted = accesses.get(bearer)
    if (!granted) {
      response.writeHead(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }).end()
      return
    }
    const claims = {
      sub: granted.subject,
      given_name: 'Eden',
      usual_name: 'Rutabaga',
      email: 'Eden.Rutabaga@villeneuve-les-etangs.example',
      siret: '00000000000000',
    }
    if (!behaviour.signedUserinfo) return json(response, 200, behaviour.userinfo(claims))
    const told = { ...claims, iss: server.address, aud: granted.clientId, iat: nowS(), exp: nowS() + 60 }
    const text = await behaviour.sign('userinfo', behaviour.userinfo(told))
    response.writeHead(200, { 'Content-Type': 'application/jwt' }).end(text)
  }

  const answers: Record<Call, Answering> = {
    discovery: (_request, response) => json(response, 200, document()),
    jwks: (_request, response) => json(response, 200, { keys: keys.map((key) => key.public) }),
    token,
    userinfo,
    logout: (_request, response) => void response.writeHead(200).end('Au revoir'),
  }

  const server = await startHttpServer(async (request, response) => {
    response.setHeader('Date', new Date(Date.now() + behaviour.aheadMs).toUTCString())
    const call = paths[request.url.split('?')[0] ?? '']
    if (call === undefined) return void response.writeHead(404).end()
    asked.push([call, request])
    await (behaviour.instead[call] ?? answers[call])(request, response)
  })

  return {
    issuer: server.address,
    behaviour,
    keys,
    asked: (call) => asked.filter(([one]) => one === call).map(([, request]) => request),
    approve(page, { subject = 'sujet-fictif-1', clientId } = {}) {
      const query = new URL(page).searchParams
      const code = chance()
      plant('authorization code', code)
      const redirectUri = query.get('redirect_uri') ?? ''
      codes.set(code, {
        clientId: clientId ?? query.get('client_id') ?? '',
        subject,
        nonce: query.get('nonce'),
        redirectUri,
        challenge: query.get('code_challenge'),
      })
      const back = new URL(redirectUri)
      back.search = new URLSearchParams({
        code,
        state: query.get('state') ?? '',
        iss: server.address,
      }).toString()
      return back
    },
    answer: (call, request, response) => answers[call](request, response),
    expire: () => accesses.clear(),
    async rotate() {
      keys.splice(0, keys.length, await made(algorithm, chance()))
    },
    close: () => server.close(),
  }
}
