import type { Failure } from '../../preload/failure.ts'
import { failureOfFault, failureOfSilence } from '../dimail/failures.ts'
import { keepUpTo } from '../http/body.ts'
import { parseErrorBody, parseJson } from '../http/json.ts'
import { decodeText } from '../http/text.ts'
import type { Answer, Timeouts, Wire } from '../http/wire.ts'

export type Question = {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body: string | null
  /** The whole attempt, in seconds: name, connection, answer and body. */
  timeoutS: number
}

/** Why a server gave no JSON, before it is said which server that was. */
export type Trouble =
  | { kind: 'cancelled' }
  /** `cause`: Node's word for it, as docs/decisions/failures.md names them. */
  | { kind: 'offline' | 'tls' | 'unreadable'; cause: string }
  | { kind: 'timeout' | 'size'; limit: number }
  | { kind: 'redirect'; status: number; host: string }
  /** `fields`: the names, and never the texts, of what a 400 complains about (docs/entitlements.md 2.4). */
  | { kind: 'status'; status: number; fields: readonly string[] }
export type Told = { status: number; value: unknown } | { trouble: Trouble }

/** Decoded bytes of a good answer: thousands of domains take a tenth of it. */
const largest = 1_000_000

/**
 * One request for JSON, put on the wire exactly once: no redirect is followed, since the key of DeployCenter would be
 * carried along (docs/entitlements.md 3.2, F11), and no more than 1 MB is kept. Never rejects.
 */
export async function askJson(wire: Wire, question: Question, cancel: AbortSignal): Promise<Told> {
  const { method, url, headers, body, timeoutS } = question
  const limit = timeoutS * 1000
  const timeouts: Timeouts = { connect: limit, headers: limit, idle: limit, total: limit }
  // A connection that the server may be closing must not cost the only attempt.
  const request = { method, url, headers, body, reuse: false, into: () => keepUpTo(largest) }
  const outcome = await wire(request, timeouts, cancel)
  if ('silence' in outcome)
    return { trouble: troubleOf(failureOfSilence(outcome.silence, timeouts), timeoutS) }
  const { answer } = outcome
  const { status } = answer
  if (status >= 400) return { trouble: { kind: 'status', status, fields: fieldsOf(answer) } }
  if (status >= 300) return { trouble: { kind: 'redirect', status, host: hostOf(answer, url) } }
  if (answer.fault !== null) return { trouble: troubleOf(failureOfFault(answer), timeoutS) }
  const text = decodeText(answer.bytes, answer.header('content-type'))
  const json = text.ok ? parseJson(text.value) : text
  return json.ok ? { status, value: json.value } : { trouble: troubleOf(json.failure, timeoutS) }
}

function troubleOf({ code, reason }: Failure, timeoutS: number): Trouble {
  if (code === 'cancelled') return { kind: 'cancelled' }
  if (code === 'timeout') return { kind: 'timeout', limit: timeoutS }
  if (reason === 'too-large') return { kind: 'size', limit: largest }
  if (code === 'offline') return { kind: reason === 'tls' ? 'tls' : 'offline', cause: reason }
  return { kind: 'unreadable', cause: reason }
}

function hostOf(answer: Answer, from: string): string {
  const location = answer.header('location')
  const isAddress = location !== undefined && URL.canParse(location, from)
  return isAddress ? new URL(location, from).host.slice(0, 255) : '?'
}

/** The messages are in the server's language, and may repeat what was sent: only the names are taken. */
function fieldsOf(answer: Answer): string[] {
  const text = decodeText(answer.bytes, answer.header('content-type'))
  const body = text.ok ? parseErrorBody(text.value) : null
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return []
  return Object.keys(body)
    .filter((name) => /^[a-z_]{1,40}$/.test(name))
    .slice(0, 5)
}
