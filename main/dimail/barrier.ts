import type { Failure } from '../../preload/failure.ts'
import type { Request } from './requests.ts'
import { retryRules } from './retries.ts'

const refusals = new WeakSet<Failure>()

/** Whether a call was kept from leaving: nothing was learnt about dimail. */
export const isBarred = (failure: Failure): boolean => refusals.has(failure)

/** Asks `allow` whether a request may leave; the failure to end with when it may not. */
export const createBarrier =
  (allow: (changes: boolean) => Failure | null) =>
  (request: Request): { ok: false; failure: Failure } | null => {
    const refusal = allow(retryRules[request.rule].changes)
    if (refusal === null) return null
    // A copy, since whoever refuses may use the same one where dimail did answer.
    const failure = { ...refusal }
    refusals.add(failure)
    return { ok: false, failure }
  }
