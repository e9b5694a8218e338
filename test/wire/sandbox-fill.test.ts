import { expect, test } from 'vitest'
import { fill } from '../../main/sandbox/fill.ts'
import { address } from '../../main/sandbox/mailboxes.ts'
import { domainOf, failing, open, statusOf } from './sandbox-wire.ts'

const town = 'belmont-la-roche.example'

test.each([0, 1, 417, 50_000])('control gives a domain %i mailboxes of different names', async (count) => {
  const { sandbox, control, ask, token } = await open({ domains: 3 })
  const began = performance.now()
  expect((await control('POST', 'mailboxes', { domain: town, count })).status).toBe(200)
  expect(performance.now() - began).toBeLessThan(2000)
  const boxes = domainOf(sandbox, town).mailboxes
  expect(new Set(boxes.map(address)).size).toBe(count)
  const named = boxes.filter(({ ox }) => ox !== null)
  expect(new Set(named.map(({ ox }) => ox?.displayName.toLowerCase())).size).toBe(named.length)
  const as = await token()
  const asked = performance.now()
  for (const version of ['', '/v2']) {
    const { json } = await ask('GET', `${version}/domains/${town}/mailboxes/`, { as })
    // v1 lists the technical user of the context too.
    expect(Array.isArray(json) ? json.length : null).toBe(version === '' ? count + 1 : count)
  }
  expect(performance.now() - asked).toBeLessThan(4000)
})

test('a domain filled is filled alike again, and its people are nobody else of its context', async () => {
  const { sandbox } = await open({ domains: 60 })
  const [one, two] = ['brumelle.example', 'saint-loup-sous-brumelle.example'].map((name) =>
    domainOf(sandbox, name),
  )
  if (one === undefined || two === undefined) throw new Error('The fleet lacks a shared context')
  fill(one, 300)
  const first = one.mailboxes.map(address)
  fill(one, 300)
  expect(one.mailboxes.map(address)).toEqual(first)
  const names = sandbox.world.oxUsers(one.contextName).map(({ ox }) => ox?.displayName)
  expect(new Set(names).size).toBe(names.length)
})

test('the odd mailboxes of real lists: long, right-to-left, look-alike, upper case, functional, half made, foreign', async () => {
  const { control, ask, token } = await open({ domains: 1, dialect: '2024' })
  await control('POST', 'mailboxes', { domain: town, count: 20, odd: true })
  const as = await token()
  const v1 = (await ask('GET', `/domains/${town}/mailboxes/`, { as })).json
  const rows: { email: string; status: string; displayName: string | null }[] = Array.isArray(v1) ? v1 : []
  const of = (local: string) => rows.find(({ email }) => email.startsWith(`${local}@`))
  expect(rows).toHaveLength(21)
  expect(of('tres.long')?.displayName?.length).toBe(401)
  expect(of('arabe')?.displayName).toMatch(/^\p{Script=Arabic}+ \p{Script=Arabic}+$/u)
  expect(of('hebreu')?.displayName).toMatch(/^\p{Script=Hebrew}+ \p{Script=Hebrew}+$/u)
  expect(of('claude.radis2')?.displayName).toMatch(/\p{Script=Cyrillic}/u)
  expect(of('claude.radis2')?.displayName).not.toBe(of('claude.radis')?.displayName)
  expect(of('Sacha.NAVET')).toBeDefined()
  expect(of('accueil-actif')?.displayName).toBe(null)
  expect([of('ox.seul')?.status, of('dovecot.seul')?.status]).toEqual(['broken', 'broken'])
  expect(rows.map(({ email }) => email)).toContain(`deux@arobases@${town}`)
  expect(of('voisine')?.email).toBe(`voisine@voisine-${town}`)
})

test('the fleet has the list of 417 and a context that several enabled domains share', async () => {
  const { sandbox } = await open({ domains: 60 })
  const { world } = sandbox
  const all = world.names().map((name) => domainOf(sandbox, name))
  expect(all.filter(({ mailboxes }) => mailboxes.length === 417).length).toBeGreaterThan(0)
  const isEnabled = (name: string) => {
    const domain = domainOf(sandbox, name)
    const found = domain.stored
    return domain.active && found !== null && [...found.values()].every(({ errors }) => errors.length === 0)
  }
  const shared = all.filter(({ contextName, name }) => {
    const members = world.members(contextName)
    return members[0] === name && members.filter(isEnabled).length > 1
  })
  expect(shared.map(({ name }) => name)).not.toEqual([])
})

test('heal publishes exactly what is right: every external check then succeeds, and internal faults stay', async () => {
  const { sandbox, control, ask, admin } = await open({ domains: 60 })
  let broken = 0
  for (const name of sandbox.world.names()) {
    const path = `/domains/${name}/check`
    const before = (await ask('GET', path, { as: admin })).json
    expect((await control('POST', 'heal', { domain: name })).status).toBe(200)
    const after = (await ask('GET', path, { as: admin })).json
    if (failing(before).some(({ internal }) => !internal)) broken += 1
    expect([name, failing(after).filter(({ internal }) => !internal)]).toEqual([name, []])
    const inside = (answer: unknown) => failing(answer).filter(({ internal }) => internal).length
    if (before !== undefined && Object(before).detail === undefined)
      expect(inside(after)).toBeGreaterThanOrEqual(inside(before))
    expect(statusOf(after)).not.toBe('action_required')
  }
  expect(broken).toBeGreaterThan(10)
  expect((await control('POST', 'heal', { domain: 'nowhere.example' })).status).toBe(404)
})

test.each([{ domain: town, count: -1 }, { domain: town, count: 100_001 }, { domain: town }, { count: 1 }])(
  'mailboxes refuses %j with 400',
  async (body) => {
    const { control } = await open({ domains: 1 })
    expect((await control('POST', 'mailboxes', body)).status).toBe(400)
  },
)
