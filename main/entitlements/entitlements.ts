import type { Failure, Result } from '../../preload/failure.ts'
import type { Account, Quota } from '../../preload/session-shapes.ts'

/** Whose entitlements are read: `sub` names them here and nowhere else; DeployCenter knows the e-mail and the claims. */
export type Subject = {
  sub: string
  email: string | null
  /** Everything that userinfo told, of which only the configured names are forwarded. */
  claims: Readonly<Record<string, unknown>>
}

/** What comes with any answer. */
export type Told = {
  /** Literally what DeployCenter said; absent is false (docs/entitlements.md 13, 11), another type is null: not known. */
  canAccess: boolean | null
  reason: string | null
  account: Account
  answeredAt: number
  /** Why this is an earlier answer; null: it has just come. */
  stale: Failure | null
}

/**
 * What DeployCenter says of the domains that somebody administers (docs/entitlements.md 5). An empty list, no list and
 * no answer are three things: only the first takes rights away.
 */
export type Answer =
  | ({ kind: 'list'; domains: readonly string[]; unreadable: number } & Told)
  | ({ kind: 'empty-list' } & Told)
  | ({ kind: 'not-provided' } & Told)
  /** `type`: what came in place of a list. */
  | ({ kind: 'invalid'; type: string } & Told)
  | { kind: 'unavailable'; trouble: Failure }

/** A mailbox whose quota is asked. Usage that nobody measured here is null, and is not pushed. */
export type QuotaQuestion = {
  address: string
  /** The organisation that the domain's custom attributes name; null: none, and no gauge of it. */
  organization: string | null
  usage: { mailbox: number | null; organization: number | null }
}

/** One source of entitlements: asked, never remembered. Its failures are values. */
export type Backend = {
  read(subject: Subject, signal?: AbortSignal): Promise<Answer>
  /** Null: this backend knows no quotas, or its server does not (405). */
  quota(question: QuotaQuestion, signal?: AbortSignal): Promise<Result<Quota | null>>
}

/** What the rest of the program asks: a backend, and what it said before. */
export type Entitlements = {
  /** `force`: the server is asked even when a fresh answer is known. A stale one says so. */
  read(subject: Subject, force: boolean, signal?: AbortSignal): Promise<Answer>
  quota(question: QuotaQuestion, signal?: AbortSignal): Promise<Result<Quota | null>>
  close(): void
}
