import { describe, expect, test } from 'vitest'
import { grant } from '../../main/rights/invitations.ts'
import { seededFleet } from '../../main/sandbox/fleet.ts'
import { sandboxPeople, seedSandboxRights } from '../../main/session/sandbox-people.ts'
import { openSession } from '../../main/session/session.ts'
import { unwrap } from '../../preload/failure.ts'
import type { Session } from '../../preload/people-shapes.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import { answered, openCacheIn, openDeskIn, rawOf } from '../fakes/stores.ts'

const sandbox: Profile = {
  id: 'sandbox',
  name: 'Sandbox',
  kind: 'sandbox',
  colour: 'yellow',
  address: 'http://127.0.0.1:1',
  username: 'sandbox',
}
const ordinary: Profile = { ...sandbox, id: 'p', kind: 'dimail', username: 'la_regie' }

function open(profile: Profile, desk = openDeskIn()) {
  const pushed: Session[] = []
  const rightsChanged = () => {}
  const deps = { profile, desk, now: () => 1_000, rightsChanged }
  return { desk, pushed, deps, session: openSession({ ...deps, changed: (next) => void pushed.push(next) }) }
}
const last = sandboxPeople.at(-1)?.id ?? ''

test('on an ordinary profile the person is support, named by the account, and nobody else can be', async () => {
  const { session, pushed } = open(ordinary)
  expect(session.read()).toEqual({ person: { id: 'la_regie', name: 'la_regie', support: true }, people: [] })
  expect(await session.become(last)).toMatchObject({ failure: { code: 'not-found', reason: 'person' } })
  expect(session.person().support).toBe(true)
  expect(pushed).toEqual([])
})

describe('in the sandbox', () => {
  test('one is support, and may act as somebody else and as support again; a restart is support', async () => {
    const { session, pushed, desk } = open(sandbox)
    expect(session.person()).toMatchObject({ id: 'sandbox', support: true })
    expect(unwrap(await session.become(last)).person).toMatchObject({ id: last, support: false })
    expect(session.person().id).toBe(last)
    expect(pushed).toEqual([session.read()])
    expect(open(sandbox, desk).session.person().support).toBe(true)
    unwrap(await session.become('sandbox'))
    expect(session.person().support).toBe(true)
  })

  test('whoever was invited has the access once they act, and no other does', async () => {
    const { session, desk, deps } = open(sandbox)
    const person = () => session.person()
    const post = {
      send: async () => ({ state: 'none', id: null, to: null, failure: null, draft: null }) as const,
    }
    const asked = { domain: 'valmont.example', email: last, role: 'administrator' } as const
    unwrap(await grant({ ...deps, person, post }, ['administrator'], asked))
    unwrap(await session.become(sandboxPeople[0]?.id ?? ''))
    expect(await desk.accesses.list('valmont.example')).toEqual([])
    unwrap(await session.become(last))
    expect(await desk.accesses.list('valmont.example')).toMatchObject([
      { person: last, role: 'administrator' },
    ])
  })

  test('its people are evidently fictional, and addresses of theirs lead nowhere', () => {
    expect(new Set(sandboxPeople.map(({ id }) => id)).size).toBe(sandboxPeople.length)
    for (const { id, name, support } of sandboxPeople) {
      expect(id).toMatch(/^[a-z]+\.[a-z]+@[a-z-]+\.example$/)
      expect(id).toContain(name.toLowerCase().replace(' ', '.'))
      expect(support).toBe(false)
    }
  })
})

describe('the rights of the sandbox', () => {
  const domains = seededFleet().map(({ name }) => name)
  const listed = () => {
    const cache = openCacheIn()
    cache.storeAnswers(domains.map((name) => answered(name, rawOf(name, 'enabled'), 1, false)))
    return cache
  }

  test('are seeded once its domains are listed: every role, several domains, and one nobody knows', async () => {
    const { desk, deps } = open(sandbox)
    await seedSandboxRights({ ...deps, cache: openCacheIn() })
    expect(await desk.accesses.list(null)).toEqual([])
    await seedSandboxRights({ ...deps, cache: listed() })
    const accesses = await desk.accesses.list(null)
    expect(accesses.filter(({ domain }) => !domains.includes(domain))).toEqual([])
    expect(new Set(accesses.map(({ role }) => role))).toEqual(new Set(['viewer', 'administrator', 'owner']))
    const held = sandboxPeople.map(({ id }) => accesses.filter(({ person }) => person === id).length)
    expect(held).toEqual([1, 1, 1, 5, 0])
    const owned = new Set(accesses.filter(({ role }) => role === 'owner').map(({ domain }) => domain))
    expect([...owned].length).toBeGreaterThan(2)
  })

  test('are not seeded again after an agent took them away', async () => {
    const { desk, deps } = open(sandbox)
    const cache = listed()
    await seedSandboxRights({ ...deps, cache })
    for (const { domain, person } of await desk.accesses.list(null))
      await desk.accesses.remove(`${domain} ${person}`)
    await seedSandboxRights({ ...deps, cache })
    expect(await desk.accesses.list(null)).toEqual([])
  })

  test('are never seeded elsewhere', async () => {
    const { desk, deps } = open(ordinary)
    await seedSandboxRights({ ...deps, cache: listed() })
    expect(await desk.accesses.list(null)).toEqual([])
  })
})
