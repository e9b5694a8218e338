import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { isBarred, type Outcome } from '../../main/dimail/client.ts'
import { watchConnectivity } from '../../main/jobs/connectivity.ts'
import { type Failure, failed } from '../../preload/failure.ts'
import { clientOf, closing, healthy, tokenOf } from '../fakes/dimail-client.ts'
import { json, startHttpServer } from '../fakes/http-server.ts'

const name = 'commune.example'
const { failure: nobody } = failed('refused', 'signed-out', 'Nobody is signed in.')
const { failure: locked } = failed('refused', 'read-only', 'This profile is read only.')

/** A dimail whose calls `allow` lets through or not, as the test goes. */
async function setUp() {
  const state = { allow: (_changes: boolean): Failure | null => null, status: 200, delay: 0 }
  const server = closing(
    await startHttpServer(async ({ url }, response) => {
      if (url === '/token/')
        return json(response, 200, {
          access_token: tokenOf(Date.now() / 1000 + 2800),
          token_type: 'bearer',
        })
      await wait(state.delay)
      json(response, state.status, url.includes('mailboxes') ? {} : healthy(name))
    }),
  )
  const client = clientOf(server.address, {
    allow: (changes) => state.allow(changes),
    timeouts: { headers: 100, total: 2_000 },
  })
  const heard: Outcome[] = []
  client.answered((outcome) => heard.push(outcome))
  return { server, client, state, heard }
}

type Client = Awaited<ReturnType<typeof setUp>>['client']
const reads: [string, (client: Client) => Promise<{ ok: boolean }>][] = [
  ['token', (client) => client.token()],
  ['domain', (client) => client.readDomain(name)],
  ['check', (client) => client.checkDomain(name)],
  ['domains', (client) => client.listDomains()],
  ['mailboxes', (client) => client.listMailboxes(name)],
]
const writes: [string, (client: Client) => Promise<{ ok: boolean }>][] = [
  ['fix', (client) => client.fixDomain(name)],
  [
    'create',
    (client) => client.createMailbox(name, 'accueil', { givenName: 'J', surName: 'F', displayName: 'JF' }),
  ],
  ['set', (client) => client.setMailboxActive(name, 'accueil', false, null, 'active')],
  ['reset', (client) => client.resetPassword(name, 'accueil')],
  ['delete', (client) => client.deleteMailbox(name, 'accueil')],
]

describe('while nobody is signed in', () => {
  test.each([...reads, ...writes])('%s: nothing leaves, and the refusal is told', async (_, call) => {
    const { server, client, state, heard } = await setUp()
    state.allow = () => nobody
    expect(await call(client)).toEqual({ ok: false, failure: nobody })
    expect(server.requests).toEqual([])
    expect(heard).toEqual([])
  })
})

describe('while the profile is read only', () => {
  test.each(writes)('%s: not even a token is asked for', async (_, call) => {
    const { server, client, state } = await setUp()
    state.allow = (changes) => (changes ? locked : null)
    expect(await call(client)).toEqual({ ok: false, failure: locked })
    expect(server.requests).toEqual([])
  })

  test('reading goes on', async () => {
    const { client, state } = await setUp()
    state.allow = (changes) => (changes ? locked : null)
    expect(await client.readDomain(name)).toMatchObject({ ok: true })
  })
})

test('a sign-out during the retries: the next attempt does not leave, nor the renewal of a token', async () => {
  const { server, client, state, heard } = await setUp()
  state.status = 503
  const sent = () => server.requests.filter(({ url }) => url !== '/token/').length
  state.allow = () => (sent() === 0 ? null : nobody)
  expect(await client.readDomain(name)).toEqual({ ok: false, failure: nobody })
  expect(sent()).toBe(1)
  state.status = 401
  state.allow = () => (sent() === 1 ? null : nobody)
  expect(await client.readDomain(name)).toEqual({ ok: false, failure: nobody })
  expect(server.requests.filter(({ url }) => url === '/token/')).toHaveLength(1)
  // The sign-in at the start, and nothing since: a refusal of ours would look like an answer of dimail.
  expect(heard).toEqual([{ ok: true }])
})

test('a change whose answer was lost before the lock stays in doubt', async () => {
  const { server, client, state } = await setUp()
  state.delay = 400
  const sent = () => server.requests.filter(({ url }) => url !== '/token/').length
  state.allow = (changes) => (changes && sent() > 0 ? locked : null)
  const result = await client.setMailboxActive(name, 'accueil', false, null, 'active')
  expect(result).toMatchObject({ ok: false, failure: { code: 'unknown-outcome' } })
  expect(sent()).toBe(1)
})

test('calls that wait for a turn are asked about again when it comes', async () => {
  const { server, client, state } = await setUp()
  await client.token()
  state.delay = 60
  const calls = Array.from({ length: 12 }, () => client.readDomain(name))
  await vi.waitFor(() => expect(server.requests).toHaveLength(7))
  state.allow = () => nobody
  const results = await Promise.all(calls)
  expect(results.filter(({ ok }) => ok)).toHaveLength(6)
  expect(server.requests).toHaveLength(7)
})

test('neither the circuit breaker nor the sign of the connection learns anything from it', async () => {
  const { server, client, state } = await setUp()
  const changed = vi.fn()
  const watch = closing(
    watchConnectivity({ dimail: client, isNetworkUp: () => true, now: Date.now, changed }),
  )
  state.allow = () => nobody
  for (let times = 0; times < 8; times++) await watch.probe()
  expect(watch.read().state).toBe('unknown')
  expect(changed).not.toHaveBeenCalled()
  state.allow = () => null
  expect(await client.readDomain(name)).toMatchObject({ ok: true })
  expect(watch.read().state).toBe('online')
  expect(server.requests.length).toBeGreaterThan(0)
})

test('the same refusal from elsewhere is not taken for one of the barrier', async () => {
  const { client, state } = await setUp()
  state.allow = () => nobody
  const result = await client.token()
  expect(result.ok ? null : isBarred(result.failure)).toBe(true)
  expect(isBarred(nobody)).toBe(false)
})
