import { createAuthority } from '../../main/sandbox/dns/authority.ts'
import type { Catalogue, Held } from '../../main/sandbox/dns/catalogue.ts'
import type { DnsRecord } from '../../main/sandbox/zone.ts'
import { startNameServer } from '../fakes/name-server.ts'
import { startNsd } from '../fakes/nsd.ts'

export type Authority = { portOf(host: '127.0.0.1' | '::1'): number; close(): Promise<void> }

const serial = 2026110101
const ttl = 300
const nameServer = 'ns1.host.example'

/** One zone on a name server of the real world, nsd, where it is installed; else on the sandbox's own. */
export async function startAuthority(apex: string, records: readonly DnsRecord[]): Promise<Authority> {
  const nsd = await startNsd({ [apex]: zoneText(apex, records) })
  if (nsd !== null) return { portOf: () => nsd.port, close: nsd.close }
  return startSandboxAuthority(apex, records)
}

export async function startSandboxAuthority(apex: string, records: readonly DnsRecord[]): Promise<Authority> {
  const edition = { mode: 'right' as const, serial, records }
  const held: Held = { apex, servers: [nameServer], ttl, dnssec: 'unsigned', said: () => edition }
  const catalogue: Catalogue = {
    zone: (name) => (name === apex ? held : null),
    enclosing: (name, suits) => (isWithin(name, apex) && (suits?.(held) ?? true) ? held : null),
    cut: () => null,
    isAbove: () => false,
  }
  const { answer } = createAuthority(catalogue)
  const servers = await Promise.all(
    (['127.0.0.1', '::1'] as const).map((host) =>
      startNameServer({
        host,
        answer: ({ name, type }) => {
          const said = answer(nameServer, { name, type })
          return said && { ...said, authority: said.authorities, additional: said.additionals, extended: [] }
        },
      }),
    ),
  )
  return {
    portOf: (host) => servers.find((server) => server.host === host)?.port ?? 0,
    close: async () => void (await Promise.all(servers.map((server) => server.close()))),
  }
}

const isWithin = (name: string, apex: string) => name === apex || name.endsWith(`.${apex}`)

const zoneText = (apex: string, records: readonly DnsRecord[]): string =>
  [
    `$ORIGIN ${apex}.`,
    `$TTL ${ttl}`,
    `@ SOA ${nameServer}. hostmaster.host.example. ${serial} 3600 600 1209600 300`,
    `@ NS ${nameServer}.`,
    ...records.map(
      ({ target, type, value }) => `${target || '@'} ${type.toUpperCase()} ${dataOf(type, value)}`,
    ),
    '',
  ].join('\n')

/** A text in strings of 255, as the sandbox splits it; no backslashes or quotes here. */
const dataOf = (type: string, value: string): string =>
  type.toLowerCase() === 'txt' ? (value.match(/.{1,255}/g) ?? ['']).map((one) => `"${one}"`).join(' ') : value
