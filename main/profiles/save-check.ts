import { failed, ok, type Result } from '../../preload/failure.ts'
import type { ProfileDraft, SignInSettings } from '../../preload/profile-shapes.ts'
import { locales } from '../../preload/shapes.ts'
import { checkTemplate } from '../diagnosis/letter.ts'
import { parseAddress } from '../dimail/address.ts'
import { readAddress } from '../http/address.ts'
import { fitsOf } from '../provisioning/attributes-schema.ts'
import { isProviderAddress } from '../session/provider-fetch.ts'

type Wrong = ReturnType<typeof failed>

/** Whether a dimail is a sandbox of this computer: only then may its provider be spoken to in clear text. */
export const isOnThisComputer = (address: string): boolean =>
  URL.canParse(address) && new URL(address).protocol === 'http:'

/**
 * What no shape says of a profile: the addresses are safe ones, and its parts fit together (docs/sign-in.md). Gives the
 * draft with its address in one way of writing, or `invalid/profile-…`, `invalid/address…`. `hasClientSecret` null:
 * not asked, since an imported profile has none yet.
 */
export function checkDraft(draft: ProfileDraft, hasClientSecret: boolean | null): Result<ProfileDraft> {
  const address = parseAddress(draft.address)
  if (!address.ok) return address
  const checked = { ...draft, address: address.value }
  const found =
    wrongName(draft.name) ??
    (draft.signIn && wrongSignIn(draft.signIn, isOnThisComputer(address.value), hasClientSecret)) ??
    wrongPorts(draft) ??
    wrongRights(draft) ??
    wrongLetters(draft)
  if (found) return found
  const schema = fitsOf(draft.attributesSchema)
  if (schema.ok) return ok(checked)
  const { message, details } = schema.failure
  return failed('invalid', 'profile-attributes-schema', message, details)
}

/** A letter that cannot be written is found when its template is kept, and not when a town waits for it. */
function wrongLetters({ letters }: ProfileDraft): Wrong | null {
  for (const locale of locales) {
    const template = letters[locale]
    const checked = template === null ? ok(undefined) : checkTemplate(template, locale)
    if (checked.ok) continue
    const { message, details } = checked.failure
    return locale === 'fr'
      ? failed('invalid', 'profile-letter-fr', message, details)
      : failed('invalid', 'profile-letter-en', message, details)
  }
  return null
}

/** A name tells profiles apart at a glance: nothing in it is invisible, or turns the words around. */
const wrongName = (name: string): Wrong | null =>
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)
    ? failed('invalid', 'profile-name', 'The name of the profile holds characters that cannot be seen.')
    : null

function wrongSignIn(signIn: SignInSettings, allowHttp: boolean, hasSecret: boolean | null): Wrong | null {
  const { issuer, client, pkce, scopes, acr, acrRequest } = signIn
  if (!isIssuer(issuer, allowHttp))
    return failed(
      'invalid',
      'profile-issuer',
      'The address of the identity provider is not an https address.',
    )
  if (client === 'public' && !pkce)
    return failed('invalid', 'profile-pkce', 'A public client always uses PKCE.')
  if (client === 'confidential' && hasSecret === false)
    return failed('invalid', 'profile-client-secret', 'A confidential client needs its secret.')
  if (!scopes.split(' ').includes('openid'))
    return failed('invalid', 'profile-scopes', 'The scopes must name openid.')
  if (acrRequest !== 'none' && acr.length === 0)
    return failed('invalid', 'profile-acr', 'A level of assurance is asked for, and none is named.')
  return null
}

/** OpenID Connect Discovery 2: neither query nor fragment. */
function isIssuer(issuer: string, allowHttp: boolean): boolean {
  if (!isProviderAddress(issuer, allowHttp)) return false
  const { search, hash } = new URL(issuer)
  return search === '' && hash === ''
}

/** One port serves one thing: the redirects of the sign-in, or provisioning. */
function wrongPorts({ signIn, provisioning }: ProfileDraft): Wrong | null {
  const ports = [...(signIn?.ports ?? []), ...(provisioning ? [provisioning.port] : [])]
  return new Set(ports).size < ports.length
    ? failed('invalid', 'profile-ports', 'A port is named twice.')
    : null
}

function wrongRights({ signIn, entitlements, flags, scope }: ProfileDraft): Wrong | null {
  if (entitlements.backend === 'deploycenter' && 'fault' in readAddress(entitlements.address))
    return failed(
      'invalid',
      'profile-deploycenter-address',
      'The address of DeployCenter is not an https address.',
    )
  if (flags.from === 'address' && 'fault' in readAddress(flags.address))
    return failed('invalid', 'profile-flags-address', 'The address of the flags is not an https address.')
  if (scope.kind === 'all') return null
  // Otherwise nobody would see anything, and nothing would say why.
  if (signIn === null) return failed('invalid', 'profile-scope-sign-in', 'Rights by agent need a sign-in.')
  if (entitlements.backend === 'local')
    return failed('invalid', 'profile-scope-entitlements', 'Rights by agent need DeployCenter.')
  return null
}
