import { expect, test } from 'vitest'
import { checkOnce } from '../../main/once.ts'
import { expectedCounts, seededFleet } from '../../main/sandbox/fleet.ts'
import { openConsole } from '../fakes/console.ts'
import { draft, signIn } from './profiles-draft.ts'

test('one check of everything, for whoever started it and with nobody at a browser, finds what the seeded fleet defines', async () => {
  const { profiles, pages } = openConsole({ unattended: true })
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
  expect(pages).toEqual([])
})

test('a dimail that is away ends it with its own failure', async () => {
  const { profiles, deps } = openConsole({ unattended: true })
  await profiles.open('sandbox')
  await profiles.awake()
  await deps.sandbox.stop()
  await expect(checkOnce(profiles.opened(), '/somewhere')).rejects.toThrow('offline/')
})

test('of a profile whose agents sign in it is refused: none of them could be asked', async () => {
  const { profiles, registry, pages } = openConsole({ unattended: true })
  const profile = { ...draft, signIn, id: 'p-fictif', kind: 'dimail' as const }
  registry.write({ profiles: [profile] })
  await expect(profiles.open('p-fictif')).rejects.toThrow('not-possible/unattended')
  expect([profiles.current(), pages]).toEqual([null, []])
})
