import { expect, test } from 'vitest'
import type { Dialect } from '../../main/sandbox/dialects.ts'
import { open } from './sandbox-wire.ts'

const path = '/domains/ville.example/aliases/'
const contact = { user_name: 'contact', destination: 'a@b.example' }

async function openAliases(dialect: Dialect = '0.6.7') {
  const { sandbox, ask, token } = await open({ domains: 0, dialect })
  sandbox.world.add('ville.example', null)
  const as = await token()
  return { sandbox, call: (method: string, to: string, body?: unknown) => ask(method, to, { as, body }) }
}

test.each([
  ['2024', 200, { username: 'contact', domain: 'ville.example', destination: 'a@b.example' }],
  [
    '0.6.7',
    201,
    { username: 'contact', domain: 'ville.example', destination: 'a@b.example', allow_to_send: false },
  ],
] as const)(
  'dimail 5: in %s an alias is created with %i, asked by user_name, told by username',
  async (dialect, status, json) => {
    const { call } = await openAliases(dialect)
    const created = await call('POST', path, contact)
    expect([created.status, created.json]).toEqual([status, json])
    expect((await call('GET', path)).json).toEqual([json])
    expect(await call('POST', path, contact)).toMatchObject({
      status: 409,
      json: { detail: 'Alias already exists' },
    })
  },
)

test('dimail 5: a local part has many destinations; the list filters by it and by both', async () => {
  const { call } = await openAliases()
  await call('POST', path, contact)
  await call('POST', path, { ...contact, destination: 'devnull@devnull', allow_to_send: true })
  await call('POST', path, { ...contact, user_name: 'other' })
  const found = async (query: string) => {
    const { status, json } = await call('GET', `${path}${query}`)
    return status === 200 && Array.isArray(json) ? json.length : [status, json]
  }
  expect(await found('')).toBe(3)
  expect(await found('?user_name=contact')).toBe(2)
  expect(await found('?user_name=nobody')).toBe(0)
  expect(await found('?user_name=contact&destination=devnull@devnull')).toBe(1)
  expect(await found('?user_name=contact&destination=x@y')).toEqual([404, { detail: 'Alias not found' }])
  const forbidden = { detail: 'It is forbiden to only provide the destination in a request' }
  expect(await found('?destination=a@b.example')).toEqual([412, forbidden])
})

test('dimail 5: one destination or all are deleted, and deleted once', async () => {
  const { call } = await openAliases()
  await call('POST', path, contact)
  await call('POST', path, { ...contact, destination: 'c@d.example' })
  await call('POST', path, { ...contact, destination: 'e@f.example' })
  const remove = async (what: string) => (await call('DELETE', `${path}contact/${what}`, {})).status
  expect([await remove('a@b.example'), await remove('a@b.example')]).toEqual([204, 404])
  expect([await remove('all'), await remove('all')]).toEqual([204, 404])
})

test('dimail 5: only the right is looked at, not whether the domain exists', async () => {
  const { call } = await openAliases()
  const elsewhere = '/domains/nowhere.example/aliases/'
  expect((await call('POST', elsewhere, contact)).status).toBe(201)
  expect((await call('GET', elsewhere)).json).toMatchObject([{ domain: 'nowhere.example' }])
})

test('dimail 5: in 2024 a user name with @ is a 500 that leaves a row which breaks the list', async () => {
  const { sandbox, call } = await openAliases('2024')
  expect((await call('POST', path, { ...contact, user_name: 'a@b' })).status).toBe(500)
  expect(sandbox.world.aliases('ville.example')).toHaveLength(1)
  expect((await call('GET', path)).status).toBe(500)
})

test('dimail 5: the seeded fleet has aliases to several destinations, and to devnull@devnull', async () => {
  const { sandbox } = await open()
  const all = sandbox.world.names().map((name) => sandbox.world.aliases(name))
  expect(all.flat().some(({ destination }) => destination === 'devnull@devnull')).toBe(true)
  expect(all.some((list) => list.filter(({ username }) => username === 'conseil').length === 2)).toBe(true)
})
