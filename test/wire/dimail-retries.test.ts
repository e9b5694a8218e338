import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Dimail } from '../../main/dimail/client.ts'
import { failure } from '../../preload/failure.ts'
import { canary, clientOf, closing, healthy, tokenOf } from '../fakes/dimail-client.ts'
import { startFaultProxy, type Toxic } from '../fakes/fault-proxy.ts'
import { json, type Responding, startHttpServer } from '../fakes/http-server.ts'
import { startTcpServer } from '../fakes/tcp-server.ts'

const fast = { connect: 300, headers: 300, idle: 300, total: 2_000 }
const name = 'commune.example'

/** A server that signs everybody in, whose other answers `respond` gives, counted apart. */
async function setUp(respond: Responding) {
  let calls = 0
  const server = closing(
    await startHttpServer((request, response) => {
      if (request.url === '/token/') {
        json(response, 200, { access_token: tokenOf(Date.now() / 1000 + 2800), token_type: 'bearer' })
        return
      }
      return respond(request, response, calls++)
    }),
  )
  return { server, client: clientOf(server.address, { timeouts: fast }), calls: () => calls }
}

type Call = [what: string, (client: Dimail) => Promise<{ ok: boolean }>]
const reads: Call[] = [
  ['list domains', (client) => client.listDomains()],
  ['read domain', (client) => client.readDomain(name)],
  ['check', (client) => client.checkDomain(name)],
  ['spec', (client) => client.spec(name)],
  ['list users', (client) => client.listUsers()],
  ['list allows', (client) => client.listAllows({})],
  ['list mailboxes', (client) => client.listMailboxes(name)],
  ['list aliases', (client) => client.listAliases(name)],
  ['address', (client) => client.address(name, 'accueil')],
]
const names = { givenName: 'Jeanne', surName: 'Fictive', displayName: 'Jeanne Fictive' }
const once: Call[] = [
  ['fix', (client) => client.fixDomain(name)],
  [
    'create domain',
    (client) => client.createDomain({ name, contextName: name, features: ['webmail'], delivery: 'virtual' }),
  ],
  [
    'create user',
    (client) => client.createUser({ name: 'agent', password: 'no', isAdmin: false, perms: [] }),
  ],
  ['create allow', (client) => client.createAllow({ user: 'agent', domain: name })],
  ['create mailbox', (client) => client.createMailbox(name, 'accueil', names)],
  ['create alias', (client) => client.createAlias(name, { localPart: 'a', destination: 'b@other.example' })],
  ['reset password', (client) => client.resetPassword(name, 'accueil')],
  ['login code', (client) => client.loginCode(name, 'accueil', { expiresIn: 3600, maxUse: 3 })],
  ['delete user', (client) => client.deleteUser('agent')],
  ['delete allow', (client) => client.deleteAllow({ user: 'agent', domain: name })],
  ['delete mailbox', (client) => client.deleteMailbox(name, 'accueil')],
  ['delete alias', (client) => client.deleteAlias(name, 'a', 'b@other.example')],
  ['delete all aliases', (client) => client.deleteAllAliases(name, 'a')],
]
const sets: Call[] = [
  ['disable mailbox', (client) => client.setMailboxActive(name, 'accueil', false, null, 'active')],
  ['enable mailbox v2', (client) => client.setMailboxActive(name, 'accueil', true, names, 'imap_active')],
  ['name mailbox', (client) => client.setMailboxNames(name, 'accueil', names, 'active')],
  ['patch user', (client) => client.patchUser('agent', { isAdmin: false })],
]
const text500: Responding = (_, response) => void response.writeHead(500).end('Internal Server Error')

describe('a server error', () => {
  test.each(reads)('faults 35: %s is asked three times at most', async (_, call) => {
    const { client, calls } = await setUp(text500)
    expect(await call(client)).toMatchObject({
      failure: { code: 'server-error', reason: 'status', details: { status: 500 } },
    })
    expect(calls()).toBe(3)
  })
  test.each(sets)(
    'faults 35: %s is sent three times at most, since its values are absolute',
    async (_, call) => {
      const { client, calls } = await setUp(text500)
      expect(await call(client)).toMatchObject({ failure: { code: 'server-error' } })
      expect(calls()).toBe(3)
    },
  )
  test.each(once)('faults 35: %s is on the wire exactly once', async (_, call) => {
    const { client, calls } = await setUp(text500)
    expect(await call(client)).toMatchObject({ failure: { code: 'server-error', details: { status: 500 } } })
    expect(calls()).toBe(1)
  })
  test.each([500, 502, 503, 504])('faults 35: %s then success is a success for a check', async (status) => {
    const { client, calls } = await setUp((_, response, before) => {
      if (before < 2) response.writeHead(status).end()
      else json(response, 200, healthy(name))
    })
    expect(await client.checkDomain(name)).toMatchObject({ ok: true, value: { name } })
    expect(calls()).toBe(3)
  })
  test('faults 35: a token is asked again after a 503, not after a refusal', async () => {
    let status = 503
    const server = closing(await startHttpServer((_, response) => void response.writeHead(status).end()))
    const client = clientOf(server.address)
    expect(await client.readDomain(name)).toMatchObject({ failure: { code: 'server-error' } })
    expect(server.requests.map((request) => request.url)).toEqual(['/token/', '/token/', '/token/'])
    status = 403
    expect(await client.readDomain(name)).toMatchObject({
      failure: { code: 'refused', reason: 'credentials' },
    })
    expect(server.requests).toHaveLength(4)
  })
  test('faults 35: a probe of the credentials is one request', async () => {
    const server = closing(await startHttpServer(text500))
    expect(await clientOf(server.address).token()).toMatchObject({ failure: { code: 'server-error' } })
    expect(server.requests).toHaveLength(1)
  })
  test('faults 35: the pauses and attempts stay within the total limit', async () => {
    const { server, calls } = await setUp(text500)
    const client = clientOf(server.address, { timeouts: { ...fast, total: 60 }, random: () => 0.99 })
    expect(await client.checkDomain(name)).toMatchObject({ ok: false })
    expect(calls()).toBe(1)
  })
})

describe('Retry-After', () => {
  test('faults 36: of one second is waited for, and no less', async () => {
    const { client, calls } = await setUp((_, response, before) => {
      if (before === 0) response.writeHead(429, { 'Retry-After': '1' }).end()
      else json(response, 200, healthy(name))
    })
    const start = performance.now()
    expect(await client.checkDomain(name)).toMatchObject({ ok: true })
    expect(performance.now() - start).toBeGreaterThan(950)
    expect(calls()).toBe(2)
  })
  test.each(['31', '1000000000', '9'.repeat(400), 'Fri, 20 Nov 2099 12:00:00 GMT'])(
    'faults 36: of %s is too long: the call stops and says when to come back',
    async (header) => {
      const { client, calls } = await setUp(
        (_, response) => void response.writeHead(503, { 'Retry-After': header }).end(),
      )
      expect(await client.checkDomain(name)).toMatchObject({
        failure: { code: 'server-error', reason: 'retry-later', details: { seconds: expect.any(Number) } },
      })
      expect(calls()).toBe(1)
    },
  )
  test.each(['-1', 'soon', ''])('faults 36: %j is no reason to wait', async (header) => {
    const { client, calls } = await setUp(
      (_, response) => void response.writeHead(429, { 'Retry-After': header }).end(),
    )
    expect(await client.checkDomain(name)).toMatchObject({ failure: { reason: 'rate-limited' } })
    expect(calls()).toBe(3)
  })
  test('faults 36: never makes a repair leave twice', async () => {
    const { client, calls } = await setUp(
      (_, response) => void response.writeHead(503, { 'Retry-After': '0' }).end(),
    )
    expect(await client.fixDomain(name)).toMatchObject({ failure: { reason: 'retry-later' } })
    expect(calls()).toBe(1)
  })
})

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n'
const losses = [
  ['a reset before the headers', (socket) => void socket.resetAndDestroy()],
  ['a close before the headers', (socket) => void socket.end()],
  [
    'a reset after the headers',
    (socket) => void socket.write(head, () => setTimeout(() => socket.resetAndDestroy(), 20)),
  ],
  ['a close in the body', (socket) => void socket.end(`${head}{"name":`)],
  [
    'a reset in the body',
    (socket) => void socket.write(`${head}{"name":`, () => setTimeout(() => socket.resetAndDestroy(), 20)),
  ],
  ['a black hole', () => {}],
] satisfies [string, Parameters<typeof startTcpServer>[0]][]

describe('a lost answer', () => {
  test.each(losses)('faults 37: %s: a check is asked again, three times in all', async (_, lose) => {
    const server = closing(await startTcpServer(lose))
    const client = clientOf(`http://127.0.0.1:${server.port}`, { timeouts: { ...fast, headers: 100 } })
    const result = await client.checkDomain(name)
    expect(['offline', 'timeout', 'bad-response']).toContain(result.ok ? '' : result.failure.code)
    expect(server.requests).toHaveLength(3)
  })
  test.each(losses)(
    'faults 37: %s: a repair was on the wire exactly once and its outcome is unknown',
    async (_, lose) => {
      const server = closing(await startTcpServer(lose))
      const client = clientOf(`http://127.0.0.1:${server.port}`, { timeouts: { ...fast, headers: 100 } })
      expect(await client.fixDomain(name)).toMatchObject({
        failure: { code: 'unknown-outcome', reason: 'lost-answer' },
      })
      expect(server.requests).toHaveLength(1)
      expect(server.requests[0]).toMatch(/^GET \/domains\/commune.example\/fix\/ /)
    },
  )
  test('faults 37: a repair through a proxy that resets is told as unknown, and reached dimail once', async () => {
    const { server, calls } = await setUp((_, response) => json(response, 200, healthy(name)))
    const proxy = closing(await startFaultProxy(Number(new URL(server.address).port)))
    proxy.downstream({ type: 'reset_peer', timeout: 0 })
    const client = clientOf(`http://127.0.0.1:${proxy.port}`)
    expect(await client.fixDomain(name)).toMatchObject({ failure: { code: 'unknown-outcome' } })
    expect(calls()).toBe(1)
  })
  const toxics: [Toxic, check: object, repair: object][] = [
    [{ type: 'latency', latency: 20 }, { ok: true }, { ok: true }],
    [{ type: 'slow_close', delay: 100 }, { ok: true }, { ok: true }],
    [{ type: 'slicer', size: 20, delay: 1 }, { ok: true }, { ok: true }],
    [{ type: 'down' }, { failure: { code: 'offline' } }, { failure: { code: 'unknown-outcome' } }],
    [
      { type: 'timeout', timeout: 0 },
      { failure: { reason: 'headers' } },
      { failure: { reason: 'lost-answer' } },
    ],
    [
      { type: 'timeout', timeout: 20 },
      { failure: { reason: 'reset' } },
      { failure: { reason: 'lost-answer' } },
    ],
    [
      { type: 'bandwidth', bytesPerSecond: 100 },
      { failure: { code: 'timeout' } },
      { failure: { reason: 'lost-answer' } },
    ],
    [
      { type: 'limit_data', bytes: 250 },
      { failure: { reason: 'truncated' } },
      { failure: { reason: 'lost-answer' } },
    ],
    [
      { type: 'limit_data', bytes: 250, reset: true },
      { failure: { code: expect.stringMatching('offline|bad-response') } },
      { failure: { reason: 'lost-answer' } },
    ],
  ]
  test.each(toxics)(
    'faults 37: through a proxy with %j, each call says what it can know',
    async (toxic, check, repair) => {
      const { server, calls } = await setUp((_, response) => json(response, 200, healthy(name)))
      const proxy = closing(await startFaultProxy(Number(new URL(server.address).port)))
      proxy.downstream(toxic)
      const address = `http://127.0.0.1:${proxy.port}`
      expect(await clientOf(address, { timeouts: fast }).fixDomain(name)).toMatchObject(repair)
      expect(calls()).toBe(toxic.type === 'down' ? 0 : 1)
      expect(await clientOf(address, { timeouts: fast }).checkDomain(name)).toMatchObject(check)
    },
  )
  test('faults 37: a repair that never left is simply offline', async () => {
    const server = await startTcpServer(() => {})
    await server.close()
    const client = clientOf(`http://127.0.0.1:${server.port}`)
    expect(await client.fixDomain(name)).toMatchObject({ failure: { code: 'offline', reason: 'refused' } })
  })
  test.each([502, 504])(
    'faults 37: a %s from a server in between leaves a repair unknown',
    async (status) => {
      const { client, calls } = await setUp((_, response) => void response.writeHead(status).end())
      expect(await client.fixDomain(name)).toMatchObject({
        failure: { code: 'unknown-outcome', reason: 'gateway', details: { status } },
      })
      expect(calls()).toBe(1)
    },
  )
  test('faults 37: a repair never rides on a connection that the server may be closing', async () => {
    const { client, server } = await setUp((_, response) => json(response, 200, healthy(name)))
    await client.checkDomain(name)
    await client.fixDomain(name)
    expect(server.requests.map((request) => request.headers.connection)).toEqual(['keep-alive', 'close'])
  })
})

test.each(once)('faults 38: %s is on the wire exactly once when its answer is lost', async (_, call) => {
  const { server, calls } = await setUp((_, response) => void response.socket?.resetAndDestroy())
  const client = clientOf(server.address)
  expect(await call(client)).toMatchObject({ failure: { code: 'unknown-outcome', reason: 'lost-answer' } })
  expect(calls()).toBe(1)
})

test('faults 38: a write whose first answer was lost stays unknown when the next attempt cannot connect', async () => {
  const { server, calls } = await setUp((_, response) => {
    response.socket?.resetAndDestroy()
    void server.close()
  })
  const client = clientOf(server.address)
  expect(await client.setMailboxActive(name, 'accueil', false, null, null)).toMatchObject({
    failure: { code: 'unknown-outcome', details: { cause: 'offline/refused' } },
  })
  expect(calls()).toBe(1)
})

test('faults 39: a conflict is told as one, and never tried again', async () => {
  const { client, calls } = await setUp((_, response) =>
    json(response, 409, { detail: 'Domain already exists' }),
  )
  const created = client.createDomain({ name, contextName: name, features: [], delivery: 'virtual' })
  expect(await created).toMatchObject({
    failure: { code: 'conflict', reason: 'exists', details: { excerpt: 'Domain already exists' } },
  })
  expect(calls()).toBe(1)
})

describe('a limit of time', () => {
  const within = async (ms: number, work: Promise<unknown>) => {
    const start = performance.now()
    const result = await work
    const took = performance.now() - start
    expect(took).toBeGreaterThan(ms * 0.9)
    expect(took).toBeLessThan(ms * 1.1 + 60)
    return result
  }
  const slow = { connect: 400, headers: 400, idle: 400, total: 400 }

  test('faults 40: to connect, TLS included', async () => {
    const server = closing(await startTcpServer(() => {}))
    const client = clientOf(`https://127.0.0.1:${server.port}`, { timeouts: { ...slow, total: 5_000 } })
    await client.token()
    expect(await within(400, client.token())).toMatchObject({
      failure: { code: 'timeout', reason: 'connect' },
    })
  })
  test('faults 40: for the headers', async () => {
    const server = closing(await startTcpServer(() => {}))
    const client = clientOf(`http://127.0.0.1:${server.port}`, { timeouts: { ...slow, total: 5_000 } })
    expect(await within(400, client.token())).toMatchObject({
      failure: { code: 'timeout', reason: 'headers', details: { limit: 0.4 } },
    })
  })
  test('faults 40: between two pieces of the body', async () => {
    const server = closing(await startTcpServer((socket) => void socket.write(`${head}{"a"`)))
    const client = clientOf(`http://127.0.0.1:${server.port}`, { timeouts: { ...slow, total: 5_000 } })
    expect(await within(400, client.token())).toMatchObject({ failure: { code: 'timeout', reason: 'idle' } })
  })
  test('faults 41: in all, however long the answer drips', async () => {
    const { server } = await setUp((_, response) => json(response, 200, healthy(name)))
    const proxy = closing(await startFaultProxy(Number(new URL(server.address).port)))
    proxy.downstream({ type: 'slicer', size: 1, delay: 50 })
    const client = clientOf(`http://127.0.0.1:${proxy.port}`, { timeouts: { ...slow, headers: 5_000 } })
    expect(await within(400, client.checkDomain(name))).toMatchObject({
      failure: { code: 'timeout', reason: 'total' },
    })
  })
})

describe('a call that is cancelled', () => {
  test('says so at once when it waits, and never reaches the wire', async () => {
    const cancel = new AbortController()
    const { client, calls } = await setUp((_, response, before) => {
      if (before === 5) cancel.abort()
      if (before > 5) json(response, 200, healthy(name))
    })
    const jobs = Array.from({ length: 20 }, (_, at) => client.checkDomain(`c${at}.example`, cancel.signal))
    const results = await Promise.all(jobs)
    expect(results.every((result) => !result.ok && result.failure.code === 'cancelled')).toBe(true)
    expect(await client.checkDomain(name)).toMatchObject({ ok: true })
    expect(calls()).toBe(7)
  })
  test('leaves a repair unknown once dimail was asked', async () => {
    const cancel = new AbortController()
    const { client } = await setUp(() => cancel.abort())
    expect(await client.fixDomain(name, cancel.signal)).toMatchObject({
      failure: { code: 'unknown-outcome', reason: 'cancelled' },
    })
  })
  test('is not cancelled when its answer is there already', async () => {
    const { server } = await setUp((_, response) => json(response, 200, healthy(name)))
    const cancel = new AbortController()
    const client = clientOf(server.address, {
      // The clock is read as soon as the answer is there.
      now: () => {
        cancel.abort()
        return Date.now()
      },
    })
    expect(await client.fixDomain(name, cancel.signal)).toMatchObject({ ok: true })
  })
  test('by closing the client ends what is in flight and refuses the rest', async () => {
    const { client } = await setUp(() => client.close())
    expect(await client.checkDomain(name)).toMatchObject({ failure: { code: 'cancelled' } })
    expect(await client.checkDomain(name)).toMatchObject({ failure: { code: 'cancelled' } })
  })
})

describe('a dimail that is down', () => {
  const later = (ms: number) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + ms)
  }
  afterEach(() => void vi.useRealTimers())

  test('faults 50: is left alone after five failures, and found again by itself', async () => {
    let up = false
    const { server, calls } = await setUp((_, response) => {
      if (up) json(response, 200, healthy(name))
      else response.writeHead(503).end()
    })
    const client = clientOf(server.address)
    const heard: boolean[] = []
    client.answered((outcome) => heard.push(outcome.ok))
    expect(await client.checkDomain(name)).toMatchObject({ failure: { code: 'server-error' } })
    expect(await client.checkDomain(name)).toMatchObject({ failure: { code: 'server-error' } })
    expect(calls()).toBe(5)
    const start = performance.now()
    const spared = await Promise.all(Array.from({ length: 50 }, () => client.checkDomain(name)))
    expect(performance.now() - start).toBeLessThan(150)
    for (const result of spared)
      expect(result).toMatchObject({ failure: { code: 'offline', reason: 'breaker' } })
    expect(await client.token()).toMatchObject({ failure: { reason: 'breaker' } })
    expect(calls()).toBe(5)
    later(10_000)
    expect(await client.checkDomain(name)).toMatchObject({ failure: { code: 'server-error' } })
    expect(calls()).toBe(6)
    up = true
    later(10_000)
    expect(await client.token()).toMatchObject({ ok: true })
    expect(await client.checkDomain(name)).toMatchObject({ ok: true })
    expect(heard).toEqual([false, false, false, true, true])
  })
  test('faults 79: is found again even when the clock was put back by a day', async () => {
    let up = false
    const { server } = await setUp((_, response) => {
      if (up) json(response, 200, healthy(name))
      else response.writeHead(503).end()
    })
    const client = clientOf(server.address)
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
    for (let at = 0; at < 2; at++) await client.checkDomain(name)
    up = true
    vi.setSystemTime(Date.now() - 86_400_000)
    expect(await client.checkDomain(name)).toMatchObject({ failure: { reason: 'breaker' } })
    vi.advanceTimersByTime(10_000)
    expect(await client.checkDomain(name)).toMatchObject({ ok: true })
  })
  test('faults 50: is not a dimail that fails for five odd domains', async () => {
    const { client } = await setUp((request, response) => {
      if (request.url.includes('odd')) response.writeHead(500).end('Internal Server Error')
      else json(response, 200, healthy(name))
    })
    for (let at = 0; at < 3; at++) await client.checkDomain(`odd${at}.example`)
    expect(await client.checkDomain(name)).toMatchObject({ ok: true })
  })
  test('faults 50: is probed once at a time when it may be back', async () => {
    let open = 0
    const server = closing(
      await startTcpServer((socket) => {
        open++
        socket.destroy()
      }),
    )
    const client = clientOf(`http://127.0.0.1:${server.port}`)
    for (let at = 0; at < 5; at++) await client.token()
    expect(open).toBe(5)
    later(10_000)
    await Promise.all(Array.from({ length: 10 }, () => client.token()))
    expect(open).toBe(6)
  })
})

test('faults 51: of 1,000 checks with 5 % faults each ends once, with at most 6 in flight', async () => {
  const { server, client, calls } = await setUp((request, response, before) => {
    if (before % 20 === 7) response.writeHead(before % 40 === 7 ? 502 : 500).end()
    else json(response, 200, healthy(request.url.split('/')[2] ?? ''))
  })
  const results = await Promise.all(
    Array.from({ length: 1000 }, (_, at) => client.checkDomain(`c${at}.example`)),
  )
  expect(results).toHaveLength(1000)
  expect(results.filter((result) => result.ok)).toHaveLength(1000)
  expect(new Set(results.map((result) => (result.ok ? result.value.name : ''))).size).toBe(1000)
  expect(server.peak()).toBeLessThanOrEqual(6)
  expect(calls()).toBeLessThanOrEqual(1100)
})

test('faults 51: one domain is never checked and repaired at the same time', async () => {
  let open = 0
  let most = 0
  const { client } = await setUp(async (_, response) => {
    most = Math.max(most, ++open)
    await wait(5)
    open--
    json(response, 200, healthy(name))
  })
  const work = [1, 2, 3].flatMap(() => [client.checkDomain(name), client.fixDomain(name.toUpperCase())])
  expect((await Promise.all(work)).every((result) => result.ok)).toBe(true)
  expect(most).toBe(1)
})

test('faults 70: no failure and no log line holds a secret that the server echoes', async () => {
  const basic = Buffer.from(`${canary.username}:${canary.password}`).toString('base64')
  const token = tokenOf(Date.now() / 1000 + 2800)
  const echo = [canary.password, encodeURIComponent(canary.password), basic, token].join(' ')
  const lines: string[] = []
  const server = closing(
    await startHttpServer((request, response) => {
      if (request.url === '/token/') json(response, 200, { access_token: token, token_type: 'bearer' })
      else json(response, request.url.includes('/check') ? 422 : 409, { detail: `You sent ${echo}` })
    }),
  )
  const client = clientOf(server.address, { log: (event, facts) => lines.push(event, JSON.stringify(facts)) })
  const told: unknown[] = []
  client.answered((outcome) => told.push(outcome))
  for (const [, call] of [...reads, ...sets, ...once]) told.push(await call(client))
  const failures = told.map((one) => z.object({ failure }).safeParse(one)).filter((one) => one.success)
  expect(failures.length).toBeGreaterThan(reads.length + sets.length + once.length - 1)
  const everything = JSON.stringify(told) + lines.join()
  expect(told).toContainEqual(expect.objectContaining({ ok: false }))
  for (const form of [...echo.split(' '), canary.password, 'Sécret€42', encodeURIComponent('Sécret€42')])
    expect(everything).not.toContain(form)
  expect(lines.join()).not.toContain(name)
})
