import type { DnsRecord } from '../zone.ts'
import {
  hosts,
  type NameServer,
  nameServers,
  platformServers,
  registry,
  roots,
  unknownHost,
} from './servers.ts'

/** A zone that is always there, whatever the fleet. */
export type FixedZone = { apex: string; servers: readonly NameServer[]; records: readonly DnsRecord[] }

const record = (target: string, type: string, value: string): DnsRecord => ({ target, type, value })

const addressesIn = (apex: string, all: readonly NameServer[]): DnsRecord[] =>
  all
    .filter(({ name }) => name.endsWith(`.${apex}`))
    .flatMap(({ name, addresses }) =>
      addresses.map((address) =>
        record(name.slice(0, -apex.length - 1), address.includes(':') ? 'aaaa' : 'a', address),
      ),
    )

/** The two last labels: whose zone the name of a server is in. */
const zoneOf = (name: string): string => name.split('.').slice(-2).join('.')

const hostZones: FixedZone[] = hosts.flatMap(({ servers }) =>
  [...new Set(servers.map(({ name }) => zoneOf(name)))].map((apex) => ({
    apex,
    servers,
    records: addressesIn(apex, servers),
  })),
)

const platform: FixedZone[] = [
  {
    apex: 'numerique.example',
    servers: platformServers,
    records: addressesIn('numerique.example', platformServers),
  },
  {
    apex: 'ox.numerique.example',
    servers: platformServers,
    records: [
      ...['mx', 'imap', 'smtp', 'webmail'].map((name, place) => record(name, 'a', `203.0.113.${10 + place}`)),
      record('_spf', 'txt', 'v=spf1 ip4:203.0.113.0/24 -all'),
    ],
  },
]

const formerHost: FixedZone = {
  apex: 'ancien-hebergeur.example',
  servers: unknownHost.servers,
  records: [
    record('', 'a', '203.0.113.60'),
    record('', 'mx', '10 mail.ancien-hebergeur.example.'),
    ...['mail', 'secours', 'imap', 'smtp', 'webmail'].map((name, place) =>
      record(name, 'a', `203.0.113.${61 + place}`),
    ),
    record('_spf', 'txt', 'v=spf1 ip4:203.0.113.60/30 ~all'),
    record('', 'txt', 'v=spf1 mx include:_spf.ancien-hebergeur.example ~all'),
  ],
}

const links = ['un', 'deux', 'trois', 'quatre', 'cinq']

/** Of a sender of newsletters, with a chain of includes that alone takes eleven look-ups (RFC 7208 4.6.4). */
const newsletter: FixedZone = {
  apex: 'newsletter.example',
  servers: unknownHost.servers,
  records: [
    record('', 'a', '203.0.113.70'),
    record('_spf', 'txt', 'v=spf1 ip4:203.0.113.70/31 -all'),
    record(
      '_chaine',
      'txt',
      `v=spf1 ${links.map((link) => `include:_${link}.newsletter.example`).join(' ')} -all`,
    ),
    ...links.flatMap((link, place) => [
      record(`_${link}`, 'txt', `v=spf1 include:_${link}-bis.newsletter.example -all`),
      record(`_${link}-bis`, 'txt', `v=spf1 ip4:203.0.113.${72 + place} -all`),
    ]),
  ],
}

const below: readonly FixedZone[] = [...hostZones, ...platform, formerHost, newsletter]

const tops = new Set(['example', ...below.map(({ apex }) => apex.split('.').at(-1) ?? '')])

/** A top level has no record but the addresses of those who serve the root and it. */
export const topZone = (apex: string): FixedZone => ({
  apex,
  servers: registry,
  records: apex === 'example' ? addressesIn(apex, [...roots, ...registry]) : [],
})

export const rootZone: FixedZone = { apex: '', servers: roots, records: [] }

export const fixedZones: ReadonlyMap<string, FixedZone> = new Map(
  [rootZone, ...[...tops].map(topZone), ...below].map((zone) => [zone.apex, zone]),
)

/** The addresses of a name server that stands beside a referral. */
export const addressesOf = (server: string): readonly string[] =>
  nameServers.find(({ name }) => name === server)?.addresses ?? []
