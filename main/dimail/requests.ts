import type { Method } from '../http/wire.ts'
import type { retryRules } from './retries.ts'
import type { Pace } from './timeouts.ts'

/** What a 404 of this call means when dimail knows the call. */
export type Subject = 'domain' | 'mailbox' | 'alias' | 'user' | 'allow' | 'address'

/** One call to dimail, before it has credentials. */
export type Request = {
  method: Method
  /** For logs: the path with its parameters named, so that no name or address is in it. */
  route: string
  /** Encoded, in the one slash form that needs no redirect (docs/dimail.md 1.1). */
  path: string
  auth: 'basic' | 'bearer'
  rule: keyof typeof retryRules
  pace: Pace
  subject: Subject
  body?: Record<string, unknown>
  /** Its bodies hold a password, a token or a code, and are never quoted. */
  secret?: boolean
  /** At most one call with the same lane is on the wire. */
  lane?: string
}

/** A path from segments that were validated, each encoded. */
export function pathOf(route: string, segments: Record<string, string>): string {
  return route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(segments[name] ?? ''))
}
