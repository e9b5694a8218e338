import { z } from 'zod'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { parseJson } from '../http/json.ts'
import { type Defaults, type Given, givenLimit, namesIn, shown } from './given.ts'
import { tooMany } from './read-list.ts'

const said = {
  custom_attributes: z.unknown().optional(),
  oidc_autojoin: z.boolean().optional(),
  identity_sync: z.boolean().optional(),
}
/** Messages' own body (docs/entitlements.md 6.2). An unknown key may be a misspelt one: what it says would be lost. */
const body = z.strictObject({ domains: z.unknown(), ...said })
const item = z.strictObject({ domain: z.string(), ...said })
type Said = Omit<z.infer<typeof body>, 'domains'>

/**
 * Domains from JSON: `["a.example"]`, `[{"domain": "a.example", "custom_attributes": {}}]`, or Messages' own body.
 * What a body or an item says of its flags goes before `defaults`. Fails with `invalid/provision-json` when it is
 * none of these, and with `invalid/provision-many`.
 */
export function readJson(text: string, defaults: Defaults): Result<Given[]> {
  const json = parseJson(text)
  if (!json.ok) return notRead(json.failure.message)
  if (namesPrototype(text)) return notRead('__proto__ is not the name of anything.')
  if (Array.isArray(json.value)) return all(json.value, (each, line) => givenOf(each, line, defaults))
  const whole = body.safeParse(json.value)
  const names = whole.success ? namesIn(whole.data.domains) : null
  if (!whole.success || names === null)
    return notRead('Expected a list of domains, or an object whose "domains" is one.')
  return all(names, (each, line) =>
    typeof each === 'string' ? named(each, line, whole.data, defaults) : unnamed(each, line, defaults),
  )
}

function all(items: unknown[], each: (one: unknown, line: number) => Given): Result<Given[]> {
  return items.length > givenLimit ? tooMany() : ok(items.map((one, place) => each(one, place + 1)))
}

function givenOf(one: unknown, line: number, defaults: Defaults): Given {
  if (typeof one === 'string') return named(one, line, {}, defaults)
  const read = item.safeParse(one)
  if (read.success) return named(read.data.domain, line, read.data, defaults)
  const name = z.object({ domain: z.string() }).safeParse(one)
  // The domain can be shown; what is said of it cannot be taken.
  return name.success
    ? named(name.data.domain, line, { custom_attributes: null }, defaults)
    : unnamed(one, line, defaults)
}

function named(name: string, line: number, told: Said, defaults: Defaults): Given {
  return {
    line,
    given: shown(name),
    name,
    attributes: told.custom_attributes === undefined ? {} : told.custom_attributes,
    oidcAutojoin: told.oidc_autojoin ?? defaults.oidcAutojoin,
    identitySync: told.identity_sync ?? defaults.identitySync,
  }
}

const unnamed = (one: unknown, line: number, defaults: Defaults): Given => ({
  line,
  given: shown(one),
  name: null,
  attributes: {},
  ...defaults,
})

/** `parseJson` leaves such keys out, but what was said under them would be lost without a word. */
function namesPrototype(text: string): boolean {
  if (!/__proto__|\\u/i.test(text)) return false
  let found = false
  JSON.parse(text.trimStart(), (key, value) => {
    found ||= key === '__proto__'
    return value
  })
  return found
}

const notRead = (cause: string) =>
  failed('invalid', 'provision-json', 'This JSON names no domains.', { cause: cause.slice(0, 200) })
