import { expect, test } from 'vitest'
import { rehearseDns } from '../../main/diagnosis/rehearsing.ts'
import type { Resolver } from '../../main/dns/read/resolver.ts'
import { found } from '../../main/dns/zone/view.ts'
import { openConsole } from '../fakes/console.ts'

// It has no SPF, beside which a second would be one too many.
const town = 'cc-valdore.example'

test('field N14: what typed records lead to is asked with one purse, and for no longer than an agent waits', async () => {
  const console = openConsole()
  await console.openSandbox()
  const profile = console.profiles.opened()
  await profile.refresh(false)
  await console.handlers['dns.diagnose']({ name: town })
  const purses = new Set<unknown>()
  const signals = new Set<AbortSignal>()
  let asked = 0
  const lookup: Resolver['lookup'] = async (name, _type, signal, how) => {
    asked++
    purses.add(how?.purse)
    signals.add(signal)
    const value = `v=spf1 ${Array.from({ length: 9 }, (_, at) => `include:a${at}.${name}`).join(' ')} -all`
    return found([{ name, type: 'TXT', ttl: 60, value, priority: null, strings: [value] }])
  }
  const { signal } = new AbortController()
  const publish = [{ target: '', type: 'txt', value: 'v=spf1 include:hostile.test -all' }]
  const resolver = { ...profile.resolver, lookup }
  const rehearsed = await rehearseDns(
    { cache: profile.cache, resolver },
    { name: town, changes: [], publish },
    true,
    signal,
  )
  expect(rehearsed.ok).toBe(true)
  expect(asked).toBe(40)
  expect(purses.size).toBe(1)
  expect([...purses][0]).toMatchObject({ left: 200 })
  expect(signals.has(signal)).toBe(false)
})
