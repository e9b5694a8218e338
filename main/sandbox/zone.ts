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

/** A name in lower case, without its final dot. */
export const bare = (host: string) => host.toLowerCase().replace(/\.$/, '')

/** What a zone holds at a name: nothing of its own when only names below it exist (RFC 4592 2.2.2). */
export type Node = { exists: boolean; records: readonly DnsRecord[] }

/** The node at a name relative to the zone, in lower case: its own, or the closest wildcard's (RFC 4592 3.3.1). */
export function nodeAt(records: readonly DnsRecord[], target: string): Node {
  const own = ownNode(records, target)
  if (own.exists) return own
  let encloser = target
  do {
    const dot = encloser.indexOf('.')
    encloser = dot < 0 ? '' : encloser.slice(dot + 1)
  } while (encloser !== '' && !ownNode(records, encloser).exists)
  return ownNode(records, encloser === '' ? '*' : `*.${encloser}`)
}

function ownNode(records: readonly DnsRecord[], target: string): Node {
  const here = records.filter((record) => bare(record.target) === target)
  const exists =
    here.length > 0 || target === '' || records.some((record) => bare(record.target).endsWith(`.${target}`))
  return { exists, records: here }
}

/** The records of one type, in any case, of a node. */
export const ofType = (node: Node, type: string): DnsRecord[] =>
  node.records.filter((record) => record.type.toLowerCase() === type.toLowerCase())

/**
 * The values of one type that DNS gives for an absolute name, CNAMEs followed as a resolver does; an MX without
 * its priority. Empty for NXDOMAIN and for "no data": dimail tells them apart nowhere.
 * @throws UncaughtDnsError when the servers of the zone time out or answer SERVFAIL.
 */
export function resolve(find: FindZone, host: string, type: string, depth = 0): string[] {
  const found = authority(find, bare(host))
  if (found === null || !found.zone.delegated) return []
  if (found.zone.failure !== null) throw new UncaughtDnsError(`${found.zone.failure}: ${host}`)
  const node = nodeAt(found.zone.records, found.target)
  const values = ofType(node, type).map(({ value }) => (type === 'mx' ? mailHost(value).host : value))
  if (values.length > 0 || type === 'cname' || depth > 7) return values
  const [alias] = ofType(node, 'cname')
  return alias === undefined ? [] : resolve(find, alias.value, type, depth + 1)
}

/** An MX value, `10 host.` or `host.`, which stands for 10. */
export function mailHost(value: string): { priority: number; host: string } {
  const [, priority = '10', host = value] = /^(\d{1,5})\s+(\S+)$/.exec(value.trim()) ?? []
  return { priority: Number(priority), host }
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
