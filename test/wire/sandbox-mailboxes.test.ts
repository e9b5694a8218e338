import { expect, test } from 'vitest'
import type { SandboxOptions } from '../../main/sandbox/server.ts'
import { field, open } from './sandbox-wire.ts'

const domain = 'ville.example'
const twin = 'jumelle.example'
const names = (givenName: string, surName: string) => ({
  givenName,
  surName,
  displayName: `${givenName} ${surName}`,
})

/** Two domains of one OX context; `call` speaks as the admin. */
async function open2(options: SandboxOptions = {}) {
  const all = await open({ domains: 0, ...options })
  const { sandbox, ask, token } = all
  sandbox.world.load([])
  sandbox.world.add(domain, domain)
  sandbox.world.add(twin, domain)
  const as = await token()
  const call = (method: string, path: string, body?: unknown) => ask(method, path, { as, body })
  const create = (local: string, body: unknown = names('Alix', 'Navet'), at = domain) =>
    call('POST', `/domains/${at}/mailboxes/${local}`, body)
  const list = async (at = domain) => emails(await call('GET', `/domains/${at}/mailboxes/`))
  return { ...all, call, create, list }
}

function emails({ json }: { json: unknown }): unknown[] {
  return Array.isArray(json) ? json.map((box) => field({ json: box }, 'email')) : []
}

test('dimail 4.5: a mailbox is created with a password told once, and the display name as sent', async () => {
  const { create, call } = await open2()
  const created = await create('alix.navet', { ...names('Alix', 'Navet'), displayName: 'Navet, Alix' })
  expect(created.status).toBe(201)
  expect(created.json).toEqual({
    email: `alix.navet@${domain}`,
    password: expect.stringMatching(/^[\w-]{16}$/),
  })
  expect((await call('GET', `/domains/${domain}/mailboxes/alix.navet`)).json).toEqual({
    ...{ type: 'mailbox', status: 'ok', email: `alix.navet@${domain}`, active: 'yes' },
    ...{ givenName: 'Alix', surName: 'Navet', displayName: 'Navet, Alix' },
  })
})

test('dimail 4.5: in 2024 the display name sent is ignored, and a uuid comes with the password', async () => {
  const { create, call } = await open2({ dialect: '2024' })
  const created = await create('alix.navet', { ...names('Alix', 'Navet'), displayName: 'Other' })
  expect(Object.keys(Object(created.json))).toEqual(['email', 'password', 'uuid'])
  expect((await call('GET', `/domains/${domain}/mailboxes/alix.navet`)).json).toEqual({
    ...{ type: 'mailbox', status: 'ok', email: `alix.navet@${domain}` },
    ...{ givenName: 'Alix', surName: 'Navet', displayName: 'Alix Navet' },
  })
})

test('dimail 7.6: a display name taken in another domain of the context is a 500; address/ finds it', async () => {
  const { create, call } = await open2()
  await create('alix.navet', undefined, twin)
  const again = await create('alix.navet')
  expect([again.status, again.text]).toEqual([500, 'Internal Server Error'])
  expect(await call('GET', `/domains/${domain}/address/alix.navet/`)).toMatchObject({
    status: 200,
    json: {
      ...{ domain_name: domain, user_name: 'alix.navet', is_alias: false, is_mailbox: false, is_ox: true },
      ...{ ox_primary_email: `alix.navet@${twin}`, ox_senders: [] },
    },
  })
})

test('dimail 7.6: with conflict-as-409 a taken display name and a taken address are a 409', async () => {
  const { create } = await open2({ quirks: ['conflict-as-409'] })
  await create('alix.navet')
  expect((await create('other')).status).toBe(409)
  expect((await create('alix.navet', names('Lou', 'Radis'))).status).toBe(409)
})

test('dimail 7.14: OX comes first, so a refused address leaves an OX user behind', async () => {
  const { sandbox, create, call, list } = await open2()
  await create('accueil')
  await call('PATCH', `/domains/${domain}/mailboxes/accueil`, { active: 'no' })
  expect((await create('accueil', names('Lou', 'Radis'))).status).toBe(500)
  expect(await list()).toContain(`accueil@${domain}`)
  expect(sandbox.world.domain(domain)?.mailboxes[0]?.ox?.displayName).toBe('Lou Radis')
})

test('dimail 4.5: an unknown domain is a 500 for an admin; a missing name is a 422', async () => {
  const { create } = await open2()
  expect((await create('x', undefined, 'nowhere.example')).status).toBe(500)
  const { status, json } = await create('x', { givenName: 'A', surName: '' })
  expect([status, json]).toMatchObject([422, { detail: [{ type: 'missing', loc: ['body', 'displayName'] }] }])
})

test('dimail 7.7 and 7.9: v1 lists the whole context, with its oxadmin and the other domain', async () => {
  const { create, list } = await open2()
  await create('alix.navet')
  await create('lou.radis', names('Lou', 'Radis'), twin)
  expect(await list()).toEqual([`oxadmin@${domain}`, `alix.navet@${domain}`, `lou.radis@${twin}`])
})

test('without context sharing a list holds the domain only', async () => {
  const { create, list } = await open2({ contextSharing: false })
  await create('alix.navet')
  await create('lou.radis', names('Lou', 'Radis'), twin)
  expect(await list()).toEqual([`alix.navet@${domain}`])
})

test('dimail 4.1: oxadmin is broken; a functional mailbox has no name keys, or nulls in 2024', async () => {
  const { sandbox, create, call } = await open2()
  await create('accueil')
  await call('PATCH', `/domains/${domain}/mailboxes/accueil`, { active: 'no' })
  const read = async (local: string) => (await call('GET', `/domains/${domain}/mailboxes/${local}`)).json
  expect(await read('oxadmin')).toMatchObject({ status: 'broken' })
  expect(await read('accueil')).toEqual({
    type: 'mailbox',
    email: `accueil@${domain}`,
    status: 'ok',
    active: 'no',
  })
  sandbox.behaviour.dialect = '2024'
  expect(await read('accueil')).toEqual({
    ...{ type: 'mailbox', email: `accueil@${domain}`, status: 'broken' },
    ...{ givenName: null, surName: null, displayName: null },
  })
})

test.each([
  ['0.6.7', { active: 'yes' }],
  ['0.6-late', { imap_active: 'yes', smtp_active: 'yes' }],
] as const)('dimail 4.1: a v2 mailbox in %s', async (dialect, activity) => {
  const { create, call, sandbox } = await open2({ dialect })
  sandbox.world.load([])
  sandbox.world.add(domain, domain)
  await create('alix.navet')
  expect((await call('GET', `/v2/domains/${domain}/mailboxes/`)).json).toEqual([
    {
      ...{ type: 'mailbox', ...activity, email: `alix.navet@${domain}`, features: ['ox'] },
      extras: { ox: { given_name: 'Alix', sur_name: 'Navet', display_name: 'Alix Navet' }, schedule: null },
      dirty_quirks: { 'ox-config': { 'com.openexchange.mail.specialuse.check': 'true' } },
      ...{ additionalSenders: [], rate_limit: null, quota: null },
    },
  ])
})

test('dimail 4.1: the seeded 417 are sorted by address, some functional, inactive only without OX', async () => {
  const { ask, token } = await open()
  const as = await token()
  const { json } = await ask('GET', '/v2/domains/departement-haute-lande.example/mailboxes/', { as })
  const list: Record<string, unknown>[] = Array.isArray(json) ? json : []
  const addresses = list.map(({ email }) => Buffer.from(String(email)))
  expect(addresses.toSorted(Buffer.compare)).toEqual(addresses)
  const functional = list.filter(({ features }) => Array.isArray(features) && features.length === 0)
  expect([list.length, functional.length]).toEqual([417, 28])
  for (const { extras, dirty_quirks } of functional) {
    expect([extras, dirty_quirks]).toEqual([{ ox: null, schedule: null }, null])
  }
  expect(functional.some(({ active }) => active === 'yes')).toBe(true)
  expect(addresses.some((address) => /[A-Z]/.test(address.toString()))).toBe(true)
  expect(addresses.some((address) => address.toString().includes('é'))).toBe(true)
})

test('dimail 4.6: disabling takes the OX user away, enabling with names brings it back', async () => {
  const { create, call } = await open2()
  await create('alix.navet')
  const patch = (body: unknown) => call('PATCH', `/domains/${domain}/mailboxes/alix.navet`, body)
  expect((await patch({ active: 'no' })).json).toEqual({
    ...{ type: 'mailbox', email: `alix.navet@${domain}`, status: 'ok', active: 'no' },
  })
  expect((await patch({ surName: 'Radis' })).json).toEqual({ detail: 'Mailbox not found in open-xchange' })
  expect((await patch({ active: 'yes', ...names('Alix', 'Radis') })).json).toMatchObject({
    ...{ active: 'yes', surName: 'Radis' },
  })
})

test.each([
  [{ active: true }, 422],
  [{ active: 'wait' }, 422],
  [{ domain: 'nowhere.example' }, 404],
  [{ domain: twin }, 422],
  [{ user_name: 'x' }, 422],
  [{}, 200],
])('dimail 4.6: PATCH %j is answered %i', async (body, status) => {
  const { create, call } = await open2()
  await create('alix.navet')
  expect((await call('PATCH', `/domains/${domain}/mailboxes/alix.navet`, body)).status).toBe(status)
})

test.each(['PATCH', 'DELETE'])(
  'dimail 4.6: %s without the feature mailbox is a 422 with a string',
  async (method) => {
    const { sandbox, create, call } = await open2()
    await create('alix.navet')
    sandbox.world.domain(domain)?.features.splice(0, 3, 'alias')
    expect(await call(method, `/domains/${domain}/mailboxes/alix.navet`, {})).toMatchObject({
      status: 422,
      json: { detail: "Feature 'mailbox' not available on the domain" },
    })
  },
)

test('dimail 4.6: in 2024 active is an unknown field: 200 and no effect', async () => {
  const { sandbox, create, call } = await open2({ dialect: '2024' })
  await create('alix.navet')
  const reply = await call('PATCH', `/domains/${domain}/mailboxes/alix.navet`, {
    active: ['no'],
    surName: 'Radis',
  })
  expect(reply).toMatchObject({ status: 200, json: { surName: 'Radis' } })
  expect(sandbox.world.domain(domain)?.mailboxes[0]?.active).toBe('yes')
})

test('dimail 4.6: v2 changes activity and names by the fields of its dialect', async () => {
  const { sandbox, create, call } = await open2()
  await create('alix.navet')
  const patch = (body: unknown) => call('PATCH', `/v2/domains/${domain}/mailboxes/alix.navet`, body)
  expect((await patch({ imap_active: 'no' })).json).toMatchObject({ active: 'yes' })
  expect((await patch({ active: 'no' })).json).toMatchObject({ active: 'no', features: [] })
  sandbox.behaviour.dialect = '0.6-late'
  const extras = { ox: { given_name: 'Lou', sur_name: 'Radis', display_name: 'Lou Radis' } }
  expect((await patch({ imap_active: 'yes', extras })).json).toMatchObject({ imap_active: 'yes', extras })
  expect((await patch({ imap_active: true })).status).toBe(422)
})

test('dimail 4.7: a deleted mailbox is gone, and deleted once', async () => {
  const { create, call, list } = await open2()
  await create('alix.navet')
  const remove = () => call('DELETE', `/domains/${domain}/mailboxes/alix.navet`)
  expect(await remove()).toMatchObject({ status: 204, text: '' })
  expect(await remove()).toMatchObject({ status: 404, json: { detail: 'Mailbox not found' } })
  expect(await list()).toEqual([`oxadmin@${domain}`])
})

test('dimail 4.8: an address nobody uses is a 404; a GET with a JSON body is answered as one without', async () => {
  const { ask, token } = await open2()
  const reply = await ask('GET', `/domains/${domain}/address/nobody/`, {
    as: await token(),
    body: names('A', 'B'),
  })
  expect(reply).toMatchObject({ status: 404, json: { detail: 'Domain not found' } })
})

test('dimail 4.9: a reset tells another password each time; Basic is refused', async () => {
  const { ask, admin, create, call } = await open2()
  await create('alix.navet')
  const path = `/domains/${domain}/mailboxes/alix.navet/reset_password/`
  const [one, two] = [await call('POST', path), await call('POST', path)]
  expect([one.status, field(one, 'email')]).toEqual([200, `alix.navet@${domain}`])
  expect(field(one, 'password')).not.toBe(field(two, 'password'))
  expect((await ask('POST', path, { as: admin })).status).toBe(403)
})

test.each([
  ['0.6.7', undefined, 200, { expires_in: 3599, maxuse: 1, nbuse: 0 }],
  ['0.6.7', { expires_in: 60, maxuse: 3 }, 200, { expires_in: 59, maxuse: 3 }],
  ['0.6-late', { expires_in: '60' }, 201, { expires_in: 59, maxuse: 1 }],
  ['0.6-late', { expires_in: 'soon' }, 422, {}],
] as const)('dimail 4.10: in %s a code for %j is answered %i', async (dialect, body, status, json) => {
  const { create, call } = await open2({ dialect })
  await create('alix.navet')
  const reply = await call('POST', `/domains/${domain}/mailboxes/alix.navet/code`, body)
  expect(reply).toMatchObject({ status, json })
})

test('a local part arrives decoded, with its case', async () => {
  const { create, list } = await open2()
  await create('Alix.%C3%A9t%C3%A9%2B1')
  expect(await list()).toContain(`Alix.été+1@${domain}`)
})
