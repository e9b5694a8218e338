import type { Failure, Result } from '../../preload/failure.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Log } from '../log.ts'
import type { Applied, Asked } from './apply.ts'
import type { Asking } from './body.ts'
import { shown } from './given.ts'

/** Stable, for programs; `unavailable` may be sent again as it is (docs/entitlements.md 10, R7). */
export type ErrorCode = 'invalid_name' | 'invalid_attributes' | 'conflict' | 'unavailable' | 'failed'
export type Answered = {
  created: string[]
  existing: string[]
  errors: { domain: string; error: string; code: ErrorCode }[]
}

export type Provision = (asked: Asked) => Promise<Result<Applied>>

/** Whom the journal names for what came through the endpoint: no person asked. */
export const endpointActor = 'provisioning'

/**
 * Provisions the names of one request in their order, each for itself: one that fails stops no other
 * (docs/entitlements.md 6.4). The answer holds generic words and codes; why goes to the log (R7, R10, R12).
 * `isOver`: the endpoint is stopping, and what is left is told as unavailable.
 */
export async function answerTo(
  { names, ...said }: Asking,
  provision: Provision,
  log: Pick<Log, 'warn' | 'error'>,
  isOver: () => boolean,
): Promise<Answered> {
  const answered: Answered = { created: [], existing: [], errors: [] }
  for (const item of names) {
    const done = await oneOf(item)
    if (typeof done === 'string')
      answered.errors.push({ domain: shown(item), error: words[done], code: done })
    else answered[done.outcome].push(done.name)
  }
  return answered

  async function oneOf(item: unknown): Promise<Applied | ErrorCode> {
    if (typeof item !== 'string') return 'invalid_name'
    if (isOver()) return 'unavailable'
    try {
      const done = await provision({ name: item, ...said, by: endpointActor })
      if (done.ok) return done.value
      tell(item, done.failure)
      return codeOf(done.failure)
    } catch (error) {
      log.error('provisioning a domain failed', error)
      return 'failed'
    }
  }

  /** What is no name of a domain may be anything, an address say: it is not told. */
  function tell(item: string, { code, reason, details }: Failure): void {
    const name = normaliseDomain(item)
    const about = name.ok ? { domain: name.value } : {}
    const facts = Object.fromEntries(Object.entries(details).filter(([key]) => told.includes(key)))
    log.warn('a domain was not provisioned', { ...about, failure: `${code}/${reason}`, ...facts })
  }
}

/** The details of a failure that name nobody. */
const told = ['attribute', 'cause', 'status']

const failedWords = 'Failed to provision domain.'
const words: Record<ErrorCode, string> = {
  invalid_name: 'Invalid domain.',
  invalid_attributes: 'Invalid attributes.',
  conflict: failedWords,
  unavailable: failedWords,
  failed: failedWords,
}

const passing: readonly Failure['code'][] = [
  'offline',
  'timeout',
  'server-error',
  'unknown-outcome',
  'cancelled',
]

function codeOf({ code, reason }: Failure): ErrorCode {
  if (code === 'invalid' && reason === 'attributes') return 'invalid_attributes'
  if (code === 'invalid') return reason === 'attributes-schema' ? 'failed' : 'invalid_name'
  if (code === 'conflict') return 'conflict'
  return passing.includes(code) ? 'unavailable' : 'failed'
}
