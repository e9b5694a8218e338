import { describe, expect, test } from 'vitest'
import { claimAccesses } from '../../main/rights/accesses.ts'
import { seededFleet } from '../../main/sandbox/fleet.ts'
import { sandboxPeople, seedSandboxRights } from '../../main/session/sandbox-people.ts'
import { type Profile, plainProfile } from '../../preload/profile-shapes.ts'
import { openDeskIn } from '../fakes/stores.ts'

const sandbox: Profile = {
  id: 'sandbox',
  name: 'Sandbox',
  kind: 'sandbox',
  colour: 'yellow',
  address: 'http://127.0.0.1:1',
  username: 'sandbox',
  ...plainProfile,
}
const seeding = (profile = sandbox) => ({ profile, desk: openDeskIn(), now: () => 1_000 })

test('its people are evidently fictional, and addresses of theirs lead nowhere', () => {
  expect(new Set(sandboxPeople.map(({ id }) => id)).size).toBe(sandboxPeople.length)
  for (const { email, name, support } of sandboxPeople) {
    expect(email).toMatch(/^[a-z]+\.[a-z]+@[a-z-]+\.example$/)
    expect(email).toContain(name.toLowerCase().replace(' ', '.'))
    expect(support).toBe(false)
  }
})

describe('the rights of the sandbox', () => {
  test('are seeded on its domains: every role, several domains, and one nobody knows', async () => {
    const deps = seeding()
    await seedSandboxRights(deps)
    const accesses = await deps.desk.accesses.list(null)
    const domains = seededFleet().map(({ name }) => name)
    expect(accesses.filter(({ domain }) => !domains.includes(domain))).toEqual([])
    expect(new Set(accesses.map(({ role }) => role))).toEqual(new Set(['viewer', 'administrator', 'owner']))
    const held = sandboxPeople.map(({ id }) => accesses.filter(({ person }) => person === id).length)
    expect(held).toEqual([1, 1, 1, 5, 0])
  })

  test('are not seeded again after an agent took them away, and never elsewhere', async () => {
    const deps = seeding()
    await seedSandboxRights(deps)
    for (const { domain, person } of await deps.desk.accesses.list(null))
      await deps.desk.accesses.remove(`${domain} ${person}`)
    await seedSandboxRights(deps)
    expect(await deps.desk.accesses.list(null)).toEqual([])
    const elsewhere = seeding({ ...sandbox, kind: 'dimail' })
    await seedSandboxRights(elsewhere)
    expect(await elsewhere.desk.accesses.list(null)).toEqual([])
  })

  test('become those of the subject who signs in with the address, and of nobody else', async () => {
    const deps = seeding()
    await seedSandboxRights(deps)
    const [, , , several] = sandboxPeople
    if (!several) throw new Error('Nobody has several domains')
    const keeping = { ...deps, person: () => several, rightsChanged: () => {} }
    const before = await deps.desk.accesses.list(null)
    await claimAccesses(keeping, { ...several, id: 'sujet' })
    const after = await deps.desk.accesses.list(null)
    expect(
      after.filter(({ person }) => person === 'sujet').map(({ domain, role }) => `${domain} ${role}`),
    ).toEqual(
      before.filter(({ person }) => person === several.id).map(({ domain, role }) => `${domain} ${role}`),
    )
    expect(after.filter(({ person }) => person === several.id)).toEqual([])
    expect(after).toHaveLength(before.length)
  })

  test('an access given to the address beside one of the subject: the higher role stays, once', async () => {
    const { desk, ...rest } = seeding()
    const access = { domain: 'valmont.example', name: 'Lou', email: null, by: 'x', at: 1 }
    const lou = { id: 'sujet', name: 'Lou', email: 'lou@valmont.example', support: false }
    await desk.accesses.put('valmont.example sujet', access.domain, {
      ...access,
      person: 'sujet',
      role: 'owner',
    })
    await desk.accesses.put('valmont.example lou@valmont.example', access.domain, {
      ...access,
      person: 'lou@valmont.example',
      role: 'administrator',
    })
    await claimAccesses({ desk, ...rest, person: () => lou, rightsChanged: () => {} }, lou)
    expect(await desk.accesses.list(null)).toMatchObject([
      { person: 'sujet', role: 'owner', email: lou.email },
    ])
  })
})
