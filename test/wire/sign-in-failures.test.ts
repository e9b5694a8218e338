import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Silence } from '../../main/http/wire.ts'
import { failureOfError } from '../../main/session/provider-failures.ts'
import { createProviderFetch, NoAnswer } from '../../main/session/provider-fetch.ts'
import { json } from '../fakes/http-server.ts'
import { type Bench, canary, kindOf, openBench, type Setting } from './sign-in-console.ts'

async function bench(setting: Setting = {}): Promise<Bench> {
  const timeouts = { connect: 2000, headers: 200, idle: 200, total: 1000 }
  const one = await openBench({ ...setting, deps: { limits: { timeouts }, ...setting.deps } })
  onTestFinished(() => one.close())
  return one
}

const secret = canary()
type Instead = NonNullable<Bench['op']['behaviour']['instead']['token']>
const body =
  (status: number, text: string | Buffer, headers: Record<string, string> = {}): Instead =>
  (_request, response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(text)
const oauthError =
  (error: string, status = 400): Instead =>
  (_request, response) =>
    json(response, status, { error, error_description: secret, error_uri: `https://x.example/${secret}` })

describe('what a provider answers to the sign-in itself', () => {
  test.each([
    ['access_denied', 'cancelled/sign-in-denied'],
    ['unauthorized_client', 'refused/sign-in-client'],
    ['invalid_scope', 'refused/sign-in-scope'],
    ['invalid_request', 'refused/sign-in-request'],
    ['unsupported_response_type', 'refused/sign-in-request'],
    ['login_required', 'refused/sign-in-request'],
    ['Y000400', 'refused/sign-in-request'],
    ['server_error', 'server-error/provider'],
    ['temporarily_unavailable', 'server-error/provider'],
    [secret, 'refused/sign-in-request'],
  ])('%s: %s', async (error, kind) => {
    const { op, signIn, browse, lines } = await bench()
    browse((page) => {
      const back = op.approve(page)
      back.searchParams.delete('code')
      back.searchParams.set('error', error)
      back.searchParams.set('error_description', secret)
      return back
    })
    const result = await signIn.start()
    expect(kindOf(result)).toBe(kind)
    expect(JSON.stringify([result, lines])).not.toContain(secret)
    expect(op.asked('token')).toHaveLength(0)
  })
})

const troubles: [string, Instead, string][] = [
  ['nothing', () => {}, 'timeout/provider'],
  ['a cut connection', (_request, response) => void response.destroy(), 'offline/provider'],
  ['a failure', body(500, secret), 'server-error/provider'],
  ['too many requests', body(429, '{}'), 'server-error/provider'],
  ['a redirect', body(302, '', { Location: 'https://elsewhere.example/' }), 'bad-response/provider-redirect'],
  ['a page', body(200, `<html>${secret}`, { 'Content-Type': 'text/html' }), 'bad-response/provider'],
  ['a page that says it is JSON', body(200, `<html>${secret}`), 'bad-response/provider'],
  ['nothing in it', body(200, ''), 'bad-response/provider'],
  ['no content', body(204, ''), 'bad-response/provider'],
  ['two megabytes', body(200, JSON.stringify({ x: 'x'.repeat(2_000_000) })), 'bad-response/provider'],
  [
    'a bomb',
    body(200, gzipSync(Buffer.alloc(20_000_000, 0x20)), { 'Content-Encoding': 'gzip' }),
    'bad-response/provider',
  ],
  ['another compression', body(200, '{}', { 'Content-Encoding': 'zstd-x' }), 'bad-response/provider'],
]
const shapes: [string, string][] = [
  ['an array', '[]'],
  ['null', 'null'],
  ['a text', '"x"'],
  ['cut JSON', `{"issuer":"${secret}`],
  ['a deep nest', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
]

describe('what a provider answers instead of its document', () => {
  const cases = [
    ...troubles,
    ...shapes.map(([name, text]): (typeof troubles)[number] => [
      name,
      body(200, text),
      'bad-response/provider',
    ]),
    ['nowhere', body(404, secret), 'bad-response/provider'] as const,
    ['no issuer', body(200, '{}'), 'bad-response/provider'] as const,
    ['an issuer that is no address', body(200, '{"issuer":"x"}'), 'bad-response/provider'] as const,
  ]
  test.each(cases)('%s', async (_name, answer, kind) => {
    const { op, signIn, pages, lines } = await bench()
    op.behaviour.instead.discovery = answer
    const result = await signIn.start()
    expect(kindOf(result)).toBe(kind)
    expect(pages).toEqual([])
    expect(JSON.stringify([result, lines])).not.toContain(secret)
  })

  const strange: [string, Record<string, unknown>][] = [
    ['no authorization end point', { authorization_endpoint: undefined }],
    ['an authorization end point that is a number', { authorization_endpoint: 7 }],
    ['no token end point', { token_endpoint: undefined }],
    ['no keys', { jwks_uri: undefined }],
    ['keys at no address', { jwks_uri: 'x' }],
    ['no userinfo', { userinfo_endpoint: undefined }],
    ['a userinfo that is a list', { userinfo_endpoint: [] }],
    ['methods that are a number', { code_challenge_methods_supported: 7 }],
  ]
  test.each(strange)('a document with %s', async (_name, changes) => {
    const { op, signIn } = await bench()
    op.behaviour.discovery = (found) => ({ ...found, ...changes })
    expect(kindOf(await signIn.start())).toMatch(/^(bad-response\/provider|refused\/sign-in-(address|pkce))$/)
  })
})

describe('what a provider answers instead of tokens', () => {
  const cases = [
    ...troubles,
    ...shapes.map(([name, text]): (typeof troubles)[number] => [
      name,
      body(200, text),
      'bad-response/provider',
    ]),
    ['invalid_grant', oauthError('invalid_grant'), 'refused/sign-in-code'] as const,
    ['invalid_client', oauthError('invalid_client', 401), 'refused/sign-in-client'] as const,
    [
      'invalid_client as a challenge',
      body(401, '{}', { 'WWW-Authenticate': `Basic realm="${secret}"` }),
      'refused/sign-in-client',
    ] as const,
    ['unauthorized_client', oauthError('unauthorized_client'), 'refused/sign-in-client'] as const,
    ['invalid_scope', oauthError('invalid_scope'), 'refused/sign-in-scope'] as const,
    ['another error', oauthError(secret), 'refused/sign-in-request'] as const,
    ['an error that is no code', body(400, '{"error":{"a":1}}'), 'bad-response/provider'] as const,
    [
      'another kind of token',
      body(200, '{"access_token":"x","token_type":"mac"}'),
      'bad-response/provider',
    ] as const,
    ['no access token', body(200, '{"token_type":"Bearer"}'), 'bad-response/provider'] as const,
    [
      'an empty access token',
      body(200, '{"access_token":"","token_type":"Bearer"}'),
      'bad-response/provider',
    ] as const,
    [
      'an ID token that is none',
      body(200, '{"access_token":"x","token_type":"Bearer","id_token":"x.y"}'),
      'bad-response/provider',
    ] as const,
    [
      'an encrypted ID token',
      body(200, '{"access_token":"x","token_type":"Bearer","id_token":"a.b.c.d.e"}'),
      'bad-response/provider',
    ] as const,
  ]
  test.each(cases)('%s', async (_name, answer, kind) => {
    const { op, signIn, vault, lines } = await bench()
    op.behaviour.instead.token = answer
    const result = await signIn.start()
    expect(kindOf(result)).toBe(kind)
    expect(vault.texts).toEqual([])
    // A code is never sent twice.
    expect(op.asked('token')).toHaveLength(1)
    expect(JSON.stringify([result, lines])).not.toContain(secret)
  })
})

describe('what a provider answers instead of its keys', () => {
  const keys: [string, Instead, string][] = [
    ...troubles,
    ['no list', body(200, '{"keys":{}}'), 'bad-response/provider'],
    ['a list of texts', body(200, '{"keys":["x"]}'), 'bad-response/provider'],
    ['none', body(200, '{"keys":[]}'), 'refused/sign-in-signature'],
    [
      'a key that is none',
      body(200, '{"keys":[{"kty":"EC","kid":"first","crv":"P-256","x":"AA","y":"AA"}]}'),
      'bad-response/provider',
    ],
    [
      'uses that are a number',
      body(200, '{"keys":[{"kty":"EC","kid":"first","crv":"P-256","key_ops":7}]}'),
      'bad-response/provider',
    ],
  ]
  test.each(keys)('%s', async (_name, answer, kind) => {
    const { op, signIn, vault } = await bench()
    op.behaviour.instead.jwks = answer
    expect(kindOf(await signIn.start())).toBe(kind)
    expect(vault.texts).toEqual([])
  })
})

describe('what a provider answers instead of userinfo', () => {
  const cases = [
    ...troubles,
    ...shapes
      .filter(([name]) => name === 'cut JSON')
      .map(([name, text]): (typeof troubles)[number] => [name, body(200, text), 'bad-response/provider']),
    ...shapes
      .filter(([name]) => name !== 'cut JSON')
      .map(([name, text]): (typeof troubles)[number] => [name, body(200, text), 'refused/sign-in-userinfo']),
    ['no', body(401, secret, { 'WWW-Authenticate': 'Bearer' }), 'refused/sign-in-userinfo'] as const,
    ['no, without a challenge', body(401, secret), 'refused/sign-in-userinfo'] as const,
    ['never', body(403, secret), 'refused/sign-in-userinfo'] as const,
    ['nowhere', body(404, secret), 'bad-response/provider'] as const,
  ]
  test.each(cases)('%s', async (_name, answer, kind) => {
    const { op, signIn, vault, lines } = await bench()
    op.behaviour.instead.userinfo = answer
    const result = await signIn.start()
    expect(kindOf(result)).toBe(kind)
    expect(vault.texts).toEqual([])
    expect(JSON.stringify([result, lines])).not.toContain(secret)
  })
})

test('a provider that is not there is offline', async () => {
  const { op, signIn } = await bench()
  await op.close()
  expect(kindOf(await signIn.start())).toBe('offline/provider')
})

test('an error that nobody foresaw is an unusable answer, and none of its words', () => {
  const circumstances = { stage: 'sign-in', issuer: 'https://x.example', skewS: 0 } as const
  for (const error of [new TypeError(secret), new RangeError(secret), secret, null]) {
    const failure = failureOfError(error, circumstances)
    expect(kindOf({ ok: false, failure })).toBe('bad-response/provider')
    expect(JSON.stringify(failure)).not.toContain(secret)
  }
})

describe('a request without an answer', () => {
  const timeouts = { connect: 1000, headers: 1000, idle: 1000, total: 1000 }
  const silences: [Silence, string, string][] = [
    [{ cause: 'network', left: false, code: 'ECONNREFUSED' }, 'offline/provider', 'unsent'],
    [{ cause: 'network', left: false, code: 'ENOTFOUND' }, 'offline/provider', 'unsent'],
    [
      { cause: 'network', left: false, code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      'offline/provider-tls',
      'unsent',
    ],
    [{ cause: 'network', left: true, code: 'ECONNRESET' }, 'offline/provider', 'used'],
    [{ cause: 'network', left: true, code: 'HPE_INVALID_CONSTANT' }, 'bad-response/provider', 'used'],
    [{ cause: 'connect', left: false, code: '' }, 'timeout/provider', 'unsent'],
    [{ cause: 'headers', left: true, code: '' }, 'timeout/provider', 'used'],
    [{ cause: 'cancelled', left: false, code: '' }, 'cancelled/sign-in', 'unsent'],
  ]
  test.each(silences)('%j', async (silence, kind, fate) => {
    const ask = createProviderFetch({
      wire: async () => ({ silence }),
      timeouts,
      allowHttp: false,
      signal: new AbortController().signal,
      dated: () => {},
    })
    const asked = ask('https://identite.example/token', {
      method: 'POST',
      headers: {},
      body: '',
      redirect: 'manual',
    })
    const error: unknown = await asked.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof NoAnswer)) return expect.unreachable()
    expect([kindOf({ ok: false, failure: error.failure }), error.fate]).toEqual([kind, fate])
  })
})
