import { seedOf } from '../random.ts'

/** A name server that stands for a real or an invented one; only its addresses are ours (RFC 5737, RFC 3849). */
export type NameServer = { name: string; addresses: readonly string[] }

/** How one name server treats one domain. */
export const serverModes = ['right', 'behind', 'silent', 'servfail', 'refuses', 'lame'] as const
export type ServerMode = (typeof serverModes)[number]

const servers = (first: number, ...names: string[]): NameServer[] =>
  names.map((name, place) => ({ name, addresses: [`198.51.100.${first + place}`] }))

/** With an address of IPv6 as well. */
const dual = (first: number, ...names: string[]): NameServer[] =>
  servers(first, ...names).map(({ name, addresses }, place) => ({
    name,
    addresses: [...addresses, `2001:db8::53:${first + place}`],
  }))

export const roots = dual(1, 'a.racine.example', 'b.racine.example')
/** Of every top level. */
export const registry = dual(3, 'a.nic.example', 'b.nic.example')
/** Of the platform that the simulated dimail runs. */
export const platformServers = dual(5, 'ns1.numerique.example', 'ns2.numerique.example')

export type Host = { name: string; servers: readonly NameServer[] }

/** Who hosts the zones of the fleet: names of real hosts, so that they are recognised, and one that nobody knows. */
const ovh: Host = { name: 'OVHcloud', servers: dual(10, 'dns10.ovh.net', 'ns10.ovh.net') }
const unknown: Host = {
  name: 'Registre fictif',
  servers: servers(50, 'ns1.registre-fictif.example', 'ns2.registre-fictif.example'),
}
export const hosts: readonly Host[] = [
  ovh,
  {
    name: 'Gandi',
    servers: dual(14, 'ns-17-a.gandi.net', 'ns-142-b.gandi.net', 'ns-203-c.gandi.net'),
  },
  { name: 'IONOS', servers: servers(18, 'ns1045.ui-dns.com', 'ns1071.ui-dns.de', 'ns1090.ui-dns.org') },
  { name: 'Cloudflare', servers: dual(22, 'ada.ns.cloudflare.com', 'tim.ns.cloudflare.com') },
  { name: 'Scaleway', servers: dual(26, 'ns0.dom.scw.cloud', 'ns1.dom.scw.cloud') },
  { name: 'Infomaniak', servers: dual(30, 'nsany1.infomaniak.com', 'nsany2.infomaniak.com') },
  { name: 'alwaysdata', servers: servers(34, 'dns1.alwaysdata.com', 'dns2.alwaysdata.com') },
  { name: 'o2switch', servers: servers(38, 'ns1.o2switch.net', 'ns2.o2switch.net') },
  { name: 'Orange', servers: servers(42, 'ns1.oleane.net', 'ns2.oleane.net') },
  unknown,
]

/** Who hosts the zone of a domain: the same for the same name. */
export const hostOf = (domain: string): Host =>
  hosts[seedOf(`host of ${domain.toLowerCase()}`) % hosts.length] ?? ovh

export const unknownHost = unknown

/** Every server that holds zones. */
export const nameServers: readonly NameServer[] = [
  ...roots,
  ...registry,
  ...platformServers,
  ...hosts.flatMap((host) => host.servers),
]

/** The two simulated public resolvers (docs/dns.md). */
export const publicResolvers: readonly NameServer[] = [
  { name: 'resolver-1', addresses: ['192.0.2.53'] },
  { name: 'resolver-2', addresses: ['192.0.2.54'] },
]
