import type { Ask, AskOptions, DnsReply, NoReply } from '../../main/dns/wire/ask.ts'
import { isWithin, parentOf } from '../../main/dns/zone/names.ts'
import type { Question } from '../../main/dns/zone/view.ts'
import type { DnsRecord, RecordType, UnreadReason } from '../../preload/dns-shapes.ts'

/** A zone of the tree: its parent delegates it, with glue where a parent has some. */
export type TreeZone = {
  name: string
  ns: string[]
  /** The names that its parent gives, when they differ. */
  parentNs?: string[]
  records?: DnsRecord[]
  /** What one address answers in their place. */
  recordsAt?: Record<string, DnsRecord[]>
  /** A validating resolver refuses what is in it. */
  bogus?: boolean
  serial?: number
}

export type Mishap = 'servfail' | 'refused' | 'upward' | 'cached' | UnreadReason
export type Tree = {
  /** Of the root's server, which is added: every zone but the root. */
  zones: readonly TreeZone[]
  /** The addresses of each name server. */
  hosts: Record<string, readonly string[]>
  /** What goes wrong at an address, whatever is asked. */
  mishaps?: Record<string, Mishap>
  /** Addresses that answer as they like; null: as the tree says. */
  answer?: (address: string, question: Question, options: AskOptions) => DnsReply | NoReply | null
  /** How long an address takes. */
  takes?: (address: string) => Promise<void>
}

export type Asked = { address: string; question: Question; recursion: boolean }

export const record = (
  name: string,
  type: RecordType,
  value: string,
  more: Partial<DnsRecord> = {},
): DnsRecord => ({
  name,
  type,
  ttl: 300,
  value,
  priority: null,
  strings: type === 'TXT' ? [value] : null,
  ...more,
})

export const reply = (parts: Partial<DnsReply> = {}): DnsReply => ({
  kind: 'reply',
  rcode: 'NOERROR',
  authoritative: true,
  validated: false,
  answers: [],
  authority: [],
  additional: [],
  over: 'udp',
  extended: [],
  tookMs: 1,
  ...parts,
})

export const none = (reason: UnreadReason): NoReply => ({ kind: 'none', reason, tookMs: 1 })

export const rootAddress = '198.51.100.1'
export const publicAddress = '192.0.2.53'

/** Name servers of a small internet, in memory: the root at `rootAddress`, a resolver at `publicAddress`. */
export function createTree(tree: Tree): {
  ask: Ask
  asked: Asked[]
  roots: () => { name: string; address: string }[]
} {
  const asked: Asked[] = []
  const root: TreeZone = { name: '', ns: ['a.root.example'] }
  const hosts: Hosts = { ...tree.hosts, 'a.root.example': [rootAddress] }
  const zones = [root, ...tree.zones].map((zone) => ({ ...zone, records: withOwn(zone, hosts) }))
  const ask: Ask = async (address, question, options) => {
    asked.push({ address, question, recursion: options.recursion === true })
    if (options.signal.aborted) return none('deadline')
    await orAborted(tree.takes?.(address), options.signal)
    if (options.signal.aborted) return none('deadline')
    const own = tree.answer?.(address, question, options) ?? null
    if (own !== null) return own
    const mishap = tree.mishaps?.[address]
    if (mishap !== undefined) return mishapOf(mishap)
    if (address === publicAddress) return resolved(zones, question, options)
    const held = zones.filter(({ ns }) => ns.some((name) => hosts[name]?.includes(address)))
    const zone = deepest(held, question.name, question.type === 'DS')
    if (zone === undefined) return reply({ rcode: 'REFUSED', authoritative: false })
    return answerFrom(zone, zones, hosts, question, address)
  }
  return { ask, asked, roots: () => [{ name: 'a.root.example', address: rootAddress }] }
}

async function orAborted(work: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  if (work === undefined) return
  await Promise.race([
    work,
    new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true })),
  ])
}

type Hosts = Record<string, readonly string[]>
type Filled = TreeZone & { records: DnsRecord[] }

const soaOf = ({ name, serial = 1 }: TreeZone): DnsRecord =>
  record(name, 'SOA', `ns.${name} hostmaster.${name} ${serial} 7200 900 1209600 300`)

/** Its SOA, its NS and the addresses of those name servers that are in it. */
function withOwn(zone: TreeZone, hosts: Hosts): DnsRecord[] {
  const addresses = Object.entries(hosts)
    .filter(([host]) => zone.name !== '' && isWithin(host, zone.name))
    .flatMap(([host, values]) => values.map((value) => addressRecord(host, value)))
  return [
    soaOf(zone),
    ...zone.ns.map((value) => record(zone.name, 'NS', value)),
    ...addresses,
    ...(zone.records ?? []),
  ]
}

const addressRecord = (host: string, value: string) => record(host, value.includes(':') ? 'AAAA' : 'A', value)

function mishapOf(mishap: Mishap): DnsReply | NoReply {
  if (mishap === 'servfail') return reply({ rcode: 'SERVFAIL', authoritative: false })
  if (mishap === 'refused') return reply({ rcode: 'REFUSED', authoritative: false })
  if (mishap === 'upward') {
    return reply({ authoritative: false, authority: [record('', 'NS', 'a.root.example')] })
  }
  if (mishap === 'cached') return reply({ authoritative: false })
  return none(mishap)
}

function deepest(zones: readonly Filled[], name: string, atParent = false): Filled | undefined {
  return zones
    .filter((zone) => isWithin(name, zone.name) && !(atParent && zone.name === name))
    .toSorted((a, b) => b.name.length - a.name.length)[0]
}

function answerFrom(
  zone: Filled,
  zones: readonly Filled[],
  hosts: Hosts,
  question: Question,
  address: string,
): DnsReply {
  const cut = topCut(zones, zone, question)
  if (cut !== undefined) return referralTo(cut, zone, hosts)
  const records = zone.recordsAt?.[address] ?? zone.records
  const said = answerOf({ ...zone, records }, question)
  // A delegation is a name, though its records are below.
  const isCut = zones.some(({ name }) => name !== zone.name && isWithin(name, question.name))
  return isCut ? { ...said, rcode: 'NOERROR' } : said
}

/** The highest zone below, on the way to the name. */
function topCut(zones: readonly Filled[], zone: Filled, { name, type }: Question): Filled | undefined {
  return zones
    .filter(
      (other) => other.name !== zone.name && isWithin(other.name, zone.name) && isWithin(name, other.name),
    )
    .filter((other) => !(type === 'DS' && other.name === name))
    .toSorted((a, b) => a.name.length - b.name.length)[0]
}

function referralTo(cut: Filled, from: Filled, hosts: Hosts): DnsReply {
  const names = cut.parentNs ?? cut.ns
  const glue = names.filter((name) => isWithin(name, from.name === '' ? topOf(cut.name) : from.name))
  return reply({
    authoritative: false,
    authority: names.map((value) => record(cut.name, 'NS', value)),
    additional: glue.flatMap((name) => (hosts[name] ?? []).map((value) => addressRecord(name, value))),
  })
}

const topOf = (name: string): string => name.split('.').at(-1) ?? ''

/** RFC 1034 4.3.2, with wildcards and names that have nothing but names below. */
export function answerOf(zone: Filled, { name, type }: Question, chain: DnsRecord[] = []): DnsReply {
  const at = ownedBy(zone.records, name)
  const alias = type === 'CNAME' ? undefined : at.find((found) => found.type === 'CNAME')
  if (alias !== undefined) {
    const answers = [...chain, alias]
    if (!isWithin(alias.value, zone.name) || answers.length > 20) return reply({ answers })
    return answerOf(zone, { name: alias.value, type }, answers)
  }
  const answers = at.filter((found) => found.type === type)
  if (answers.length > 0) return reply({ answers: [...chain, ...answers] })
  const isThere = at.length > 0 || zone.records.some((other) => isWithin(other.name, name))
  const authority = zone.records.filter((found) => found.type === 'SOA')
  return reply({ rcode: isThere ? 'NOERROR' : 'NXDOMAIN', answers: chain, authority })
}

function ownedBy(records: readonly DnsRecord[], name: string): DnsRecord[] {
  if (records.some((found) => isWithin(found.name, name)))
    return records.filter((found) => found.name === name)
  for (let up = parentOf(name); up !== null; up = parentOf(up)) {
    const above = up
    const wild = records.filter((found) => found.name === `*.${above}`)
    if (wild.length > 0) return wild.map((found) => ({ ...found, name }))
    if (records.some((found) => isWithin(found.name, above))) return []
  }
  return []
}

/** What a resolver that validates finds: it does not walk, it knows. */
function resolved(zones: readonly Filled[], question: Question, options: AskOptions): DnsReply {
  const chain: DnsRecord[] = []
  let name = question.name
  for (let hops = 0; hops < 10; hops++) {
    const zone = deepest(zones, name, question.type === 'DS')
    if (zone === undefined) throw new Error('The tree has no root')
    if (zone.bogus === true && options.checkingDisabled !== true) {
      return reply({ rcode: 'SERVFAIL', authoritative: false, extended: [6] })
    }
    const said = answerOf(zone, { ...question, name })
    chain.push(...said.answers)
    const last = said.answers.at(-1)
    if (
      last === undefined ||
      last.type !== 'CNAME' ||
      question.type === 'CNAME' ||
      isWithin(last.value, zone.name)
    ) {
      return { ...said, answers: chain, authoritative: false }
    }
    name = last.value
  }
  return reply({ rcode: 'SERVFAIL', authoritative: false })
}
