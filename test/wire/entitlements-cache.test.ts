import { describe, expect, test } from 'vitest'
import type { Subject } from '../../main/entitlements/entitlements.ts'
import { openEntitlements } from '../../main/entitlements/facade.ts'
import { backendOf } from '../../main/entitlements/factory.ts'
import {
  backendFor,
  listing,
  type settingsOf,
  startDeployCenter,
  subject,
  testWire,
} from '../fakes/deploycenter.ts'
import { json } from '../fakes/http-server.ts'

const other: Subject = { ...subject, sub: 'autre-sujet', email: 'autre@mairie-fictive.example' }

/** Settings of a desk, as they are written: JSON. */
function settingsInMemory() {
  const rows = new Map<string, string>()
  return {
    rows,
    kept: {
      read: async (key: string): Promise<unknown> => JSON.parse(rows.get(key) ?? 'null'),
      write: async (key: string, value: unknown) => void rows.set(key, JSON.stringify(value)),
    },
  }
}

async function setUp(more: Parameters<typeof settingsOf>[1] = {}) {
  const server = await startDeployCenter()
  const { backend, settings, clock } = backendFor(server.endpoint, more)
  const store = settingsInMemory()
  const now = () => clock.now
  const open = (changed = settings) => openEntitlements({ backend, settings: changed, kept: store.kept, now })
  const fail = () => {
    server.says.respond = (_, response) => json(response, 500, {})
  }
  const answer = (...domains: string[]) => {
    server.says.respond = null
    server.says.body = listing(...domains)
  }
  return { server, clock, ...store, entitlements: open(), open, settings, fail, answer }
}

describe('what was said before', () => {
  test('entitlements 20: two readings within the time are one request, with equal results', async () => {
    const { server, clock, entitlements } = await setUp()
    const first = await entitlements.read(subject, false)
    clock.now += 299_000
    expect(await entitlements.read(subject, false)).toEqual(first)
    expect(server.requests).toHaveLength(1)
    clock.now += 2_000
    await entitlements.read(subject, false)
    expect(server.requests).toHaveLength(2)
  })

  test('entitlements 21: a forced reading asks again, and its answer takes the place of the one before', async () => {
    const { server, entitlements, answer } = await setUp()
    answer()
    expect(await entitlements.read(subject, true)).toMatchObject({ kind: 'empty-list' })
    answer('new.example')
    expect(await entitlements.read(subject, true)).toMatchObject({ domains: ['new.example'], stale: null })
    expect(await entitlements.read(subject, false)).toMatchObject({ domains: ['new.example'] })
    expect(server.requests).toHaveLength(2)
  })

  test('entitlements 22: when a forced reading fails, the answer before is given, and says so', async () => {
    const { server, clock, entitlements, answer, fail } = await setUp()
    answer('cached.example')
    await entitlements.read(subject, true)
    fail()
    const answeredAt = clock.now
    clock.now += 1000
    expect(await entitlements.read(subject, true)).toMatchObject({
      kind: 'list',
      domains: ['cached.example'],
      answeredAt,
      stale: { code: 'server-error', reason: 'deploycenter' },
    })
    expect(server.requests).toHaveLength(2)
  })

  test('entitlements 23: (S) past its freshness the answer before is still given, as stale; past 24 hours nothing is', async () => {
    const { server, clock, entitlements, fail } = await setUp()
    await entitlements.read(subject, true)
    fail()
    clock.now += 86_399_000
    for (const force of [true, false])
      expect(await entitlements.read(subject, force)).toMatchObject({
        kind: 'list',
        stale: { code: 'server-error' },
      })
    clock.now += 1000
    expect(await entitlements.read(subject, true)).toMatchObject({
      kind: 'unavailable',
      trouble: { code: 'server-error', reason: 'deploycenter' },
    })
    expect(server.requests).toHaveLength(4)
  })

  test('entitlements 24: two subjects are two requests and two answers', async () => {
    const { server, entitlements, answer } = await setUp()
    answer('one.example')
    await entitlements.read(subject, false)
    answer('two.example')
    expect(await entitlements.read(other, false)).toMatchObject({ domains: ['two.example'] })
    expect(await entitlements.read(subject, false)).toMatchObject({ domains: ['one.example'] })
    expect(server.requests).toHaveLength(2)
  })

  test('entitlements 25: a failure is not kept', async () => {
    const { server, entitlements, answer, fail } = await setUp()
    fail()
    expect(await entitlements.read(subject, false)).toMatchObject({ kind: 'unavailable' })
    expect(await entitlements.read(subject, false)).toMatchObject({ kind: 'unavailable' })
    answer('a.example')
    expect(await entitlements.read(subject, false)).toMatchObject({ kind: 'list', stale: null })
    expect(server.requests).toHaveLength(3)
  })

  test('entitlements 26: an answer without a list is kept like any other', async () => {
    const { server, entitlements } = await setUp()
    server.says.body = { entitlements: { can_access: false, can_access_reason: 'not_activated' } }
    const first = await entitlements.read(subject, false)
    expect(first).toMatchObject({ kind: 'not-provided', reason: 'not_activated', canAccess: false })
    expect(await entitlements.read(subject, false)).toEqual(first)
    expect(server.requests).toHaveLength(1)
  })

  test('entitlements 47: a forced reading carries what userinfo told', async () => {
    const { server, entitlements } = await setUp()
    await entitlements.read(subject, false)
    await entitlements.read(subject, true)
    expect(server.queries().map((query) => query.get('siret'))).toEqual(['21000000000017', '21000000000017'])
  })

  test('a list of a wrong type is not kept, and takes the place of nothing', async () => {
    const { server, entitlements, answer, fail } = await setUp()
    answer('a.example')
    await entitlements.read(subject, true)
    server.says.body = { entitlements: { can_access: true, can_admin_maildomains: 'a.example' } }
    expect(await entitlements.read(subject, true)).toMatchObject({
      kind: 'invalid',
      type: 'string',
      stale: null,
    })
    fail()
    expect(await entitlements.read(subject, true)).toMatchObject({ kind: 'list', domains: ['a.example'] })
  })

  test.each([true, false])('entitlements 27: the local backend asks nobody (force: %s)', async (force) => {
    const { rows, kept } = settingsInMemory()
    const settings = { backend: 'local' } as const
    const deps = { wire: testWire(), key: () => null, now: () => 5, log: () => {} }
    const entitlements = openEntitlements({
      backend: backendOf(settings, deps),
      settings,
      kept,
      now: () => 5,
    })
    expect(await entitlements.read({ ...subject, email: null }, force)).toEqual({
      kind: 'not-provided',
      canAccess: true,
      reason: null,
      account: { organization: null, operator: null, potentialOperators: [] },
      answeredAt: 5,
      stale: null,
    })
    expect(rows.size).toBe(0)
  })

  test('entitlements 28: without an e-mail address the sign-in is told, and nothing is thrown', async () => {
    const { entitlements } = await setUp()
    expect(await entitlements.read({ ...subject, email: null }, true)).toMatchObject({
      kind: 'unavailable',
      trouble: { code: 'invalid', reason: 'deploycenter-email' },
    })
  })
})

describe('where it is kept', () => {
  test('on the desk, across restarts', async () => {
    const { server, clock, entitlements, open, fail } = await setUp()
    await entitlements.read(subject, true)
    entitlements.close()
    const again = open()
    expect(await again.read(subject, false)).toMatchObject({ kind: 'list', stale: null })
    expect(server.requests).toHaveLength(1)
    fail()
    clock.now += 3_600_000
    expect(await again.read(subject, true)).toMatchObject({ kind: 'list', stale: { code: 'server-error' } })
  })

  test('under a hash of the subject, without subject, address or claims of theirs', async () => {
    const { rows, entitlements } = await setUp()
    await entitlements.read(subject, true)
    const written = JSON.stringify([...rows])
    expect(rows.size).toBe(1)
    for (const secret of [subject.sub, 'odile', 'canari', '21000000000017', 'autre'])
      expect(written).not.toContain(secret)
  })

  test.each([
    ['no JSON object', '"rien"'],
    ['a kind from elsewhere', '{"of":"x","at":1,"value":{"kind":"tout"}}'],
    ['a list that is none', '{"of":"x","at":1,"value":{"kind":"list","domains":"a.example"}}'],
  ])('%s there is not believed', async (_, text) => {
    const { rows, entitlements, fail } = await setUp()
    await entitlements.read(subject, true)
    for (const key of rows.keys()) rows.set(key, text)
    fail()
    expect(await entitlements.read(subject, false)).toMatchObject({ kind: 'unavailable' })
  })

  test('what another DeployCenter said is nobody’s answer once the profile was changed', async () => {
    const { entitlements, open, settings, fail } = await setUp()
    await entitlements.read(subject, true)
    fail()
    const moved = open({ ...settings, serviceId: '43' })
    expect(await moved.read(subject, true)).toMatchObject({ kind: 'unavailable' })
  })

  test('nowhere when the disk is full, and the answer is given all the same', async () => {
    const { entitlements, kept } = await setUp()
    kept.write = () => Promise.reject(new Error('SQLITE_FULL'))
    expect(await entitlements.read(subject, true)).toMatchObject({ kind: 'list', stale: null })
  })

  test('not for ever when the clock is put back', async () => {
    const { clock, entitlements, fail } = await setUp()
    await entitlements.read(subject, true)
    fail()
    clock.now -= 2 * 86_400_000
    expect(await entitlements.read(subject, false)).toMatchObject({ kind: 'unavailable' })
  })
})

describe('several at once', () => {
  test('ask once for one subject', async () => {
    const { server, entitlements } = await setUp()
    const all = await Promise.all(Array.from({ length: 20 }, () => entitlements.read(subject, true)))
    expect(new Set(all.map((answer) => answer.kind))).toEqual(new Set(['list']))
    expect(server.requests).toHaveLength(1)
  })

  test('one who no longer waits leaves the others their answer', async () => {
    const { server, entitlements } = await setUp()
    const stop = new AbortController()
    const mine = entitlements.read(subject, true, stop.signal)
    const theirs = entitlements.read(subject, true)
    stop.abort()
    expect(await mine).toMatchObject({ kind: 'unavailable', trouble: { code: 'cancelled' } })
    expect(await theirs).toMatchObject({ kind: 'list' })
    expect(server.requests).toHaveLength(1)
  })

  test('closing ends what is on the wire, and no earlier answer is given in its place', async () => {
    const { server, entitlements } = await setUp()
    await entitlements.read(subject, true)
    server.says.respond = () => {}
    const coming = entitlements.read(subject, true)
    await expect.poll(() => server.requests.length).toBe(2)
    entitlements.close()
    expect(await coming).toMatchObject({ kind: 'unavailable', trouble: { code: 'cancelled' } })
  })
})
