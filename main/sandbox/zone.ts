import { Crash } from './errors.ts'

/** One DNS record: `target` is relative to the domain, `''` its apex; host values end with a dot. */
export type DnsRecord = { target: string; type: string; value: string }

/** What the public DNS says of one domain. Edit it, and the next check sees it. */
export type Zone = {
  /** False: no authoritative server can be found, so dimail tests nothing else. */
  delegated: boolean
  /** How the name servers fail when asked for a record; dimail then answers 500 (docs/dimail.md 6.3). */
  failure: 'timeout' | 'servfail' | null
  /** In the order in which a name server returns them. */
  records: DnsRecord[]
}

/** The zone of a domain of this world, or undefined when the world does not know the name. */
export type FindZone = (name: string) => Zone | undefined

/** dimail meets DNS data that it cannot survive and answers 500 (docs/dimail.md 6.3). */
export class UncaughtDnsError extends Crash {}

const bare = (host: string) => host.toLowerCase().replace(/\.$/, '')

/**
 * The values of one type that DNS gives for an absolute name, CNAMEs followed as a resolver does.
 * Empty for NXDOMAIN and for "no data": dimail tells them apart nowhere.
 * @throws UncaughtDnsError when the servers of the zone time out or answer SERVFAIL.
 */
export function resolve(find: FindZone, host: string, type: string, depth = 0): string[] {
  const found = authority(find, bare(host))
  if (found === null || !found.zone.delegated) return []
  if (found.zone.failure !== null) throw new UncaughtDnsError(`${found.zone.failure}: ${host}`)
  const here = found.zone.records.filter((record) => bare(record.target) === found.target)
  const values = here.filter((record) => record.type.toLowerCase() === type).map((record) => record.value)
  if (values.length > 0 || type === 'cname' || depth > 7) return values
  const alias = here.find((record) => record.type.toLowerCase() === 'cname')
  return alias === undefined ? [] : resolve(find, alias.value, type, depth + 1)
}

/** Whether name servers answer for this name or for one above it. */
export const isDelegated = (find: FindZone, host: string): boolean =>
  authority(find, bare(host))?.zone.delegated ?? false

function authority(find: FindZone, host: string): { zone: Zone; target: string } | null {
  const labels = host.split('.')
  for (let cut = 0; cut < labels.length; cut += 1) {
    const zone = find(labels.slice(cut).join('.'))
    if (zone !== undefined) return { zone, target: labels.slice(0, cut).join('.') }
  }
  return null
}
