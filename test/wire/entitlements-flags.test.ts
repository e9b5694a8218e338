import { describe, expect, test } from 'vitest'
import { createFlags } from '../../main/entitlements/flags.ts'
import { failure } from '../../preload/failure.ts'
import { testWire } from '../fakes/deploycenter.ts'
import { closing } from '../fakes/dimail-client.ts'
import { json, type Responding, startHttpServer } from '../fakes/http-server.ts'

const off = { create: false, manageAccesses: false }
const both = { FEATURE_MAILDOMAIN_CREATE: true, FEATURE_MAILDOMAIN_MANAGE_ACCESSES: true }

async function setUp(body: unknown) {
  const says: { respond: Responding } = { respond: (_, response) => json(response, 200, body) }
  const server = closing(await startHttpServer((...request) => says.respond(...request)))
  const clock = { now: 1_800_000_000_000 }
  const settings = { from: 'address' as const, address: `${server.address}/messages/api/v1.0/config/` }
  const deps = { wire: testWire(), now: () => clock.now, log: () => {} }
  return { server, says, clock, flags: createFlags({ ...deps, settings }), deps }
}

describe('the flags', () => {
  test('entitlements 77: both are read as booleans from the public configuration, without any credential', async () => {
    const { server, flags } = await setUp({ ...both, FEATURE_MAILDOMAIN_CREATE: false, LANGUAGES: ['fr-fr'] })
    expect(await flags.read(false)).toEqual({
      flags: { create: false, manageAccesses: true },
      failure: null,
    })
    expect(server.requests[0]).toMatchObject({ method: 'GET', url: '/messages/api/v1.0/config/' })
    for (const header of ['authorization', 'x-service-auth', 'cookie'])
      expect(server.requests[0]?.headers).not.toHaveProperty(header)
  })

  const failing: [string, Responding, string][] = [
    ['a 500', (_, response) => json(response, 500, both), 'server-error/flags'],
    ['a 401', (_, response) => json(response, 401, both), 'refused/flags-status'],
    ['a page', (_, response) => void response.end('<html></html>'), 'bad-response/flags'],
    ['no JSON', (_, response) => void response.end('true'.repeat(3)), 'bad-response/flags'],
    ['an array', (_, response) => json(response, 200, [both]), 'bad-response/flags'],
    ['a text', (_, response) => json(response, 200, 'true'), 'bad-response/flags'],
    [
      'a redirect',
      (_, response) => void response.writeHead(302, { Location: '/ailleurs' }).end(),
      'bad-response/flags',
    ],
    ['a cut', (_, response) => void response.socket?.resetAndDestroy(), 'offline/flags'],
    [
      'too much',
      (_, response) => json(response, 200, { ...both, more: 'x'.repeat(2e6) }),
      'bad-response/flags',
    ],
  ]
  test.each(failing)('entitlements 79: %s closes both', async (_, respond, told) => {
    const { flags, says } = await setUp(both)
    expect((await flags.read(true)).flags).toEqual({ create: true, manageAccesses: true })
    says.respond = respond
    const read = await flags.read(true)
    expect(read.flags).toEqual(off)
    const { code, reason } = failure.parse(read.failure)
    expect(`${code}/${reason}`).toBe(told)
    // Nor does the answer before open them again.
    expect((await flags.read(false)).flags).toEqual(off)
  })

  test('entitlements 79: an address that is none closes both, and nothing is sent', async () => {
    const { deps, server } = await setUp(both)
    const settings = { from: 'address' as const, address: 'http://configuration.example/' }
    expect(await createFlags({ ...deps, settings }).read(true)).toMatchObject({
      flags: off,
      failure: { code: 'invalid', reason: 'flags-address' },
    })
    expect(server.requests).toEqual([])
  })

  test.each([
    [{}, off],
    [{ FEATURE_MAILDOMAIN_CREATE: true }, { create: true, manageAccesses: false }],
    [{ FEATURE_MAILDOMAIN_CREATE: 'true', FEATURE_MAILDOMAIN_MANAGE_ACCESSES: 1 }, off],
    [{ FEATURE_MAILDOMAIN_CREATE: null, FEATURE_MAILDOMAIN_MANAGE_ACCESSES: [true] }, off],
    [{ feature_maildomain_create: true }, off],
  ])('entitlements 80: %j is %j: only a literal true opens', async (body, flags) => {
    expect(await (await setUp(body)).flags.read(true)).toEqual({ flags, failure: null })
  })

  test('they are asked again after five minutes, or when somebody insists', async () => {
    const { server, clock, flags } = await setUp(both)
    await flags.read(false)
    clock.now += 299_000
    await flags.read(false)
    expect(server.requests).toHaveLength(1)
    await flags.read(true)
    expect(server.requests).toHaveLength(2)
    clock.now += 300_000
    await flags.read(false)
    expect(server.requests).toHaveLength(3)
  })

  test('a profile that tells them itself asks nobody', async () => {
    const { server, deps } = await setUp(both)
    const settings = { from: 'profile' as const, create: true, manageAccesses: false }
    expect(await createFlags({ ...deps, settings }).read(true)).toEqual({
      flags: { create: true, manageAccesses: false },
      failure: null,
    })
    expect(server.requests).toEqual([])
  })
})
