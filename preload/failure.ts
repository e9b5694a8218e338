import { z } from 'zod'

/**
 * What can go wrong without being a bug, as the agent would tell it. The first nine come from the wire
 * (docs/decisions/failures.md says which answer becomes which); `reason` narrows a code to one sentence.
 */
export const failureCodes = [
  'offline',
  'timeout',
  'refused',
  'not-found',
  'conflict',
  'bad-response',
  'server-error',
  'unknown-outcome',
  'cancelled',
  'invalid',
  'not-possible',
  'list-shrunk',
  'storage',
  'bad-request',
  'unexpected',
] as const
export type FailureCode = (typeof failureCodes)[number]

export const failure = z.object({
  code: z.enum(failureCodes),
  /** Narrows the code; the page's sentence is `failures.<code>.<reason>`, else `failures.<code>.other`. */
  reason: z.string().max(40),
  /** One English sentence for logs and for a reason the page does not know. Never a secret. */
  message: z.string().max(400),
  /** Facts for the sentence: an HTTP status, an excerpt of at most 200 redacted characters, seconds. */
  details: z.record(z.string(), z.union([z.string().max(400), z.number()])),
})
export type Failure = z.infer<typeof failure>

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure }

/** An expected failure on its way up to the one place that answers the page (main/ipc.ts). */
export class Expected extends Error {
  readonly failure: Failure
  constructor(what: Failure) {
    super(`${what.code}/${what.reason}: ${what.message}`)
    this.failure = what
  }
}

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })

export function failed(
  code: FailureCode,
  reason: string,
  message: string,
  details: Failure['details'] = {},
): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, reason, message, details } }
}

/** The value of a result, or its failure thrown as `Expected`. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Expected(result.failure)
}
