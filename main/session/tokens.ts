import { z } from 'zod'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { parseStrictly } from '../http/json.ts'
import type { Grant, Refreshed } from './provider-calls.ts'
import { refused } from './provider-failures.ts'

/** The name `<profile> session` of the vault, whose writes never throw; null forgets. */
export type KeptSession = { read(): string | null; write(text: string | null): void }

const shape = z.object({
  /** Whose tokens they are: those of one provider are never sent to another. */
  issuer: z.string(),
  clientId: z.string(),
  sub: z.string().min(1).max(255),
  /** The level at which the agent signed in: a refresh does not tell it again. */
  acr: z.string().nullable(),
  refreshToken: z.string().min(1).nullable(),
  idToken: z.string().min(1).nullable(),
  /** The refresh token has been sent and its answer has not come: it is not sent again. */
  isSent: z.boolean(),
})
export type Known = Pick<z.infer<typeof shape>, 'sub' | 'acr' | 'idToken'>

export type Tokens = {
  known(): Known | null
  canRefresh(): boolean
  /** The tokens of a new sign-in, in place of all others. */
  take(grant: Grant, sub: string, acr: string | null): void
  /** Synchronously, and for good: what is under way for who is forgotten comes to nothing. */
  forget(): void
  /**
   * Makes a call by an access token, refreshed when there is none or when the call says that it is not accepted: once
   * for all the calls that find so at the same time (docs/faults.md 32).
   */
  withAccess<T>(refresh: Refresh, call: (accessToken: string) => Promise<Called<T>>): Promise<Result<T>>
}
export type Refresh = (refreshToken: string) => Promise<Refreshed>
export type Called<T> = Result<T> | 'unauthorised'

export type TokensDeps = {
  kept: KeptSession
  owner: { issuer: string; clientId: string }
  now: () => number
}

/** At most one refresh in this time, and no access token is held for longer (docs/faults.md 33). */
const betweenRefreshesMs = 60_000

/** The tokens of one agent. Access tokens are in memory only; the others in the vault. */
export function createTokens({ kept, owner, now }: TokensDeps): Tokens {
  let current: z.infer<typeof shape> | null | undefined
  let access: { token: string; until: number } | null = null
  let flight: Promise<Result<string>> | null = null
  let refreshedAt = Number.NEGATIVE_INFINITY
  let turn = 0

  const held = () => {
    if (current === undefined) current = readKept(kept.read(), owner)
    return current
  }
  const keep = (next: z.infer<typeof shape> | null) => {
    current = next
    kept.write(next === null ? null : JSON.stringify(next))
  }
  const hold = ({ accessToken, expiresInS }: Grant) => {
    const toldMs = expiresInS === null ? betweenRefreshesMs : expiresInS * 1000
    const livesMs = Math.min(toldMs, betweenRefreshesMs)
    access = { token: accessToken, until: now() + livesMs }
  }
  const forget = () => {
    turn++
    access = null
    flight = null
    keep(null)
  }

  async function refreshOnce(refresh: Refresh): Promise<Result<string>> {
    const before = held()
    if (!before?.refreshToken) return refused('session-over')
    const sinceMs = now() - refreshedAt
    // A clock that was set back says nothing of how long ago it was.
    if (sinceMs >= 0 && sinceMs < betweenRefreshesMs)
      return tooSoon(Math.ceil((betweenRefreshesMs - sinceMs) / 1000))
    const mine = turn
    const earlier = refreshedAt
    refreshedAt = now()
    // Before it leaves: a program that ends meanwhile does not send it again.
    keep({ ...before, isSent: true })
    const refreshed = await refresh(before.refreshToken)
    if (turn !== mine) return cancelled()
    if (!refreshed.ok) {
      if (refreshed.fate === 'unsent') refreshedAt = earlier
      if (refreshed.fate === 'unsent' || refreshed.fate === 'unused') keep(before)
      else forget()
      return refreshed.fate === 'used' ? lost(refreshed) : refreshed
    }
    const grant = refreshed.value
    if (grant.claims !== null && grant.claims.sub !== before.sub) {
      forget()
      return refused('sign-in-subject')
    }
    keep({
      ...before,
      acr: grant.claims?.acr === undefined ? before.acr : acrOf(grant),
      refreshToken: grant.refreshToken ?? before.refreshToken,
      idToken: grant.idToken ?? before.idToken,
      isSent: false,
    })
    hold(grant)
    return ok(grant.accessToken)
  }

  async function accessToken(refresh: Refresh): Promise<Result<string>> {
    if (access !== null && now() < access.until) return ok(access.token)
    if (flight !== null) return flight
    const mine = refreshOnce(refresh)
    flight = mine
    try {
      return await mine
    } finally {
      if (flight === mine) flight = null
    }
  }

  async function tryOnce<T>(refresh: Refresh, call: (accessToken: string) => Promise<Called<T>>) {
    const mine = turn
    const token = await accessToken(refresh)
    if (!token.ok) return token
    const answer = await call(token.value)
    if (turn !== mine) return cancelled()
    if (answer === 'unauthorised' && access?.token === token.value) access = null
    return answer
  }

  return {
    known: () => {
      const all = held()
      return all === null ? null : { sub: all.sub, acr: all.acr, idToken: all.idToken }
    },
    canRefresh: () => typeof held()?.refreshToken === 'string',
    take(grant, sub, acr) {
      turn++
      flight = null
      const { refreshToken, idToken } = grant
      keep({ ...owner, sub, acr, refreshToken, idToken, isSent: false })
      hold(grant)
    },
    forget,
    async withAccess(refresh, call) {
      const first = await tryOnce(refresh, call)
      if (first !== 'unauthorised') return first
      const second = await tryOnce(refresh, call)
      // A token that has just been given and is not accepted: another would not be either.
      const isHopeless = second === 'unauthorised' || (!second.ok && second.failure.reason === 'session-soon')
      return isHopeless ? refused('sign-in-userinfo') : second
    },
  }
}

/** What is not ours, or not readable, is as if there were nothing. */
function readKept(text: string | null, owner: TokensDeps['owner']): z.infer<typeof shape> | null {
  if (text === null) return null
  const read = parseStrictly(text)
  const parsed = shape.safeParse(read.ok ? read.value : null)
  if (!parsed.success) return null
  const { issuer, clientId, isSent } = parsed.data
  if (issuer !== owner.issuer || clientId !== owner.clientId) return null
  return isSent ? { ...parsed.data, refreshToken: null, isSent: false } : parsed.data
}

/** The level of assurance of an ID token, when it is one: a list of them would prove none. */
export const acrOf = ({ claims }: Pick<Grant, 'claims'>): string | null =>
  typeof claims?.acr === 'string' ? claims.acr : null

const cancelled = () => failed('cancelled', 'sign-in', 'The sign-in was cancelled.')

const tooSoon = (seconds: number) =>
  failed('not-possible', 'session-soon', 'The session was renewed less than a minute ago.', { seconds })

/** A refusal after the answer came says more than that the answer is of no use. */
function lost(refreshed: Extract<Refreshed, { ok: false }>): Result<never> {
  const { code, reason } = refreshed.failure
  if (code === 'refused') return refreshed
  const details = { cause: `${code}/${reason}` }
  return failed('refused', 'session-lost', 'The answer that renews the session was lost.', details)
}
