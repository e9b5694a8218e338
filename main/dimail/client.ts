import { type Failure, ok, type Result } from '../../preload/failure.ts'
import { createConnections } from '../http/connection.ts'
import { createWire, type Timeouts } from '../http/wire.ts'
import { parseAddress } from './address.ts'
import { type AliasCalls, createAliases } from './aliases.ts'
import { type Caller, type Credentials, createCaller, type Outcome } from './caller.ts'
import { createDomains, type DomainCalls } from './domains.ts'
import { createMailboxes, type MailboxCalls } from './mailboxes.ts'
import { parseToken, tokenRequest } from './token.ts'
import { createUsers, type UserCalls } from './users.ts'

export { isBarred } from './barrier.ts'
export type { Credentials, Outcome } from './caller.ts'
export type { DomainAnswer } from './schemas.ts'

export type DimailOptions = {
  /** Base URL: https, or http on this very machine. */
  address: string
  /** Asked at each use and never kept; null while nobody has given the password. */
  credentials: () => Credentials | null
  /** PEM of a private authority that the profile trusts besides the system's own. */
  authority?: string
  /** One line per call, with the route and never a name, an address or a body. */
  log?: (event: string, facts: Record<string, string | number>) => void
  now?: () => number
  random?: () => number
  timeouts?: Partial<Timeouts>
  /**
   * The last word on whether a call leaves: why not, or null. `changes`: it would change something at dimail. Its
   * refusal is what the call fails with, and says nothing about dimail (`isBarred`).
   */
  allow?: (changes: boolean) => Failure | null
}

export type Dimail = DomainCalls &
  MailboxCalls &
  AliasCalls &
  UserCalls & {
    /** Proves the credentials with one request, never repeated. */
    token(signal?: AbortSignal): Promise<Result<void>>
    /**
     * Tells the outcome of every call that reached the wire: `ok` when dimail itself answered, be it to say
     * no; the failure when it did not, or refused the credentials. Returns how to stop listening.
     */
    answered(listener: (outcome: Outcome) => void): () => void
    /** Cancels what is in flight and closes the connections; later calls are `cancelled`. */
    close(): void
  }

/** A client for one dimail. Its calls never reject: what can go wrong is in docs/decisions/failures.md. */
export function createDimail(options: DimailOptions): Dimail {
  const listeners = new Set<(outcome: Outcome) => void>()
  const closed = new AbortController()
  const connections = createConnections(options.authority)
  const address = parseAddress(options.address)
  const caller = createCaller({
    base: address.ok ? address.value : '',
    wire: createWire(connections),
    credentials: options.credentials,
    log: options.log ?? (() => {}),
    answered: (outcome) => {
      for (const listener of listeners) listener(outcome)
    },
    closed: closed.signal,
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    timeouts: options.timeouts ?? {},
    allow: options.allow ?? (() => null),
  })
  const usable: Caller = address.ok ? caller : { ...caller, call: async () => address }

  return {
    ...createDomains(usable),
    ...createMailboxes(usable),
    ...createAliases(usable),
    ...createUsers(usable),
    async token(signal) {
      const result = await usable.call(tokenRequest('probe'), { parse: parseToken }, signal)
      if (!result.ok) return result
      usable.keep(result.value)
      return ok(undefined)
    },
    answered(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      closed.abort()
      connections.close()
    },
  }
}
