import { expect, test } from 'vitest'
import { expectedCounts, seededFleet } from '../../main/sandbox/fleet.ts'
import { createWorld } from '../../main/sandbox/world.ts'

function grown(options: Parameters<typeof seededFleet>[0] = {}) {
  const fleet = seededFleet(options)
  const world = createWorld()
  world.load(fleet)
  return { fleet, world }
}

function firstFindings(options = {}) {
  const { fleet, world } = grown(options)
  return fleet.map((plan) => {
    const stored = world.domain(plan.name)?.stored ?? new Map()
    const failing = [...stored].filter(([, check]) => check.errors.length > 0).map(([key]) => key)
    return { ...plan, failing }
  })
}

test('the seeded fleet has 60 domains: 31 enabled, 14 to act on, 6 failed, 7 pending, 2 disabled', () => {
  expect(expectedCounts(seededFleet())).toEqual({
    all: 60,
    enabled: 31,
    action_required: 14,
    failed: 6,
    pending: 7,
    disabled: 2,
    repairable: 6,
  })
})

test.each([
  ...['domain_exist', 'mx', 'cname_imap', 'cname_smtp', 'cname_webmail', 'spf', 'dkim'],
  ...['postfix', 'ox', 'cert', 'webmail_ok'],
])('the seeded fleet has a domain where only %s fails', (key) => {
  expect(firstFindings().filter(({ failing }) => failing.join() === key)).not.toEqual([])
})

test('the seeded fleet has domains where external and internal checks fail together', () => {
  const mixed = firstFindings().filter(({ failing }) => failing.includes('mx') && failing.includes('cert'))
  expect(mixed.map(({ expects }) => expects)).toEqual(['action_required'])
})

test('the same seed gives the same domains, mailboxes and aliases; another seed others', () => {
  const contents = (seed: number) => {
    const { fleet, world } = grown({ seed })
    return fleet.map(({ name, expects }) => {
      const domain = world.domain(name)
      return JSON.stringify([name, expects, domain?.zone, domain?.mailboxes, domain?.aliases])
    })
  }
  expect(contents(1)).toEqual(contents(1))
  expect(contents(2)).not.toEqual(contents(1))
})

test('mailboxes go from 0 to 500 a domain, and one domain has the 417 of the real list', () => {
  const { fleet, world } = grown()
  const sizes = fleet.map(({ name }) => world.domain(name)?.mailboxes.length ?? -1)
  expect(sizes).toEqual(fleet.map(({ mailboxes }) => mailboxes))
  expect(sizes).toContain(417)
  expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([0, 500])
})

test('dimail 7.6: no two mailboxes of an OX context share a display name or an address', () => {
  const { fleet, world } = grown()
  for (const context of new Set(fleet.map(({ contextName }) => contextName))) {
    const users = world.oxUsers(context)
    expect(new Set(users.map((box) => box.ox?.displayName)).size).toBe(users.length)
    expect(new Set(users.map((box) => `${box.local}@${box.domain}`)).size).toBe(users.length)
  }
})

test('100,000 domains all have another name under .example, and 60 in a row every scenario', () => {
  const fleet = seededFleet({ domains: 100_000 })
  expect(new Set(fleet.map(({ name }) => name)).size).toBe(100_000)
  expect(fleet.every(({ name }) => /^[a-z0-9-]+\.example$/.test(name))).toBe(true)
  expect(expectedCounts(fleet.slice(60_000, 60_060))).toEqual(expectedCounts(seededFleet()))
})

test.each([0, 1, 59, 61])('a fleet of %i domains has that many', (domains) => {
  const { fleet, world } = grown({ domains })
  expect([fleet.length, world.size]).toEqual([domains, domains])
})
