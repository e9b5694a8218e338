import type { DnsRecord, UnreadReason } from '../../../preload/dns-shapes.ts'
import type { Question } from '../zone/view.ts'

/** Where an address is reached; the Sandbox profile turns documentation addresses into ports of loopback. */
export type Reach = { host: string; port: number; family: 4 | 6 }

/** Null: it must not be asked, for this reason. */
export type ReachOf = (address: string) => Reach | UnreadReason

export type AskOptions = {
  signal: AbortSignal
  /** Asks a resolver to find out; else only what the server itself holds. */
  recursion?: boolean
  /** Asks a validating resolver not to validate (RFC 4035 3.2.2). */
  checkingDisabled?: boolean
}

/** A packet that came back, read: only what belongs to the question. */
export type DnsReply = {
  kind: 'reply'
  rcode: string
  /** AA, and AD: the resolver has validated it. */
  authoritative: boolean
  validated: boolean
  answers: DnsRecord[]
  authority: DnsRecord[]
  additional: DnsRecord[]
  over: 'udp' | 'tcp'
  /** Extended errors, by number (RFC 8914). */
  extended: number[]
  tookMs: number
}
export type NoReply = { kind: 'none'; reason: UnreadReason; tookMs: number }

/** One question to one address. Never throws for what a server or the network does. */
export type Ask = (address: string, question: Question, options: AskOptions) => Promise<DnsReply | NoReply>
