import type { Failure } from '../../preload/failure.ts'
import type { Connectivity } from '../../preload/shapes.ts'
import { type Dimail, isBarred } from '../dimail/client.ts'

/** While dimail is away it is asked this often; its circuit breaker lets one in two through (docs/faults.md 50). */
const retryEveryMs = 5_000
/** While all is well and nobody asks anything, so that the sign never lies for longer than this. */
const confirmEveryMs = 120_000
const tellEveryMs = 5_000

export type Watch = {
  read(): Connectivity
  /** Asks now. */
  probe(): Promise<Connectivity>
  close(): void
}

/**
 * Whether dimail answers, from every answer on the wire and, when there is none to learn from, from a probe:
 * the token call, which changes nothing and proves the address and the credentials at once.
 */
export function watchConnectivity(deps: {
  dimail: Pick<Dimail, 'token' | 'answered'>
  isNetworkUp: () => boolean
  now: () => number
  changed: (state: Connectivity) => void
}): Watch {
  const { dimail, isNetworkUp, now, changed } = deps
  let current: Connectivity = { state: 'unknown', since: now(), lastAnswerAt: null, failure: null }
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let toldAt = 0

  function learn(failure: Failure | null): void {
    if (closed || failure?.code === 'cancelled' || failure?.code === 'invalid') return
    const state = stateOf(failure, isNetworkUp())
    const answered = (state === 'online' || state === 'locked') && failure?.reason !== 'no-credentials'
    const lastAnswerAt = answered ? now() : current.lastAnswerAt
    const news = state !== current.state || failure?.reason !== current.failure?.reason
    const turned = state !== current.state
    current = {
      state,
      since: turned ? now() : current.since,
      lastAnswerAt,
      failure: state === 'online' ? null : failure,
    }
    // The sign shows how old the last answer is: it is told again when it has moved, not at each of a thousand.
    if (news || now() - toldAt >= tellEveryMs) {
      toldAt = now()
      changed(current)
    }
    schedule()
  }

  function schedule(): void {
    clearTimeout(timer)
    if (closed || current.state === 'locked') return
    timer = setTimeout(() => void probe(), current.state === 'online' ? confirmEveryMs : retryEveryMs)
    timer.unref()
  }

  async function probe(): Promise<Connectivity> {
    const outcome = await dimail.token()
    // Nothing left: the next one may.
    if (!outcome.ok && isBarred(outcome.failure)) schedule()
    else learn(outcome.ok ? null : outcome.failure)
    return current
  }

  const stop = dimail.answered((outcome) => learn(outcome.ok ? null : outcome.failure))
  return {
    read: () => current,
    probe,
    close() {
      closed = true
      clearTimeout(timer)
      stop()
    },
  }
}

/** A refusal or an odd answer comes from a server that answers; only silence means that it is away. */
function stateOf(failure: Failure | null, isNetworkUp: boolean): Connectivity['state'] {
  if (failure === null) return 'online'
  if (failure.code === 'refused' && ['credentials', 'no-credentials'].includes(failure.reason))
    return 'locked'
  const silent = failure.code === 'offline' || failure.code === 'timeout'
  if (!silent) return 'online'
  return isNetworkUp ? 'not-answering' : 'offline'
}
