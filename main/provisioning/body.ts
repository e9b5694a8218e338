import { parse } from 'content-type'
import { parseJson } from '../http/json.ts'
import { decodeText } from '../http/text.ts'
import { namesIn } from './given.ts'

/** Names in one request. */
export const requestLimit = 1000

export type Asking = {
  /** As they were sent; what is no text is an error of its own. */
  names: unknown[]
  attributes: unknown
  oidcAutojoin: boolean
  identitySync: boolean
}
/** A body that is no request; `answer` goes out with 400, in the words of Messages. */
export type Misread = { answer: Record<string, string | string[]> }

/** Whether a body says that it is JSON and nothing else; a compressed one could be any size. */
export function isJsonType(contentType: string | undefined, encoding: string | undefined): boolean {
  if (contentType === undefined || (encoding ?? 'identity') !== 'identity') return false
  return parse(contentType).type === 'application/json'
}

/**
 * What a request asks for (docs/entitlements.md 6.2, 6.3). Attributes are looked at name by name, since that is how
 * Messages answers; a field of the wrong type fails as a whole. Unknown fields are left aside, as Messages does.
 */
export function readBody(bytes: Uint8Array, contentType: string | undefined): Asking | Misread {
  const text = decodeText(bytes, contentType)
  const json = text.ok ? parseJson(text.value) : text
  if (!json.ok) return { answer: { detail: 'JSON parse error.' } }
  const fields = json.value
  if (!isObject(fields)) return { answer: { non_field_errors: ['Invalid data. Expected a JSON object.'] } }
  const {
    domains,
    custom_attributes: attributes = {},
    oidc_autojoin: oidcAutojoin = true,
    identity_sync: identitySync = false,
  } = fields
  const names = namesIn(domains)
  const wrong = (field: string, message: string): Misread => ({ answer: { [field]: [message] } })
  if (names === null) return wrong('domains', notNames(domains))
  if (names.length === 0) return wrong('domains', 'At least one domain is required.')
  if (names.length > requestLimit) return wrong('domains', `At most ${requestLimit} domains may be sent.`)
  if (attributes === null) return wrong('custom_attributes', nothing)
  if (!isObject(attributes)) return wrong('custom_attributes', 'Expected an object.')
  if (typeof oidcAutojoin !== 'boolean') return wrong('oidc_autojoin', notBoolean(oidcAutojoin))
  if (typeof identitySync !== 'boolean') return wrong('identity_sync', notBoolean(identitySync))
  return { names, attributes, oidcAutojoin, identitySync }
}

const nothing = 'This field may not be null.'
function notNames(value: unknown): string {
  if (value === undefined) return 'This field is required.'
  return value === null ? nothing : 'Expected a list of domains or a comma-separated string.'
}
const notBoolean = (value: unknown) => (value === null ? nothing : 'Must be a valid boolean.')

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
