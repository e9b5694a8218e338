import { z } from 'zod'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { expectedRecord } from '../../preload/shapes.ts'
import { normaliseDomain } from './names.ts'

/** Strings for booleans, as some versions answer (docs/dimail.md 7.1); null when it says neither. */
export const loose = z.unknown().transform((value): boolean | null => {
  if (typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (text === 'true' || text === 'yes') return true
  return text === 'false' || text === 'no' ? false : null
})

const textOrNull = z.unknown().transform((value) => {
  return typeof value === 'string' && value !== 'null' && value !== '' ? value : null
})
const texts = z.unknown().transform((value): string[] => {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
})
const object = z.record(z.string(), z.unknown())

/** A domain as dimail tells it; `raw` is its whole answer, checks included (docs/dimail.md 3.1). */
export const domainAnswer = object.transform((raw, context) => {
  const parsed = z
    .object({
      name: z.string().transform((name) => normaliseDomain(name)),
      state: z.string().min(1).max(100),
      valid: loose,
      active: loose,
      context_name: textOrNull,
      features: texts,
    })
    .safeParse({ valid: null, active: null, context_name: null, features: [], ...raw })
  if (!parsed.success || !parsed.data.name.ok) {
    context.addIssue({ code: 'custom', message: 'Not a domain', path: ['name'] })
    return z.NEVER
  }
  const { name, state, valid, active, context_name, features } = parsed.data
  return { name: name.value, state, valid, active, contextName: context_name, features, raw }
})
export type DomainAnswer = z.infer<typeof domainAnswer>

/** Records that dimail wants to see; a missing key is a change of format (docs/dimail.md 3.7). */
export const specAnswer = z.array(expectedRecord)

export const userAnswer = z
  .object({
    name: z.string().min(1),
    is_admin: loose.optional(),
    uuid: textOrNull.optional(),
    perms: texts.optional(),
  })
  .transform(({ name, is_admin, uuid, perms }) => ({
    name,
    isAdmin: is_admin ?? null,
    uuid: uuid ?? null,
    perms: perms ?? [],
  }))
export type User = z.infer<typeof userAnswer>

export const allowAnswer = z.object({ user: z.string().min(1), domain: z.string().min(1) })
export type Allow = z.infer<typeof allowAnswer>

// A surrogate without its other half would become U+FFFD once stored.
const whole = z
  .string()
  .min(1)
  .refine((value) => value.isWellFormed(), 'Not well-formed Unicode')

/** One destination of an alias; the answer says `username`, the request `user_name` (docs/dimail.md 5). */
export const aliasAnswer = z
  .object({ username: whole, domain: whole, destination: whole, allow_to_send: loose.optional() })
  .transform(({ username, domain, destination, allow_to_send }) => ({
    domain: domain.toLowerCase(),
    localPart: username,
    destination,
    allowToSend: allow_to_send ?? null,
  }))
export type Alias = z.infer<typeof aliasAnswer>

/** Where an address is used (docs/dimail.md 4.8). */
export const addressAnswer = z
  .object({
    domain_name: z.string(),
    user_name: z.string(),
    is_alias: loose,
    is_mailbox: loose,
    is_ox: loose,
    ox_primary_email: textOrNull.optional(),
    ox_senders: texts.optional(),
  })
  .transform((answer) => ({
    domain: answer.domain_name,
    username: answer.user_name,
    isAlias: answer.is_alias,
    isMailbox: answer.is_mailbox,
    isOx: answer.is_ox,
    oxPrimaryEmail: answer.ox_primary_email ?? null,
    oxSenders: answer.ox_senders ?? [],
  }))
export type AddressUse = z.infer<typeof addressAnswer>

/** A password that is shown once (docs/dimail.md 4.5, 4.9). */
export const passwordAnswer = z
  .object({ email: z.string().min(1), password: z.string().min(1) })
  .transform(({ email, password }) => ({ email, password }))
export type NewPassword = z.infer<typeof passwordAnswer>

/** A code that opens the webmail (docs/dimail.md 4.10); `expiresAt` in Unix seconds, `expiresIn` in seconds. */
export const codeAnswer = z
  .object({
    email: z.string().min(1),
    code: z.string().min(1),
    expires_at: z.int(),
    expires_in: z.int(),
    maxuse: z.int(),
    nbuse: z.int(),
  })
  .transform(({ email, code, expires_at, expires_in, maxuse, nbuse }) => ({
    email,
    code,
    expiresAt: expires_at,
    expiresIn: expires_in,
    maxUse: maxuse,
    used: nbuse,
  }))
export type LoginCode = z.infer<typeof codeAnswer>

/** `value` through `schema`; the failure names the place, never what was there. */
export function read<T>(schema: z.ZodType<T>, value: unknown): Result<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return ok(parsed.data)
  const place = parsed.error.issues[0]?.path.join('.') ?? ''
  const details = { place: place.slice(0, 100) }
  return failed('bad-response', 'shape', 'The answer has not the shape that dimail gives it.', details)
}
