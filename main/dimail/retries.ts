/** How often a call may be on the wire, and what its loss means (docs/faults.md 5). */
export type RetryRule = {
  /** Attempts after the first. */
  retries: 0 | 1 | 2
  /** Whether dimail's state changes: a lost answer then leaves the outcome unknown. */
  changes: boolean
}

export const retryRules = {
  /** `check` stores its result at dimail but may be asked twice without harm. */
  read: { retries: 2, changes: false },
  token: { retries: 2, changes: false },
  /** A probe that an agent waits for: it says at once what is wrong. */
  probe: { retries: 0, changes: false },
  /** A GET that acts (docs/dimail.md 3.6). */
  fix: { retries: 0, changes: true },
  /** PATCH with absolute values: the second one finds nothing left to do. */
  set: { retries: 2, changes: true },
  create: { retries: 0, changes: true },
  /** A second reset would void the password of the first. */
  reset: { retries: 0, changes: true },
  delete: { retries: 0, changes: true },
} satisfies Record<string, RetryRule>

/** The longest pause that dimail may ask for, in seconds. */
export const longestPause = 30

/**
 * The seconds that a `Retry-After` asks for: delta-seconds or an HTTP date (RFC 9110 10.2.3). A date in the
 * past is 0; null when absent or nonsense.
 */
export function retryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text)
  // Date.parse alone would take "-5" or "1.5" for a year.
  if (!/^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/.test(text)) return null
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000))
}

/** Full jitter: anywhere between nothing and a ceiling that doubles, in milliseconds. */
export function backoff(attempt: number, random: () => number): number {
  return Math.floor(random() * Math.min(2_000, 250 * 2 ** (attempt - 1)))
}
