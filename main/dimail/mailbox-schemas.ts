import { z } from 'zod'
import { type Activity, activities, type MailboxKind } from '../../preload/mailbox-shapes.ts'
import { normaliseEmail } from './names.ts'

/**
 * A mailbox of either version of the list. `email` keeps dimail's spelling, which its own paths expect; `address`
 * is in lower case, for comparing (docs/dimail.md 7.10). Names are empty when Open-Xchange has nobody there.
 */
export type Mailbox = {
  address: string
  domain: string
  localPart: string
  email: string
  givenName: string
  surName: string
  displayName: string
  kind: MailboxKind
  imap: Activity
  /** Null where this dimail does not tell it apart. */
  smtp: Activity | null
  /** `ok`, `broken` or `unknown` of the first version; null in the second. */
  state: string | null
}

/** The key that tells whether a mailbox is active; null: this dimail does not tell (docs/dimail.md 4.1). */
export type ActivityField = 'imap_active' | 'active' | null
/** A row of a list, and the key in which it told its activity. */
export type MailboxRow = { box: Mailbox; field: ActivityField }

const activityOf = (value: unknown): Activity => activities.find((known) => known === value) ?? 'unknown'
const told = z.unknown().optional()
// A surrogate without its other half would become U+FFFD once stored.
const whole = z.string().refine((value) => value.isWellFormed(), 'Not well-formed Unicode')
const name = whole.nullable().optional()

const email = z.string().transform((value, context) => {
  const read = normaliseEmail(value)
  if (read.ok && value === value.trim()) return { email: value, address: read.value.toLowerCase() }
  context.addIssue({ code: 'custom', message: 'Not an e-mail address' })
  return z.NEVER
})
// An alias among mailboxes is no mailbox; its own list tells it (docs/dimail.md 5).
const type = told.refine((value) => value !== 'alias', 'An alias is no mailbox')

type Spelt = z.infer<typeof email>
type Names = { givenName: string; surName: string; displayName: string }
type Rest = Pick<Mailbox, 'imap' | 'smtp' | 'state'>

function mailbox({ email, address }: Spelt, names: Names | null, rest: Rest): Mailbox {
  const at = address.lastIndexOf('@')
  const localPart = address.slice(0, at)
  // The technical user of an Open-Xchange context (docs/dimail.md 7.7).
  const kind = localPart === 'oxadmin' ? 'technical' : names === null ? 'functional' : 'person'
  const { givenName, surName, displayName } = names ?? { givenName: '', surName: '', displayName: '' }
  return {
    address,
    domain: address.slice(at + 1),
    localPart,
    email,
    givenName,
    surName,
    displayName,
    kind,
    ...rest,
  }
}

/** docs/dimail.md 4.1, v1: the names are absent, or null in 2024, when Open-Xchange has nobody there. */
export const mailboxV1 = z
  .object({
    email,
    type,
    status: z.string().max(100).nullable().optional(),
    active: told,
    givenName: name,
    surName: name,
    displayName: name,
  })
  .transform(({ email, status, active, givenName, surName, displayName }): MailboxRow => {
    const nobody = typeof displayName !== 'string' && typeof givenName !== 'string'
    const names = { givenName: givenName ?? '', surName: surName ?? '', displayName: displayName ?? '' }
    const rest = { imap: activityOf(active), smtp: null, state: status ?? null }
    return {
      box: mailbox(email, nobody ? null : names, rest),
      field: active === undefined ? null : 'active',
    }
  })

const ox = z.object({ given_name: whole, sur_name: whole, display_name: whole })

/** docs/dimail.md 4.1, v2: `imap_active` and `smtp_active` took the place of `active` in 2026. */
export const mailboxV2 = z
  .object({
    email,
    type,
    active: told,
    imap_active: told,
    smtp_active: told,
    extras: z.object({ ox: ox.nullable().optional() }).nullable().optional(),
  })
  .transform(({ email, active, imap_active, smtp_active, extras }): MailboxRow => {
    const person = extras?.ox ?? null
    const names = person && {
      givenName: person.given_name,
      surName: person.sur_name,
      displayName: person.display_name,
    }
    const rest = {
      imap: activityOf(imap_active ?? active),
      smtp: smtp_active === undefined ? null : activityOf(smtp_active),
      state: null,
    }
    const field = imap_active !== undefined ? 'imap_active' : active !== undefined ? 'active' : null
    return { box: mailbox(email, names, rest), field }
  })
