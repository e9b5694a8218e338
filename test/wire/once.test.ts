import { expect, test } from 'vitest'
import { checkOnce } from '../../main/once.ts'
import { expectedCounts, seededFleet } from '../../main/sandbox/fleet.ts'
import { openConsole } from '../fakes/console.ts'

test('one check of everything finds what the seeded fleet defines', async () => {
  const { profiles } = openConsole()
  await profiles.open('sandbox')
  await profiles.awake()
  const { all, ...counts } = expectedCounts(seededFleet())
  expect(await checkOnce(profiles.opened(), '/somewhere')).toEqual({
    profile: 'Sandbox',
    domains: all,
    counts,
    // A domain that is pending is one whose check dimail cannot finish.
    checked: { total: all, done: all - counts.pending, failed: counts.pending },
    screenshot: '/somewhere/domains.png',
  })
})

test('a dimail that is away ends it with its own failure', async () => {
  const { profiles, deps } = openConsole()
  await profiles.open('sandbox')
  await profiles.awake()
  await deps.sandbox.stop()
  await expect(checkOnce(profiles.opened(), '/somewhere')).rejects.toThrow('offline/')
})
