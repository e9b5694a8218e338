import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { failure } from '../../preload/failure.ts'
import { backendFor, listing, serviceKey, startDeployCenter, subject } from '../fakes/deploycenter.ts'
import { closing } from '../fakes/dimail-client.ts'
import { json, type Responding, startHttpServer } from '../fakes/http-server.ts'

const page = (response: ServerResponse, status: number): void =>
  void response
    .writeHead(status, { 'Content-Type': 'text/html' })
    .end('<!doctype html><title>Accueil</title>')
const say =
  (status: number, body: unknown): Responding =>
  (_, response) =>
    json(response, status, body)
const text: Responding = (_, response) =>
  void response.writeHead(200, { 'Content-Type': 'text/plain' }).end('not json')

/** 200 MB, as fast as they are taken; how many were. */
function flood(chunks: { sent: number }): Responding {
  return async (_, response) => {
    const chunk = Buffer.alloc(1_000_000, 0x20)
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.on('error', () => {})
    for (; chunks.sent < 200 && !response.destroyed; chunks.sent++)
      if (!response.write(chunk))
        await Promise.race([new Promise((done) => response.once('drain', done)), wait(200)])
    response.end()
  }
}

type Row = [what: string, respond: Responding, told: string, details: Record<string, unknown>]
const answers: Row[] = [
  ['16: a 500', say(500, 'Server Error'), 'server-error/deploycenter', { status: 500 }],
  ['16: a 502 page', (_, response) => page(response, 502), 'server-error/deploycenter', { status: 502 }],
  ['19: a 401', say(401, { detail: 'Informations…' }), 'refused/deploycenter-key', { status: 401 }],
  ['19: a 403', say(403, { detail: 'Vous n’avez pas…' }), 'refused/deploycenter-key', { status: 403 }],
  [
    '19: a 400 for want of siret',
    say(400, { siret: ['Ce champ est obligatoire.'] }),
    'refused/deploycenter-request',
    { fields: 'siret' },
  ],
  [
    '19: a 400 that names nothing',
    (_, response) => page(response, 400),
    'refused/deploycenter-request',
    { fields: '?' },
  ],
  ['16: a 404', say(404, { detail: 'Not found.' }), 'refused/deploycenter-status', { status: 404 }],
  ['14: an array', say(200, [1, 2]), 'bad-response/deploycenter-array', {}],
  ['14: entitlements null', say(200, { entitlements: null }), 'bad-response/deploycenter-null', {}],
  ['14: entitlements a list', say(200, { entitlements: [] }), 'bad-response/deploycenter', {}],
  ['14: a text', say(200, 'bonjour'), 'bad-response/deploycenter', {}],
  ['15: no JSON', text, 'bad-response/deploycenter-not-json', { cause: 'not-json' }],
  ['15: a page', (_, response) => page(response, 200), 'bad-response/deploycenter-html', {}],
  [
    '15: nothing',
    (_, response) => void response.end(),
    'bad-response/deploycenter-not-json',
    { cause: 'empty' },
  ],
  [
    '15: half of an answer',
    (_, response) => void response.writeHead(200).end('{"entitlements": {"can_access": tr'),
    'bad-response/deploycenter-not-json',
    { cause: 'truncated' },
  ],
  [
    '17: a cut connection',
    (_, response) => void response.socket?.resetAndDestroy(),
    'offline/deploycenter',
    { cause: 'reset' },
  ],
]

describe('what goes wrong is told apart, and is an answer', () => {
  test.each(answers)('entitlements %s', async (_, respond, told, details) => {
    const server = await startDeployCenter()
    server.says.respond = respond
    const answer = await backendFor(server.endpoint).backend.read(subject)
    if (answer.kind !== 'unavailable') throw new Error('It was available')
    const { code, reason } = failure.parse(answer.trouble)
    expect(`${code}/${reason}`).toBe(told)
    expect(answer.trouble.details).toMatchObject(details)
    expect(server.requests).toHaveLength(1)
  })

  test('entitlements 17: nothing listens, or the name is not known', async () => {
    const server = await startHttpServer(() => {})
    await server.close()
    const refused = await backendFor(`${server.address}/api/`).backend.read(subject)
    expect(refused).toMatchObject({
      kind: 'unavailable',
      trouble: { code: 'offline', reason: 'deploycenter', details: { cause: 'refused' } },
    })
  })

  test('entitlements 18: silence ends after the time limit', async () => {
    const server = await startDeployCenter()
    server.says.respond = () => {}
    const start = performance.now()
    const answer = await backendFor(server.endpoint, { timeoutS: 1 }).backend.read(subject)
    const took = performance.now() - start
    expect(answer).toMatchObject({
      kind: 'unavailable',
      trouble: { code: 'timeout', reason: 'deploycenter', details: { limit: 1 } },
    })
    expect(took).toBeGreaterThan(950)
    expect(took).toBeLessThan(2000)
  })

  test('entitlements 18: so does an answer that drips for ever', async () => {
    const server = await startDeployCenter()
    server.says.respond = async (_, response) => {
      response.writeHead(200)
      while (!response.destroyed) {
        response.write(' ')
        await wait(100)
      }
    }
    const start = performance.now()
    const answer = await backendFor(server.endpoint, { timeoutS: 1 }).backend.read(subject)
    expect(answer).toMatchObject({ kind: 'unavailable', trouble: { code: 'timeout' } })
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test('200 MB: one is read, and the rest is never taken', async () => {
    const server = await startDeployCenter()
    const chunks = { sent: 0 }
    server.says.respond = flood(chunks)
    const before = process.memoryUsage().rss
    const answer = await backendFor(server.endpoint).backend.read(subject)
    expect(answer).toMatchObject({
      kind: 'unavailable',
      trouble: { code: 'bad-response', reason: 'deploycenter-size', details: { limit: 1 } },
    })
    expect(chunks.sent).toBeLessThan(50)
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
  })

  test('a redirect is not followed: the key would go along', async () => {
    const elsewhere = closing(
      await startHttpServer((_, response) => json(response, 200, listing('a.example'))),
    )
    const server = await startDeployCenter()
    server.says.respond = (_, response) =>
      void response.writeHead(301, { Location: `${elsewhere.address}/api/` }).end()
    const answer = await backendFor(server.endpoint).backend.read(subject)
    expect(answer).toMatchObject({
      kind: 'unavailable',
      trouble: { code: 'bad-response', reason: 'deploycenter-redirect', details: { status: 301 } },
    })
    if (answer.kind !== 'unavailable') throw new Error('It was available')
    expect(answer.trouble.details.host).toBe(new URL(elsewhere.address).host)
    expect(elsewhere.requests).toEqual([])
  })

  test('entitlements 19: the wrong key, at a DeployCenter that checks it', async () => {
    const server = await startDeployCenter()
    const { backend } = backendFor(server.endpoint, {}, 'une-autre-cle')
    expect(await backend.read(subject)).toMatchObject({
      kind: 'unavailable',
      trouble: { code: 'refused', reason: 'deploycenter-key' },
    })
  })

  test('a service that is no number makes the real server fail: no profile has one', async () => {
    const server = await startDeployCenter()
    const answer = await backendFor(server.endpoint, { serviceId: 'messages' }).backend.read(subject)
    expect(answer).toMatchObject({ trouble: { code: 'server-error', details: { status: 500 } } })
  })
})

describe('nothing is sent', () => {
  test.each([
    ['28: without an e-mail address', { who: { ...subject, email: null } }, 'invalid/deploycenter-email'],
    ['28: with an empty one', { who: { ...subject, email: ' ' } }, 'invalid/deploycenter-email'],
    ['19: without a key', { key: null }, 'refused/deploycenter-no-key'],
    ['19: with a key that no header can hold', { key: 'clé\nX-Autre: 1' }, 'invalid/deploycenter-key'],
    ['19: in clear to another computer', { address: 'http://dc.example/' }, 'invalid/deploycenter-address'],
    [
      '19: to an address with a query',
      { address: 'https://dc.example/?a=1' },
      'invalid/deploycenter-address',
    ],
  ])(
    'entitlements %s',
    async (_, given: { who?: typeof subject; key?: string | null; address?: string }, told) => {
      const server = await startDeployCenter()
      const key = given.key === undefined ? serviceKey : given.key
      const { backend } = backendFor(given.address ?? server.endpoint, {}, key)
      const answer = await backend.read(given.who ?? subject)
      if (answer.kind !== 'unavailable') throw new Error('It was available')
      expect(`${answer.trouble.code}/${answer.trouble.reason}`).toBe(told)
      expect(server.requests).toEqual([])
    },
  )

  test('once it was cancelled', async () => {
    const server = await startDeployCenter()
    const answer = await backendFor(server.endpoint).backend.read(subject, AbortSignal.abort())
    expect(answer).toMatchObject({ kind: 'unavailable', trouble: { code: 'cancelled' } })
    expect(server.requests).toEqual([])
  })
})

/** What no log line, failure or message may hold. */
const secrets = [subject.sub, 'odile', 'canari', '21000000000017', 'account_email', 'service_id', serviceKey]

test.each(answers)('entitlements 49: %s leaves no trace of who was asked about', async (_, respond) => {
  const server = await startDeployCenter()
  server.says.respond = respond
  const { backend, lines } = backendFor(server.endpoint)
  const answer = await backend.read(subject)
  expect(lines.length).toBeGreaterThan(0)
  const written = JSON.stringify([lines, answer])
  for (const secret of secrets) expect(written).not.toContain(secret)
})

test('entitlements 50: a 400 that repeats what was sent is told by the names of its fields only', async () => {
  const server = await startDeployCenter()
  server.says.respond = ({ url }, response) =>
    json(response, 400, { account_email: [url], [url]: ['x'], siret: ['y'] })
  const { backend, lines } = backendFor(server.endpoint)
  const answer = await backend.read(subject)
  expect(answer).toMatchObject({ trouble: { details: { fields: 'account_email, siret' } } })
  expect(JSON.stringify([lines, answer])).not.toContain('odile')
  expect(Object.keys(lines[0]?.[1] ?? {}).sort()).toEqual(['about', 'ms', 'outcome', 'status'])
})
