import { describe, expect, test, vi } from 'vitest'
import { refreshFleet } from '../../main/jobs/fleet.ts'
import { settleProvisionDoubts } from '../../main/provisioning/apply.ts'
import { settleSetupDoubts } from '../../main/setup/create.ts'
import { unwrap } from '../../preload/failure.ts'
import { openTown, provision, type Town } from './provisioning-open.ts'

const name = 'commune-nouvelle.example'
const posts = (town: Town) => town.asked(/^POST \/domains\//).length
const journal = async (town: Town, subject = name) =>
  (await town.desk.journal({ subject, limit: 20 }))
    .map(({ action, state, actor }) => `${action} ${state} by ${actor}`)
    .reverse()

describe('a domain that is unknown', () => {
  test('is set up at dimail without an owner, and then its attributes are kept, told and journalled', async () => {
    const town = await openTown()
    const done = await provision(town, ' Commune-Nouvelle.EXAMPLE. ', {
      attributes: { siret: '1' },
      by: 'provisioning',
    })
    expect(unwrap(done)).toEqual({ name, outcome: 'created' })
    expect(town.sandbox.world.domain(name)).toMatchObject({ contextName: name, delivery: 'virtual' })
    expect(await town.desk.accesses.list(name)).toEqual([])
    expect(await town.desk.setups.list(null)).toEqual([])
    const kept = await town.desk.provisioned.get(name)
    expect(kept).toMatchObject({
      domain: name,
      attributes: { siret: '1' },
      oidcAutojoin: true,
      identitySync: false,
    })
    expect(town.mirrored).toEqual([kept])
    expect(town.told.at(-1)).toEqual([name])
    expect(await journal(town)).toEqual([
      'domain.provision done by provisioning',
      'domain.create done by provisioning',
    ])
    const [row] = await town.desk.journal({ subject: name, action: 'domain.provision', limit: 1 })
    expect(row).toMatchObject({ before: { was: null, wanted: kept }, after: kept })
  })

  test('and is at dimail already is taken up as it is, and counts as existing', async () => {
    const town = await openTown()
    const there = town.named('enabled')
    expect(unwrap(await provision(town, there, { attributes: { siret: '1' } }))).toEqual({
      name: there,
      outcome: 'existing',
    })
    expect(town.cache.read(there)?.gone).toBe(false)
    expect(await town.desk.accesses.list(there)).toEqual([])
    expect(await town.desk.provisioned.get(there)).toMatchObject({ attributes: { siret: '1' } })
  })

  test('and dimail refuses has nothing said of it', async () => {
    const town = await openTown()
    town.sandbox.answerNext(/^POST \/domains\//, { answer: { status: 422, body: '{"detail":"no"}' } })
    expect(await provision(town, name)).toMatchObject({ failure: { code: 'refused', reason: 'invalid' } })
    expect(await town.desk.provisioned.get(name)).toBeNull()
    expect(town.mirrored).toEqual([])
    expect(await journal(town)).toEqual([
      'domain.provision failed by agent-fictif',
      'domain.create failed by agent-fictif',
    ])
  })

  test('whose answer was lost is looked for, and created once', async () => {
    const town = await openTown()
    town.sandbox.answerNext(/^POST \/domains\//, { cut: 'mid-body' })
    expect(unwrap(await provision(town, name))).toEqual({ name, outcome: 'created' })
    expect(posts(town)).toBe(1)
  })

  test('whose answer was lost while nobody could tell is looked for at the next attempt, which sends no other POST', async () => {
    const town = await openTown()
    town.sandbox.answerNext(/^POST \/domains\//, { cut: 'mid-body' })
    const correct = town.sandbox.answerNext(/^GET \/domains\//, { answer: { status: 500 } }, 50)
    expect(await provision(town, name)).toMatchObject({ failure: { code: 'unknown-outcome' } })
    expect(await town.desk.provisioned.get(name)).toBeNull()
    correct()
    expect(unwrap(await provision(town, name, { attributes: { n: 1 } }))).toEqual({
      name,
      outcome: 'created',
    })
    expect(posts(town)).toBe(1)
    expect(await town.desk.accesses.list(name)).toEqual([])
  })

  test('and whose answer a kill took is found by the setup, still without an owner', async () => {
    const town = await openTown()
    town.sandbox.answerNext(/^POST \/domains\//, { cut: 'mid-body' })
    const correct = town.sandbox.answerNext(/^GET \/domains\//, { answer: { status: 500 } }, 50)
    await provision(town, name)
    correct()
    await settleSetupDoubts(town)
    expect(town.cache.read(name)?.gone).toBe(false)
    expect(await town.desk.accesses.list(name)).toEqual([])
    expect(unwrap(await provision(town, name, { attributes: { n: 1 } }))).toEqual({
      name,
      outcome: 'existing',
    })
  })

  test('asked for twice at once is created once', async () => {
    const town = await openTown()
    const both = await Promise.all([provision(town, name), provision(town, name.toUpperCase())])
    expect(both.map((one) => unwrap(one).outcome)).toEqual(['created', 'existing'])
    expect(posts(town)).toBe(1)
  })

  test('is one that dimail lists no more, whatever was said of it', async () => {
    const town = await openTown()
    unwrap(await provision(town, name, { attributes: { siret: '1' } }))
    town.cache.markGone([name], town.now())
    town.sandbox.world.load([])
    expect(unwrap(await provision(town, name, { attributes: { siret: '1' } }))).toEqual({
      name,
      outcome: 'created',
    })
    expect(posts(town)).toBe(2)
  })
})

describe('a domain that is known', () => {
  test('only to the desk, as when the cache was begun again, is not sent', async () => {
    const town = await openTown()
    await town.desk.provisioned.put(name, name, {
      domain: name,
      attributes: {},
      oidcAutojoin: true,
      identitySync: false,
      at: 1,
    })
    expect(unwrap(await provision(town, name))).toEqual({ name, outcome: 'existing' })
    expect(town.sandbox.requests).toEqual([])
  })

  test('and of which nothing new is said is left alone, by the journal too', async () => {
    const town = await openTown()
    unwrap(await refreshFleet(town, false))
    const there = town.named('enabled')
    expect(unwrap(await provision(town, there)).outcome).toBe('existing')
    expect([await journal(town, there), town.mirrored, await town.desk.provisioned.get(there)]).toEqual([
      [],
      [],
      null,
    ])
  })

  test('and changed since it was seen is not overwritten', async () => {
    const town = await openTown()
    unwrap(await provision(town, name, { attributes: { siret: '1' } }))
    const seen = await town.desk.provisioned.get(name)
    unwrap(await provision(town, name, { attributes: { siret: '2' } }))
    for (const one of [seen, null])
      expect(await provision(town, name, { attributes: { siret: '3' }, seen: one })).toMatchObject({
        failure: { code: 'conflict', reason: 'provisioned-changed' },
      })
    expect(await town.desk.provisioned.get(name)).toMatchObject({ attributes: { siret: '2' } })
  })
})

test.each([
  ['INVALID DOMAIN!', {}, 'characters'],
  ['mairie', {}, 'no-dot'],
  [name, { a: [] }, 'attributes'],
])('%s with %o never leaves', async (typed, attributes, reason) => {
  const town = await openTown()
  expect(await provision(town, typed, { attributes })).toMatchObject({ failure: { code: 'invalid', reason } })
  expect([town.sandbox.requests, await town.desk.journal({ subject: null, limit: 5 })]).toEqual([[], []])
})

test('a schema that nobody understands lets nothing through, and is named', async () => {
  const town = await openTown()
  town.profile = { ...town.profile, attributesSchema: '{"type":"object","requird":[]}' }
  expect(await provision(town, name)).toMatchObject({
    failure: { code: 'invalid', reason: 'attributes-schema' },
  })
  expect(town.sandbox.requests).toEqual([])
})

test('what a kill left open is told by what the desk holds', async () => {
  const town = await openTown()
  unwrap(await provision(town, name, { attributes: { n: 1 } }))
  const kept = await town.desk.provisioned.get(name)
  const open = (wanted: unknown) =>
    town.desk.intend({
      action: 'domain.provision',
      subject: name,
      target: null,
      actor: 'a',
      before: { was: null, wanted },
      at: 1,
    })
  const written = await open(kept)
  const lost = await open({ ...kept, attributes: { n: 2 } })
  await town.desk.settleAbandoned(2)
  await settleProvisionDoubts(town)
  const rows = await town.desk.journal({ subject: name, action: 'domain.provision', limit: 5 })
  expect(rows.find(({ id }) => id === written)).toMatchObject({ state: 'done' })
  expect(rows.find(({ id }) => id === lost)).toMatchObject({
    state: 'failed',
    failure: { reason: 'interrupted' },
  })
})

test('a desk that cannot write ends in a bug, and the window is told nothing', async () => {
  const town = await openTown()
  vi.spyOn(town.desk.provisioned, 'put').mockRejectedValue(new Error('UNIQUE constraint failed: record.key'))
  await expect(provision(town, name)).rejects.toThrow('UNIQUE')
  expect(town.mirrored).toEqual([])
})
