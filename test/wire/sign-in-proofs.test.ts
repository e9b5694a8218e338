import { exportSPKI, importJWK, SignJWT } from 'jose'
import { describe, expect, onTestFinished, test } from 'vitest'
import { discoverProvider } from '../../main/session/provider.ts'
import { type Kind, made, type OpenId, signedBy, startOpenId, unsigned } from '../fakes/openid.ts'
import { type Bench, kindOf, openBench, openSignedIn, type Setting } from './sign-in-console.ts'

async function bench(setting: Setting = {}, given?: OpenId): Promise<Bench> {
  const one = await openBench(setting, given)
  onTestFinished(() => one.close())
  return one
}

const first = (op: OpenId) => op.keys[0] ?? expect.unreachable()
const kinds: Kind[] = ['idToken', 'userinfo']

/** A provider whose ID token, or whose userinfo, is signed as a test says; the other one is honest. */
async function signingBench(kind: Kind): Promise<Bench & { sign(by: OpenId['behaviour']['sign']): void }> {
  const one = await bench({ settings: { userinfo: 'jwt' } })
  const honest = one.op.behaviour.sign
  one.op.behaviour.signedUserinfo = true
  return {
    ...one,
    sign: (by) => {
      one.op.behaviour.sign = (each, claims) => (each === kind ? by : honest)(each, claims)
    },
  }
}

const hmac = (claims: Record<string, unknown>, secret: string) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: 'first' })
    .sign(new TextEncoder().encode(secret))

const forgeries: Record<string, (op: OpenId, claims: Record<string, unknown>) => Promise<string>> = {
  'another key that says it is ours': async (_op, claims) =>
    signedBy(await made('ES256', 'first'), claims, { alg: 'ES256', kid: 'first' }),
  'another key, by its own name': async (_op, claims) =>
    signedBy(await made('ES256', 'other'), claims, { alg: 'ES256', kid: 'other' }),
  'another key, without a name': async (_op, claims) =>
    signedBy(await made('ES256', ''), claims, { alg: 'ES256' }),
  'another key, carried by the token': async (_op, claims) => {
    const key = await made('ES256', 'first')
    return signedBy(key, claims, { alg: 'ES256', kid: 'first', jwk: key.public })
  },
  'another algorithm than the declared one': async (op, claims) => {
    const key = await made('RS256', 'rsa')
    op.keys.push(key)
    return signedBy(key, claims, { alg: 'RS256', kid: 'rsa' })
  },
  'alg none': async (_op, claims) => unsigned({ alg: 'none' }, claims),
  'alg nOnE, with a signature': async (_op, claims) => unsigned({ alg: 'nOnE' }, claims, 'AAAA'),
  'no alg': async (_op, claims) => unsigned({ kid: 'first' }, claims, 'AAAA'),
  'our alg, and no signature': async (_op, claims) => unsigned({ alg: 'ES256', kid: 'first' }, claims),
  'HS256 by the public key as PEM': async (op, claims) => {
    const key = await importJWK({ ...first(op).public, alg: 'ES256' }, 'ES256', { extractable: true })
    if (!(key instanceof CryptoKey)) return expect.unreachable()
    return hmac(claims, await exportSPKI(key))
  },
  'HS256 by the public key as JWK': async (op, claims) => hmac(claims, JSON.stringify(first(op).public)),
}

describe.each(kinds)('faults 21: a forged %s', (kind) => {
  test.each(Object.entries(forgeries))('is refused: %s', async (_name, forge) => {
    const { op, signIn, sign, vault } = await signingBench(kind)
    sign((_kind, claims) => forge(op, claims))
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-signature')
    expect(vault.texts).toEqual([])
    expect(op.asked('jwks').length).toBeLessThanOrEqual(2)
  })

  test('is refused: no kid, where two keys could be meant', async () => {
    const { op, signIn, sign } = await signingBench(kind)
    op.keys.push(await made('ES256', 'second'))
    sign((_kind, claims) => signedBy(first(op), claims, { alg: 'ES256' }))
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-signature')
  })

  test('honest otherwise, is accepted', async () => {
    const { op, signIn } = await signingBench(kind)
    expect(kindOf(await signIn.start())).toBe('ok')
    expect(op.asked('jwks')).toHaveLength(1)
  })

  test('whose key was rotated is verified by the keys asked for once more', async () => {
    const { op, signIn, sign } = await signingBench(kind)
    sign(async (_kind, claims) => {
      await op.rotate()
      return signedBy(first(op), claims, { alg: 'ES256', kid: first(op).kid })
    })
    expect(kindOf(await signIn.start())).toBe('ok')
    // The ID token comes before any key is asked for, userinfo after.
    expect(op.asked('jwks')).toHaveLength(kind === 'idToken' ? 1 : 2)
  })
})

test('faults 21: a key rotated between two proofs is asked for once', async () => {
  const { op, signIn, clock } = await openSignedIn()
  onTestFinished(() => op.close())
  expect(op.asked('jwks')).toHaveLength(1)
  await op.rotate()
  clock.ms += 1
  expect(kindOf(await signIn.resume())).toBe('ok')
  expect(op.asked('jwks')).toHaveLength(2)
})

test('faults 21: RS256 is verified where it was declared', async () => {
  const { op, signIn } = await bench({ settings: { algorithm: 'RS256', userinfo: 'jwt' } })
  op.behaviour.signedUserinfo = true
  expect(kindOf(await signIn.start())).toBe('ok')
})

describe('faults 21: userinfo is what the profile declares', () => {
  test('faults 21: plain where a signed one was declared', async () => {
    const { signIn } = await bench({ settings: { userinfo: 'jwt' } })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-userinfo')
  })
  test('faults 21: signed where a plain one was declared', async () => {
    const { op, signIn } = await bench()
    op.behaviour.signedUserinfo = true
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-userinfo')
  })
  const altered: [string, Record<string, unknown>][] = [
    ['of another subject', { sub: 'sujet-fictif-2' }],
    ['without a subject', { sub: undefined }],
    ['for another client', { aud: 'other-client' }],
    ['for nobody', { aud: undefined }],
    ['of another provider', { iss: 'https://other.example' }],
    ['of no provider', { iss: undefined }],
  ]
  test.each(altered)('faults 21: signed, %s', async (_name, changes) => {
    const { op, signIn } = await bench({ settings: { userinfo: 'jwt' } })
    op.behaviour.signedUserinfo = true
    op.behaviour.userinfo = (claims) => ({ ...claims, ...changes })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-userinfo')
  })
  test('faults 21: plain, of another subject', async () => {
    const { op, signIn } = await bench()
    op.behaviour.userinfo = (claims) => ({ ...claims, sub: 'sujet-fictif-2' })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-userinfo')
  })
})

describe('faults 23: an ID token without our nonce', () => {
  test.each([
    ['missing', undefined],
    ['another', 'a-nonce-of-another-attempt-000000000000'],
    ['empty', ''],
    ['a list', ['x']],
  ])('faults 23: %s', async (_name, nonce) => {
    const { op, signIn } = await bench()
    op.behaviour.idToken = (claims) => ({ ...claims, nonce })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-nonce')
  })

  test('faults 23: one of an earlier sign-in, signed by the provider, does not serve again', async () => {
    const { op, signIn } = await bench()
    const honest = op.behaviour.sign
    let kept = ''
    op.behaviour.sign = async (kind, claims) => {
      kept = kept === '' ? await honest(kind, claims) : kept
      return kept
    }
    expect(kindOf(await signIn.start())).toBe('ok')
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-nonce')
  })

  test.each([
    ['for another program', { aud: 'other-client' }],
    ['for two, without saying which', { aud: ['dimail-console', 'other-client'] }],
    ['for two, and the other', { aud: ['dimail-console', 'other-client'], azp: 'other-client' }],
    ['for nobody', { aud: undefined }],
    ['that never ends', { exp: undefined }],
    ['of nobody', { sub: undefined }],
    ['of a list', { sub: ['sujet-fictif-1'] }],
  ])('faults 23: nor one made %s', async (_name, changes) => {
    const { op, signIn } = await bench()
    op.behaviour.idToken = (claims) => ({ ...claims, ...changes })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-token')
  })

  test.each([
    ['empty', ''],
    ['of 256 characters', 'x'.repeat(256)],
    ['of two lines', 'sujet\nfictif'],
  ])('faults 23: nor one whose subject is %s', async (_name, subject) => {
    const { op, signIn, vault } = await bench()
    op.behaviour.idToken = (claims) => ({ ...claims, sub: subject })
    op.behaviour.userinfo = (claims) => ({ ...claims, sub: subject })
    const result = await signIn.start()
    expect(kindOf(result)).toMatch(
      subject === '' ? /^(refused|bad-response)\// : /^refused\/sign-in-subject$/,
    )
    expect(vault.texts).toEqual([])
  })

  test('faults 23: nor an answer without one', async () => {
    const { op, signIn } = await bench()
    op.behaviour.token = ({ id_token: _none, ...answer }) => answer
    expect(kindOf(await signIn.start())).toBe('bad-response/provider')
  })
})

describe('faults 24: mix-up', () => {
  async function two(): Promise<Bench & { other: OpenId }> {
    const other = await startOpenId()
    onTestFinished(() => other.close())
    return { ...(await bench()), other }
  }
  const parameters: [string, (query: URLSearchParams, other: OpenId) => void][] = [
    ['absent, though announced', (query) => query.delete('iss')],
    ['of another provider', (query, other) => query.set('iss', other.issuer)],
    ['with a slash', (query) => query.set('iss', `${query.get('iss')}/`)],
  ]
  test.each(parameters)('faults 24: the iss of the callback is %s', async (_name, alter) => {
    const { op, other, signIn, browse } = await two()
    browse((page) => {
      const back = op.approve(page)
      alter(back.searchParams, other)
      return back
    })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-issuer')
    expect([op.asked('token').length, other.asked('token').length]).toEqual([0, 0])
  })

  test('faults 24: the iss of the callback is given twice', async () => {
    const { op, other, signIn, browse } = await two()
    browse((page) => {
      const back = op.approve(page)
      back.searchParams.append('iss', other.issuer)
      return back
    })
    expect(kindOf(await signIn.start())).toMatch(/^refused\/sign-in-(state|issuer)$/)
    expect(op.asked('token')).toHaveLength(0)
  })

  test('faults 24: the iss of the callback is of another provider, though none is announced', async () => {
    const { op, other, signIn, browse } = await two()
    op.behaviour.discovery = (found) => ({
      ...found,
      authorization_response_iss_parameter_supported: undefined,
    })
    browse((page) => {
      const back = op.approve(page)
      back.searchParams.set('iss', other.issuer)
      return back
    })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-issuer')
    expect(other.asked('token')).toHaveLength(0)
  })

  test('faults 24: the document names another issuer', async () => {
    const { op, other, signIn, pages } = await two()
    op.behaviour.discovery = (found) => ({ ...found, issuer: other.issuer })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-issuer')
    expect(pages).toEqual([])
  })

  test.each([
    ['https://login.microsoftonline.com/common/v2.0', 'https://login.microsoftonline.com/{tenantid}/v2.0'],
    ['https://x.b2clogin.com/y', 'https://other.example/'],
  ])('faults 24: not even %s may be described by another issuer', async (issuer, other) => {
    const { op } = await two()
    const bytes = Buffer.from(
      JSON.stringify({ issuer: other, code_challenge_methods_supported: ['S256'], jwks_uri: issuer }),
    )
    const header = (name: string) => (name === 'content-type' ? 'application/json' : undefined)
    const found = await discoverProvider(
      {
        settings: { ...(await bench({}, op)).settings, issuer },
        secret: () => null,
        wire: async () => ({ answer: { status: 200, header, bytes, fault: null } }),
        timeouts: { connect: 1000, headers: 1000, idle: 1000, total: 1000 },
        allowHttp: false,
        now: Date.now,
      },
      new AbortController().signal,
    )
    expect(found.ok ? 'ok' : kindOf(found)).toBe('refused/sign-in-issuer')
  })

  test('faults 24: the issuer of the profile may end with a slash that the provider does not write', async () => {
    const { op, other } = await two()
    const { signIn, browse } = await bench({ settings: { issuer: `${op.issuer}/` } }, op)
    expect(await signIn.start()).toMatchObject({ ok: true, value: { issuer: op.issuer } })
    browse((page) => {
      const back = op.approve(page)
      back.searchParams.set('iss', other.issuer)
      return back
    })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-issuer')
  })

  test('faults 24: the ID token names another issuer', async () => {
    const { op, other, signIn } = await two()
    op.behaviour.idToken = (claims) => ({ ...claims, iss: other.issuer })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-issuer')
  })

  test('faults 24: the ID token is one that another provider signed', async () => {
    const { op, other, signIn } = await two()
    op.behaviour.sign = (_kind, claims) => signedBy(first(other), claims, { alg: 'ES256', kid: 'first' })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-signature')
  })

  test('faults 24: an issuer in clear text, or one that names the document itself, is not asked', async () => {
    const { op } = await two()
    const refusedAddresses = [
      'http://provider.example',
      'http://localhost:8080',
      'https://user:secret@provider.example',
      'https://provider.example/?tenant=1',
      `${op.issuer}/.well-known/openid-configuration`,
      'file:///etc/passwd',
      'not an address',
    ]
    for (const issuer of refusedAddresses) {
      const { signIn } = await bench({ settings: { issuer } }, op)
      expect([issuer, kindOf(await signIn.start())]).toEqual([issuer, 'refused/sign-in-address'])
    }
    const { signIn } = await bench({ deps: { allowHttp: false } }, op)
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-address')
    expect(op.asked('discovery')).toEqual([])
  })

  const endpoints = [
    'authorization_endpoint',
    'token_endpoint',
    'jwks_uri',
    'userinfo_endpoint',
    'end_session_endpoint',
  ]
  test.each(endpoints)('faults 24: a %s in clear text is refused before the browser opens', async (name) => {
    const { op, signIn, pages } = await two()
    op.behaviour.discovery = (found) => ({ ...found, [name]: 'http://elsewhere.example/x' })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-address')
    expect(pages).toEqual([])
  })
})

describe('faults 25: a code of somebody else', () => {
  test('faults 25: whose page had another challenge is not exchanged', async () => {
    const { op, signIn, browse, vault } = await bench()
    browse((page) => {
      const theirs = new URL(page)
      theirs.searchParams.set('code_challenge', 'A'.repeat(43))
      // Their code comes back with our state.
      return op.approve(theirs.href, { subject: 'attaquant-fictif' })
    })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-code')
    expect(vault.texts).toEqual([])
  })

  test('faults 25: PKCE is on every page, and its verifier on every exchange, and they fit', async () => {
    const { op, signIn, pages } = await bench({ settings: { pkce: false } })
    expect(kindOf(await signIn.start())).toBe('ok')
    expect(pages[0]?.searchParams.get('code_challenge_method')).toBe('S256')
    expect(pages[0]?.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    const form = new URLSearchParams(op.asked('token')[0]?.body)
    expect(form.get('code_verifier')).toMatch(/^[\w-]{43,}$/)
    expect(pages[0]?.href).not.toContain(form.get('code_verifier'))
  })
})

describe('faults 26: a provider without S256', () => {
  const variants: [string, unknown][] = [
    ['not announced', undefined],
    ['plain only', ['plain']],
    ['none', []],
    ['a text', 'S256'],
    ['of another case', ['s256']],
  ]
  const clients: [string, Setting, string][] = [
    ['a public client', {}, 'refused/sign-in-pkce'],
    ['a public client that says it needs none', { settings: { pkce: false } }, 'refused/sign-in-pkce'],
    [
      'a confidential client that wants PKCE',
      { settings: { client: 'confidential' }, secret: 'secret-fictif' },
      'refused/sign-in-pkce',
    ],
    [
      'a confidential client whose profile says that it goes without',
      { settings: { client: 'confidential', pkce: false }, secret: 'secret-fictif' },
      'ok',
    ],
  ]
  for (const [name, methods] of variants)
    test.each(clients)(`faults 26: ${name}: %s`, async (_client, setting, expected) => {
      const { op, signIn, pages } = await bench(setting)
      op.behaviour.discovery = (found) => ({ ...found, code_challenge_methods_supported: methods })
      expect(kindOf(await signIn.start())).toBe(expected)
      expect(pages).toHaveLength(expected === 'ok' ? 1 : 0)
    })
})

describe('faults 27: a level of assurance', () => {
  const wanted = ['https://assurance.example/2fa', 'eidas2']
  const answers: [string, unknown, string][] = [
    ['as required', wanted[1], 'ok'],
    ['absent', undefined, 'refused/sign-in-acr'],
    ['lower', 'eidas1', 'refused/sign-in-acr'],
    ['empty', '', 'refused/sign-in-acr'],
    ['a list with the right one', [wanted[1]], 'refused/sign-in-acr'],
    ['an object', { value: wanted[1] }, 'refused/sign-in-acr'],
    ['null', null, 'refused/sign-in-acr'],
    ['of another case', 'EIDAS2', 'refused/sign-in-acr'],
    ['both in one text', wanted.join(' '), 'refused/sign-in-acr'],
  ]
  test.each(answers)('faults 27: %s', async (_name, acr, expected) => {
    const { op, signIn, vault } = await bench({ settings: { acr: wanted, acrRequest: 'claims' } })
    op.behaviour.idToken = (claims) => ({ ...claims, acr })
    expect(kindOf(await signIn.start())).toBe(expected)
    expect(vault.texts).toHaveLength(expected === 'ok' ? 1 : 0)
    expect(op.asked('userinfo')).toHaveLength(expected === 'ok' ? 1 : 0)
  })

  test('faults 27: of userinfo does not count', async () => {
    const { op, signIn } = await bench({ settings: { acr: wanted, acrRequest: 'claims' } })
    op.behaviour.userinfo = (claims) => ({ ...claims, acr: 'eidas2' })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-acr')
  })

  test.each(['eidas1', ['eidas2'], ''])(
    'that became %j is refused at the next proof, and ends the session',
    async (acr) => {
      const one = await bench({ settings: { acr: wanted, acrRequest: 'claims' } })
      one.op.behaviour.idToken = (claims) => ({ ...claims, acr: 'eidas2' })
      expect(kindOf(await one.signIn.start())).toBe('ok')
      one.clock.ms += 61_000
      one.op.behaviour.idToken = (claims) => ({ ...claims, acr })
      expect(kindOf(await one.signIn.resume())).toBe('refused/sign-in-acr')
      expect(one.vault.text).toBeNull()
    },
  )

  test('faults 27: is not told again by a refresh, and is remembered', async () => {
    const one = await bench({ settings: { acr: wanted, acrRequest: 'claims' } })
    one.op.behaviour.idToken = (claims) => ({ ...claims, acr: 'eidas2' })
    expect(kindOf(await one.signIn.start())).toBe('ok')
    one.clock.ms += 61_000
    one.op.behaviour.idToken = (claims) => claims
    expect(kindOf(await one.again().resume())).toBe('ok')
  })
})
