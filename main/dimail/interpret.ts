import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import { parseJson } from '../http/json.ts'
import { decodeText } from '../http/text.ts'
import type { Answer, Timeouts, WireOutcome } from '../http/wire.ts'
import { excerptOf, titleOf } from './excerpt.ts'
import { failureOfFault, failureOfSilence, failureOfStatus } from './failures.ts'
import { createListReader, type ListReader, shortList } from './list-reader.ts'
import type { Request } from './requests.ts'
import { retryAfter } from './retries.ts'
import type { RowsReading } from './rows.ts'

/** How a good answer is read: through a schema, row by row when it is a list, or not at all. */
export type Reading<T> = { parse: (value: unknown) => Result<T> } | { rows: RowsReading<T> } | { instead: T }

/** The same for one attempt, which alone reads its list. */
export type Opened<T> =
  | { parse: (value: unknown) => Result<T> }
  | { parse: (value: unknown) => Result<T>; list: ListReader<T> }
  | { instead: T }

export function openReading<T>(reading: Reading<T>, secrets: () => readonly string[]): Opened<T> {
  if (!('rows' in reading)) return reading
  const rows = reading.rows((text) => excerptOf(text, secrets()))
  return { list: createListReader(rows), parse: shortList(rows) }
}

/** What one attempt came to. */
export type Tried<T> = {
  result: Result<T>
  status: number | null
  /** Seconds that dimail asked to wait. */
  asked: number | null
  /** Another attempt may do better. */
  transient: boolean
  /** The request may have been carried out although this attempt failed. */
  ambiguous: boolean
}

export type Circumstances = { secrets: () => readonly string[]; timeouts: Timeouts; now: number }

/** What the outcome of one attempt means for `request`. */
export function interpret<T>(
  outcome: WireOutcome,
  request: Request,
  reading: Opened<T>,
  { secrets, timeouts, now }: Circumstances,
): Tried<T> {
  const facts = { status: null, asked: null, transient: false, ambiguous: false }
  if ('silence' in outcome) {
    const failure = failureOfSilence(outcome.silence, timeouts)
    const { left } = outcome.silence
    return { ...facts, result: { ok: false, failure }, transient: passes(failure), ambiguous: left }
  }
  const { answer } = outcome
  const { status } = answer
  if (status >= 300) {
    return {
      result: { ok: false, failure: failureOfStatus(answer, request, secrets(), now) },
      status,
      asked: retryAfter(answer.header('retry-after'), now),
      transient: [429, 500, 502, 503, 504].includes(status),
      // These two come from a server in between, which does not know what dimail did (RFC 9110 15.6).
      ambiguous: status === 502 || status === 504,
    }
  }
  if ('instead' in reading) return { ...facts, status, result: ok(reading.instead) }
  const list = 'list' in reading ? reading.list.close(answer) : null
  const result = list ?? readGood(answer, request, reading.parse, secrets)
  if (result.ok) return { ...facts, status, result }
  return { ...facts, status, result, transient: passes(result.failure), ambiguous: true }
}

/** Whether the network, rather than the answer, is to blame, and may be better at once. */
function passes({ code, reason }: Failure): boolean {
  if (code === 'offline') return reason !== 'tls' && reason !== 'dns'
  if (code === 'timeout') return reason === 'connect' || reason === 'headers'
  return code === 'bad-response' && reason === 'truncated'
}

function readGood<T>(
  answer: Answer,
  request: Request,
  parse: (value: unknown) => Result<T>,
  secrets: () => readonly string[],
): Result<T> {
  const details = { status: answer.status }
  if (answer.fault !== null) return { ok: false, failure: failureOfFault(answer) }
  const type = answer.header('content-type')
  const text = decodeText(answer.bytes, type)
  if (!text.ok) return text
  const json = parseJson(text.value)
  if (json.ok) return parse(json.value)
  const html =
    json.failure.reason === 'html' || (json.failure.reason === 'not-json' && /html/i.test(type ?? ''))
  if (!html) return { ok: false, failure: { ...json.failure, details } }
  const excerpt = request.secret ? '' : excerptOf(titleOf(text.value), secrets())
  const facts = excerpt === '' ? details : { ...details, excerpt }
  return failed('bad-response', 'html', 'A page came instead of data: is this dimail?', facts)
}
