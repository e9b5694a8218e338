import { BlockList, isIP } from 'node:net'
import type { ReachOf } from './ask.ts'

/** The root servers, as https://www.internic.net/domain/named.root has them. */
export const rootServers: readonly { name: string; address: string }[] = [
  { name: 'a.root-servers.net', address: '198.41.0.4' },
  { name: 'a.root-servers.net', address: '2001:503:ba3e::2:30' },
  { name: 'b.root-servers.net', address: '170.247.170.2' },
  { name: 'b.root-servers.net', address: '2801:1b8:10::b' },
  { name: 'c.root-servers.net', address: '192.33.4.12' },
  { name: 'c.root-servers.net', address: '2001:500:2::c' },
  { name: 'd.root-servers.net', address: '199.7.91.13' },
  { name: 'd.root-servers.net', address: '2001:500:2d::d' },
  { name: 'e.root-servers.net', address: '192.203.230.10' },
  { name: 'e.root-servers.net', address: '2001:500:a8::e' },
  { name: 'f.root-servers.net', address: '192.5.5.241' },
  { name: 'f.root-servers.net', address: '2001:500:2f::f' },
  { name: 'g.root-servers.net', address: '192.112.36.4' },
  { name: 'g.root-servers.net', address: '2001:500:12::d0d' },
  { name: 'h.root-servers.net', address: '198.97.190.53' },
  { name: 'h.root-servers.net', address: '2001:500:1::53' },
  { name: 'i.root-servers.net', address: '192.36.148.17' },
  { name: 'i.root-servers.net', address: '2001:7fe::53' },
  { name: 'j.root-servers.net', address: '192.58.128.30' },
  { name: 'j.root-servers.net', address: '2001:503:c27::2:30' },
  { name: 'k.root-servers.net', address: '193.0.14.129' },
  { name: 'k.root-servers.net', address: '2001:7fd::1' },
  { name: 'l.root-servers.net', address: '199.7.83.42' },
  { name: 'l.root-servers.net', address: '2001:500:9f::42' },
  { name: 'm.root-servers.net', address: '202.12.27.33' },
  { name: 'm.root-servers.net', address: '2001:dc3::35' },
]

/** What IANA's registry of special addresses (RFC 6890) says is not of the internet, and what is kept for multicast. */
const special4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const

/** The internet of IPv6, and what within it is special; 2002::/16 leads to any IPv4 address, private ones too. */
const internet6 = ['2000::', 3] as const
const special6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const refused = new BlockList()
for (const [net, prefix] of special4) refused.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of special6) refused.addSubnet(net, prefix, 'ipv6')
const internet = new BlockList()
internet.addSubnet(...internet6, 'ipv6')

/**
 * Port 53 of an address of the internet. Any other is refused as `private-address`: who holds a zone says what its
 * name servers' addresses are, and would have this computer ask its own network.
 */
export const internetReach: ReachOf = (address) => {
  const family = isIP(address)
  // A zone (`%eth0`) is of a link of this computer.
  if (family === 0 || address.includes('%')) return 'private-address'
  const isPublic =
    family === 4
      ? !refused.check(address, 'ipv4')
      : internet.check(address, 'ipv6') && !refused.check(address, 'ipv6')
  return isPublic ? { host: address, port: 53, family: family === 4 ? 4 : 6 } : 'private-address'
}
