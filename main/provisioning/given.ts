import type { ProvisionLine } from '../../preload/provisioning-shapes.ts'

/** Names in one plan; more are refused as a whole, so that none is left out unseen. */
export const givenLimit = 10_000

/** One domain that is asked for, before anything is known of it. */
export type Given = Pick<ProvisionLine, 'line' | 'given'> & {
  /** Null: no name can be read, and `given` shows what there is. */
  name: string | null
  attributes: unknown
  oidcAutojoin: boolean
  identitySync: boolean
}

/** What holds for every domain that does not say otherwise. */
export type Defaults = Pick<Given, 'oidcAutojoin' | 'identitySync'>

/**
 * The names of Messages' field `domains`: an array, or one text with commas, whose blanks are dropped
 * (docs/entitlements.md 6.2). The items of an array are not looked at here; null: neither.
 */
export function namesIn(domains: unknown): unknown[] | null {
  if (Array.isArray(domains)) return domains
  if (typeof domains !== 'string') return null
  return domains
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** A name as it was given; what is no text, as JSON. */
export function shown(item: unknown): string {
  return typeof item === 'string' ? item.slice(0, 1000) : (JSON.stringify(item) ?? '').slice(0, 200)
}
