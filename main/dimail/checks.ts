import { type Check, isFailing } from '../../preload/shapes.ts'

/** The checks that are dimail's own affair when it does not say so itself (docs/dimail.md 6.2). */
const internalKeys = new Set(['postfix', 'ox', 'cert', 'webmail_ok'])
const externalKeys = ['domain_exist', 'mx', 'cname_webmail', 'cname_imap', 'cname_smtp', 'spf', 'dkim']
/** The known keys and their places; asked for each check of a hundred thousand domains. */
const places = new Map([...externalKeys, ...internalKeys].map((key, place) => [key, place]))

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** dimail's newest mock writes booleans as text (docs/dimail.md 7.1); anything else is no answer. */
function readBoolean(value: unknown): boolean | null {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  return null
}

function readErrors(value: unknown): Check['errors'] {
  if (!Array.isArray(value)) return []
  return value.map((error: unknown) => ({
    code: isObject(error) && typeof error.code === 'string' && error.code !== '' ? error.code : 'unknown',
    detail: isObject(error) && typeof error.detail === 'string' ? error.detail : '',
  }))
}

function readCheck(key: string, value: unknown): Check {
  const body = isObject(value) ? value : {}
  const passed = readBoolean(body.ok)
  const errors = readErrors(body.errors)
  const untested = passed === false && errors.length > 0 && errors.every((error) => error.code === 'no_test')
  return {
    key,
    internal: readBoolean(body.internal) ?? internalKeys.has(key),
    state: passed === null ? 'unknown' : passed ? 'ok' : untested ? 'not-tested' : 'failing',
    errors,
  }
}

/**
 * Every check in a domain as dimail answered it, external ones first, in a stable order.
 * A check is any value that has `ok`, since new ones appear at any time (docs/dimail.md 7.19); a known key
 * of another shape is a check whose result is unknown. When `domain_exist` fails dimail tests nothing else,
 * and what the other keys claim is not believed (docs/dimail.md 6.2).
 */
export function readChecks(answer: Record<string, unknown>): Check[] {
  const keys = Object.keys(answer).filter((key) => {
    const value = answer[key]
    return (isObject(value) && 'ok' in value) || (places.has(key) && value !== undefined)
  })
  const checks = keys.map((key) => readCheck(key, answer[key]))
  const missing = checks.find((check) => check.key === 'domain_exist' && isFailing(check))
  const believed = missing
    ? checks.map((check) =>
        check === missing ? check : { ...check, state: 'not-tested' as const, errors: [] },
      )
    : checks
  return believed.sort((a, b) => rank(a) - rank(b) || a.key.localeCompare(b.key))
}

function rank(check: Check): number {
  return (check.internal ? 100 : 0) + (places.get(check.key) ?? 50)
}
