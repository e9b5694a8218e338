import { isDeepStrictEqual } from 'node:util'
import { failed, ok, type Result } from '../../preload/failure.ts'
import {
  type Attributes,
  attributes as attributesShape,
  type Provisioned,
} from '../../preload/provisioning-shapes.ts'
import type { Fits } from './attributes-schema.ts'

/** As many as one domain may have, and as a plan may name in all. */
export const attributeLimit = 100

/** What provisioning says of a domain, apart from which one and when. */
export type Said = Pick<Provisioned, 'attributes' | 'oidcAutojoin' | 'identitySync'>

/** What is true of a domain of which nothing was said (docs/entitlements.md 6.2). */
export const nothingSaid: Said = { attributes: {}, oidcAutojoin: true, identitySync: false }

/**
 * Custom attributes as they may be kept: an object of at most 100 texts, numbers and booleans, without control
 * characters, that fits the profile's schema. Fails with `invalid/attributes`, whose details name the attribute.
 */
export function readAttributes(value: unknown, fits: Fits): Result<Attributes> {
  // zod would leave it out without a word.
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__'))
    return refused('__proto__')
  const plain = attributesShape.safeParse(value)
  if (!plain.success) return refused(plain.error.issues[0]?.path[0])
  const entries = Object.entries(plain.data).map(([name, each]) => [name, withoutSign(each)] as const)
  if (entries.length > attributeLimit) return refused(entries[attributeLimit]?.[0])
  const hostile = entries.find(([name, each]) => !isPlainName(name) || isUnreadable(each))
  if (hostile) return refused(hostile[0])
  const attributes = Object.fromEntries(entries)
  const misfit = fits(attributes)
  return misfit === null ? ok(attributes) : refused(misfit)
}

/** -0 would come back from the desk as 0, and seem to have changed. */
const withoutSign = (value: Attributes[string]) => (value === 0 ? 0 : value)

const control = /[\p{Cc}\p{Cs}\uFFFD]/u
const isUnreadable = (value: Attributes[string]) => typeof value === 'string' && control.test(value)

/** Whether an attribute may be called so: what it names must not be taken for the prototype of anything. */
export const isPlainName = (name: string): boolean =>
  name.trim() !== '' && name.length <= 100 && name !== '__proto__' && !control.test(name)

const refused = (attribute: PropertyKey | undefined) =>
  failed('invalid', 'attributes', 'The attributes of this domain cannot be kept.', {
    attribute: String(attribute ?? '').slice(0, 100) || '—',
  })

/** Whether this would change what was said; null: nothing was. */
export function differs(before: Said | null, after: Said): boolean {
  const only = ({ attributes, oidcAutojoin, identitySync }: Said) => ({
    attributes,
    oidcAutojoin,
    identitySync,
  })
  return !isDeepStrictEqual(only(before ?? nothingSaid), only(after))
}
