import { expect, test } from 'vitest'
import { domainOf, failing, field, open, statusOf } from './sandbox-wire.ts'

const name = 'belmont-la-roche.example'
const state = { dialect: '0.6.7', latencyMs: 0, quirks: [], domains: 1, deployCenter: 'normal' }
const routes: [method: string, path: string][] = [
  ['GET', 'state'],
  ['GET', 'outbox'],
  ['GET', 'agents'],
  ...[
    ...['configure', 'reset', 'populate', 'zone', 'records', 'publish', 'heal', 'mailboxes', 'follow'],
    ...['entitle', 'deploycenter'],
  ].map((path): [string, string] => ['POST', path]),
]

test.each(routes)(
  '%s %s is refused without the key, with another, and on a foreign host',
  async (method, path) => {
    const { sandbox, ask, admin } = await open({ domains: 1 })
    const right = `Bearer ${sandbox.key}`
    const port = new URL(sandbox.url).port
    const status = async (as: string | undefined, host?: string) => {
      const headers = host === undefined ? {} : { host }
      const how = { ...(as !== undefined && { as }), ...(method === 'POST' && { body: {} }), headers }
      return (await ask(method, `/_sandbox/${path}`, how)).status
    }
    expect(await status(undefined)).toBe(401)
    expect(await status(admin)).toBe(401)
    expect(await status(`${right}0`)).toBe(401)
    expect(await status(right, `evil.example:${port}`)).toBe(403)
    expect(await status(right, '127.0.0.1:1')).toBe(403)
    expect([200, 400]).toContain(await status(right, `localhost:${port}`))
  },
)

test('the key is 256 random bits unless one is given', async () => {
  const [one, two] = [await open({ domains: 0 }), await open({ domains: 0 })]
  expect(one.sandbox.key).toMatch(/^[0-9a-f]{64}$/)
  expect(one.sandbox.key).not.toBe(two.sandbox.key)
  const { sandbox, control } = await open({ domains: 0, key: 'given' })
  expect([sandbox.key, (await control('GET', 'state')).status]).toEqual(['given', 200])
})

test('state tells how it is configured, and configure changes it at once', async () => {
  const { ask, admin, control } = await open({ domains: 1 })
  expect((await control('GET', 'state')).json).toEqual(state)
  const wanted = { dialect: '2024', latencyMs: 60, quirks: ['json-errors'] }
  expect((await control('POST', 'configure', wanted)).json).toEqual({
    ...wanted,
    domains: 1,
    deployCenter: 'normal',
  })
  const began = performance.now()
  expect((await ask('GET', `/domains/${name}/check`, { as: admin })).text).not.toContain('internal')
  expect(performance.now() - began).toBeGreaterThanOrEqual(58)
})

test.each([
  ['an unknown dialect', 'configure', { dialect: '1.0', latencyMs: 0, quirks: [] }],
  ['a negative latency', 'configure', { dialect: '2024', latencyMs: -1, quirks: [] }],
  ['an unknown quirk', 'configure', { dialect: '2024', latencyMs: 0, quirks: ['x'] }],
  ['another key', 'configure', { ...state }],
  ['no JSON', 'configure', '{'],
  ['a record without value', 'zone', { domain: name, records: [{ target: '', type: 'mx' }] }],
  ['a domain without raw', 'populate', { domains: [{ name }] }],
])('%s is refused with 400 and changes nothing', async (_what, path, body) => {
  const { control } = await open({ domains: 1 })
  const reply = await control('POST', path, body)
  expect([reply.status, typeof field(reply, 'detail')]).toEqual([400, 'string'])
  expect((await control('GET', 'state')).json).toEqual(state)
})

test('a body above 1 MB is refused with 413, but populate takes it', async () => {
  const { control } = await open({ domains: 1 })
  const body = { domains: [], padding: 'x'.repeat(1_100_000) }
  expect((await control('POST', 'zone', body)).status).toBe(413)
  // The padding is an unknown key, so the body was read.
  expect((await control('POST', 'populate', body)).status).toBe(400)
})

test('an unknown domain has no zone, an unknown route no answer', async () => {
  const { control } = await open({ domains: 1 })
  expect((await control('POST', 'zone', { domain: 'nowhere.example', records: [] })).status).toBe(404)
  const edit = { domain: 'nowhere.example', delegated: true, records: [], servers: [] }
  expect((await control('POST', 'publish', edit)).status).toBe(404)
  expect((await control('POST', 'records', { domain: 'nowhere.example' })).status).toBe(404)
  expect((await control('GET', 'other')).status).toBe(404)
})

const mx = { target: '', type: 'mx', value: '10 mx.ailleurs.example.' }
const edited = { domain: name, delegated: true, records: [mx], servers: [] }

test('records tells what is published, by whom, and publish changes it', async () => {
  const { sandbox, control } = await open({ domains: 1 })
  const told = (await control('POST', 'records', { domain: name })).json
  expect(told).toMatchObject({ domain: name, delegated: true, host: expect.stringMatching(/\w/) })
  expect(field({ json: told }, 'records')).toEqual(domainOf(sandbox, name).zone.records)
  const servers = [field({ json: told }, 'servers')]
    .flat()
    .map((server) => String(Reflect.get(Object(server), 'name')))
  const [first = '', ...others] = servers
  const records = [
    { target: 'IMAP', type: 'CNAME', value: ' imap.ailleurs.example ' },
    { target: '', type: 'TXT', value: 'v=spf1 -all' },
  ]
  const wanted = { domain: name, delegated: true, records, servers: [{ name: first, mode: 'silent' }] }
  expect((await control('POST', 'publish', wanted)).json).toEqual({
    domain: name,
    delegated: true,
    host: field({ json: told }, 'host'),
    // Names fold their case and end with a dot, texts stay as they are.
    records: [
      { target: 'imap', type: 'cname', value: 'imap.ailleurs.example.' },
      { target: '', type: 'txt', value: 'v=spf1 -all' },
    ],
    servers: [{ name: first, mode: 'silent' }, ...others.map((other) => ({ name: other, mode: 'right' }))],
  })
  const gone = (await control('POST', 'publish', { ...edited, delegated: false })).json
  expect([field({ json: gone }, 'delegated'), domainOf(sandbox, name).zone.delegated]).toEqual([false, false])
})

test('servers of a zone that fails are told as failing, and are right once others are published', async () => {
  const { sandbox, control } = await open({ domains: 1 })
  domainOf(sandbox, name).zone.failure = 'timeout'
  const told = (await control('POST', 'records', { domain: name })).json
  expect(
    new Set([field({ json: told }, 'servers')].flat().map((one) => Reflect.get(Object(one), 'mode'))),
  ).toEqual(new Set(['silent']))
  await control('POST', 'publish', edited)
  expect(domainOf(sandbox, name).zone).toEqual({ delegated: true, failure: null, records: [mx] })
})

test.each([
  ['a type that nobody publishes', { ...mx, type: 'SOA' }, 'record-type'],
  ['a type that is none', { ...mx, type: '' }, 'record-type'],
  ['a name with a space', { ...mx, target: 'a b' }, 'record-name'],
  ['a name with two dots', { ...mx, target: 'a..b' }, 'record-name'],
  ['a name that ends with a dot', { ...mx, target: 'a.' }, 'record-name'],
  ['a star in the middle', { ...mx, target: 'a.*' }, 'record-name'],
  ['a label of 64', { ...mx, target: 'a'.repeat(64) }, 'record-name'],
  ['a name of 260', { ...mx, target: Array(60).fill('abc').join('.') }, 'record-name'],
  ['an MX of a high priority', { ...mx, value: '65536 mx.example.' }, 'record-value'],
  ['an MX of two hosts', { ...mx, value: 'a.example. b.example.' }, 'record-value'],
  ['an address that is none', { target: '', type: 'a', value: '300.0.2.1' }, 'record-value'],
  ['an IPv4 address as AAAA', { target: '', type: 'aaaa', value: '192.0.2.1' }, 'record-value'],
  [
    'a text of 60,001 octets',
    { target: '', type: 'txt', value: 'é'.repeat(30_000).concat('x') },
    'record-value',
  ],
  ['a CAA of another tag', { target: '', type: 'caa', value: '0 other "x"' }, 'record-value'],
  ['an SRV without a port', { target: '_a._tcp', type: 'srv', value: '0 0 imap.example.' }, 'record-value'],
])('publishing %s is refused with its reason and changes nothing', async (_what, record, reason) => {
  const { sandbox, control } = await open({ domains: 1 })
  const before = structuredClone(domainOf(sandbox, name).zone)
  const reply = await control('POST', 'publish', { ...edited, records: [mx, record] })
  expect(reply.json).toEqual({ refused: { reason, place: 1, name: record.target } })
  expect(domainOf(sandbox, name).zone).toEqual(before)
})

test('a name server that is not the domain’s is refused', async () => {
  const { control } = await open({ domains: 1 })
  const servers = [{ name: 'ns.ailleurs.example', mode: 'lame' }]
  expect((await control('POST', 'publish', { ...edited, servers })).json).toEqual({
    refused: { reason: 'name-server', place: null, name: 'ns.ailleurs.example' },
  })
})

test('control requests are not in the log of dimail requests', async () => {
  const { sandbox, control } = await open({ domains: 1 })
  await control('GET', 'state')
  expect(sandbox.requests).toEqual([])
})

test('reset starts again from the seed, with the same credentials', async () => {
  const { sandbox, ask, admin, control, addUser } = await open({ domains: 2 })
  const before = (await ask('GET', '/domains/', { as: admin })).json
  addUser('guest', [name])
  domainOf(sandbox, name).zone.records = []
  await ask('GET', `/domains/${name}/check`, { as: admin })
  const body = { name: 'new.example', context_name: null, features: [] }
  await ask('POST', '/domains/?no_check=1', { as: admin, body })
  expect((await control('POST', 'reset')).json).toMatchObject({ domains: 2 })
  expect((await ask('GET', '/domains/', { as: admin })).json).toEqual(before)
  expect((await ask('GET', '/users/', { as: admin })).json).toMatchObject([{ name: 'sandbox' }])
  expect(sandbox.world.allows).toEqual([])
})

test('populate rebuilds every domain of a fleet so that a check finds the same', async () => {
  const from = await open()
  const told = (await from.ask('GET', '/domains/', { as: from.admin })).json
  const answers: unknown[] = Array.isArray(told) ? told : []
  const domains = await Promise.all(
    answers.map(async (raw) => {
      const known = String(field({ json: raw }, 'name'))
      const { json: records } = await from.ask('GET', `/domains/${known}/spec/`, { as: from.admin })
      return { name: known, contextName: field({ json: raw }, 'context_name'), raw, mailboxes: 3, records }
    }),
  )
  const to = await open({ domains: 0 })
  expect((await to.control('POST', 'populate', { domains })).json).toMatchObject({ domains: 60 })
  for (const { name: each, raw } of domains) {
    const checked = await to.ask('GET', `/domains/${each}/check`, { as: to.admin })
    if (statusOf(raw) === 'pending') expect(checked.status).toBe(500)
    else {
      expect(statusOf(checked.json)).toBe(statusOf(raw))
      expect(failing(checked.json)).toEqual(failing(raw))
    }
  }
  const list = await to.ask('GET', `/v2/domains/lac-de-sermont.example/mailboxes/`, { as: await to.token() })
  expect(list.json).toHaveLength(3)
})
