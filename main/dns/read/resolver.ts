import type { Look, RecordType } from '../../../preload/dns-shapes.ts'
import { type Authority, type AuthorityServer, authorityOf, locate } from './authority.ts'
import { createPurse, type Gate, type Purse } from './gate.ts'
import { createWalk, type WalkParts } from './walk.ts'

export type ResolverParts = WalkParts & {
  /** The addresses of the public resolvers that the profile names. */
  resolvers: () => readonly string[]
}

/** `fresh`: an answer that is remembered is no answer. */
export type LookupOptions = { purse?: Purse; fresh?: boolean }

export type Resolver = {
  authorityOf(name: string, signal: AbortSignal, purse?: Purse): Promise<Authority>
  /** Where a name server is: once for each of its addresses. */
  locate(nameServer: string, signal: AbortSignal, purse?: Purse): Promise<AuthorityServer[]>
  /** What one authoritative server, wherever it is, says of a name; through CNAMEs. */
  lookup(name: string, type: RecordType, signal: AbortSignal, how?: LookupOptions): Promise<Look>
  /** One question to one address, in its turn. */
  ask: Gate
  resolvers: () => readonly string[]
  now: () => number
}

/** Questions for one name, when nobody says how many. */
const forOneName = 100

/**
 * Resolves names from the roots, never through the system's resolver. What top-level domains and other zones say is
 * remembered for their TTL; the delegation of a domain that is asked for by `authorityOf` never is (docs/dns.md).
 */
export function createResolver({ resolvers, ...parts }: ResolverParts): Resolver {
  const walk = createWalk(parts)
  const tripOf = (signal: AbortSignal, purse = createPurse(forOneName)) => ({
    signal,
    purse,
    flight: null,
    depth: 0,
  })
  return {
    authorityOf: (name, signal, purse) => authorityOf(walk, name, tripOf(signal, purse)),
    locate: (nameServer, signal, purse) => locate(walk, nameServer, tripOf(signal, purse)),
    lookup: (name, type, signal, { purse, fresh } = {}) =>
      walk.lookup({ name, type }, tripOf(signal, purse), fresh),
    ask: walk.gate,
    resolvers,
    now: parts.now,
  }
}
