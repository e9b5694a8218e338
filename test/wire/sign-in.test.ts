import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { portOf } from '../fakes/tcp-server.ts'
import { type Bench, canary, freePort, kindOf, openBench, type Setting } from './sign-in-console.ts'

async function bench(setting: Setting = {}): Promise<Bench> {
  const made = await openBench(setting)
  onTestFinished(() => made.close())
  return made
}

test.each(['json', 'jwt'] as const)(
  'an agent signs in and is told by the claims of userinfo as %s',
  async (userinfo) => {
    const { signIn, op } = await bench({ settings: { userinfo } })
    op.behaviour.signedUserinfo = userinfo === 'jwt'
    expect(await signIn.start()).toEqual({
      ok: true,
      value: {
        sub: 'sujet-fictif-1',
        issuer: op.issuer,
        name: 'Eden Rutabaga',
        email: 'eden.rutabaga@villeneuve-les-etangs.example',
        emailVerified: true,
        claims: expect.objectContaining({ siret: '00000000000000' }),
      },
    })
    expect(signIn.canResume()).toBe(true)
  },
)

describe('the page that the browser opens', () => {
  const basic = ['client_id', 'nonce', 'redirect_uri', 'response_type', 'scope', 'state']
  const pkce = ['code_challenge', 'code_challenge_method']
  const acr = ['eidas2', 'https://assurance.example/2fa']
  const cases: [string, Setting, string[], Record<string, string>][] = [
    ['of a public client', {}, [...basic, ...pkce], { response_type: 'code', client_id: 'dimail-console' }],
    [
      'of ProConnect',
      {
        settings: { client: 'confidential', pkce: false, acr, acrRequest: 'claims' },
        secret: 'secret-fictif',
      },
      ['claims', ...basic],
      { claims: JSON.stringify({ id_token: { acr: { essential: true, values: acr } } }) },
    ],
    [
      'of a provider that takes acr_values',
      { settings: { acr, acrRequest: 'acr_values' } },
      ['acr_values', ...basic, ...pkce],
      { acr_values: 'eidas2 https://assurance.example/2fa' },
    ],
    ['that asks for no level', { settings: { acr, acrRequest: 'none' } }, [...basic, ...pkce], {}],
    ['without a level', { settings: { acr: [], acrRequest: 'claims' } }, [...basic, ...pkce], {}],
  ]
  test.each(cases)('%s carries what it must and nothing else', async (_name, setting, names, values) => {
    const { signIn, pages } = await bench(setting)
    await signIn.start()
    const query = pages[0]?.searchParams ?? expect.unreachable()
    expect([...query.keys()].sort()).toEqual([...names].sort())
    expect(Object.fromEntries(query)).toMatchObject(values)
    expect(query.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/)
    for (const name of ['state', 'nonce']) expect(query.get(name)).toMatch(/^[\w-]{32,}$/)
  })

  test('is never twice of the same chance', async () => {
    const { signIn, pages } = await bench()
    await signIn.start()
    await signIn.start()
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(pages[0]?.searchParams.get(name)).not.toBe(pages[1]?.searchParams.get(name))
  })

  test('is of the origin that openPage is told', async () => {
    const seen: [string, string][] = []
    const openPage = async (url: string, origin: string) => {
      seen.push([new URL(url).origin, origin])
      return false
    }
    const { signIn, op } = await bench({ deps: { openPage } })
    expect(kindOf(await signIn.start())).toBe('not-possible/sign-in-browser')
    expect(seen).toEqual([[op.issuer, op.issuer]])
  })
})

describe('a confidential client', () => {
  const secret = canary()
  test('gives its secret in the body of the call for tokens, and nowhere else', async () => {
    const { signIn, op, pages, vault, lines, clock } = await bench({
      settings: { client: 'confidential' },
      secret,
    })
    expect(kindOf(await signIn.start())).toBe('ok')
    clock.ms += 61_000
    expect(kindOf(await signIn.resume())).toBe('ok')
    const tokens = op.asked('token')
    expect(tokens.map((one) => new URLSearchParams(one.body).get('client_secret'))).toEqual([secret, secret])
    expect(tokens.some((one) => one.url.includes(secret) || one.headers.authorization)).toBe(false)
    const others = [op.asked('discovery'), op.asked('jwks'), op.asked('userinfo'), pages, vault, lines]
    expect(JSON.stringify(others)).not.toContain(secret)
  })

  test.each([null, ''])('without its secret (%j) asks for nothing', async (none) => {
    const { signIn, op } = await bench({ settings: { client: 'confidential' }, secret: none })
    expect(kindOf(await signIn.start())).toBe('refused/sign-in-no-secret')
    expect(op.asked('discovery')).toEqual([])
  })

  test('a public client never uses one', async () => {
    const { signIn, op } = await bench({ secret })
    expect(kindOf(await signIn.start())).toBe('ok')
    expect(op.asked('token')[0]?.body).not.toContain(secret)
  })
})

test('the code and the tokens are in no line, no failure and no page; the access token not in the vault', async () => {
  const { signIn, op, lines, vault } = await bench()
  const token = canary()
  op.behaviour.token = (answer) => ({ ...answer, scope: token })
  const secrets: string[] = [token]
  const honest = op.behaviour.sign
  op.behaviour.sign = async (kind, claims) => {
    const signed = await honest(kind, claims)
    secrets.push(signed)
    return signed
  }
  op.behaviour.instead.userinfo = (request, response) => {
    secrets.push(String(request.headers.authorization).slice(7))
    response.writeHead(500).end(secrets.join())
  }
  const result = await signIn.start()
  expect(kindOf(result)).toBe('server-error/provider')
  for (const secret of [...secrets, 'sujet-fictif-1', 'rutabaga'])
    expect(JSON.stringify([result, lines, vault])).not.toContain(secret)
  op.behaviour.instead = {}
  expect(kindOf(await signIn.start())).toBe('ok')
  const bearer = String(op.asked('userinfo').at(-1)?.headers.authorization).slice(7)
  expect(bearer).not.toBe('')
  expect(JSON.stringify([lines, vault])).not.toContain(bearer)
})

describe('an attempt', () => {
  test('is alone', async () => {
    const { signIn, op, browse, pages } = await bench()
    const second = Promise.withResolvers<string>()
    browse(async (page) => {
      second.resolve(kindOf(await signIn.start()))
      return op.approve(page)
    })
    expect(kindOf(await signIn.start())).toBe('ok')
    expect(await second.promise).toBe('not-possible/sign-in-running')
    expect(pages).toHaveLength(1)
  })

  test('is cancelled, and its port is free again', async () => {
    const { signIn, pages, browse } = await bench()
    browse(() => {
      signIn.cancel()
      return null
    })
    expect(kindOf(await signIn.start())).toBe('cancelled/sign-in')
    const port = Number(new URL(pages[0]?.searchParams.get('redirect_uri') ?? '').port)
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve))
    expect(portOf(taken.address())).toBe(port)
    await new Promise((resolve) => taken.close(resolve))
  })

  test('is cancelled while the code is being exchanged, and nobody is signed in', async () => {
    const { signIn, op, vault } = await bench()
    op.behaviour.instead.token = () => signIn.cancel()
    expect(kindOf(await signIn.start())).toBe('cancelled/sign-in')
    expect([vault.text, signIn.canResume()]).toEqual([null, false])
  })

  test('is cancelled at its very end, while userinfo is being verified, and nobody is signed in', async () => {
    const { signIn, op, vault } = await bench({ settings: { userinfo: 'jwt' } })
    op.behaviour.signedUserinfo = true
    const verify = crypto.subtle.verify.bind(crypto.subtle)
    let verified = 0
    vi.spyOn(crypto.subtle, 'verify').mockImplementation((...asked) => {
      // The ID token is the first.
      if (++verified === 2) signIn.cancel()
      return verify(...asked)
    })
    expect(kindOf(await signIn.start())).toBe('cancelled/sign-in')
    expect(verified).toBe(2)
    expect([vault.text, signIn.canResume()]).toEqual([null, false])
  })

  test('ends when nobody comes back', async () => {
    const { signIn, browse } = await bench({ deps: { limits: { loopback: { whole: 50 } } } })
    browse(() => null)
    expect(kindOf(await signIn.start())).toBe('timeout/sign-in')
  })

  test('ends with the console, and none begins after', async () => {
    const { signIn, browse } = await bench()
    browse(() => {
      signIn.close()
      return null
    })
    expect(kindOf(await signIn.start())).toBe('cancelled/sign-in')
    expect(kindOf(await signIn.start())).toBe('cancelled/sign-in')
  })

  test('says when no registered port is free', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void taken.close())
    const { signIn, pages } = await bench({ settings: { ports: [portOf(taken.address())] } })
    expect(kindOf(await signIn.start())).toBe('not-possible/sign-in-ports')
    expect(pages).toEqual([])
  })

  test('may follow another at once on the only registered port', async () => {
    const port = await freePort()
    const { signIn } = await bench({ settings: { ports: [port] } })
    expect(kindOf(await signIn.start())).toBe('ok')
    expect(kindOf(await signIn.start())).toBe('ok')
  })
})
