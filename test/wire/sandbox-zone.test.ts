import { expect, test } from 'vitest'
import { sandboxPlace } from '../../main/profiles/sandbox-dns.ts'
import { openConsole } from '../fakes/console.ts'
import { askDns } from '../fakes/dns-client.ts'

const town = 'belmont-la-roche.example'
const record = { target: '', type: 'mx', value: '10 mx.ailleurs.example.' }
const edit = { domain: town, delegated: true, records: [record], servers: [] }

test('what is published through the console is what DNS answers at the place of the Sandbox profile', async () => {
  const console = openConsole()
  await console.openSandbox()
  const { handlers, deps } = console
  const zone = await handlers['sandbox.zone']({ domain: town })
  expect(zone.records.length).toBeGreaterThan(5)
  expect(await handlers['sandbox.publish'](edit)).toEqual({ ...zone, records: [record] })
  const place = sandboxPlace(deps.sandbox.dns)
  const reach = place.reach('192.0.2.53')
  if (typeof reach === 'string') throw new Error(reach)
  expect(reach).toMatchObject({ host: '127.0.0.1', family: 4 })
  expect((await askDns(reach.port, town, 'MX', { recursion: true }))?.answers).toEqual([
    `${town} MX 10 mx.ailleurs.example`,
  ])
})

test('the Sandbox profile reaches the addresses of the sandbox and no other; while it is stopped, none', async () => {
  const console = openConsole()
  const { sandbox } = console.deps
  const place = sandboxPlace(sandbox.dns)
  expect([place.roots(), place.reach('198.51.100.1')]).toEqual([[], 'unreachable'])
  await console.openSandbox()
  for (const { address } of place.roots()) expect(place.reach(address)).toMatchObject({ host: '127.0.0.1' })
  for (const address of [
    '198.51.100.250',
    '127.0.0.1',
    '9.9.9.9',
    '2620:fe::fe',
    'constructor',
    '__proto__',
    '',
  ]) {
    expect(place.reach(address)).toBe('unreachable')
  }
  await sandbox.stop()
  expect([place.roots(), place.reach('198.51.100.1'), sandbox.dns()]).toEqual([[], 'unreachable', null])
})

test.each([
  [
    'a domain that is unknown',
    { ...edit, domain: 'nowhere.example' },
    { code: 'not-found', reason: 'domain' },
  ],
  [
    'a record of another type',
    { ...edit, records: [record, { ...record, type: 'PTR' }] },
    { code: 'invalid', reason: 'record-type', details: { name: '@', row: 2 } },
  ],
  [
    'a name that no zone holds',
    { ...edit, records: [{ ...record, target: 'a b' }] },
    { code: 'invalid', reason: 'record-name', details: { name: 'a b', row: 1 } },
  ],
  [
    'a value that does not fit',
    { ...edit, records: [{ ...record, target: 'www', type: 'a' }] },
    { code: 'invalid', reason: 'record-value', details: { name: 'www', row: 1 } },
  ],
  [
    'a strange name server',
    { ...edit, servers: [{ name: 'ns.ailleurs.example', mode: 'lame' as const }] },
    { code: 'invalid', reason: 'name-server', details: { name: 'ns.ailleurs.example' } },
  ],
])('%s is refused with a reason', async (_what, wanted, failure) => {
  const console = openConsole()
  await console.openSandbox()
  await expect(console.handlers['sandbox.publish'](wanted)).rejects.toMatchObject({ failure })
})

test('a stopped sandbox has no zone', async () => {
  const console = openConsole()
  await console.openSandbox()
  await console.deps.sandbox.stop()
  const refused = { failure: { code: 'not-possible', reason: 'sandbox-stopped' } }
  await expect(console.handlers['sandbox.zone']({ domain: town })).rejects.toMatchObject(refused)
  await expect(console.handlers['sandbox.publish'](edit)).rejects.toMatchObject(refused)
})
