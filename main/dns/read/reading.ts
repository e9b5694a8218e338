import type { Delegation, DnsServer, Look } from '../../../preload/dns-shapes.ts'

/** What one server said to one question, and when. */
export type Answered = { server: number; look: Look; at: number; tookMs: number }

/**
 * Everything that was asked about a domain: of each of its servers, and elsewhere (what its SPF includes, where its MX
 * leads), where one authoritative server is enough. Keys are `questionKey`s.
 */
export type ZoneReading = {
  domain: string
  at: number
  tookMs: number
  delegation: Delegation
  servers: DnsServer[]
  /** Of every server, in the order of `servers`. */
  everywhere: Record<string, Answered[]>
  /** Of one authoritative server of whatever zone the name is in. */
  elsewhere: Record<string, Look>
  dnssec: 'unsigned' | 'signed' | 'broken' | 'unknown'
}
