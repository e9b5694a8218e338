import { z } from 'zod'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Request } from './requests.ts'
import { pathOf } from './requests.ts'

export const tokenRequest = (rule: 'token' | 'probe'): Request => ({
  method: 'GET',
  route: '/token/',
  path: pathOf('/token/', {}),
  auth: 'basic',
  rule,
  pace: 'ordinary',
  subject: 'user',
  secret: true,
})

// Visible ASCII only: the token becomes a header.
const answer = z.object({ access_token: z.string().regex(/^[\x21-\x7e]{1,8000}$/), token_type: z.string() })

/** The token of an answer to `GET /token/` (docs/dimail.md 2.1); a failure never quotes it. */
export function parseToken(value: unknown): Result<string> {
  const parsed = answer.safeParse(value)
  if (parsed.success) return ok(parsed.data.access_token)
  return failed('bad-response', 'shape', 'The answer to the sign-in is not one of dimail.')
}

export type Tokens = {
  /** A token that still lives. */
  current(): Promise<Result<string>>
  /** A token other than `stale`, which dimail refused. */
  renew(stale: string): Promise<Result<string>>
  /** Keeps a token that was obtained otherwise. */
  keep(token: string): void
  /** For redaction. */
  known(): string | null
}

const unreadableLife = 40 * 60_000
const skew = 30_000

/** One token for everybody, asked for once however many calls wait for it. */
export function createTokens(fetch: () => Promise<Result<string>>, now: () => number): Tokens {
  let held: { token: string; until: number } | null = null
  let coming: Promise<Result<string>> | null = null

  function keep(token: string): void {
    held = { token, until: (expiryOf(token) ?? now() + unreadableLife) - skew }
  }
  async function obtain(): Promise<Result<string>> {
    const result = await fetch()
    if (result.ok) keep(result.value)
    return result
  }
  function shared(): Promise<Result<string>> {
    coming ??= obtain().finally(() => {
      coming = null
    })
    return coming
  }

  return {
    keep,
    known: () => held?.token ?? null,
    async current() {
      return held && now() < held.until ? ok(held.token) : shared()
    },
    async renew(stale) {
      // Somebody else may have renewed it while this call was on the wire.
      if (held && held.token !== stale && now() < held.until) return ok(held.token)
      return shared()
    },
  }
}

/** When a JWT expires (RFC 7519 4.1.4), in milliseconds; read, not verified: only dimail can. */
export function expiryOf(token: string): number | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    const parsed = z.object({ exp: z.number().positive().max(1e11) }).safeParse(claims)
    return parsed.success ? parsed.data.exp * 1000 : null
  } catch {
    return null
  }
}
