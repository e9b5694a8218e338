import { type Failure, failed } from '../../preload/failure.ts'
import type { Trouble } from './ask.ts'

const fail = (...what: Parameters<typeof failed>): Failure => failed(...what).failure

/**
 * What a trouble with DeployCenter means to the agent, from its status and the names of fields only: its texts are in
 * its own language (docs/entitlements.md 2.4). docs/entitlements.md 3.2 is this table in words.
 */
export function failureOf(trouble: Trouble): Failure {
  switch (trouble.kind) {
    case 'cancelled':
      return fail('cancelled', 'asked', 'The call was cancelled.')
    case 'offline':
      return fail('offline', 'deploycenter', 'DeployCenter could not be reached.', { cause: trouble.cause })
    case 'tls':
      return fail('offline', 'deploycenter-tls', 'The identity of DeployCenter could not be verified.')
    case 'timeout':
      return fail('timeout', 'deploycenter', 'DeployCenter did not answer in time.', { limit: trouble.limit })
    case 'size': {
      const details = { limit: trouble.limit / 1e6 }
      return fail('bad-response', 'deploycenter-size', 'The answer of DeployCenter is too large.', details)
    }
    case 'redirect': {
      const { status, host } = trouble
      const message = 'DeployCenter sent the call elsewhere, which is never followed.'
      return fail('bad-response', 'deploycenter-redirect', message, { status, host })
    }
    case 'unreadable':
      return trouble.cause === 'html'
        ? fail('bad-response', 'deploycenter-html', 'A page came instead of data: is this DeployCenter?')
        : fail('bad-response', 'deploycenter-not-json', 'The answer of DeployCenter is not JSON.', {
            cause: trouble.cause,
          })
    case 'status':
      return ofStatus(trouble.status, trouble.fields)
  }
}

/** A key that is refused and a request that lacks something are for an administrator to mend: no outage (R4). */
function ofStatus(status: number, fields: readonly string[]): Failure {
  if (status === 401 || status === 403)
    return fail('refused', 'deploycenter-key', 'DeployCenter refused the key of this service.', { status })
  if (status === 400) {
    const details = { fields: fields.join(', ') || '?' }
    return fail('refused', 'deploycenter-request', 'DeployCenter finds the request incomplete.', details)
  }
  return status < 500
    ? fail('refused', 'deploycenter-status', `DeployCenter answered with status ${status}.`, { status })
    : fail('server-error', 'deploycenter', `DeployCenter failed with status ${status}.`, { status })
}

/** JSON that is not what DeployCenter sends (docs/entitlements.md 13, 14). */
export function failureOfShape(value: unknown): Failure {
  if (Array.isArray(value))
    return fail('bad-response', 'deploycenter-array', 'DeployCenter answered with a list.')
  if (typeof value === 'object' && value !== null && 'entitlements' in value && value.entitlements === null)
    return fail('bad-response', 'deploycenter-null', 'DeployCenter answered with no entitlements at all.')
  return fail('bad-response', 'deploycenter', 'The answer of DeployCenter has not the expected shape.')
}
