import { ok, type Result } from '../../preload/failure.ts'
import { normaliseEmail } from '../dimail/names.ts'
import { refused } from './provider-failures.ts'

/** Who somebody is, as a verified ID token and userinfo tell it (docs/sign-in.md). */
export type Identity = {
  sub: string
  issuer: string
  name: string
  /** In lower case; null when the provider tells none. */
  email: string | null
  /** Whether invitations to this address may be taken as theirs: not when the provider says that it is unverified. */
  emailVerified: boolean
  /** Everything that userinfo told, for the claims that entitlements forward. Never logged, never shown whole. */
  claims: Readonly<Record<string, unknown>>
}

type Claims = Readonly<Record<string, unknown>>

/** OpenID Connect Core 2: at most 255 ASCII characters; nothing that a list or a line of text would not show. */
const subject = /^[\x21-\x7e]{1,255}$/

/**
 * Who a verified ID token and the userinfo of the same subject name. The ID token gives `iss` and `sub` only, since a
 * renewed session may come without one. Only `sub` can be refused (`refused/sign-in-subject`): a name or an address
 * that is not usable is as if it had not been told.
 */
export function identityOf(idToken: Claims, userinfo: Claims): Result<Identity> {
  const { sub, iss } = idToken
  if (typeof sub !== 'string' || !subject.test(sub) || typeof iss !== 'string')
    return refused('sign-in-subject')
  const email = emailOf(userinfo.email)
  const emailVerified = email !== null && isVerified(userinfo.email_verified)
  // What was given to an address that nobody has signed in with is kept under it, until its bearer proves it.
  if (sub.includes('@') && !(emailVerified && sub.toLowerCase() === email)) return refused('sign-in-subject')
  const claims = Object.fromEntries(Object.entries(userinfo).filter(([name]) => name !== '__proto__'))
  return ok({
    sub,
    issuer: iss,
    name: nameOf(userinfo) ?? email ?? sub.slice(0, longestName),
    email,
    emailVerified,
    claims,
  })
}

/** ProConnect tells `usual_name`, others `family_name`. */
function nameOf(claims: Claims): string | null {
  const given = wordsOf(claims.given_name)
  const family = wordsOf(claims.usual_name) ?? wordsOf(claims.family_name)
  if (given !== null && family !== null) return wordsOf(`${given} ${family}`)
  return wordsOf(claims.name) ?? family ?? given
}

const longestName = 200

/** A text of one line; null when it is none. Characters that control, or that turn the direction, are left out. */
function wordsOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > longestName) return null
  const words = value.replace(/[\p{C}\s]+/gu, ' ').trim()
  return words === '' ? null : words
}

function emailOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 320) return null
  const address = normaliseEmail(value)
  return address.ok ? address.value.toLowerCase() : null
}

/** Some providers write the boolean as text; what is neither says nothing that could be relied upon. */
const isVerified = (value: unknown): boolean => value === undefined || value === true || value === 'true'
