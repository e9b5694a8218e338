import { describe, expect, onTestFinished, test } from 'vitest'
import type { ProfileDraft, ProfileServer } from '../../preload/profile-shapes.ts'
import type { SandboxAgent } from '../../preload/session-shapes.ts'
import { type Console, openConsole } from '../fakes/console.ts'
import { json, type Responding, startHttpServer } from '../fakes/http-server.ts'
import { deployCenter, draft, elsewhere, keptAs, noSecrets, signIn } from './profiles-draft.ts'

const ask = (
  console: Console,
  server: ProfileServer,
  change: Partial<ProfileDraft>,
  typed = {},
  id: string | null = null,
) =>
  console.profiles.test({
    ...{ server, id },
    draft: { ...draft, ...change },
    secrets: { ...noSecrets, ...typed },
  })
async function answering(respond: Responding) {
  const server = await startHttpServer(respond)
  onTestFinished(() => server.close())
  return server
}
/** The sandbox with its provider and its DeployCenter, and the profile that leads to it. */
async function sandbox() {
  const console = openConsole()
  await console.deps.sandbox.start()
  const running = console.process.running()
  if (!running) throw new Error('The sandbox does not run')
  const { profile } = await console.profiles.read('sandbox')
  const { id: _id, kind: _kind, ...own } = profile
  if (!own.signIn || own.entitlements.backend === 'local') throw new Error('The sandbox has no provider')
  const center = { ...own.entitlements, serviceId: running.deployCenter.serviceId }
  return { console, running, own, signIn: own.signIn, center, key: running.deployCenter.key }
}

describe('dimail, tested', () => {
  test('tells its address in one way of writing', async () => {
    const { input, password } = await elsewhere()
    const address = `${input.draft.address}/`
    const told = await ask(openConsole(), 'dimail', { ...input.draft, address }, { password })
    expect(told).toEqual({ ok: true, value: { server: 'dimail', facts: { address: input.draft.address } } })
  })

  test('is asked with the known password at its own address only, and nothing is kept', async () => {
    const { input, dimail } = await elsewhere()
    const console = openConsole()
    await console.profiles.save(input)
    const { id } = keptAs(console, 'Production')
    expect(await ask(console, 'dimail', input.draft, {}, id)).toMatchObject({ ok: true })
    const other = await answering((_seen, response) => json(response, 200, {}))
    const told = await ask(console, 'dimail', { ...input.draft, address: other.address }, {}, id)
    expect(told).toMatchObject({ failure: { code: 'refused', reason: 'password-needed' } })
    expect(other.requests).toEqual([])
    expect(await ask(console, 'dimail', input.draft, { password: 'faux' }, id)).toMatchObject({
      failure: { reason: 'credentials' },
    })
    expect(console.vault.read(id)).toBe(dimail.password)
  })
})

describe('a provider, tested', () => {
  test('tells what it offers and what must be registered there, and opens no page', async () => {
    const { console, own, signIn } = await sandbox()
    expect(await ask(console, 'provider', own, {}, 'sandbox')).toMatchObject({
      ok: true,
      value: {
        server: 'provider',
        facts: {
          ...{ issuer: signIn.issuer, pkce: true, algorithm: 'ES256', logout: true, path: '/callback' },
          redirect: 'http://127.0.0.1:47610/callback',
          ports: signIn.ports.join(', '),
        },
      },
    })
    expect(console.pages).toEqual([])
  })

  /** A description like that of a provider, with something else in it. */
  async function described(more: object, change: Partial<typeof signIn> = {}) {
    const server = await answering((_seen, response) =>
      json(response, 200, {
        issuer: server.address,
        authorization_endpoint: `${server.address}/auth`,
        token_endpoint: `${server.address}/token`,
        jwks_uri: `${server.address}/jwks`,
        code_challenge_methods_supported: ['S256'],
        id_token_signing_alg_values_supported: ['RS256', 'ES256'],
        ...more,
      }),
    )
    return ask(openConsole(), 'provider', {
      address: server.address,
      signIn: { ...signIn, issuer: server.address, ...change },
    })
  }

  test('without a logout says so', async () => {
    expect(await described({})).toMatchObject({ ok: true, value: { facts: { logout: false } } })
  })

  test.each<[string, object, Partial<typeof signIn>, string]>([
    ['another issuer', { issuer: 'https://autre.example' }, {}, 'sign-in-issuer'],
    ['no PKCE', { code_challenge_methods_supported: undefined }, {}, 'sign-in-pkce'],
    ['plain PKCE', { code_challenge_methods_supported: ['plain'] }, {}, 'sign-in-pkce'],
    ['an address in clear text', { authorization_endpoint: 'http://evil.example/' }, {}, 'sign-in-address'],
    ['other signatures', { id_token_signing_alg_values_supported: ['HS256'] }, {}, 'provider-algorithm'],
    ['no list of signatures', { id_token_signing_alg_values_supported: null }, {}, 'provider-algorithm'],
    [
      'userinfo signed otherwise',
      { userinfo_signing_alg_values_supported: ['RS256'] },
      { userinfo: 'jwt' },
      'provider-userinfo',
    ],
    ['no secret for it', {}, { client: 'confidential' }, 'sign-in-no-secret'],
  ])('faults 26: with %s is refused', async (_what, more, change, reason) => {
    expect(await described(more, change)).toMatchObject({ ok: false, failure: { code: 'refused', reason } })
  })

  test('that is stopped is offline', async () => {
    const { console, own } = await sandbox()
    await console.deps.sandbox.stop()
    expect(await ask(console, 'provider', own)).toMatchObject({
      failure: { code: 'offline', reason: 'provider' },
    })
  })
})

describe('DeployCenter, tested', () => {
  test('proves the key with a question about nobody: no claim, no organisation', async () => {
    const { console, center, key } = await sandbox()
    const told = await ask(console, 'entitlements', { entitlements: center }, { deployCenterKey: key })
    expect(told).toEqual({
      ok: true,
      value: { server: 'entitlements', facts: { service: center.serviceId, asks: 'siret' } },
    })
    const server = await answering((_seen, response) =>
      json(response, 400, { siret: ['Ce champ est obligatoire.'] }),
    )
    const entitlements = { ...deployCenter, address: `${server.address}/api/` }
    await ask(console, 'entitlements', { entitlements }, { deployCenterKey: 'clé'.replace('é', 'e') })
    const { searchParams } = new URL(server.requests[0]?.url ?? '', server.address)
    expect(Object.fromEntries(searchParams)).toEqual({
      ...{ service_id: '42', account_type: 'user', account_email: 'nobody@console.invalid' },
    })
  })

  test.each<[string, number, unknown, Partial<typeof deployCenter>, object]>([
    ['a key that it refuses', 401, { detail: '…' }, {}, { code: 'refused', reason: 'deploycenter-key' }],
    [
      'a claim that is not forwarded',
      400,
      { siret: ['…'] },
      { claims: [] },
      { reason: 'deploycenter-request', details: { fields: 'siret' } },
    ],
    [
      'another trouble with the question',
      400,
      { account_email: ['…'] },
      {},
      { reason: 'deploycenter-request' },
    ],
    ['a server that fails', 500, {}, {}, { code: 'server-error', reason: 'deploycenter' }],
    ['a list', 200, [], {}, { code: 'bad-response', reason: 'deploycenter-array' }],
  ])('with %s says which it is', async (_what, status, body, change, failure) => {
    const server = await answering((_seen, response) => json(response, status, body))
    const entitlements = { ...deployCenter, address: `${server.address}/`, ...change }
    const told = await ask(openConsole(), 'entitlements', { entitlements }, { deployCenterKey: 'k' })
    expect(told).toMatchObject({ ok: false, failure })
  })

  test('is sent the known key at its own address only', async () => {
    const { input, password } = await elsewhere()
    const own = await answering((_seen, response) => json(response, 400, { siret: ['…'] }))
    const other = await answering((_seen, response) => json(response, 400, { siret: ['…'] }))
    const console = openConsole()
    const at = ({ address }: { address: string }) => ({ ...deployCenter, address: `${address}/` })
    const secrets = { ...input.secrets, deployCenterKey: 'canari' }
    await console.profiles.save({ ...input, draft: { ...input.draft, entitlements: at(own) }, secrets })
    const { id } = keptAs(console, 'Production')
    expect(await ask(console, 'entitlements', { entitlements: at(own) }, {}, id)).toMatchObject({ ok: true })
    expect(own.requests[0]?.headers['x-service-auth']).toBe('Bearer canari')
    expect(await ask(console, 'entitlements', { entitlements: at(other) }, {}, id)).toMatchObject({
      failure: { reason: 'deploycenter-no-key' },
    })
    expect(other.requests).toEqual([])
    expect(JSON.stringify(console.lines)).not.toContain(password)
    expect(JSON.stringify(console.lines)).not.toMatch(/canari|nobody@/)
  })
})

describe('the flags, tested', () => {
  test('tells both', async () => {
    const { console, own } = await sandbox()
    expect(await ask(console, 'flags', own)).toMatchObject({
      value: { server: 'flags', facts: { create: expect.any(Boolean), manageAccesses: expect.any(Boolean) } },
    })
    const flags = { from: 'profile' as const, create: true, manageAccesses: false }
    expect(await ask(console, 'flags', { flags })).toMatchObject({ value: { facts: { create: true } } })
  })

  test('says when their address does not answer as one', async () => {
    const server = await answering((_seen, response) => json(response, 503, {}))
    const flags = { from: 'address' as const, address: server.address }
    expect(await ask(openConsole(), 'flags', { flags })).toMatchObject({ failure: { reason: 'flags' } })
  })
})

test.each<ProfileServer>(['provider', 'entitlements'])(
  'a profile without %s has nothing to test',
  async (server) => {
    expect(await ask(openConsole(), server, {})).toMatchObject({ failure: { reason: 'nothing-to-test' } })
  },
)

describe('the agents of the sandbox', () => {
  test('are told, entitled otherwise, and unknown ones refused', async () => {
    const { console } = await sandbox()
    const { handlers } = console
    const agents = await handlers['sandbox.agents'](undefined)
    expect(agents.map(({ id }) => id)).toContain('two-towns')
    const change: Pick<SandboxAgent, 'id' | 'domains' | 'subscription'> = {
      ...{ id: 'two-towns', domains: ['sdis-valdore.example'], subscription: 'inactive' },
    }
    const after = await handlers['sandbox.entitle'](change)
    expect(after.find(({ id }) => id === 'two-towns')).toMatchObject(change)
    await expect(handlers['sandbox.entitle']({ ...change, id: 'absent' })).rejects.toThrow('not-found/agent')
    await console.deps.sandbox.stop()
    await expect(handlers['sandbox.agents'](undefined)).rejects.toThrow('not-possible/sandbox-stopped')
  })

  test('find its DeployCenter as it was told to be, until the sandbox is reset or started again', async () => {
    const { console, running } = await sandbox()
    const { handlers } = console
    const mode = async () => (await handlers['sandbox.read'](undefined)).deployCenter
    expect(await handlers['sandbox.deployCenter']({ mode: 'html' })).toMatchObject({ deployCenter: 'html' })
    expect(running.deployCenter.mode).toBe('html')
    await handlers['sandbox.reset'](undefined)
    expect(await mode()).toBe('normal')
    await handlers['sandbox.deployCenter']({ mode: 'silent' })
    await console.deps.sandbox.stop()
    await console.deps.sandbox.start()
    expect(await mode()).toBe('normal')
    expect(console.pushes).toContainEqual({
      push: 'sandbox.changed',
      value: expect.objectContaining({ deployCenter: 'silent' }),
    })
  })
})
