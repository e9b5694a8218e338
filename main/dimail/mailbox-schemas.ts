import { z } from 'zod'
import { normaliseEmail } from './names.ts'

export const activities = ['yes', 'no', 'wait', 'unknown'] as const
export type Activity = (typeof activities)[number]

const activity = z.unknown().transform((value): Activity => {
  return activities.find((known) => known === value) ?? 'unknown'
})
const text = z.string().nullable().optional()

type Names = { given: string; sur: string; display: string }

const names = (given: string, sur: string, display: string): Names => ({ given, sur, display })

/**
 * A mailbox of either version. `email` keeps its case, `address` is for comparing (docs/dimail.md 7.10);
 * `names` is null for a functional mailbox; `technical` marks the `oxadmin` of a shared context.
 */
export type Mailbox = {
  email: string
  address: string
  domain: string
  localPart: string
  active: Activity
  status: string | null
  names: Names | null
  features: string[]
  technical: boolean
}

type Rest = Pick<Mailbox, 'active' | 'status' | 'names' | 'features'>

function mailbox(email: string, rest: Rest): Mailbox {
  const address = email.toLowerCase()
  const at = address.lastIndexOf('@')
  const localPart = address.slice(0, at)
  return {
    email,
    address,
    domain: address.slice(at + 1),
    localPart,
    technical: localPart === 'oxadmin',
    ...rest,
  }
}

const email = z.string().refine((value) => normaliseEmail(value).ok, 'Not an e-mail address')

/** docs/dimail.md 4.1, v1: the keys of the names are absent on functional mailboxes. */
export const mailboxV1 = z
  .object({
    email,
    type: z.string().optional(),
    status: text,
    active: activity.optional(),
    givenName: text,
    surName: text,
    displayName: text,
  })
  .transform((row) => {
    const named = typeof row.displayName === 'string' || typeof row.givenName === 'string'
    return mailbox(row.email, {
      active: row.active ?? 'unknown',
      status: row.status ?? null,
      names: named ? names(row.givenName ?? '', row.surName ?? '', row.displayName ?? '') : null,
      features: [],
    })
  })

const ox = z.object({ given_name: z.string(), sur_name: z.string(), display_name: z.string() })

/** docs/dimail.md 4.1, v2: `imap_active` took the place of `active` in 2026. */
export const mailboxV2 = z
  .object({
    email,
    active: activity.optional(),
    imap_active: activity.optional(),
    features: z.array(z.string()).optional(),
    extras: z.object({ ox: ox.nullable().optional() }).nullable().optional(),
  })
  .transform((row) => {
    const person = row.extras?.ox ?? null
    return mailbox(row.email, {
      active: row.imap_active ?? row.active ?? 'unknown',
      status: null,
      names: person && names(person.given_name, person.sur_name, person.display_name),
      features: row.features ?? [],
    })
  })
