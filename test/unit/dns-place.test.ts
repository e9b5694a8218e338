import { isIPv6 } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { internetReach, rootServers } from '../../main/dns/wire/place.ts'
import { reasonOf } from '../../main/dns/wire/reach.ts'

test('the root is thirteen servers, each with an IPv4 and an IPv6 address that may be asked', () => {
  const names = new Set(rootServers.map(({ name }) => name))
  expect([...names]).toEqual([...'abcdefghijklm'].map((letter) => `${letter}.root-servers.net`))
  expect(new Set(rootServers.map(({ address }) => address)).size).toBe(26)
  for (const name of names) {
    const addresses = rootServers.filter((one) => one.name === name).map(({ address }) => address)
    expect(addresses.map((address) => isIPv6(address))).toEqual([false, true])
    expect(addresses.map((address) => internetReach(address))).toMatchObject([
      { port: 53, family: 4 },
      { port: 53, family: 6 },
    ])
  }
})

test.each([
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.53',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.251',
  '255.255.255.255',
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '100::1',
  '2001::1',
  '2001:db8::53',
  '2002:7f00:1::1',
  '3fff::1',
  'fc00::1',
  'fd12:3456:789a::1',
  'fe80::1',
  'fe80::1%eth0',
  '2a00::1%eth0',
  'ff02::fb',
  'localhost',
  'ns1.town.example',
  '127.1',
  '0x7f000001',
  '2130706433',
  '010.0.0.1',
  '',
])('field 3.1: %s is of no server on the internet, and is never asked', (address) => {
  expect(internetReach(address)).toBe('private-address')
})

test.each([
  ['9.9.9.9', 4],
  ['172.32.0.1', 4],
  ['100.128.0.1', 4],
  ['192.0.1.1', 4],
  ['2620:fe::fe', 6],
  ['2001:200::1', 6],
  ['2A00::1', 6],
])('%s is asked on port 53', (address, family) => {
  expect(internetReach(address)).toEqual({ host: address, port: 53, family })
})

const ipv6 = (address: string, internal = false): NetworkInterfaceInfo => ({
  family: 'IPv6',
  address,
  internal,
  netmask: 'ffff:ffff:ffff:ffff::',
  mac: '00:00:5e:00:53:01',
  cidr: `${address}/64`,
  scopeid: 0,
})
const nowhere = { lo: [ipv6('::1', true)], eth0: [ipv6('fe80::5'), ipv6('fd00::5')] }
const onInternet = { ...nowhere, eth1: [ipv6('2001:db8::5')] }

test.each([
  ['ENETUNREACH', 6, nowhere, 'no-ipv6'],
  ['EHOSTUNREACH', 6, nowhere, 'no-ipv6'],
  ['EADDRNOTAVAIL', 6, onInternet, 'no-ipv6'],
  ['EAFNOSUPPORT', 6, {}, 'no-ipv6'],
  ['ENETUNREACH', 6, onInternet, 'unreachable'],
  ['EHOSTUNREACH', 6, onInternet, 'unreachable'],
  ['ECONNREFUSED', 6, nowhere, 'unreachable'],
  ['ENETUNREACH', 4, nowhere, 'unreachable'],
  ['EADDRNOTAVAIL', 4, nowhere, 'unreachable'],
  ['EPERM', 4, onInternet, 'unreachable'],
] as const)(
  'field 3.1: %s over IPv%i blames this computer only for what it has not',
  (code, family, interfaces, reason) => {
    const error = Object.assign(new Error(code), { code })
    expect(reasonOf(error, { host: '::1', port: 53, family }, interfaces)).toBe(reason)
  },
)
