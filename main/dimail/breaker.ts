import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
  isBrokenCircuitError,
} from 'cockatiel'
import type { WireOutcome } from '../http/wire.ts'
import type { Request } from './requests.ts'

export type Breaker = {
  /** The outcome of `send`, or `open` at once when dimail is known not to answer. */
  through(request: Request, send: () => Promise<WireOutcome>): Promise<WireOutcome | 'open'>
}

const halfOpenAfter = 10_000

/** Spares a dimail that does not answer: after 5 failures in a row, one attempt every 10 s. */
export function createBreaker(): Breaker {
  let brokenAt = 0
  const create = () => {
    const made = circuitBreaker(
      handleWhenResult((outcome) => isPass(outcome) && outcome.trips),
      { halfOpenAfter, breaker: new ConsecutiveBreaker(5) },
    )
    made.onBreak(() => {
      brokenAt = performance.now()
    })
    return made
  }
  let policy = create()

  async function through(request: Request, send: () => Promise<WireOutcome>): Promise<WireOutcome | 'open'> {
    try {
      const { outcome } = await policy.execute(async () => {
        const outcome = await send()
        return { outcome, trips: trips(outcome, request, policy.state === CircuitState.HalfOpen) }
      })
      return outcome
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error
      if (performance.now() - brokenAt < halfOpenAfter) return 'open'
      // The library reads the wall clock: put back by a day, it would stay open for a day.
      policy = create()
      return through(request, send)
    }
  }
  return { through }
}

const isPass = (value: unknown): value is { trips: boolean } =>
  typeof value === 'object' && value !== null && 'trips' in value

/**
 * Whether dimail seems down. A 500 does not say so, except to a sign-in: one domain's odd DNS data is enough
 * for its check to fail so (docs/dimail.md 6.3), and five such domains must not stop the others.
 */
function trips(outcome: WireOutcome, request: Request, halfOpen: boolean): boolean {
  // A cancelled trial proves nothing, and closing on it would let everybody through.
  if ('silence' in outcome) return outcome.silence.cause !== 'cancelled' || halfOpen
  const { status, fault } = outcome.answer
  if (fault === 'truncated' || fault === 'reset') return true
  return status > 500 || (status === 500 && (request.rule === 'token' || request.rule === 'probe'))
}
