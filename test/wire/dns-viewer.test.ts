import { expect, test } from 'vitest'
import { diagnose } from '../../main/diagnosis/diagnose.ts'
import { openConsole } from '../fakes/console.ts'

const viewed = 'port-salin.example'

/** How often dimail was asked for the records to publish. */
const askedFor = (console: ReturnType<typeof openConsole>) =>
  (console.process.running()?.requests ?? []).filter(({ path }) => path.endsWith('/spec/')).length

async function openAs(agent: string) {
  const console = openConsole()
  await console.openSandbox(agent)
  await expect.poll(() => console.profiles.opened().cache.read(viewed)).not.toBeNull()
  return console
}

test('field N1: who may read a domain may ask DNS, and what dimail expects is read once a day at most', async () => {
  const console = await openAs('viewer')
  const { diagnosis } = await console.handlers['dns.diagnose']({ name: viewed })
  expect(diagnosis?.records).toHaveLength(6)
  await console.handlers['dns.diagnose']({ name: viewed })
  expect(askedFor(console)).toBe(1)
  const { cache, now } = console.profiles.opened()
  cache.storeRecords(viewed, [], now() - 25 * 3_600_000)
  await console.handlers['dns.diagnose']({ name: viewed })
  expect(askedFor(console)).toBe(2)
})

test('field N11: what nobody asks for at this moment leaves dimail alone', async () => {
  const console = await openAs('viewer')
  const profile = console.profiles.opened()
  const { signal } = new AbortController()
  expect(await diagnose(profile, viewed, signal, false)).toMatchObject({
    failure: { code: 'not-possible', reason: 'nothing-expected' },
  })
  const expected = [{ target: '', type: 'mx', value: 'mx.ox.numerique.example.' }]
  profile.cache.storeRecords(viewed, expected, profile.now() - 72 * 3_600_000)
  const diagnosed = await diagnose(profile, viewed, signal, false)
  expect(diagnosed.ok && diagnosed.value.records.map(({ verdict }) => verdict)).toEqual(['correct'])
  expect(askedFor(console)).toBe(0)
})
