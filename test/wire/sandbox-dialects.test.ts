import { expect, test } from 'vitest'
import { dialects } from '../../main/sandbox/dialects.ts'
import { basic, open } from './sandbox-wire.ts'

const at = '/domains/belmont-la-roche.example'
const unknown = { status: 404, json: { detail: 'Not Found' } }
const names = { givenName: 'A', surName: 'B', displayName: 'A B' }

/** Each endpoint with what 2024 answers, then the newer dialects; null: an unknown route. */
const endpoints: [method: string, path: string, body: unknown, old: number | null, since: number][] = [
  ['GET', '/token/', undefined, 200, 200],
  ['POST', '/users/', { name: 'u', password: 'p', is_admin: false }, 201, 201],
  ['GET', '/users/', undefined, 200, 200],
  ['GET', '/users/sandbox', undefined, 200, 200],
  ['PATCH', '/users/sandbox', {}, 200, 200],
  ['DELETE', '/users/nobody', undefined, 404, 404],
  ['POST', '/allows/', { user: 'sandbox', domain: 'belmont-la-roche.example' }, 201, 201],
  ['GET', '/allows/', undefined, 200, 200],
  ['DELETE', '/allows/belmont-la-roche.example/nobody', undefined, 404, 404],
  ['POST', '/domains/', { name: 'n.example', context_name: null, features: [] }, 201, 201],
  ['GET', '/domains/', undefined, 200, 200],
  ['GET', at, undefined, 200, 200],
  ['GET', `${at}/check`, undefined, 200, 200],
  ['GET', `${at}/fix/`, undefined, null, 200],
  ['GET', `${at}/spec/`, undefined, null, 200],
  ['GET', `${at}/mailboxes/`, undefined, 200, 200],
  ['POST', `${at}/mailboxes/x`, names, 201, 201],
  ['GET', `${at}/mailboxes/oxadmin`, undefined, 200, 200],
  ['PATCH', `${at}/mailboxes/oxadmin`, {}, 200, 200],
  ['DELETE', `${at}/mailboxes/nobody`, undefined, 404, 404],
  ['GET', `/v2${at}/mailboxes/`, undefined, null, 200],
  ['PATCH', `/v2${at}/mailboxes/oxadmin`, {}, null, 200],
  ['GET', `${at}/address/oxadmin/`, undefined, null, 200],
  ['POST', `${at}/mailboxes/oxadmin/reset_password/`, undefined, null, 200],
  ['POST', `${at}/aliases/`, { user_name: 'x', destination: 'a@b.example' }, 200, 201],
  ['GET', `${at}/aliases/`, undefined, 200, 200],
  ['DELETE', `${at}/aliases/nobody/a%40b.example`, undefined, 404, 404],
  ['DELETE', `${at}/aliases/nobody/all`, undefined, 404, 404],
]

const isBasic = (path: string) => /^\/(token|users|allows)\/|^\/domains\/$|\/(check|fix\/|spec\/)$/.test(path)

test.each(dialects.flatMap((dialect) => endpoints.map((endpoint) => [dialect, ...endpoint] as const)))(
  'dimail 10: %s: %s %s',
  async (dialect, method, path, body, old, since) => {
    const { ask, admin, token } = await open({ domains: 1, dialect })
    const as = isBasic(path) ? admin : await token()
    const reply = await ask(method, path, { as, body })
    const expected = dialect === '2024' ? old : since
    expect(reply).toMatchObject(expected === null ? unknown : { status: expected })
  },
)

const slashed = endpoints.filter(([method]) => method === 'GET' || method === 'POST')
test.each(slashed)(
  'dimail 1.1: the other slash form of %s %s is a 307 to it, on http',
  async (method, path) => {
    const { ask } = await open({ domains: 1 })
    const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`
    const reply = await ask(method, `${other}?a=b%20c`, { headers: { host: 'dimail.example' } })
    expect(reply).toMatchObject({ status: 307, text: '' })
    expect(reply.headers.location).toBe(`http://dimail.example${path}?a=b%20c`)
  },
)

test('with redirects off the other slash form is unknown', async () => {
  const { ask } = await open({ domains: 1, redirects: false })
  expect(await ask('GET', '/token')).toMatchObject(unknown)
})

test.each([
  ['DELETE', at],
  ['PATCH', at],
  ['POST', '/token/'],
  ['HEAD', `${at}/fix/`],
  ['GET', `/v2${at}/mailboxes/x`],
])('dimail 1.2: %s %s is not allowed', async (method, path) => {
  const { ask, admin } = await open({ domains: 1 })
  expect((await ask(method, path, { as: admin })).status).toBe(405)
})

test('dimail 1: answers are compact JSON without charset, accents not escaped', async () => {
  const { sandbox, ask, admin } = await open({ domains: 1 })
  const domain = sandbox.world.domain('belmont-la-roche.example')
  domain?.faults.set('postfix', { code: 'c', detail: 'Postfix ne connaît pas', cure: 'stays' })
  const reply = await ask('GET', `${at}/check`, { as: admin })
  expect(reply.headers['content-type']).toBe('application/json')
  expect(reply.text).toContain('"detail":"Postfix ne connaît pas"')
})

test('the dialect can change while it runs', async () => {
  const { sandbox, ask, admin } = await open({ domains: 1 })
  const status = async () => (await ask('GET', `${at}/fix/`, { as: admin })).status
  expect(await status()).toBe(200)
  sandbox.behaviour.dialect = '2024'
  expect(await status()).toBe(404)
})

test('dimail 7.1: string-booleans puts booleans, and the null of webmail, between quotes', async () => {
  const { ask, admin } = await open({ domains: 1, quirks: ['string-booleans'] })
  expect((await ask('GET', `${at}/check`, { as: admin })).json).toMatchObject({
    ...{ valid: 'true', active: 'true', webmail: 'null', transport: null },
    mx: { ok: 'true', internal: 'false', errors: [] },
  })
  expect((await ask('GET', '/users/sandbox', { as: admin })).json).toMatchObject({ is_admin: 'true' })
})

test('dimail 7.3: with json-errors a 500 is JSON, otherwise text', async () => {
  const { sandbox, ask, admin } = await open({ domains: 1, quirks: ['json-errors'] })
  const domain = sandbox.world.domain('belmont-la-roche.example')
  if (domain !== undefined) domain.zone.failure = 'servfail'
  const check = () => ask('GET', `${at}/check`, { as: admin })
  expect(await check()).toMatchObject({ status: 500, json: { detail: 'Internal server error' } })
  sandbox.behaviour.quirks.delete('json-errors')
  expect(await check()).toMatchObject({ status: 500, text: 'Internal Server Error' })
})

test('dimail 7.14: with lose-answers what changes something is done and the connection cut, the rest answered', async () => {
  const { sandbox, ask, admin, token } = await open({ domains: 1, quirks: ['lose-answers'] })
  const body = { name: 'lost.example', context_name: null, features: [] }
  await expect(ask('POST', '/domains/', { as: admin, body })).rejects.toThrow(/reset|hang up/i)
  expect(sandbox.world.domain('lost.example')).toBeDefined()
  const domain = sandbox.world.domain('belmont-la-roche.example')
  domain?.faults.set('ox', { code: 'c', detail: 'd', cure: 'repaired' })
  await expect(ask('GET', `${at}/fix/`, { as: admin })).rejects.toThrow(/reset|hang up/i)
  expect(domain?.faults.size).toBe(0)
  const as = await token()
  await expect(ask('POST', `${at}/mailboxes/lost`, { as, body: names })).rejects.toThrow(/reset|hang up/i)
  expect((await ask('GET', `${at}/mailboxes/lost`, { as })).status).toBe(200)
  expect((await ask('POST', '/domains/', { as: basic('x', 'y'), body })).status).toBe(403)
})
