import { expect, test } from 'vitest'
import { expectedCounts, seededFleet } from '../../main/sandbox/fleet.ts'
import { faultOf } from '../../main/sandbox/internal.ts'
import { domainOf, failing, field, open, statusOf } from './sandbox-wire.ts'

const name = 'belmont-la-roche.example'
const creation = {
  name: 'new.example',
  context_name: 'new.example',
  features: ['webmail', 'mailbox', 'alias'],
  delivery: 'virtual',
}

test('after checking everything the fleet counts as it declares; a check that fails changes no status', async () => {
  const { ask, admin } = await open()
  const counts: Record<string, number> = {}
  for (const { name: each, expects } of seededFleet()) {
    const reply = await ask('GET', `/domains/${each}/check`, { as: admin })
    const status = reply.status === 500 ? 'pending' : statusOf(reply.json)
    expect([each, status]).toEqual([each, expects])
    counts[status] = (counts[status] ?? 0) + 1
  }
  const { all: _all, repairable: _repairable, ...expected } = expectedCounts(seededFleet())
  expect(counts).toEqual(expected)
})

test('dimail 3.3: before any check the list shows the earlier results, and no_test where there was none', async () => {
  const { ask, admin } = await open()
  const { json } = await ask('GET', '/domains/', { as: admin })
  const list = Array.isArray(json) ? json : []
  const expected = seededFleet().map(({ expects }) => expects)
  expect(list.map(statusOf)).toEqual(expected)
  const fresh = list.filter((domain) => field({ json: domain }, 'state') === 'new')
  expect(fresh).toHaveLength(7)
  for (const domain of fresh)
    expect(new Set(failing(domain).flatMap(({ codes }) => codes))).toEqual(new Set(['no_test']))
})

test('one fix repairs five of the six failed domains, and not the sixth', async () => {
  const { ask, admin } = await open()
  const broken = seededFleet().filter(({ expects }) => expects === 'failed')
  const after = await Promise.all(
    broken.map(async (plan) =>
      statusOf((await ask('GET', `/domains/${plan.name}/fix/`, { as: admin })).json),
    ),
  )
  expect(after.toSorted()).toEqual(['enabled', 'enabled', 'enabled', 'enabled', 'enabled', 'failed'])
})

test('dimail 3.6: a fix changes the next check; it can reveal an external error, or help by half', async () => {
  const { sandbox, ask, admin } = await open({ domains: 1 })
  const { faults } = domainOf(sandbox, name)
  const found = async (call: string) =>
    failing((await ask('GET', `/domains/${name}/${call}`, { as: admin })).json)
  faults.set('ox', faultOf('ox', name, 'renews-dkim'))
  faults.set('cert', faultOf('cert', name, 'stays'))
  expect((await found('check')).map(({ key }) => key)).toEqual(['ox', 'cert'])
  expect(await found('fix/')).toEqual([
    { key: 'dkim', internal: false, codes: ['wrong_dkim'] },
    { key: 'cert', internal: true, codes: ['no_cert'] },
  ])
  expect((await found('check')).map(({ key }) => key)).toEqual(['dkim', 'cert'])
})

test('dimail 3.7: publishing what the spec asks for, and nothing else, makes the next check right', async () => {
  const { ask, admin, control } = await open({ domains: 1 })
  const check = async () => statusOf((await ask('GET', `/domains/${name}/check`, { as: admin })).json)
  await control('POST', 'zone', { domain: name, records: [] })
  expect(await check()).toBe('action_required')
  const { json: records } = await ask('GET', `/domains/${name}/spec/`, { as: admin })
  await control('POST', 'zone', { domain: name, records })
  expect(await check()).toBe('enabled')
})

test('dimail 3.7: the spec has the six records, hosts with a final dot, the TXT unquoted and unsplit', async () => {
  const { ask, admin } = await open({ domains: 1 })
  const { json } = await ask('GET', `/domains/${name}/spec/`, { as: admin })
  expect(json).toEqual([
    { target: '', type: 'mx', value: 'mx.ox.numerique.example.' },
    { target: 'dimail._domainkey', type: 'txt', value: expect.stringMatching(/^v=DKIM1; .*p=[\w+/]{392}$/) },
    { target: 'imap', type: 'cname', value: 'imap.ox.numerique.example.' },
    { target: 'smtp', type: 'cname', value: 'smtp.ox.numerique.example.' },
    { target: '', type: 'txt', value: 'v=spf1 include:_spf.ox.numerique.example -all' },
    { target: 'webmail', type: 'cname', value: 'webmail.ox.numerique.example.' },
  ])
})

test('dimail 3.4: reading a domain runs no check; a check stores what it found', async () => {
  const { sandbox, ask, admin, token } = await open({ domains: 1 })
  const as = await token()
  const read = async () => statusOf((await ask('GET', `/domains/${name}`, { as })).json)
  domainOf(sandbox, name).zone.records = []
  expect(await read()).toBe('enabled')
  await ask('GET', `/domains/${name}/check`, { as: admin })
  expect(await read()).toBe('action_required')
})

test('dimail 6.3: a check whose DNS fails is a plain 500 and keeps the stored result', async () => {
  const { sandbox, ask, admin, token } = await open({ domains: 1 })
  domainOf(sandbox, name).zone.failure = 'timeout'
  const reply = await ask('GET', `/domains/${name}/check`, { as: admin })
  expect([reply.status, reply.text]).toEqual([500, 'Internal Server Error'])
  expect(statusOf((await ask('GET', `/domains/${name}`, { as: await token() })).json)).toBe('enabled')
})

test('dimail 3.2: a created domain is new, then checked in the background', async () => {
  const { ask, admin, token } = await open({ domains: 0 })
  const created = await ask('POST', '/domains/', { as: admin, body: creation })
  expect(created).toMatchObject({
    status: 201,
    json: { name: 'new.example', state: 'new', valid: false, mx: { errors: [{ code: 'no_test' }] } },
  })
  const as = await token()
  await expect
    .poll(async () => field(await ask('GET', '/domains/new.example', { as }), 'state'))
    .toBe('broken')
})

test('dimail 3.2: no_check leaves it unchecked', async () => {
  const { ask, admin, token } = await open({ domains: 0 })
  await ask('POST', '/domains/?no_check=1', { as: admin, body: creation })
  const reply = await ask('GET', '/domains/new.example', { as: await token() })
  expect(field(reply, 'state')).toBe('new')
})

test('dimail 3.2: who creates a domain without being admin gets the right on it', async () => {
  const { ask, addUser, token } = await open({ domains: 0 })
  const as = addUser('robot', [], ['new_domain'])
  await ask('POST', '/domains/', { as, body: creation })
  const reply = await ask('GET', '/domains/new.example/mailboxes/', { as: await token(as) })
  expect(reply.status).toBe(200)
})

test.each([
  [{ ...creation, context_name: null }, 409, 'OX context name is mandatory for mailbox feature'],
  [{ ...creation, name }, 409, 'Domain already exists'],
  [{ ...creation, name: 'mapped.example' }, 409, 'The domain is currently mapped to OX context old'],
])('dimail 3.2: creation refused: %j', async (body, status, detail) => {
  const { sandbox, ask, admin } = await open({ domains: 1 })
  sandbox.world.mappings.set('mapped.example', 'old')
  expect(await ask('POST', '/domains/', { as: admin, body })).toMatchObject({ status, json: { detail } })
})

test.each([
  [
    { ...creation, name: 1 },
    { type: 'string_type', loc: ['body', 'name'], input: 1 },
  ],
  [
    { ...creation, name: null },
    { type: 'string_type', msg: 'Input should be a valid string', input: null },
  ],
  [
    { name: 'x' },
    { type: 'missing', loc: ['body', 'context_name'], msg: 'Field required', input: { name: 'x' } },
  ],
  [
    { ...creation, features: ['mail'] },
    { type: 'enum', loc: ['body', 'features', 0], msg: "Input should be 'webmail', 'mailbox' or 'alias'" },
  ],
  [
    { ...creation, features: 'mailbox' },
    { type: 'list_type', loc: ['body', 'features'] },
  ],
  [[], { type: 'model_attributes_type', loc: ['body'] }],
  ['', { type: 'missing', loc: ['body'], input: null }],
])('dimail 1.2: %j does not fit the schema', async (body, error) => {
  const { ask, admin } = await open({ domains: 0 })
  const reply = await ask('POST', '/domains/', { as: admin, body })
  expect(reply.status).toBe(422)
  expect(field(reply, 'detail')).toEqual(expect.arrayContaining([expect.objectContaining(error)]))
})

test('dimail 1: unknown body fields and query parameters are ignored', async () => {
  const { ask, admin } = await open({ domains: 0 })
  const reply = await ask('POST', '/domains/?colour=red', { as: admin, body: { ...creation, colour: 'red' } })
  expect(reply.status).toBe(201)
})

test('dimail 3.1: the keys of a domain in 2024', async () => {
  const { ask, token } = await open({ domains: 1, dialect: '2024' })
  const { json } = await ask('GET', `/domains/${name}`, { as: await token() })
  const fields = ['name', 'state', 'valid', 'features', 'mailbox_domain', 'webmail_domain', 'imap_domains']
  const checks = ['domain_exist', 'mx', 'cname_imap', 'cname_smtp', 'cname_webmail', 'spf', 'dkim']
  expect(Object.keys(Object(json))).toEqual([...fields, 'smtp_domains', 'context_name', ...checks])
  expect(json).toMatchObject({ context_name: null, mx: { ok: true, errors: [] } })
  expect(JSON.stringify(json)).not.toContain('internal')
})

test('dimail 7.20: the 2024 server tells the context in the answer to the creation only', async () => {
  const { ask, admin, token } = await open({ domains: 0, dialect: '2024' })
  const created = await ask('POST', '/domains/', { as: admin, body: creation })
  const read = await ask('GET', '/domains/new.example', { as: await token() })
  expect([field(created, 'context_name'), field(read, 'context_name')]).toEqual(['new.example', null])
})

test('dimail 3.1: the keys of a domain in 0.6.7, with webmail_ok only where there is a webmail', async () => {
  const { sandbox, ask, admin } = await open({ domains: 1 })
  const checks = ['domain_exist', 'mx', 'cname_imap', 'cname_smtp', 'cname_webmail', 'spf', 'dkim']
  const keys = async () => {
    const { json } = await ask('GET', `/domains/${name}/check`, { as: admin })
    return Object.entries(Object(json)).flatMap(([key, value]) => (Object(value).errors ? [key] : []))
  }
  expect(await keys()).toEqual([...checks, 'postfix', 'ox', 'cert', 'webmail_ok'])
  domainOf(sandbox, name).features = ['mailbox']
  expect(await keys()).toEqual([...checks, 'postfix', 'ox', 'cert'])
  const { json } = await ask('GET', `/domains/${name}/check`, { as: admin })
  expect(json).toMatchObject({
    ...{ delivery: 'virtual', active: true, webmail: null, mx_name: 'internal', transport: null },
    ...{ public_alias: false, public_alias_rules: ['all'], context_name: name },
    postfix: { ok: true, internal: true, errors: [] },
  })
})

test('dimail 3.1: custom hosts are lists in 2024, one host since, and a disabled domain says active: false', async () => {
  const { sandbox, ask, token } = await open({ domains: 1 })
  const as = await token()
  Object.assign(domainOf(sandbox, name), { imapDomains: ['a.example', 'b.example'], active: false })
  expect((await ask('GET', `/domains/${name}`, { as })).json).toMatchObject({
    imap_domain: 'a.example',
    active: false,
  })
  sandbox.behaviour.dialect = '2024'
  expect((await ask('GET', `/domains/${name}`, { as })).json).toMatchObject({
    imap_domains: ['a.example', 'b.example'],
  })
})
