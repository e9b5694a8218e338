import { DelegateBackoff, handleWhenResult, retry } from 'cockatiel'
import PQueue from 'p-queue'
import { type Failure, failed, type Result } from '../../preload/failure.ts'
import type { Timeouts, Wire, WireOutcome, WireRequest } from '../http/wire.ts'
import { createBarrier, isBarred } from './barrier.ts'
import { createBreaker } from './breaker.ts'
import { unknownOutcome } from './failures.ts'
import { interpret, openReading, type Reading, type Tried } from './interpret.ts'
import type { Request } from './requests.ts'
import { backoff, longestPause, type RetryRule, retryRules } from './retries.ts'
import { paces } from './timeouts.ts'
import { createTokens, parseToken, tokenRequest } from './token.ts'

export type Credentials = { username: string; password: string }
/** `ok` when dimail itself answered, be it to say no. */
export type Outcome = { ok: true } | { ok: false; failure: Failure }

export type CallerOptions = {
  base: string
  wire: Wire
  credentials: () => Credentials | null
  log: (event: string, facts: Record<string, string | number>) => void
  answered: (outcome: Outcome) => void
  closed: AbortSignal
  now: () => number
  random: () => number
  timeouts: Partial<Timeouts>
  /** Why a call must not leave, or null; asked again just before each attempt. */
  allow: (changes: boolean) => Failure | null
}

export type Caller = {
  /** Makes one call, as often as its rule allows; never rejects. */
  call<T>(request: Request, reading: Reading<T>, signal?: AbortSignal): Promise<Result<T>>
  /** Keeps a token that a probe obtained. */
  keep(token: string): void
}

const inFlight = 6

/** One call's life, over its attempts. */
type Flight = {
  cancel: AbortSignal
  /** Milliseconds left for attempts and pauses; waiting for a turn costs nothing. */
  left: number
  /** Seconds of pause that dimail asked for so far. */
  asked: number
  attempts: number
  /** Asked and not yet told what came of it: a cancellation must then wait for the truth. */
  asking: boolean
  /** Some attempt may have been carried out although its answer was lost. */
  ambiguous: boolean
  last: Failure | null
}

type Attempt<T> = Tried<T> & { token: string | null; pause: number | null }
const none = { status: null, asked: null, transient: false, ambiguous: false, token: null, pause: null }

/** Everything between an endpoint and the wire: turns, credentials, retries, the breaker, what to tell. */
export function createCaller(options: CallerOptions): Caller {
  const { base, wire, credentials, now, random } = options
  const barred = createBarrier(options.allow)
  const turns = new PQueue({ concurrency: inFlight })
  const lanes = new Map<string, PQueue>()
  const breaker = createBreaker()
  const tokens = createTokens(() => call(tokenRequest('token'), { parse: parseToken }), now)
  const timeoutsOf = (request: Request): Timeouts => ({ ...paces[request.pace], ...options.timeouts })

  function secretsNow(): string[] {
    const who = credentials()
    const token = tokens.known()
    const basic = who === null ? [] : [`${who.username}:${who.password}`, who.password]
    return token === null ? basic : [...basic, token]
  }

  async function authorization(request: Request): Promise<Result<{ header: string; token: string | null }>> {
    if (request.auth === 'bearer') {
      const token = await tokens.current()
      return token.ok ? { ok: true, value: { header: `Bearer ${token.value}`, token: token.value } } : token
    }
    const who = credentials()
    if (who === null) return failed('refused', 'no-credentials', 'The password of dimail is not known yet.')
    if (who.username.includes(':')) return failed('invalid', 'username', 'A dimail name holds no colon.')
    const pair = Buffer.from(`${who.username}:${who.password}`).toString('base64')
    return { ok: true, value: { header: `Basic ${pair}`, token: null } }
  }

  /** Waits for a turn, then puts the request on the wire. Retries and tokens go first: others wait for them. */
  async function onWire(
    request: Request,
    header: string,
    into: WireRequest['into'],
    flight: Flight,
  ): Promise<WireOutcome | 'open' | { ok: false; failure: Failure }> {
    const priority = flight.attempts > 1 || request.rule === 'token' || request.rule === 'probe' ? 1 : 0
    const sent = { method: request.method, url: base + request.path, headers: { Authorization: header } }
    const body = request.body === undefined ? null : JSON.stringify(request.body)
    const reuse = !retryRules[request.rule].changes
    return turns.add(
      // Waiting for a turn may take long enough to sign out.
      async () =>
        barred(request) ??
        breaker.through(request, async () => {
          const start = performance.now()
          const limits = { ...timeoutsOf(request), total: Math.max(1, flight.left) }
          flight.asking = true
          const outcome = await wire({ ...sent, body, reuse, into }, limits, flight.cancel)
          flight.left -= performance.now() - start
          return outcome
        }),
      { priority },
    )
  }

  async function attempt<T>(request: Request, reading: Reading<T>, flight: Flight): Promise<Attempt<T>> {
    if (flight.cancel.aborted) return { ...none, result: cancelled }
    const bar = barred(request)
    if (bar !== null) return { ...none, result: bar }
    const pass = await authorization(request)
    if (!pass.ok) return { ...none, result: pass }
    flight.attempts++
    const opened = openReading(reading, secretsNow)
    const into = 'list' in opened ? opened.list.into : null
    const outcome = await onWire(request, pass.value.header, into, flight)
    if (outcome === 'open') {
      const spared = failed('offline', 'breaker', 'dimail does not answer; the next attempt is soon.')
      // What stopped the attempt before says more.
      return { ...none, result: flight.last === null ? spared : { ok: false, failure: flight.last } }
    }
    if ('failure' in outcome) return { ...none, result: outcome }
    const circumstances = { secrets: secretsNow, timeouts: timeoutsOf(request), now: now() }
    const tried = interpret(outcome, request, opened, circumstances)
    flight.ambiguous ||= tried.ambiguous
    flight.last = tried.result.ok ? null : tried.result.failure
    const pause = pauseBefore(tried, request, flight)
    flight.asking = pause === null
    return { ...tried, token: pass.value.token, pause }
  }

  /** Milliseconds to wait before the next attempt; null when there is none to make. */
  function pauseBefore(tried: Tried<unknown>, request: Request, flight: Flight): number | null {
    const rule: RetryRule = retryRules[request.rule]
    if (!tried.transient || flight.attempts > rule.retries || flight.left <= 0) return null
    if (tried.asked !== null) {
      flight.asked += tried.asked
      return flight.asked > longestPause ? null : tried.asked * 1000
    }
    const pause = backoff(flight.attempts, random)
    if (pause >= flight.left) return null
    flight.left -= pause
    return pause
  }

  async function withRetries<T>(request: Request, reading: Reading<T>, flight: Flight): Promise<Attempt<T>> {
    const first = await retrying.execute(() => attempt(request, reading, flight))
    if (first.result.ok || (first.status !== 401 && first.status !== 403)) return first
    flight.asking = false
    if (first.token === null) return { ...first, result: await explained(first.result, request) }
    const renewed = await tokens.renew(first.token)
    if (!renewed.ok) return { ...none, result: renewed }
    return retrying.execute(() => attempt(request, reading, flight))
  }

  /** dimail refuses a wrong password and a missing right alike (docs/dimail.md 1.3): a sign-in tells them apart. */
  async function explained<T>(refused: Result<T>, request: Request): Promise<Result<T>> {
    if (refused.ok || request.rule === 'token' || request.rule === 'probe') return refused
    const proof = await tokens.renew(tokens.known() ?? '')
    // The proof may itself fail for another reason, which is then the one to tell.
    if (!proof.ok) return proof.failure.reason === 'credentials' ? refused : proof
    const { details } = refused.failure
    return failed('refused', 'forbidden', 'This account has no right to do this at dimail.', details)
  }

  async function call<T>(request: Request, reading: Reading<T>, signal?: AbortSignal): Promise<Result<T>> {
    const cancel = signal ? AbortSignal.any([options.closed, signal]) : options.closed
    const left = timeoutsOf(request).total
    const flight = { cancel, left, asked: 0, attempts: 0, asking: false, ambiguous: false, last: null }
    const start = performance.now()
    const work = inLane(request, () => withRetries(request, reading, flight))
    const tried = await unlessCancelled(work, flight)
    const result = conclude(tried, request, flight)
    if (flight.attempts > 0) tell(tried.result, options.answered)
    options.log('dimail call', {
      method: request.method,
      route: request.route,
      outcome: result.ok ? 'ok' : `${result.failure.code}/${result.failure.reason}`,
      status: tried.status ?? 0,
      attempts: flight.attempts,
      ms: Math.round(performance.now() - start),
    })
    return result
  }

  async function inLane<T>(request: Request, work: () => Promise<T>): Promise<T> {
    const name = request.lane
    if (name === undefined) return work()
    let lane = lanes.get(name)
    if (!lane) {
      const made = new PQueue({ concurrency: 1 })
      made.addEventListener('idle', () => {
        if (made.size + made.pending === 0) lanes.delete(name)
      })
      lanes.set(name, made)
      lane = made
    }
    return lane.add(work)
  }

  return { call, keep: tokens.keep }
}

const cancelled = failed('cancelled', 'asked', 'The call was cancelled.')

const pauseOf = (value: unknown): number | null =>
  typeof value === 'object' && value !== null && 'pause' in value && typeof value.pause === 'number'
    ? value.pause
    : null

const retrying = retry(
  handleWhenResult((value) => pauseOf(value) !== null),
  {
    maxAttempts: 2,
    backoff: new DelegateBackoff(({ result }) => ('value' in result ? (pauseOf(result.value) ?? 0) : 0)),
  },
)

/** The attempts' end, or a cancellation that comes while nothing of them is on the wire. */
async function unlessCancelled<T>(work: Promise<Attempt<T>>, flight: Flight): Promise<Attempt<T>> {
  let stop = () => {}
  const aborted = new Promise<Attempt<T>>((resolve) => {
    stop = () => {
      if (!flight.asking) resolve({ ...none, result: cancelled })
    }
  })
  flight.cancel.addEventListener('abort', stop)
  if (flight.cancel.aborted) stop()
  try {
    return await Promise.race([work, aborted])
  } finally {
    flight.cancel.removeEventListener('abort', stop)
  }
}

/** The last attempt's result, unless the state of dimail is in doubt. */
function conclude<T>(tried: Attempt<T>, request: Request, flight: Flight): Result<T> {
  const { result } = tried
  if (result.ok || !retryRules[request.rule].changes) return result
  const says = ['offline', 'timeout', 'server-error', 'cancelled'].includes(result.failure.code)
  const doubt = tried.ambiguous || (flight.ambiguous && (says || isBarred(result.failure)))
  return doubt ? { ok: false, failure: unknownOutcome(result.failure) } : result
}

function tell(result: Result<unknown>, answered: (outcome: Outcome) => void): void {
  if (result.ok) {
    answered({ ok: true })
    return
  }
  const { code, reason } = result.failure
  // Nothing new was learnt about dimail.
  if (code === 'cancelled' || code === 'invalid' || reason === 'breaker' || isBarred(result.failure)) return
  const itself =
    code === 'not-found' || code === 'conflict' || (code === 'refused' && reason !== 'credentials')
  answered(itself ? { ok: true } : { ok: false, failure: result.failure })
}
