import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as openid from 'openid-client'
import { expect, test, vi } from 'vitest'
import { accounts } from '../../main/sandbox/accounts.ts'
import { clickThrough, openBrowser } from '../fakes/click-through.ts'
import { accountOf, consoleOf, refusalOf } from './openid-console.ts'
import { open } from './sandbox-wire.ts'

test.each(['clientId', 'signedClientId'] as const)(
  'one click signs in and goes back, and userinfo tells who it is (%s)',
  async (client) => {
    const { sandbox } = await open({ domains: 0 })
    const here = await consoleOf(sandbox, sandbox.openid[client])
    const tokens = await here.signIn('two-towns')
    const account = accountOf('two-towns')
    expect(await here.userinfo(tokens)).toMatchObject({
      sub: account.sub,
      given_name: 'Charlie',
      usual_name: 'Panais',
      email: account.email,
      siret: account.siret,
      roles: [],
    })
    expect(tokens.claims()).toMatchObject({
      iss: sandbox.openid.issuer,
      aud: sandbox.openid[client],
      sub: account.sub,
      acr: 'eidas1',
    })
    expect(decodeProtectedHeader(tokens.id_token ?? '').alg).toBe('ES256')
    // What it tells of a person is in userinfo alone, as at ProConnect.
    expect(Object.keys(decodeJwt(tokens.id_token ?? ''))).not.toContain('email')
  },
)

test.each([
  ['clientId', 'application/json'],
  ['signedClientId', 'application/jwt'],
] as const)('the userinfo of %s is %s', async (client, type) => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox, sandbox.openid[client])
  const { access_token: token } = await here.signIn('support')
  const response = await fetch(here.provider.serverMetadata().userinfo_endpoint ?? '', {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(response.headers.get('content-type')).toContain(type)
  if (type === 'application/jwt') {
    const text = await response.text()
    expect(decodeProtectedHeader(text).alg).toBe('ES256')
    expect(decodeJwt(text)).toMatchObject({ aud: sandbox.openid[client], roles: ['support'] })
  } else expect(await response.json()).toMatchObject({ roles: ['support'] })
})

test('every account can sign in, under a subject that tells nothing', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  const subs: unknown[] = []
  for (const { id } of accounts) subs.push((await here.signIn(id)).claims()?.sub)
  expect(subs).toEqual(accounts.map(({ sub }) => sub))
  expect(new Set(subs).size).toBe(accounts.length)
  for (const { sub, email, siret } of accounts) {
    expect([sub, siret]).toEqual([
      expect.stringMatching(/^[0-9a-f-]{36}$/),
      expect.stringMatching(/^999\d{11}$/),
    ])
    expect(email).toMatch(/\.example$/)
  }
})

test('a claim whose scope is not asked is not told', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  const told = await here.userinfo(await here.signIn('owner', { scope: 'openid email' }))
  expect(Object.keys(told).sort()).toEqual(['email', 'roles', 'sub'])
})

test('a request without PKCE, or with the plain form, is refused', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  const plain = await openBrowser().visit(here.authorization({ code_challenge_method: 'plain' }))
  expect(refusalOf(plain, here.back())).toBe('invalid_request')
  const without = here.authorization()
  for (const name of ['code_challenge', 'code_challenge_method']) without.searchParams.delete(name)
  expect(refusalOf(await openBrowser().visit(without), here.back())).toBe('invalid_request')
})

test('a code is good once, and only with its verifier', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  await clickThrough(here.authorization(), 'support')
  const wrong = here.exchange(openid.randomPKCECodeVerifier())
  await expect(wrong).rejects.toMatchObject({ error: 'invalid_grant' })
  await here.signIn('support')
  await expect(here.exchange()).rejects.toMatchObject({ error: 'invalid_grant' })
})

test('a refresh token is replaced on use, and the one before is refused and ends them all', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  const first = await here.signIn('several')
  const second = await openid.refreshTokenGrant(here.provider, first.refresh_token ?? '')
  expect(second.refresh_token).not.toBe(first.refresh_token)
  expect(await here.userinfo({ ...second, claims: () => first.claims() })).toMatchObject({
    email: accountOf('several').email,
  })
  for (const { refresh_token } of [first, second]) {
    const again = openid.refreshTokenGrant(here.provider, refresh_token ?? '')
    await expect(again).rejects.toMatchObject({ error: 'invalid_grant' })
  }
})

test('the confidential client needs the secret of this run', async () => {
  const { sandbox } = await open({ domains: 0 })
  const { clientId, clientSecret } = sandbox.openid.confidential
  const here = await consoleOf(sandbox, clientId, clientSecret)
  expect((await here.signIn('support')).claims()?.sub).toBe(accountOf('support').sub)
  const stranger = await consoleOf(sandbox, clientId, 'not-it')
  await expect(stranger.signIn('support')).rejects.toMatchObject({ error: 'invalid_client' })
  const other = await open({ domains: 0 })
  expect(other.sandbox.openid.confidential.clientSecret).not.toBe(clientSecret)
})

test('another redirect than the registered path on loopback is refused, and nobody is sent there', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  for (const redirect_uri of ['http://127.0.0.1:8000/other', 'https://console.example/callback']) {
    const shown = await openBrowser().visit(here.authorization({ redirect_uri }))
    expect([shown.status, shown.url.port]).toEqual([400, new URL(sandbox.url).port])
    expect(shown.text).toContain('La connexion n’a pas abouti')
    expect(shown.text).toContain('redirect_uri')
  }
})

const insists = (...values: string[]) => JSON.stringify({ id_token: { acr: { essential: true, values } } })
test.each([
  ['none asked', {}, 'eidas1'],
  ['acr_values', { acr_values: 'eidas9 eidas2 eidas1' }, 'eidas2'],
  ['essential', { claims: insists('eidas3') }, 'eidas3'],
  ['voluntary and unknown', { acr_values: 'eidas9' }, 'eidas1'],
])('the level of assurance is told in the ID token: %s', async (_what, more, level) => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  expect((await here.signIn('support', more)).claims()?.acr).toBe(level)
})

test('a level that is insisted on and that nobody has is refused', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  await clickThrough(here.authorization({ claims: insists('eidas9') }), 'support')
  expect(here.back().searchParams.get('error')).toBe('unmet_authentication_requirements')
})

test('signing out takes one click, goes back with the state, and ends the refresh token', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  const browser = openBrowser()
  const tokens = await here.signIn('support', {}, browser)
  const out = openid.buildEndSessionUrl(here.provider, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: `${here.redirect}/signed-out`,
    state: 'out-1',
    ui_locales: 'en',
  })
  const page = await browser.visit(out)
  expect(page.text).toContain('<h1>Sign out?</h1>')
  const shown = await browser.press(page, 'logout', 'yes')
  expect(shown.url.pathname + shown.url.search).toBe('/callback/signed-out?state=out-1')
  const again = openid.refreshTokenGrant(here.provider, tokens.refresh_token ?? '')
  await expect(again).rejects.toMatchObject({ error: 'invalid_grant' })
})

test('signing out with nowhere to go back to ends on a page that says so', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  const browser = openBrowser()
  const { id_token } = await here.signIn('support', {}, browser)
  const out = openid.buildEndSessionUrl(here.provider, { id_token_hint: id_token ?? '' })
  const shown = await browser.press(await browser.visit(out), 'logout', 'yes')
  expect([shown.status, shown.text]).toEqual([200, expect.stringContaining('Vous êtes déconnecté')])
})

test('a browser that nobody signed in with signs out by itself, by the only script that is let through', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  const { id_token } = await here.signIn('support')
  const out = openid.buildEndSessionUrl(here.provider, { id_token_hint: id_token ?? '' })
  const browser = openBrowser()
  const page = await browser.visit(out)
  expect(page.headers['content-security-policy']).toMatch(/script-src 'sha256-/)
  expect((await browser.press(page, 'logout', 'yes')).text).toContain('Vous êtes déconnecté')
})

test('only its own host is served, against pages that rebind DNS', async () => {
  const { sandbox, ask } = await open({ domains: 0 })
  const path = '/openid/.well-known/openid-configuration'
  expect((await ask('GET', path)).json).toMatchObject({ issuer: `${sandbox.url}/openid` })
  for (const host of ['evil.example', `localhost:${new URL(sandbox.url).port}`]) {
    expect((await ask('GET', path, { headers: { host } })).status).toBe(403)
  }
})

test('neither the faults, the latency nor the log of dimail know of it', async () => {
  const { sandbox, ask } = await open({ domains: 0, latencyMs: 5000 })
  sandbox.answerNext(() => true, { answer: { status: 503 } })
  const began = performance.now()
  expect((await ask('GET', '/openid/jwks')).status).toBe(200)
  expect(performance.now() - began).toBeLessThan(4000)
  expect(sandbox.requests).toEqual([])
})

test('it says nothing on stdout or stderr that would spoil the line of the process', async () => {
  const said: unknown[] = []
  for (const name of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, name).mockImplementation((...words) => void said.push(words))
  }
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  await here.signIn('support')
  expect(said).toEqual([])
})
