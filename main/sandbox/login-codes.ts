import { randomBytes } from 'node:crypto'

export type LoginCode = { email: string; code: string; expiresAt: number; maxUse: number; used: number }
/** What became of a login link; `left`: how often it still works. */
export type Followed = {
  outcome: 'signed-in' | 'used-up' | 'expired' | 'unknown'
  address: string | null
  left: number
}
const kept = 100_000

/**
 * The login codes that dimail has given (docs/dimail.md 4.10), each good until it expires and `maxUse` times.
 * `now` and `expiresAt` are milliseconds.
 */
export function createLoginCodes(now: () => number) {
  const codes = new Map<string, LoginCode>()

  function issue(email: string, lifetimeMs: number, maxUse: number): LoginCode {
    const code = randomBytes(24).toString('base64url')
    const issued = { email, code, expiresAt: now() + lifetimeMs, maxUse, used: 0 }
    codes.set(code, issued)
    for (const oldest of codes.keys()) {
      if (codes.size <= kept) break
      codes.delete(oldest)
    }
    return issued
  }

  /** Uses a code once. */
  function follow(code: string): Followed {
    const known = codes.get(code)
    if (known === undefined) return { outcome: 'unknown', address: null, left: 0 }
    const { email: address } = known
    if (now() >= known.expiresAt) return { outcome: 'expired', address, left: 0 }
    if (known.used >= known.maxUse) return { outcome: 'used-up', address, left: 0 }
    known.used += 1
    return { outcome: 'signed-in', address, left: known.maxUse - known.used }
  }

  return { issue, follow, clear: () => codes.clear() }
}
export type LoginCodes = ReturnType<typeof createLoginCodes>
