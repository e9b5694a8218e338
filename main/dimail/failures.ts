import { type Failure, failed } from '../../preload/failure.ts'
import { parseErrorBody } from '../http/json.ts'
import { decodeText } from '../http/text.ts'
import type { Answer, Silence, Timeouts } from '../http/wire.ts'
import { excerptOf, titleOf } from './excerpt.ts'
import type { Request, Subject } from './requests.ts'
import { longestPause, retryAfter } from './retries.ts'

const fail = (...what: Parameters<typeof failed>): Failure => failed(...what).failure

/** What to say when no answer came; docs/decisions/failures.md is this table in words. */
export function failureOfSilence(silence: Silence, timeouts: Timeouts): Failure {
  const { cause, code } = silence
  if (cause === 'cancelled') return fail('cancelled', 'asked', 'The call was cancelled.')
  if (cause !== 'network') {
    const details = { limit: timeouts[cause] / 1000 }
    return fail('timeout', cause, `dimail was too slow: the ${cause} time limit passed.`, details)
  }
  const details = code === '' ? {} : { code: code.slice(0, 100) }
  if (/^HPE_/.test(code)) return fail('bad-response', 'headers', 'The answer is not proper HTTP.', details)
  if (/^EAI_|^ENOTFOUND$/.test(code))
    return fail('offline', 'dns', 'The name of the dimail server is not known.', details)
  if (code === 'ECONNREFUSED') return fail('offline', 'refused', 'Nothing listens at this address.', details)
  if (/^(EHOST|ENET|EADDR)/.test(code)) return fail('offline', 'unreachable', 'No route to dimail.', details)
  if (code === 'ETIMEDOUT') return fail('timeout', 'connect', 'dimail did not answer in time.', details)
  if (/SSL|TLS|CERT|SIGN|SELF|HOSTNAME|^UNABLE_TO|^EPROTO$|^CRL_|CHAIN/.test(code))
    return fail('offline', 'tls', 'The identity of the dimail server could not be verified.', details)
  return fail('offline', 'reset', 'The connection was cut.', details)
}

/** A body that could not be read whole. */
export function failureOfFault(answer: Answer): Failure {
  const details = { status: answer.status }
  switch (answer.fault) {
    case 'reset':
      return fail('offline', 'reset', 'The connection was cut during the answer.', details)
    case 'too-large':
      return fail('bad-response', 'too-large', 'The answer is larger than any that dimail sends.', details)
    case 'encoding':
      return fail('bad-response', 'headers', 'The answer is not compressed as its header says.', details)
    default:
      return fail('bad-response', 'truncated', 'The answer was cut before its end.', details)
  }
}

/** What an answer outside 2xx means. `secrets` are kept out of the excerpt. */
export function failureOfStatus(
  answer: Answer,
  request: Request,
  secrets: readonly string[],
  now: number,
): Failure {
  const { status } = answer
  const body = errorBody(answer)
  const text = body.html ? titleOf(body.text) : (detailOf(body.value) ?? body.text)
  const excerpt = request.secret ? '' : excerptOf(text, secrets)
  const details = excerpt === '' ? { status } : { status, excerpt }
  if (status < 400) return redirected(answer, details)
  if (status === 401 || status === 403) {
    return request.auth === 'basic'
      ? fail('refused', 'credentials', 'dimail refused the name or the password.', details)
      : fail('refused', 'forbidden', 'This account has no right to do this at dimail.', details)
  }
  if (status === 429 || status >= 500) return ofServer(answer, details, now)
  if (status === 409) {
    // Only a known text narrows the meaning: a conflict with no text is the documented "already exists".
    return /mandatory|mapped/i.test(text)
      ? fail('conflict', 'other', 'dimail found a contradiction.', details)
      : fail('conflict', 'exists', 'It exists already at dimail.', details)
  }
  if (body.html) return fail('bad-response', 'html', 'A page came instead of data: is this dimail?', details)
  if (status === 404 || status === 405) return missing(request.subject, status, text, details)
  return fail('refused', 'invalid', 'dimail refused the request as it is.', details)
}

function redirected(answer: Answer, details: Failure['details']): Failure {
  const location = answer.header('location') ?? ''
  const host = URL.canParse(location) ? { host: new URL(location).host.slice(0, 255) } : {}
  const message = 'dimail sent the call elsewhere, which is never followed.'
  return fail('bad-response', 'redirect', message, { status: details.status ?? 0, ...host })
}

function ofServer(answer: Answer, details: Failure['details'], now: number): Failure {
  const { status } = answer
  const asked = retryAfter(answer.header('retry-after'), now)
  const facts = asked === null ? details : { ...details, seconds: Math.min(asked, 1e9) }
  if (asked !== null && (asked > longestPause || status === 503))
    return fail('server-error', 'retry-later', 'dimail asks to come back later.', facts)
  if (status === 429) return fail('server-error', 'rate-limited', 'dimail received too many calls.', facts)
  return fail('server-error', 'status', `dimail failed with status ${status}.`, facts)
}

/** FastAPI's own 404 and 405 mean that this dimail lacks the call (docs/dimail.md 1.2). */
function missing(subject: Subject, status: number, text: string, details: Failure['details']): Failure {
  if (status === 405 || text === 'Not Found')
    return fail('not-found', 'route', 'This dimail does not know the call.', details)
  const reason = /^domain not found/i.test(text) && subject !== 'address' ? 'domain' : subject
  return fail('not-found', reason, `dimail knows no such ${reason}.`, details)
}

function errorBody(answer: Answer): { text: string; html: boolean; value: unknown } {
  const type = answer.header('content-type')
  const decoded = decodeText(answer.bytes, type)
  if (!decoded.ok) return { text: '', html: false, value: undefined }
  const text = decoded.value
  const html = /html/i.test(type ?? '') || text.trimStart().startsWith('<')
  return { text, html, value: html ? undefined : parseErrorBody(text) }
}

/**
 * The sentence of an error body: a string, or the place and message of each complaint of a 422. Its `input`
 * is left out, since it repeats what was sent.
 */
function detailOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return null
  const detail = 'detail' in value ? value.detail : 'details' in value ? value.details : null
  if (typeof detail === 'string') return detail
  return Array.isArray(detail) ? detail.map(complaint).filter(Boolean).join('; ') : null
}

function complaint(item: unknown): string {
  if (typeof item !== 'object' || item === null || !('msg' in item)) return ''
  const place = 'loc' in item && Array.isArray(item.loc) ? `${item.loc.join('.')}: ` : ''
  return `${place}${String(item.msg)}`
}

/**
 * Whether the next call would fare no better: dimail is silent, refuses the password or asks for peace. A call that
 * fails so changed nothing, and may be made again later.
 */
export const endsTheRound = ({ code, reason }: Failure): boolean =>
  ['offline', 'timeout', 'cancelled'].includes(code) ||
  ['credentials', 'no-credentials', 'rate-limited', 'retry-later'].includes(reason)

/** `failure` of a call that may have changed something at dimail all the same. */
export function unknownOutcome(failure: Failure): Failure {
  const { code, reason, details } = failure
  const why = { ...details, cause: `${code}/${reason}` }
  if (code === 'cancelled')
    return fail('unknown-outcome', 'cancelled', 'Cancelled after dimail had been asked: look again.', why)
  if (code === 'bad-response' && reason !== 'truncated')
    return fail('unknown-outcome', 'unreadable-answer', 'dimail answered, but not in a readable way.', why)
  if (code === 'server-error')
    return fail('unknown-outcome', 'gateway', 'A server before dimail lost its answer: look again.', why)
  return fail('unknown-outcome', 'lost-answer', 'The answer was lost: the change may have been made.', why)
}

/** dimail answered, and has no domain of this name. */
export const isUnknownDomain = ({ code, reason }: Pick<Failure, 'code' | 'reason'>): boolean =>
  code === 'not-found' && reason === 'domain'
