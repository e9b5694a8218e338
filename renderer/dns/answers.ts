import type { DiagnosedRecord, DnsRecord, DnsServer, Look } from '../../preload/dns-shapes.ts'

/** A record's value as people write it: an MX with its priority. */
export const textOf = ({ value, priority }: Pick<DnsRecord, 'value' | 'priority'>): string =>
  priority === null ? value : `${priority} ${value}`

/** The values of an answer, in an order that does not depend on the server's. */
export const valuesOf = ({ records }: Pick<Look, 'records'>): string[] => records.map(textOf).sort()

/** What is to be corrected before what is right, each in the order in which dimail expects them. */
export const worstFirst = (records: readonly DiagnosedRecord[]): DiagnosedRecord[] =>
  records.toSorted((a, b) => Number(a.verdict === 'correct') - Number(b.verdict === 'correct'))

type Ttl = { least: number; most: number } | null

/** The shortest and the longest time for which records may be kept, in seconds; null: nobody said. */
export function ttlOf(records: readonly Pick<DnsRecord, 'ttl'>[]): Ttl {
  const ttls = records.flatMap(({ ttl }) => (ttl === null ? [] : [ttl]))
  return ttls.length === 0 ? null : { least: Math.min(...ttls), most: Math.max(...ttls) }
}

function both(a: Ttl, b: Ttl): Ttl {
  if (a === null || b === null) return a ?? b
  return { least: Math.min(a.least, b.least), most: Math.max(a.most, b.most) }
}

/** A name server is one, on however many addresses it answers. */
export const serverNamed = ({ name, address }: DnsServer): string => name ?? address ?? ''

export type Said = Pick<Look, 'state' | 'reason' | 'chain' | 'wildcard'> & {
  values: string[]
  ttl: Ttl
  /** Their names. */
  servers: ReadonlySet<string>
}

/**
 * What the servers of one role say of a record, same answers together, what most of them say first: who reads forty
 * servers wants to know whether they agree.
 */
export function saidBy(
  role: DnsServer['role'],
  { answers }: Pick<DiagnosedRecord, 'answers'>,
  servers: readonly DnsServer[],
): Said[] {
  const groups = new Map<string, Said>()
  for (const answer of answers) {
    const server = servers[answer.server]
    if (server?.role !== role) continue
    const { state, reason, chain, wildcard } = answer
    const values = valuesOf(answer)
    const key = JSON.stringify([state, reason, chain, wildcard, values])
    const before = groups.get(key)
    const ttl = both(ttlOf(answer.records), before?.ttl ?? null)
    const named = new Set([...(before?.servers ?? []), serverNamed(server)])
    groups.set(key, { state, reason, chain, wildcard, values, ttl, servers: named })
  }
  return [...groups.values()].sort((a, b) => b.servers.size - a.servers.size)
}
