import { expect, test } from 'vitest'
import { basic, open } from './sandbox-wire.ts'

const name = 'belmont-la-roche.example'
const challenge = { 'www-authenticate': 'Basic' }

test.each([
  ['no header', undefined, 401, 'Not authenticated', challenge],
  ['another scheme', 'Bearer x', 401, 'Not authenticated', challenge],
  ['no base64', 'Basic !!!', 401, 'Invalid authentication credentials', challenge],
  ['no colon', `Basic ${btoa('sandbox')}`, 401, 'Invalid authentication credentials', challenge],
  ['bytes that are not ASCII', basic('é', 'è'), 401, 'Invalid authentication credentials', challenge],
  ['an unknown user', basic('stranger', 'pw'), 403, 'Permission denied', {}],
  ['a wrong password', basic('sandbox', 'wrong'), 403, 'Permission denied', {}],
])('dimail 1.3: Basic with %s is refused', async (_what, as, status, detail, headers) => {
  const { ask } = await open({ domains: 1 })
  const reply = await ask('GET', '/token/', as === undefined ? {} : { as })
  expect(reply).toMatchObject({ status, json: { detail }, headers })
})

test.each([
  ['no header', () => undefined, 403, 'Not authenticated'],
  ['the scheme alone', () => 'Bearer', 403, 'Not authenticated'],
  ['Basic', () => basic('sandbox', 'x'), 403, 'Invalid authentication credentials'],
  ['a forged token', () => 'Bearer a.b.c', 403, 'Permission denied'],
  ['a token cut short', (token: string) => token.slice(0, -4), 403, 'Permission denied'],
])('dimail 1.3: Bearer with %s is refused', async (_what, spoil, status, detail) => {
  const { ask, token } = await open({ domains: 1 })
  const as = spoil(await token())
  const reply = await ask('GET', `/domains/${name}`, as === undefined ? {} : { as })
  expect(reply).toMatchObject({ status, json: { detail } })
})

test('dimail 1.3: the scheme in lower case trips an assertion', async () => {
  const { ask, token } = await open({ domains: 1 })
  const as = (await token()).replace('Bearer', 'bearer')
  expect(await ask('GET', `/domains/${name}`, { as })).toMatchObject({
    status: 500,
    text: 'Internal Server Error',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  })
})

test('dimail 1.3: while there is no user, anybody is admin, with a token of no use', async () => {
  const { sandbox, ask, token } = await open({ domains: 1 })
  sandbox.world.users.clear()
  const as = basic('', '')
  expect((await ask('GET', '/users/', { as })).json).toEqual([])
  const forged = await token(as)
  expect((await ask('GET', `/domains/${name}`, { as: forged })).status).toBe(403)
  const body = { name: 'first', password: 'pw', is_admin: true }
  expect((await ask('POST', '/users/', { as, body })).status).toBe(201)
  expect((await ask('GET', '/users/', { as })).status).toBe(403)
})

test('dimail 2.1: a token lives 47 minutes, and dies with its user', async () => {
  let now = Date.now()
  const { sandbox, ask, token } = await open({ domains: 1, now: () => now })
  const as = await token()
  const status = async () => (await ask('GET', `/domains/${name}`, { as })).status
  now += 46 * 60_000
  expect(await status()).toBe(200)
  now += 61_000
  expect(await status()).toBe(403)
  now -= 61_000
  sandbox.world.users.delete(sandbox.username)
  expect(await status()).toBe(403)
})

test('the quirk short-tokens makes tokens live 2 seconds', async () => {
  let now = Date.now()
  const { ask, token } = await open({ domains: 1, quirks: ['short-tokens'], now: () => now })
  const as = await token()
  expect((await ask('GET', `/domains/${name}`, { as })).status).toBe(200)
  now += 2000
  expect((await ask('GET', `/domains/${name}`, { as })).json).toEqual({ detail: 'Permission denied' })
})

test('dimail 2.1: ?username= is ignored in 2024; later an admin acts as another, others only as themselves', async () => {
  const { sandbox, ask, admin, addUser } = await open({ domains: 1 })
  const other = addUser('other')
  const subject = async (as: string, username: string) => {
    const reply = await ask('GET', `/token/?username=${username}`, { as })
    const [, claims = ''] = reply.text.split('.')
    return reply.status === 200 ? JSON.parse(Buffer.from(claims, 'base64url').toString()).sub : reply.status
  }
  expect(await subject(admin, 'other')).toBe('other')
  expect(await subject(admin, 'nobody')).toBe(404)
  expect(await subject(other, 'other')).toBe('other')
  expect(await subject(other, 'sandbox')).toBe(403)
  sandbox.behaviour.dialect = '2024'
  expect(await subject(admin, 'other')).toBe('sandbox')
})

test('dimail 7.16: the same lack of a right has another status on each route', async () => {
  const { ask, token, addUser } = await open({ domains: 3 })
  const credentials = addUser('guest', ['cc-valdore.example'])
  const as = await token(credentials)
  const body = { givenName: 'A', surName: 'B', displayName: 'A B' }
  const answers = await Promise.all([
    ask('GET', `/domains/${name}`, { as }),
    ask('GET', `/domains/${name}/mailboxes/`, { as }),
    ask('POST', `/domains/${name}/mailboxes/a.b`, { as, body }),
    ask('GET', `/domains/${name}/aliases/`, { as }),
    ask('GET', `/domains/${name}/check`, { as: credentials }),
    ask('GET', '/domains/', { as: credentials }),
    ask('GET', '/domains/cc-valdore.example', { as }),
  ])
  expect(answers.map(({ status, json }) => [status, status === 200 ? null : json])).toEqual([
    [401, { detail: 'Not authorized.' }],
    [403, { detail: 'Permission denied' }],
    [403, { detail: 'Permisison denied' }],
    [403, { detail: 'Permission denied' }],
    [401, { detail: 'Not authorized.' }],
    [403, { detail: 'Permission denied' }],
    [200, null],
  ])
})

test('dimail 3.4: an unknown domain is a 404 before the right is looked at, but after it for mailboxes', async () => {
  const { ask, token, addUser } = await open({ domains: 1 })
  const as = await token(addUser('guest'))
  expect((await ask('GET', '/domains/nowhere.example', { as })).json).toEqual({ detail: 'Domain not found' })
  expect((await ask('GET', '/domains/nowhere.example/mailboxes/', { as })).status).toBe(403)
})

test.each(['2024', '0.6.7'] as const)(
  'dimail 1.3: who may check, create and add users in %s',
  async (dialect) => {
    const { ask, addUser } = await open({ domains: 1, dialect })
    const plain = addUser('plain', [name])
    const robot = addUser('robot', [], ['new_domain', 'create_users'])
    const creation = { name: 'new.example', context_name: 'new.example', features: ['webmail'] }
    const user = { name: 'u', password: 'no', is_admin: 'false' }
    const statuses = [
      await ask('GET', `/domains/${name}/check`, { as: plain }),
      await ask('POST', '/domains/', { as: plain, body: creation }),
      await ask('POST', '/domains/', { as: robot, body: creation }),
      await ask('POST', '/users/', { as: plain, body: user }),
      await ask('POST', '/users/', { as: robot, body: user }),
    ].map(({ status }) => status)
    expect(statuses).toEqual(dialect === '2024' ? [403, 403, 403, 403, 403] : [200, 403, 201, 403, 201])
  },
)

test('dimail 1.2: JSON syntax comes before authentication, authentication before the schema', async () => {
  const { ask, admin } = await open({ domains: 1 })
  const codes = async (how: object) => {
    const { status, json } = await ask('POST', '/users/', how)
    return [status, JSON.stringify(json).match(/json_invalid|missing|Not authenticated/)?.[0]]
  }
  expect(await codes({ body: '{' })).toEqual([422, 'json_invalid'])
  expect(await codes({ body: {} })).toEqual([401, 'Not authenticated'])
  expect(await codes({ as: admin, body: {} })).toEqual([422, 'missing'])
})
