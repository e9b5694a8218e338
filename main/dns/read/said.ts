import type { DnsRecord, Look, UnreadReason } from '../../../preload/dns-shapes.ts'
import type { DnsReply, NoReply } from '../wire/ask.ts'
import { absolute, isWithin } from '../zone/names.ts'
import { found, nothing, type Question, unread } from '../zone/view.ts'

/** A delegation to a zone below, as its parent's server gives it. */
export type Cut = {
  name: string
  nameServers: string[]
  /** Addresses by name server: only those that the server may speak for. */
  glue: Map<string, string[]>
}

/** What a server says to a question; `ttl` in seconds: for how long it may be believed. */
export type Said =
  | { kind: 'look'; look: Look; ttl: number; glue: Map<string, string[]> }
  /** CNAMEs lead to a name, the last of the chain, that must be asked for elsewhere. */
  | { kind: 'leads'; chain: string[]; ttl: number }
  | { kind: 'referral'; cut: Cut; ttl: number }

/** How many CNAMEs are followed, and how many name servers of one zone are looked at. */
const mostAliases = 8
const mostNameServers = 13

export const saidNothing = (reason: UnreadReason, chain: string[] = []): Said => ({
  kind: 'look',
  look: unread(reason, chain),
  ttl: 0,
  glue: new Map(),
})

/** Belongs to who asked, and to nobody else: another errand may get further. */
export const isOwn = (reason: UnreadReason | null): boolean => reason === 'deadline' || reason === 'not-asked'

export const isOwnTrouble = (said: Said): boolean => said.kind === 'look' && isOwn(said.look.reason)

const troubles = new Map<string, UnreadReason>([
  ['SERVFAIL', 'servfail'],
  ['REFUSED', 'refused'],
  // RFC 2136 2.2: the server is not authoritative for the zone.
  ['NOTAUTH', 'lame'],
])

function troubleOf(rcode: string): UnreadReason | null {
  if (rcode === 'NOERROR' || rcode === 'NXDOMAIN') return null
  return troubles.get(rcode) ?? 'other-code'
}

/**
 * What an authoritative server of `zone` says. It is believed about names of its zone alone, and only with AA: without,
 * and with a referral that leads elsewhere than below, it does not hold the zone (RFC 1912 2.8).
 */
export function saidBy(reply: DnsReply | NoReply, question: Question, zone: string): Said {
  if (reply.kind === 'none') return saidNothing(reply.reason)
  const trouble = troubleOf(reply.rcode)
  if (trouble !== null) return saidNothing(trouble)
  const referral = referralOf(reply, question, zone)
  if (referral !== null) return referral
  if (!reply.authoritative || speaksForParent(reply, zone)) return saidNothing('lame')
  return followed(reply, question, zone)
}

/** What a resolver that was asked to find out says. */
export function saidByResolver(reply: DnsReply | NoReply, question: Question): Look {
  if (reply.kind === 'none') return unread(reply.reason)
  const trouble = troubleOf(reply.rcode)
  if (trouble !== null) return unread(trouble)
  // It does not look for itself: it is no resolver, for us at least.
  if (referralOf(reply, question, '') !== null) return unread('lame')
  const said = followed(reply, question, '')
  if (said.kind === 'look') return said.look
  return nothing('no-data', said.kind === 'leads' ? said.chain : [])
}

const soaOf = (reply: DnsReply): DnsRecord | undefined => reply.authority.find(({ type }) => type === 'SOA')

/** NS without SOA is a referral, with or without AA; with SOA there is nothing (RFC 2308 2.2). */
function referralOf(reply: DnsReply, question: Question, zone: string): Said | null {
  if (reply.answers.length > 0 || reply.rcode !== 'NOERROR' || soaOf(reply) !== undefined) return null
  const records = reply.authority.filter(({ type }) => type === 'NS')
  const name = records[0]?.name
  if (name === undefined || name === zone) return null
  if (!isWithin(question.name, name) || !isWithin(name, zone)) return null
  const own = records.filter((record) => record.name === name)
  const nameServers = namesOf(own)
  return {
    kind: 'referral',
    cut: { name, nameServers, glue: glueOf(reply, nameServers, zone) },
    ttl: ttlOf(own),
  }
}

/** The names that records lead to, each once, in an order that does not depend on the server's. */
export const namesOf = (records: readonly DnsRecord[]): string[] =>
  [...new Set(records.map(({ value }) => absolute(value)))].toSorted().slice(0, mostNameServers)

/** A server may give the addresses of names in its own zone; of others it may not say where they are (RFC 2181 5.4.1). */
function glueOf(reply: DnsReply, nameServers: readonly string[], zone: string): Map<string, string[]> {
  const addresses = reply.additional.filter(({ type }) => type === 'A' || type === 'AAAA')
  return new Map(
    nameServers
      .filter((name) => isWithin(name, zone))
      .map(
        (name) =>
          [name, addresses.filter((record) => record.name === name).map(({ value }) => value)] as const,
      )
      .filter(([, values]) => values.length > 0),
  )
}

/** It answers with the SOA of a zone above: it holds that one, and not ours. */
function speaksForParent(reply: DnsReply, zone: string): boolean {
  const owner = soaOf(reply)?.name
  return reply.answers.length === 0 && owner !== undefined && owner !== zone && isWithin(zone, owner)
}

function followed(reply: DnsReply, question: Question, zone: string): Said {
  const { end, chain, trouble } = chainOf(reply.answers, question, zone)
  if (trouble !== null) return saidNothing(trouble, chain)
  const records = reply.answers.filter(({ name, type }) => name === end && type === question.type)
  const ttl = ttlOf(reply.answers)
  if (records.length > 0 && isWithin(end, zone)) {
    const glue = glueOf(reply, namesOf(records), zone)
    return { kind: 'look', look: found(records, chain), ttl, glue }
  }
  // A chain that the server does not finish, and does not end with the SOA of a denial either (RFC 2308 2.1).
  const unfinished = reply.rcode === 'NOERROR' && soaOf(reply) === undefined
  if (chain.length > 0 && (unfinished || !isWithin(end, zone))) return { kind: 'leads', chain, ttl }
  const state = reply.rcode === 'NXDOMAIN' ? 'no-name' : 'no-data'
  return { kind: 'look', look: nothing(state, chain), ttl: denialTtl(reply), glue: new Map() }
}

function chainOf(
  answers: readonly DnsRecord[],
  { name, type }: Question,
  zone: string,
): { end: string; chain: string[]; trouble: UnreadReason | null } {
  const chain: string[] = []
  let end = name
  while (type !== 'CNAME' && isWithin(end, zone)) {
    const alias = answers.find((record) => record.type === 'CNAME' && record.name === end)
    if (alias === undefined) break
    end = absolute(alias.value)
    const trouble = troubleOfChain(name, chain, end)
    if (trouble !== null) return { end, chain, trouble }
    chain.push(end)
  }
  return { end, chain, trouble: null }
}

/** Why a chain that began at a name may not lead on to `next`; null when it may. */
export function troubleOfChain(name: string, chain: readonly string[], next: string): UnreadReason | null {
  if (next === name || chain.includes(next)) return 'cname-loop'
  return chain.length >= mostAliases ? 'cname-too-long' : null
}

const ttlOf = (records: readonly DnsRecord[]): number => Math.min(...records.map(({ ttl }) => ttl ?? 0))

/** RFC 2308 5: the lesser of the SOA's own TTL and of its last number. */
function denialTtl(reply: DnsReply): number {
  const soa = soaOf(reply)
  if (soa === undefined) return 0
  const minimum = Number(soa.value.split(/\s+/).at(-1))
  return Math.min(soa.ttl ?? 0, Number.isFinite(minimum) ? minimum : 0)
}
