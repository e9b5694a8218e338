import { beforeEach, describe, expect, test, vi } from 'vitest'
import { provisionDomain } from '../../main/provisioning/apply.ts'
import { bodyBytes, path } from '../../main/provisioning/endpoint-app.ts'
import { key, listening, openTown, type Running, send, type Town } from './provisioning-open.ts'

let town: Town
let running: Running
const schema = (more: object) => JSON.stringify({ type: 'object', ...more })

beforeEach(async () => {
  town = await openTown({ domains: 1 })
  running = await listening({ provision: (asked) => provisionDomain(town, asked) })
})

const ask = async (body: unknown) => (await send(running.port, { body })).body
const kept = (name: string) => town.desk.provisioned.get(name)
const names = async () => (await town.desk.provisioned.list(null)).map(({ domain }) => domain)
const records = async () => (await town.desk.journal({ subject: null, limit: 100 })).length
const withAuthorization = (...values: (string | undefined)[]) =>
  send(running.port, {
    body: { domains: ['a.example'] },
    headers: { authorization: values.length > 1 ? values.filter((one) => one !== undefined) : values[0] },
  })
const asLatin1 = (text: string) => Buffer.from(text).toString('latin1')

describe('the key', () => {
  test('entitlements 53: without credentials the answer is 403', async () => {
    expect(await withAuthorization(undefined)).toMatchObject({ status: 403, body: { detail: 'Forbidden.' } })
    expect(await names()).toEqual([])
  })

  test.each([
    ['another key', 'Bearer autre'],
    ['a part of it', asLatin1(`Bearer ${key.slice(0, -1)}`)],
    ['more than it', asLatin1(`Bearer ${key}x`)],
    ['nothing', 'Bearer '],
    ['another scheme', asLatin1(`ApiKey ${key}`)],
    ['the scheme in lower case', asLatin1(`bearer ${key}`)],
    ['two blanks', asLatin1(`Bearer  ${key}`)],
    ['the key alone', asLatin1(key)],
    ['the text null', 'Bearer null'],
  ])('entitlements 54: with a wrong key (%s) the answer is 403', async (_what, authorization) => {
    expect((await withAuthorization(authorization)).status).toBe(403)
    expect(await names()).toEqual([])
  })

  test('entitlements 54: with the key beside a wrong one the answer is 403', async () => {
    const right = asLatin1(`Bearer ${key}`)
    expect((await withAuthorization(right, 'Bearer autre')).status).toBe(403)
    expect((await withAuthorization('Bearer autre', right)).status).toBe(403)
  })

  test('entitlements 55: unset, nobody listens, and one taken away refuses whatever is sent', async () => {
    let held: string | null = null
    const late = await listening({ key: () => held, provision: (asked) => provisionDomain(town, asked) })
    expect(late.state).toMatchObject({ state: 'off', why: 'no-key', address: null })
    held = key
    const { address } = await late.endpoint.start()
    const port = Number(new URL(address ?? '').port)
    expect((await send(port, { body: { domains: ['a.example'] } })).status).toBe(200)
    held = null
    for (const authorization of [asLatin1(`Bearer ${key}`), 'Bearer null', 'Bearer ', undefined])
      expect(
        (await send(port, { body: { domains: ['b.example'] }, headers: { authorization } })).status,
      ).toBe(403)
    expect(await names()).toEqual(['a.example'])
    expect(await late.endpoint.start()).toMatchObject({ state: 'off', why: 'no-key' })
  })

  test('entitlements 56: the channel headers of later versions open nothing', async () => {
    const headers = {
      authorization: undefined,
      'x-channel-id': '6a0f0000-0000-4000-8000-000000000000',
      'x-api-key': asLatin1(key),
    }
    expect((await send(running.port, { body: { domains: ['a.example'] }, headers })).status).toBe(403)
  })
})

describe('names and attributes', () => {
  test('entitlements 57: two new names are created with the attributes that were sent', async () => {
    const custom_attributes = { siret: '00012', places: 3, ouvert: true }
    expect(await ask({ domains: ['un.example', 'deux.example'], custom_attributes })).toEqual({
      created: ['un.example', 'deux.example'],
      existing: [],
      errors: [],
    })
    for (const name of ['un.example', 'deux.example']) {
      expect(await kept(name)).toMatchObject({ attributes: custom_attributes })
      expect(town.sandbox.world.domain(name)).not.toBeUndefined()
    }
  })

  test('entitlements 58: without attributes, none are kept', async () => {
    await ask({ domains: ['un.example'] })
    expect((await kept('un.example'))?.attributes).toEqual({})
  })

  test('entitlements 59: a known and a new name are told apart, and none is there twice', async () => {
    await ask({ domains: ['un.example'] })
    expect(await ask({ domains: ['un.example', 'deux.example'] })).toEqual({
      created: ['deux.example'],
      existing: ['un.example'],
      errors: [],
    })
    expect(await names()).toEqual(['un.example', 'deux.example'])
    expect(town.asked(/^POST \/domains\//).length).toBe(2)
  })

  test('entitlements 60: the attributes of a known name are replaced as a whole', async () => {
    await ask({ domains: ['un.example'], custom_attributes: { siret: 'old', x: 1 } })
    expect(await ask({ domains: ['un.example'], custom_attributes: { siret: 'new' } })).toMatchObject({
      existing: ['un.example'],
    })
    expect((await kept('un.example'))?.attributes).toEqual({ siret: 'new' })
    expect(town.mirrored.at(-1)?.attributes).toEqual({ siret: 'new' })
  })

  test('entitlements 61: the attributes of a known name are gone when none are sent', async () => {
    await ask({ domains: ['un.example'], custom_attributes: { siret: 'old' } })
    await ask({ domains: ['un.example'] })
    expect((await kept('un.example'))?.attributes).toEqual({})
  })

  test('entitlements 62: a text with commas is a list', async () => {
    expect(await ask({ domains: 'alpha.example, beta.example,' })).toMatchObject({
      created: ['alpha.example', 'beta.example'],
    })
  })

  test('entitlements 63: an invalid name is an error of its own, told as it was sent', async () => {
    expect(await ask({ domains: ['valide.example', 'INVALID DOMAIN!', '', 'mairie'] })).toEqual({
      created: ['valide.example'],
      existing: [],
      errors: ['INVALID DOMAIN!', '', 'mairie'].map((domain) => ({
        domain,
        error: 'Invalid domain.',
        code: 'invalid_name',
      })),
    })
  })

  test('entitlements 63: what is no text is an error of its own, told as JSON and cut short', async () => {
    const answer = await send(running.port, {
      body: { domains: [5, null, ['x'.repeat(300)], { a: 1 }, 'un.example'] },
    })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        created: ['un.example'],
        errors: [
          { domain: '5' },
          { domain: 'null' },
          { domain: expect.stringMatching(/^\["x{198}$/) },
          { domain: '{"a":1}' },
        ],
      },
    })
  })
})

describe('a request that asks for nothing', () => {
  const required = { domains: ['At least one domain is required.'] }
  test.each([
    [{ domains: [] }, required],
    [{ domains: '' }, required],
    [{ domains: ',' }, required],
    [{}, { domains: ['This field is required.'] }],
  ])('entitlements 64: %o is answered with 400, and nothing is created', async (body, told) => {
    expect(await send(running.port, { body })).toMatchObject({ status: 400, body: told })
    expect([await names(), town.sandbox.requests]).toEqual([[], []])
  })

  const wrongType = { domains: ['Expected a list of domains or a comma-separated string.'] }
  test.each([[5], [{ a: 'un.example' }], [true]])(
    'entitlements 65: domains %o are answered with 400',
    async (domains) => {
      expect(await send(running.port, { body: { domains } })).toMatchObject({ status: 400, body: wrongType })
    },
  )

  test.each([
    [{ domains: null }, { domains: ['This field may not be null.'] }],
    [
      { domains: ['a.example'], custom_attributes: null },
      { custom_attributes: ['This field may not be null.'] },
    ],
    [{ domains: ['a.example'], custom_attributes: ['a'] }, { custom_attributes: ['Expected an object.'] }],
    [{ domains: ['a.example'], oidc_autojoin: 'yes' }, { oidc_autojoin: ['Must be a valid boolean.'] }],
    [{ domains: ['a.example'], identity_sync: null }, { identity_sync: ['This field may not be null.'] }],
    [{ domains: Array(1001).fill('a.example') }, { domains: ['At most 1000 domains may be sent.'] }],
    [['a.example'], { non_field_errors: ['Invalid data. Expected a JSON object.'] }],
    ['{"domains":', { detail: 'JSON parse error.' }],
    ['', { detail: 'JSON parse error.' }],
    [`{"domains":${'['.repeat(100_000)}`, { detail: 'JSON parse error.' }],
    [Buffer.from([0x7b, 0xff, 0x7d]), { detail: 'JSON parse error.' }],
  ])('entitlements 65: a body %o of another kind is answered with 400', async (body, told) => {
    expect(await send(running.port, { body })).toMatchObject({ status: 400, body: told })
    expect(await names()).toEqual([])
  })
})

test('entitlements 66: oidc_autojoin is true and identity_sync false unless told, and again on a known name', async () => {
  await ask({ domains: ['un.example'] })
  expect(await kept('un.example')).toMatchObject({ oidcAutojoin: true, identitySync: false })
  await ask({ domains: ['un.example'], oidc_autojoin: false, identity_sync: true })
  expect(await kept('un.example')).toMatchObject({ oidcAutojoin: false, identitySync: true })
  await ask({ domains: ['un.example'] })
  expect(await kept('un.example')).toMatchObject({ oidcAutojoin: true, identitySync: false })
})

test('entitlements 67: a name is known however it is written, and told as it is kept', async () => {
  await ask({ domains: ['exemple.example', 'élan.example'] })
  expect(await ask({ domains: ['Exemple.EXAMPLE', 'ÉLAN.example.'] })).toEqual({
    created: [],
    existing: ['exemple.example', 'xn--lan-9la.example'],
    errors: [],
  })
})

test('entitlements 68: attributes that violate the schema are an error, and nothing is created or changed', async () => {
  await ask({ domains: ['un.example'], custom_attributes: { siret: '1' } })
  town.profile = {
    ...town.profile,
    attributesSchema: schema({ properties: { siret: { type: 'string', pattern: '^\\d+$' } } }),
  }
  const before = await records()
  expect(
    await ask({ domains: ['un.example', 'deux.example'], custom_attributes: { siret: 'secret-x' } }),
  ).toEqual({
    created: [],
    existing: [],
    errors: ['un.example', 'deux.example'].map((domain) => ({
      domain,
      error: 'Invalid attributes.',
      code: 'invalid_attributes',
    })),
  })
  expect(await kept('un.example')).toMatchObject({ attributes: { siret: '1' } })
  expect([await names(), await records()]).toEqual([['un.example'], before])
  // Which attribute is told by the log, its value by nobody.
  expect(running.log.find(({ level }) => level === 'warn')?.facts).toMatchObject({
    attribute: 'siret',
    failure: 'invalid/attributes',
  })
  expect(JSON.stringify(running.log)).not.toContain('secret-x')
})

describe('what fails inside', () => {
  const told = { domain: 'un.example', error: 'Failed to provision domain.' }

  test('entitlements 69: a database that refuses is told in these very words, once to the log', async () => {
    vi.spyOn(town.desk.provisioned, 'put').mockRejectedValueOnce(
      new Error('UNIQUE constraint failed: record.key'),
    )
    const answer = await send(running.port, { body: { domains: ['un.example', 'deux.example'] } })
    expect(answer).toMatchObject({
      status: 200,
      body: { created: ['deux.example'], errors: [{ ...told, code: 'failed' }] },
    })
    expect(answer.text).not.toMatch(/constraint|record|sqlite/i)
    expect(running.log.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        event: 'provisioning a domain failed',
        facts: 'UNIQUE constraint failed: record.key',
      },
    ])
  })

  test.each([
    [
      'dimail refuses',
      /^POST \/domains\//,
      { answer: { status: 422, body: '{"detail":"no-secret"}' } },
      'failed',
    ],
    ['dimail is down', /./, { answer: { status: 503, body: 'no-secret' } }, 'unavailable'],
    ['the answer of dimail is lost', /\/domains\//, { cut: 'after' }, 'unavailable'],
  ] as const)('when %s, the answer is generic and its code stable', async (_what, call, fault, code) => {
    town.sandbox.answerNext(call, fault, 50)
    const answer = await send(running.port, { body: { domains: ['un.example'] } })
    expect(answer).toMatchObject({
      status: 200,
      body: { created: [], existing: [], errors: [{ ...told, code }] },
    })
    expect(answer.text).not.toContain('no-secret')
    expect(await names()).toEqual([])
  })

  test('a schema that nobody understands is the fault of this console, and is told to its log', async () => {
    town.profile = { ...town.profile, attributesSchema: '{"type":"object","requird":[]}' }
    expect(await ask({ domains: ['un.example'] })).toMatchObject({ errors: [{ ...told, code: 'failed' }] })
    expect(running.log.at(-2)?.facts).toMatchObject({
      failure: 'invalid/attributes-schema',
      cause: 'requird',
    })
  })

  test('an address sent for a name is told to no log', async () => {
    await ask({ domains: ['zoe.martin@commune.example'] })
    expect(running.log.map(({ level }) => level)).toEqual(['warn', 'info'])
    expect(JSON.stringify(running.log)).not.toContain('zoe')
  })
})

test('entitlements 70: the same request again finds everything there, and writes nothing', async () => {
  const body = {
    domains: ['un.example', 'deux.example'],
    custom_attributes: { b: 1, a: -0 },
    identity_sync: true,
  }
  await ask(body)
  const before = [
    await records(),
    await town.desk.provisioned.list(null),
    town.mirrored.length,
    town.sandbox.requests.length,
  ]
  expect(await ask({ ...body, custom_attributes: { a: 0, b: 1 } })).toEqual({
    created: [],
    existing: body.domains,
    errors: [],
  })
  expect([
    await records(),
    await town.desk.provisioned.list(null),
    town.mirrored.length,
    town.sandbox.requests.length,
  ]).toEqual(before)
})

test('entitlements 71: the same name twice is created once and then there', async () => {
  expect(await ask({ domains: ['un.example', 'UN.example'] })).toEqual({
    created: ['un.example'],
    existing: ['un.example'],
    errors: [],
  })
  expect(await names()).toEqual(['un.example'])
  expect(town.asked(/^POST \/domains\//).length).toBe(1)
})

test('entitlements 72: the flag that creates domains by hand does not matter', async () => {
  expect(town.profile.flags).toMatchObject({ create: false })
  expect(await ask({ domains: ['un.example'] })).toMatchObject({ created: ['un.example'] })
})

describe('the route', () => {
  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])('answers %s with 405', async (method) => {
    const answer = await send(running.port, { method })
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST'])
  })

  test.each([path.slice(0, -1), `${path}/`, `/${path}`, '/', '/api/v1.0/', `${path}dns/`])(
    'is not %s, and nothing is redirected',
    async (elsewhere) => {
      const answer = await send(running.port, { path: elsewhere, body: { domains: ['un.example'] } })
      expect([answer.status, answer.headers.location]).toEqual([404, undefined])
      expect(await names()).toEqual([])
    },
  )

  test.each([
    undefined,
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonp',
    'text/json',
  ])('reads no body of the type %s', async (type) => {
    const answer = await send(running.port, {
      body: { domains: ['un.example'] },
      headers: { 'content-type': type },
    })
    expect(answer.status).toBe(415)
    expect(await names()).toEqual([])
  })

  test('reads JSON that names its charset, and nothing compressed', async () => {
    const body = { domains: ['un.example'] }
    expect(
      (await send(running.port, { body, headers: { 'content-type': 'Application/JSON; charset=UTF-8' } }))
        .status,
    ).toBe(200)
    expect((await send(running.port, { body, headers: { 'content-encoding': 'gzip' } })).status).toBe(415)
    expect(
      (await send(running.port, { body, headers: { 'content-type': 'application/json; charset=siret' } }))
        .status,
    ).toBe(400)
  })

  test.each([
    ['told', undefined],
    ['in pieces', 'chunked'],
  ])('reads no body larger than 1 MB, its size %s', async (_how, encoding) => {
    const body = JSON.stringify({ domains: ['un.example'], x: 'x'.repeat(bodyBytes) })
    const answer = await send(running.port, { body, headers: { 'transfer-encoding': encoding } }).catch(
      () => null,
    )
    if (answer) expect(answer.status).toBe(413)
    expect(await names()).toEqual([])
    expect((await send(running.port, { body: { domains: ['un.example'] } })).status).toBe(200)
  })

  test('answers requests one after the other, and each its own', async () => {
    let under = 0
    let most = 0
    const slow = await listening({
      async provision(asked) {
        most = Math.max(most, ++under)
        await new Promise((resolve) => setTimeout(resolve, 5))
        under--
        return provisionDomain(town, asked)
      },
    })
    const all = await Promise.all(
      ['a', 'b', 'c', 'd'].map((one) => send(slow.port, { body: { domains: [`${one}.example`] } })),
    )
    expect(all.map(({ body }) => body)).toEqual(
      ['a', 'b', 'c', 'd'].map((one) => ({ created: [`${one}.example`], existing: [], errors: [] })),
    )
    expect(most).toBe(1)
  })
})

describe('the state', () => {
  test('counts what was answered and what was refused', async () => {
    await ask({ domains: ['un.example'] })
    await ask({ domains: [] })
    await withAuthorization('Bearer autre')
    const { calls, refused, lastAt } = running.endpoint.state()
    expect([calls, refused, lastAt === null]).toEqual([1, 2, false])
    expect(running.states.at(-1)).toEqual(running.endpoint.state())
  })

  test('says why nobody listens', async () => {
    const provision = (asked: Parameters<typeof provisionDomain>[1]) => provisionDomain(town, asked)
    expect((await listening({ provision, port: null })).state).toMatchObject({ state: 'off', why: 'no-port' })
    expect((await listening({ provision, hindrance: () => 'locked' })).state).toMatchObject({
      state: 'off',
      why: 'locked',
    })
  })

  test('that turns against provisioning refuses those with the key, and then ends', async () => {
    let hindrance: 'signed-out' | null = null
    const other = await listening({
      provision: (asked) => provisionDomain(town, asked),
      hindrance: () => hindrance,
    })
    hindrance = 'signed-out'
    expect((await send(other.port, { body: { domains: ['un.example'] } })).status).toBe(503)
    expect(await names()).toEqual([])
    expect(await other.endpoint.start()).toMatchObject({ state: 'off', why: 'signed-out' })
    await expect(send(other.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('stopped in the middle of a request, the name under way is done and the rest is told as unavailable', async () => {
    let begun = () => {}
    const isUnderWay = new Promise<void>((resolve) => {
      begun = resolve
    })
    const other = await listening({
      provision(asked) {
        begun()
        return provisionDomain(town, asked)
      },
    })
    const answer = send(other.port, { body: { domains: ['un.example', 'deux.example'] } })
    await isUnderWay
    await other.endpoint.stop()
    expect((await answer).body).toMatchObject({
      created: ['un.example'],
      errors: [{ domain: 'deux.example', code: 'unavailable' }],
    })
    expect(other.endpoint.state()).toMatchObject({ state: 'off', address: null })
    expect((await other.endpoint.start()).state).toBe('listening')
  })
})
