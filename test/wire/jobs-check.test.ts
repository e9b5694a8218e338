import { describe, expect, test } from 'vitest'
import { checkDomain, fetchRecords } from '../../main/jobs/check.ts'
import { refreshFleet } from '../../main/jobs/fleet.ts'
import { countMailboxes, dailyBudget } from '../../main/jobs/mailbox-counts.ts'
import { expectedCounts, seededFleet } from '../../main/sandbox/fleet.ts'
import { unwrap } from '../../preload/failure.ts'
import { rawOf, answered as stored } from '../fakes/stores.ts'
import { openWorkspace } from '../fakes/workspace.ts'

const healthy = (name: string) => JSON.stringify({ name, state: 'ok', active: true, mx: { ok: true } })
const answer = (body: string, status = 200) => ({
  answer: { status, body, headers: { 'content-type': 'application/json' } },
})

describe('checking one domain', () => {
  test('stores what dimail says and tells the window', async () => {
    const work = await openWorkspace()
    const name = work.named('failed')
    expect(await checkDomain(work, name.toUpperCase())).toMatchObject({
      ok: true,
      value: { status: 'failed' },
    })
    expect(work.cache.read(name)?.row).toMatchObject({ status: 'failed', repair: 'possible', attempt: null })
    expect(work.told).toEqual([[name]])
  })

  test('sees at the next check what was changed in the DNS', async () => {
    const work = await openWorkspace()
    const name = work.named('enabled')
    unwrap(await checkDomain(work, name))
    const domain = work.sandbox.world.domain(name)
    if (domain) domain.zone.records = domain.zone.records.filter((record) => record.type !== 'mx')
    expect(unwrap(await checkDomain(work, name))).toMatchObject({
      status: 'action_required',
      failing: ['mx'],
    })
    expect(work.cache.read(name)?.row).toMatchObject({ status: 'action_required', sinceExact: true })
  })

  test.each([
    ['not-found', 404, JSON.stringify({ detail: 'Domain not found' })],
    ['server-error', 500, 'Internal Server Error'],
    ['bad-response', 200, '<html>Bonjour</html>'],
    ['bad-response', 200, healthy('autre-domaine.example')],
    ['refused', 422, JSON.stringify({ detail: [] })],
  ])('that ends in %s (%d) changes no status and keeps the attempt', async (code, status, body) => {
    const work = await openWorkspace()
    const name = work.named('enabled')
    unwrap(await checkDomain(work, name))
    const before = work.cache.read(name)
    work.sandbox.answerNext(/\/check$/, answer(body, status), 10)
    expect(await checkDomain(work, name)).toMatchObject({ ok: false, failure: { code } })
    const after = work.cache.read(name)
    expect(after).toEqual({
      ...before,
      row: {
        ...before?.row,
        attempt: { at: expect.any(Number), failure: expect.objectContaining({ code }) },
      },
    })
  })

  test.each(['', 'pas un domaine', 'https://x.example', 'a@b.example', '../token', '192.0.2.1'])(
    'a name like %j never reaches the wire',
    async (name) => {
      const work = await openWorkspace()
      expect(await checkDomain(work, name)).toMatchObject({ ok: false, failure: { code: 'invalid' } })
      expect(await fetchRecords(work, name)).toMatchObject({ ok: false, failure: { code: 'invalid' } })
      expect(work.sandbox.requests).toEqual([])
      expect(work.cache.counts().all).toBe(0)
    },
  )

  test('keeps the records that the town must publish', async () => {
    const work = await openWorkspace()
    const name = work.named('action_required')
    unwrap(await checkDomain(work, name))
    unwrap(await fetchRecords(work, name))
    expect(work.cache.read(name)?.records?.items.map((record) => record.type)).toContain('mx')
  })
})

describe('reading the fleet', () => {
  test('stores every domain, judged on what dimail stored', async () => {
    const work = await openWorkspace()
    expect(unwrap(await refreshFleet(work, false))).toEqual({ total: 60, added: 60, gone: 0, rejected: 0 })
    const { fetchedAt, ...counts } = work.cache.counts()
    expect(counts).toEqual(expectedCounts(seededFleet()))
    expect(fetchedAt).toBeGreaterThan(0)
    expect(work.told).toEqual([[]])
    expect(work.asked(/check|fix/)).toEqual([])
  })

  test('adds what is new, and lets go what dimail lists no more', async () => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    const names = work.sandbox.world.names()
    const left = names.slice(0, 55).map((name) => JSON.parse(healthy(name)))
    const body = JSON.stringify([...left, JSON.parse(healthy('nouvelle.example'))])
    work.sandbox.answerNext('GET /domains/', answer(body))
    expect(unwrap(await refreshFleet(work, false))).toEqual({ total: 56, added: 1, gone: 5, rejected: 0 })
    expect(work.cache.counts()).toMatchObject({ all: 56, enabled: 56, disabled: 0 })
    expect(work.cache.read(names[59] ?? '')).toMatchObject({ gone: true })
  })

  test('a domain that is created while dimail lists the others is not gone', async () => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    const { listDomains } = work.dimail
    const name = 'commune-nouvelle.example'
    const meanwhile = {
      ...work,
      dimail: {
        ...work.dimail,
        async listDomains(signal?: AbortSignal) {
          const listed = await listDomains(signal)
          work.cache.storeAnswers([stored(name, rawOf(name, 'enabled'), 1, false)])
          return listed
        },
      },
    }
    expect(unwrap(await refreshFleet(meanwhile, false))).toMatchObject({ gone: 0 })
    expect(work.cache.read(name)).toMatchObject({ gone: false })
  })

  test('faults 52: rows that are no domains, or come twice, are reported and cost nothing to the others', async () => {
    const work = await openWorkspace()
    const rows = [...['a.example', 'a.example', 'b.example'].map(healthy), '{"name":12}', '"texte"', 'null']
    work.sandbox.answerNext('GET /domains/', answer(`[${rows.join(',')}]`))
    expect(unwrap(await refreshFleet(work, false))).toEqual({ total: 2, added: 2, gone: 0, rejected: 4 })
  })

  test('faults 52: a known domain whose row cannot be read is not gone', async () => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    const rows = work.cache.latest().map(({ raw }, place) => (place === 0 ? { ...raw, state: null } : raw))
    work.sandbox.answerNext('GET /domains/', answer(JSON.stringify(rows)))
    expect(unwrap(await refreshFleet(work, false))).toMatchObject({ gone: 0, rejected: 1 })
    expect(work.cache.counts().all).toBe(60)
  })

  test('faults 52: a list that lost more than a fifth is believed only when the agent accepts it', async () => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    const kept = work.sandbox.world.names().slice(0, 47)
    const body = `[${kept.map(healthy).join(',')}]`
    for (const [list, gone] of [
      ['[]', 60],
      [body, 13],
    ] as const) {
      work.sandbox.answerNext('GET /domains/', answer(list))
      expect(await refreshFleet(work, false)).toMatchObject({
        failure: { code: 'list-shrunk', details: { gone, known: 60 } },
      })
      expect(work.cache.counts().all).toBe(60)
    }
    work.sandbox.answerNext('GET /domains/', answer(body))
    expect(unwrap(await refreshFleet(work, true))).toMatchObject({ total: 47, gone: 13 })
    expect(work.cache.counts().all).toBe(47)
  })

  test('faults 52: a list that lost a fifth exactly is believed', async () => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    const body = `[${work.sandbox.world.names().slice(0, 48).map(healthy).join(',')}]`
    work.sandbox.answerNext('GET /domains/', answer(body))
    expect(unwrap(await refreshFleet(work, false))).toMatchObject({ gone: 12 })
  })

  test('that fails changes nothing', async () => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    const before = work.cache.counts()
    work.sandbox.answerNext('GET /domains/', answer('{"detail":"non"}', 422))
    expect(await refreshFleet(work, false)).toMatchObject({ ok: false, failure: { code: 'refused' } })
    expect(work.cache.counts()).toEqual(before)
  })
})

describe('counting mailboxes', () => {
  const never = new AbortController().signal

  test('counts every domain once, and again only a day later', async () => {
    const work = await openWorkspace({ domains: 8 })
    unwrap(await refreshFleet(work, false))
    await countMailboxes(work, never)
    const rows = work.cache.latest()
    // Addresses that are none are left out of the list (docs/dimail.md 7.9).
    const own = (name: string) =>
      work.sandbox.world.domain(name)?.mailboxes.filter((box) => /^[\w.-]+$/.test(box.local)).length
    expect(rows.map((row) => row.mailboxes)).toEqual(rows.map((row) => own(row.name)))
    expect(rows.every((row) => row.mailboxes !== null)).toBe(true)
    const asked = work.asked(/mailboxes/).length
    expect(asked).toBe(8)
    await countMailboxes(work, never)
    expect(work.asked(/mailboxes/)).toHaveLength(asked)
  })

  test("stays within the day's budget", async () => {
    const work = await openWorkspace({ domains: 8 })
    unwrap(await refreshFleet(work, false))
    const today = new Date(work.now()).toISOString().slice(0, 10)
    for (let n = 0; n < dailyBudget - 3; n++) work.cache.spendAutomatic(today, dailyBudget)
    await countMailboxes(work, never)
    expect(work.asked(/mailboxes/)).toHaveLength(3)
  })

  test('leaves alone a domain that fails, and goes on', async () => {
    const work = await openWorkspace({ domains: 8 })
    unwrap(await refreshFleet(work, false))
    const first = work.cache.namesToCount(0, 1)[0] ?? ''
    work.sandbox.answerNext(new RegExp(`${first}/mailboxes`), answer('{"detail":"x"}', 422), 9)
    await countMailboxes(work, never)
    expect(work.cache.read(first)?.row.mailboxes).toBeNull()
    expect(work.cache.latest().filter((row) => row.mailboxes !== null)).toHaveLength(7)
  })

  test.each([
    ['at the first silence', { cut: 'before' } as const],
    ['when dimail asks for peace', { answer: { status: 503, headers: { 'retry-after': '600' } } }],
  ])('stops %s', async (_when, fault) => {
    const work = await openWorkspace({ domains: 20 })
    unwrap(await refreshFleet(work, false))
    work.sandbox.answerNext(/mailboxes/, fault, 1000)
    await countMailboxes(work, never)
    const names = new Set(work.asked(/mailboxes/).map((line) => line.split('/')[2]))
    expect(names.size).toBeLessThanOrEqual(2)
  })

  test('stops at a refused password, which is not tried on every domain', async () => {
    const work = await openWorkspace({ domains: 20, tokenLifetimeS: 0 })
    unwrap(await refreshFleet(work, false))
    const user = work.sandbox.world.users.get(work.sandbox.username)
    if (user) user.password = 'changed'
    const before = work.sandbox.requests.length
    await countMailboxes(work, never)
    expect(work.sandbox.requests.length - before).toBeLessThanOrEqual(8)
  })
})
