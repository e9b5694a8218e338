import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { json } from '../fakes/http-server.ts'
import { made, signedBy } from '../fakes/openid.ts'
import {
  type Bench,
  freePort,
  kindOf,
  openBench,
  openSignedIn,
  type Setting,
  visit,
} from './sign-in-console.ts'

async function signedIn(setting: Setting = {}): Promise<Bench> {
  const one = await openSignedIn(setting)
  onTestFinished(() => one.close())
  return one
}
async function bench(setting: Setting = {}): Promise<Bench> {
  const one = await openBench(setting)
  onTestFinished(() => one.close())
  return one
}

const refreshes = ({ op }: Bench) =>
  op.asked('token').filter((one) => one.body.includes('grant_type=refresh_token'))
const keptToken = ({ vault }: Bench): unknown =>
  vault.text === null ? null : (JSON.parse(vault.text).refreshToken ?? null)

test('an agent is proven again after a restart, without a browser', async () => {
  const one = await signedIn()
  const again = one.again()
  expect(again.canResume()).toBe(true)
  const result = await again.resume()
  expect(result).toMatchObject({ ok: true, value: { sub: 'sujet-fictif-1', issuer: one.op.issuer } })
  expect(result).toMatchObject({ value: { email: 'eden.rutabaga@villeneuve-les-etangs.example' } })
  expect(one.pages).toHaveLength(1)
})

describe('faults 32: calls that find at once that the access token is over', () => {
  test('twenty make one refresh, and succeed', async () => {
    const one = await bench()
    await one.signIn.start()
    one.op.expire()
    const results = await Promise.all(Array.from({ length: 20 }, () => one.signIn.resume()))
    expect(results.map(kindOf)).toEqual(Array(20).fill('ok'))
    expect(refreshes(one)).toHaveLength(1)
    // Twenty refusals, and twenty answers.
    expect(one.op.asked('userinfo').length).toBeGreaterThanOrEqual(21)
  })

  test('twenty without any access token make one refresh, and succeed', async () => {
    const one = await signedIn()
    const again = one.again()
    const results = await Promise.all(Array.from({ length: 20 }, () => again.resume()))
    expect(results.map(kindOf)).toEqual(Array(20).fill('ok'))
    expect(refreshes(one)).toHaveLength(1)
  })
})

test('the new refresh token is in the vault before the new access token is used', async () => {
  const one = await signedIn()
  const before = keptToken(one)
  let atUserinfo: unknown = null
  let atToken: unknown = null
  const granted: unknown[] = []
  one.op.behaviour.token = (answer) => {
    atToken = one.vault.text
    granted.push(answer.refresh_token)
    return answer
  }
  one.op.behaviour.userinfo = (claims) => {
    atUserinfo = keptToken(one)
    return claims
  }
  expect(kindOf(await one.signIn.resume())).toBe('ok')
  expect(String(atToken)).toContain('"isSent":true')
  expect(atUserinfo).not.toBe(before)
  expect([atUserinfo]).toEqual(granted)
})

describe('faults 33: a refresh that gives nothing', () => {
  type Trouble = { name: string; break: (one: Bench) => void; kind: string; isKept: boolean }
  const instead = (answer: Bench['op']['behaviour']['instead']['token']) => (one: Bench) => {
    if (answer) one.op.behaviour.instead.token = answer
  }
  const troubles: Trouble[] = [
    {
      name: 'the provider ended the session',
      break: instead((_request, response) => json(response, 400, { error: 'invalid_grant' })),
      kind: 'refused/session-over',
      isKept: false,
    },
    {
      name: 'the connection is cut before the answer',
      break: instead((_request, response) => void response.destroy()),
      kind: 'refused/session-lost',
      isKept: false,
    },
    {
      name: 'the connection is cut within the answer',
      break: instead((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 })
        response.write('{"access_token":"', () => response.destroy())
      }),
      kind: 'refused/session-lost',
      isKept: false,
    },
    {
      name: 'no answer comes',
      break: instead(() => {}),
      kind: 'refused/session-lost',
      isKept: false,
    },
    {
      name: 'a gateway lost the answer',
      break: instead((_request, response) => json(response, 504, {})),
      kind: 'refused/session-lost',
      isKept: false,
    },
    {
      name: 'the answer is a page',
      break: instead((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>')
      }),
      kind: 'refused/session-lost',
      isKept: false,
    },
    {
      name: 'the new ID token is of somebody else',
      break: (one) => {
        one.op.behaviour.idToken = (claims) => ({ ...claims, sub: 'sujet-fictif-2' })
      },
      kind: 'refused/sign-in-subject',
      isKept: false,
    },
    {
      name: 'the new ID token is forged',
      break: (one) => {
        one.op.behaviour.sign = async (_kind, claims) =>
          signedBy(await made('ES256', 'first'), claims, { alg: 'ES256', kid: 'first' })
      },
      kind: 'refused/sign-in-signature',
      isKept: false,
    },
    {
      name: 'the keys of the new ID token cannot be had',
      break: (one) => {
        one.op.behaviour.instead.jwks = (_request, response) => void response.writeHead(404).end()
      },
      kind: 'refused/session-lost',
      isKept: false,
    },
    {
      name: 'the provider fails, and says so',
      break: instead((_request, response) => json(response, 503, { error: 'maintenance' })),
      kind: 'server-error/provider',
      isKept: true,
    },
    {
      name: 'the provider does not accept the client',
      break: instead((_request, response) => json(response, 401, { error: 'invalid_client' })),
      kind: 'refused/sign-in-client',
      isKept: true,
    },
    {
      name: 'the provider does not say where tokens are',
      break: (one) => {
        one.op.behaviour.instead.discovery = (_request, response) => void response.destroy()
      },
      kind: 'offline/provider',
      isKept: true,
    },
  ]
  test.each(troubles)('$name', async ({ break: breakIt, kind, isKept }) => {
    const timeouts = { connect: 2000, headers: 200, idle: 200, total: 2000 }
    const one = await signedIn({ deps: { limits: { timeouts } } })
    const before = keptToken(one)
    breakIt(one)
    expect(kindOf(await one.signIn.resume())).toBe(kind)
    expect(one.signIn.canResume()).toBe(isKept)
    expect(keptToken(one)).toBe(isKept ? before : null)
    if (!isKept) expect(one.vault.text).toBeNull()
    // The same token is never sent again within the minute, and after it only when it was not used.
    const asked = refreshes(one).length
    await one.signIn.resume()
    expect(refreshes(one)).toHaveLength(asked)
    one.clock.ms += 61_000
    one.op.behaviour.instead = {}
    expect(kindOf(await one.signIn.resume())).toBe(isKept ? 'ok' : 'refused/session-over')
  })

  test('the provider is down: nothing has left, everything is kept, and it is asked again as soon as it is back', async () => {
    const one = await signedIn()
    const before = keptToken(one)
    one.op.behaviour.discovery = (found) => ({ ...found, token_endpoint: 'http://127.0.0.1:9/token' })
    expect(kindOf(await one.signIn.resume())).toBe('offline/provider')
    expect(keptToken(one)).toBe(before)
    one.op.behaviour.discovery = (found) => found
    expect(kindOf(await one.signIn.resume())).toBe('ok')
    expect(refreshes(one)).toHaveLength(1)
  })

  test('a console that ended while it was asking does not send the same token again', async () => {
    const one = await signedIn()
    one.op.behaviour.instead.token = () => one.signIn.close()
    const texts = one.vault.texts.length
    await one.signIn.resume()
    const asked = one.vault.texts[texts] ?? expect.unreachable()
    expect(asked).toContain('"isSent":true')
    // As if the power had failed before the end.
    one.vault.text = asked
    one.op.behaviour.instead = {}
    const again = one.again()
    expect(again.canResume()).toBe(false)
    expect(kindOf(await again.resume())).toBe('refused/session-over')
    expect(refreshes(one)).toHaveLength(1)
  })

  test('a refresh is made once a minute at most', async () => {
    const one = await signedIn()
    expect(kindOf(await one.signIn.resume())).toBe('ok')
    one.op.expire()
    expect(kindOf(await one.signIn.resume())).toBe('refused/sign-in-userinfo')
    const soon = await one.signIn.resume()
    expect(soon).toMatchObject({ failure: { code: 'not-possible', reason: 'session-soon' } })
    expect(soon).toMatchObject({ failure: { details: { seconds: 60 } } })
    expect(refreshes(one)).toHaveLength(1)
    expect(one.signIn.canResume()).toBe(true)
    one.clock.ms += 60_000
    expect(kindOf(await one.signIn.resume())).toBe('ok')
  })

  test('a clock that is set back does not keep the agent from being proven', async () => {
    const one = await signedIn()
    expect(kindOf(await one.signIn.resume())).toBe('ok')
    one.op.expire()
    one.clock.ms -= 3_600_000
    expect(kindOf(await one.signIn.resume())).toBe('ok')
  })

  test('userinfo that does not answer changes nothing of what is kept', async () => {
    const one = await signedIn()
    one.op.behaviour.instead.userinfo = (_request, response) => void response.destroy()
    expect(kindOf(await one.signIn.resume())).toBe('offline/provider')
    expect(one.signIn.canResume()).toBe(true)
    one.op.behaviour.instead = {}
    expect(kindOf(await one.signIn.resume())).toBe('ok')
    expect(refreshes(one)).toHaveLength(1)
  })
})

describe('faults 33: clocks that differ', () => {
  test.each([-600, 600])('by %i s: a proof that fails for its time says by how much', async (aheadS) => {
    const one = await bench()
    one.op.behaviour.aheadMs = aheadS * 1000
    if (aheadS > 0) one.op.behaviour.idToken = (claims) => ({ ...claims, nbf: claims.iat })
    const result = await one.signIn.start()
    expect(kindOf(result)).toBe('refused/sign-in-clock')
    const { skewS } = result.ok ? expect.unreachable() : result.failure.details
    expect(Math.abs(Number(skewS) - 600)).toBeLessThanOrEqual(2)
  })

  test('a proof that is accepted all the same tells it', async () => {
    const one = await bench()
    one.op.behaviour.aheadMs = 600_000
    expect(kindOf(await one.signIn.start())).toBe('ok')
    expect(one.skews).toHaveLength(1)
    expect(Math.abs((one.skews[0] ?? 0) - 600)).toBeLessThanOrEqual(2)
  })

  test('by 20 s are not told, and tolerated', async () => {
    const one = await bench()
    one.op.behaviour.aheadMs = -20_000
    one.op.behaviour.idToken = (claims) => ({ ...claims, exp: claims.iat })
    expect(kindOf(await one.signIn.start())).toBe('ok')
    expect(one.skews).toEqual([])
  })

  test('a proof that is out of date between clocks that agree is not a matter of clocks', async () => {
    const one = await bench()
    one.op.behaviour.idToken = (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 600 })
    expect(kindOf(await one.signIn.start())).toBe('refused/sign-in-expired')
  })

  test('an old code is put down to them, another refusal is not', async () => {
    const one = await bench()
    one.op.behaviour.aheadMs = 600_000
    one.op.behaviour.instead.token = (_request, response) => json(response, 400, { error: 'invalid_grant' })
    expect(kindOf(await one.signIn.start())).toBe('refused/sign-in-clock')
    one.op.behaviour.instead.token = (_request, response) => json(response, 400, { error: 'invalid_client' })
    const other = await one.signIn.start()
    expect(kindOf(other)).toBe('refused/sign-in-client')
    expect(other).toMatchObject({ failure: { details: { skewS: expect.any(Number) } } })
  })
})

describe('what the vault gives', () => {
  const whole = (one: Bench): Record<string, unknown> => JSON.parse(one.vault.text ?? '')
  const altered: [string, (one: Bench) => string | null][] = [
    ['nothing', () => null],
    ['garbage', () => '\u0000{'],
    ['an array', () => '[]'],
    ['another shape', (one) => JSON.stringify({ ...whole(one), refreshToken: 7 })],
    ['half', (one) => (one.vault.text ?? '').slice(0, 40)],
    ['tokens of another provider', (one) => JSON.stringify({ ...whole(one), issuer: 'https://x.example' })],
    ['tokens of another client', (one) => JSON.stringify({ ...whole(one), clientId: 'other' })],
  ]
  test.each(altered)('%s: nobody is known, nothing is sent', async (_name, alter) => {
    const one = await signedIn()
    one.vault.text = alter(one)
    const again = one.again()
    const before = one.op.asked('discovery').length
    expect(again.canResume()).toBe(false)
    expect(kindOf(await again.resume())).toBe('refused/session-over')
    expect(one.op.asked('discovery')).toHaveLength(before)
  })

  test('a provider that gives no refresh token lets nobody resume', async () => {
    const one = await bench()
    one.op.behaviour.token = ({ refresh_token: _none, ...answer }) => answer
    expect(kindOf(await one.signIn.start())).toBe('ok')
    expect(one.signIn.canResume()).toBe(false)
  })

  test('a refresh that gives no new refresh token, and no ID token, keeps those before', async () => {
    const one = await signedIn()
    const before = whole(one)
    one.op.behaviour.token = ({ refresh_token: _none, id_token: _neither, ...answer }) => answer
    expect(kindOf(await one.signIn.resume())).toBe('ok')
    expect(whole(one)).toEqual(before)
  })
})

describe('signing out', () => {
  test('forgets first, then opens the logout of the provider, and says so where it sends the browser back', async () => {
    const one = await signedIn()
    const { idToken } = JSON.parse(one.vault.text ?? '')
    const discoveries = one.op.asked('discovery').length
    let seen = ''
    one.browse(async (page) => {
      const back = new URL(new URL(page).searchParams.get('post_logout_redirect_uri') ?? '')
      back.searchParams.set('state', new URL(page).searchParams.get('state') ?? '')
      seen = (await visit(back)).text
      return null
    })
    const telling = one.signIn.signOut()
    // Before anything was asked.
    expect([one.vault.text, one.signIn.canResume()]).toEqual([null, false])
    expect(one.op.asked('discovery')).toHaveLength(discoveries)
    expect(await telling).toBe('told')
    const page = one.pages.at(-1) ?? expect.unreachable()
    expect(`${page.origin}${page.pathname}`).toBe(`${one.op.issuer}/logout`)
    const query = Object.fromEntries(page.searchParams)
    expect(query).toEqual({
      client_id: 'dimail-console',
      id_token_hint: idToken,
      post_logout_redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback\/signed-out$/),
      state: expect.stringMatching(/^[\w-]{32,}$/),
    })
    expect(seen).toContain('Vous êtes déconnecté')
  })

  test('works when the provider is down', async () => {
    const one = await signedIn()
    await one.op.close()
    expect(await one.signIn.signOut()).toBe('offline')
    expect([one.vault.text, one.signIn.canResume(), one.pages.length]).toEqual([null, false, 1])
  })

  test('does not wait long for a provider that says nothing', async () => {
    const one = await signedIn({ deps: { limits: { signOut: 50 } } })
    one.op.behaviour.instead.discovery = () => {}
    expect(await one.signIn.signOut()).toBe('offline')
  })

  test('is not told to a provider that offers no logout', async () => {
    const one = await signedIn()
    one.op.behaviour.discovery = (found) => ({ ...found, end_session_endpoint: undefined })
    expect(await one.signIn.signOut()).toBe('none')
  })

  test('is offline when the browser does not open', async () => {
    const one = await bench({ deps: { openPage: async () => false } })
    expect(await one.signIn.signOut()).toBe('offline')
  })

  test('never opens a page that is not safe', async () => {
    const one = await signedIn()
    one.op.behaviour.discovery = (found) => ({ ...found, end_session_endpoint: 'http://elsewhere.example/' })
    expect(await one.signIn.signOut()).toBe('offline')
    expect(one.pages).toHaveLength(1)
  })

  test('during a refresh is not undone by its answer', async () => {
    const one = await signedIn()
    const resumed = Promise.withResolvers<string>()
    const out = Promise.withResolvers<unknown>()
    one.op.behaviour.token = (answer) => {
      out.resolve(one.signIn.signOut())
      return answer
    }
    one.signIn.resume().then((result) => resumed.resolve(kindOf(result)), resumed.reject)
    expect(await resumed.promise).toBe('cancelled/sign-in')
    await out.promise
    expect([one.vault.text, one.signIn.canResume()]).toEqual([null, false])
  })

  test('gives the only registered port to the next sign-in', async () => {
    const one = await signedIn({ settings: { ports: [await freePort()] } })
    expect(await one.signIn.signOut()).toBe('told')
    expect(one.pages.at(-1)?.searchParams.has('post_logout_redirect_uri')).toBe(true)
    expect(kindOf(await one.signIn.start())).toBe('ok')
  })

  test('leaves the next agent, who signs in at once, to their sign-in', async () => {
    const one = await signedIn()
    const held = Promise.withResolvers<void>()
    const before = one.op.asked('discovery').length
    one.op.behaviour.instead.discovery = async (request, response) => {
      one.op.behaviour.instead = {}
      await held.promise
      await one.op.answer('discovery', request, response)
    }
    const out = one.signIn.signOut()
    await vi.waitFor(() => expect(one.op.asked('discovery').length).toBe(before + 1))
    one.browse(async (page) => {
      if (new URL(page).pathname !== '/authorize') return null
      held.resolve()
      expect(await out).toBe('told')
      return one.op.approve(page, { subject: 'sujet-fictif-2' })
    })
    expect(await one.signIn.start()).toMatchObject({ ok: true, value: { sub: 'sujet-fictif-2' } })
    expect(one.signIn.canResume()).toBe(true)
  })

  test('ends a sign-in under way', async () => {
    const one = await bench()
    one.browse((page) => {
      if (new URL(page).pathname === '/authorize') void one.signIn.signOut()
      return null
    })
    expect(kindOf(await one.signIn.start())).toBe('cancelled/sign-in')
  })
})
