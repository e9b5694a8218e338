import { expect, test } from 'vitest'
import { opensWith } from '../../main/sandbox/mailboxes.ts'
import { domainOf, field, open } from './sandbox-wire.ts'

const town = 'belmont-la-roche.example'
const path = `/domains/${town}/mailboxes/alix.chou`
const names = { givenName: 'Alix', surName: 'Chou', displayName: 'Alix Chou' }

/** A sandbox with one new mailbox, and a clock that a test sets. */
async function openBox(dialect: '0.6.7' | '0.6-late' = '0.6.7') {
  const clock = { now: 1_000_000_000 }
  const all = await open({ domains: 1, dialect, now: () => clock.now, tokenLifetimeS: 1_000_000 })
  const as = await all.token()
  const created = await all.ask('POST', path, { as, body: names })
  const code = (body?: unknown) =>
    all.ask('POST', `${path}/code`, { as, ...(body === undefined ? {} : { body }) })
  const follow = async (given: { json: unknown }, method = 'GET') =>
    all.ask(method, `/code/${String(field(given, 'code'))}`)
  return { ...all, as, clock, created, code, follow }
}

test('dimail 4.10: a login link works as often as asked, then says that it is used up', async () => {
  const { code, follow } = await openBox()
  const given = await code({ expires_in: 3600, maxuse: 3 })
  const statuses: number[] = []
  for (let n = 0; n < 4; n += 1) statuses.push((await follow(given)).status)
  expect(statuses).toEqual([200, 200, 200, 410])
})

test.each(['0.6.7', '0.6-late'] as const)(
  'dimail 4.10: in %s a code is good for one use by default',
  async (dialect) => {
    const { code, follow } = await openBox(dialect)
    const given = await code()
    expect(given.json).toMatchObject({ maxuse: 1, nbuse: 0, expires_in: 3599, expires_at: 1_000_000 + 3600 })
    expect([(await follow(given)).status, (await follow(given)).status]).toEqual([200, 410])
  },
)

test('dimail 4.10: a code works until the second in which it expires', async () => {
  const { code, follow, clock } = await openBox()
  const given = await code({ expires_in: 3600, maxuse: 9 })
  clock.now += 3_599_999
  expect((await follow(given)).text).toContain('Vous êtes connecté')
  clock.now += 1
  expect((await follow(given)).text).toContain('Lien expiré')
})

test('looking at a link without following it does not use it, and an unknown one leads nowhere', async () => {
  const { code, follow, ask } = await openBox()
  const given = await code()
  for (const method of ['HEAD', 'POST', 'OPTIONS']) expect((await follow(given, method)).status).toBe(405)
  expect((await follow(given)).status).toBe(200)
  for (const unknown of ['x', '', '../domains/', '%00']) {
    const reply = await ask('GET', `/code/${unknown}`)
    expect([reply.status, reply.text.includes('Lien inconnu')]).toEqual([404, true])
  }
})

test('the page of the webmail runs nothing, fetches nothing and is kept nowhere', async () => {
  const { code, follow } = await openBox()
  const { headers, text } = await follow(await code())
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
  })
  expect(text).toContain('<html lang="fr">')
  expect(text).toContain(`alix.chou@${town}`)
  expect(text).not.toMatch(/<script|<img|href=|src=/)
})

test('following a link is no dimail request', async () => {
  const { sandbox, code, follow } = await openBox()
  const given = await code()
  const before = sandbox.requests.length
  await follow(given)
  expect(sandbox.requests).toHaveLength(before)
})

test('dimail 4.9: only the last password given opens a mailbox, and none is kept in clear', async () => {
  const { sandbox, created, ask, as } = await openBox()
  const first = String(field(created, 'password'))
  const box = () => {
    const found = domainOf(sandbox, town).mailboxes.find(({ local }) => local === 'alix.chou')
    if (found === undefined) throw new Error('The mailbox is gone')
    return found
  }
  expect(opensWith(box(), first)).toBe(true)
  const second = String(field(await ask('POST', `${path}/reset_password/`, { as }), 'password'))
  expect([opensWith(box(), first), opensWith(box(), second), opensWith(box(), '')]).toEqual([
    false,
    true,
    false,
  ])
  expect(JSON.stringify(box())).not.toContain(second)
})
