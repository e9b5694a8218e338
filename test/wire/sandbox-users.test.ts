import { expect, test } from 'vitest'
import { open } from './sandbox-wire.ts'

const name = 'belmont-la-roche.example'
const alice = { name: 'alice', password: 'no', is_admin: 'false', perms: ['new_domain'] }

test('dimail 2.2: a user is created with lenient booleans, once', async () => {
  const { ask, admin } = await open({ domains: 1 })
  const create = () => ask('POST', '/users/', { as: admin, body: alice })
  expect(await create()).toMatchObject({
    status: 201,
    json: {
      name: 'alice',
      is_admin: false,
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      perms: ['new_domain'],
    },
  })
  expect(await create()).toMatchObject({ status: 409, json: { detail: 'User already exists' } })
})

test('dimail 2.2: in 2024 users have no perms, and a name as long as a UUID is a 500', async () => {
  const { ask, admin } = await open({ domains: 1, dialect: '2024' })
  const created = await ask('POST', '/users/', { as: admin, body: alice })
  expect(Object.keys(Object(created.json))).toEqual(['name', 'is_admin', 'uuid'])
  const long = { ...alice, name: crypto.randomUUID() }
  expect((await ask('POST', '/users/', { as: admin, body: long })).status).toBe(500)
})

test.each([
  ['false', 201],
  ['no', 201],
  [0, 201],
  [true, 201],
  ['maybe', 422],
  [null, 422],
])('dimail 2.2: is_admin %j is answered %i', async (is_admin, status) => {
  const { ask, admin } = await open({ domains: 1 })
  expect((await ask('POST', '/users/', { as: admin, body: { ...alice, is_admin } })).status).toBe(status)
})

test('dimail 2.3 to 2.5: users are listed, read, changed and deleted with their allows', async () => {
  const { sandbox, ask, admin, addUser } = await open({ domains: 1 })
  addUser('bob', [name])
  const call = (method: string, path: string, body?: unknown) => ask(method, path, { as: admin, body })
  expect((await call('GET', '/users/')).json).toMatchObject([{ name: 'sandbox' }, { name: 'bob' }])
  expect((await call('GET', '/users/bob')).json).toMatchObject({ name: 'bob', is_admin: false })
  expect((await call('PATCH', '/users/bob', { is_admin: true })).json).toMatchObject({ is_admin: true })
  expect(await call('DELETE', '/users/bob')).toMatchObject({ status: 204, text: '' })
  expect(sandbox.world.allows).toEqual([])
  const gone = await Promise.all([
    call('GET', '/users/bob'),
    call('PATCH', '/users/bob', {}),
    call('DELETE', '/users/bob'),
  ])
  expect(gone.map(({ status, json }) => [status, json])).toEqual([
    [404, { detail: 'User not found' }],
    [404, { detail: 'Not found' }],
    [404, { detail: 'Not found' }],
  ])
})

test('dimail 2.6: allows are added once, listed by user or domain, and taken back', async () => {
  const { ask, admin, addUser } = await open({ domains: 1 })
  addUser('bob')
  const call = (method: string, path: string, body?: unknown) => ask(method, path, { as: admin, body })
  const allow = { user: 'bob', domain: name }
  expect(await call('POST', '/allows/', allow)).toMatchObject({ status: 201, json: allow })
  expect((await call('POST', '/allows/', allow)).json).toEqual({
    detail: 'Domain already allowed for this user',
  })
  expect((await call('POST', '/allows/', { ...allow, user: 'x' })).json).toEqual({ detail: 'User not found' })
  expect((await call('POST', '/allows/', { ...allow, domain: 'x' })).json).toEqual({
    detail: 'Domain not found',
  })
  expect((await call('GET', '/allows/?username=bob')).json).toEqual([allow])
  expect((await call('GET', '/allows/?username=x')).json).toEqual([])
  // The parameter is `username`; `user` is unknown, so ignored.
  expect((await call('GET', `/allows/?user=x&domain=${name}`)).json).toEqual([allow])
  expect((await call('DELETE', `/allows/${name}/bob`)).status).toBe(204)
  expect(await call('DELETE', `/allows/${name}/bob`)).toMatchObject({
    status: 404,
    json: { detail: 'Queried user does not have permissions for this domain.' },
  })
})
