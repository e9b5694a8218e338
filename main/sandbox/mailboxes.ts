import { createHash, randomBytes } from 'node:crypto'
import { type Person, person, service } from './people.ts'
import { createRandom, seedOf } from './random.ts'

export type Activity = 'yes' | 'no' | 'wait' | 'unknown'
export type OxUser = { givenName: string; surName: string; displayName: string }

export type Mailbox = {
  local: string
  domain: string
  active: Activity
  /** Its user in Open-Xchange; null for a functional or an inactive mailbox. */
  ox: OxUser | null
  /** Whether Dovecot has it: the technical user `oxadmin` and half-made mailboxes are in OX only. */
  dovecot: boolean
  /** Optional contact fields of OX, told in v2 (docs/dimail.md 4.1). */
  contact: Record<string, string>
  senders: string[]
  rateLimit: string | null
  quota: string | null
  /** Of the last password given; null: none since the world was made. */
  passwordHash: string | null
}

export const address = (box: Pick<Mailbox, 'local' | 'domain'>) => `${box.local}@${box.domain}`

export function createMailbox(local: string, domain: string, ox: OxUser | null): Mailbox {
  const empty = { contact: {}, senders: [], rateLimit: null, quota: null, passwordHash: null }
  return { local, domain, active: 'yes', ox, dovecot: true, ...empty }
}

const hashOf = (password: string) => createHash('sha256').update(password).digest('base64url')

/** Gives a mailbox a new password in place of the one before, and tells it: 16 URL-safe characters. */
export function givePassword(box: Mailbox): string {
  const password = randomBytes(12).toString('base64url')
  box.passwordHash = hashOf(password)
  return password
}

/** Whether one may sign in to a mailbox with this password. */
export const opensWith = (box: Mailbox, password: string): boolean => box.passwordHash === hashOf(password)

/** The technical user of an OX context, listed in its first domain (docs/dimail.md 7.7). */
export function oxadmin(domain: string): Mailbox {
  const ox = { givenName: 'Admin', surName: 'Context', displayName: 'Context Admin' }
  return { ...createMailbox('oxadmin', domain, ox), dovecot: false }
}

/** The mailboxes of a seeded domain: the same for the same plan, in the proportions of docs/dimail.md 4.1. */
export function seedMailboxes(plan: {
  name: string
  contextName: string
  mailboxes: number
  place: number
  seed: string
}): Mailbox[] {
  const people = seedOf(`${plan.seed} people ${plan.contextName}`)
  const boxes: Mailbox[] = []
  let services = 0
  for (let n = 0; n < plan.mailboxes; n += 1) {
    if (n % 15 === 7) {
      const box = createMailbox(service(services), plan.name, null)
      // Three functional mailboxes out of four are inactive.
      boxes.push({ ...box, active: services % 4 === 3 ? 'yes' : 'no' })
      services += 1
    } else {
      boxes.push(personal(plan, person(plan.place * 328 + n, people), n))
    }
  }
  return boxes
}

function personal(plan: { name: string; place: number; seed: string }, who: Person, n: number): Mailbox {
  const random = createRandom(seedOf(`${plan.seed} ${plan.name} ${n}`))
  const { local, ...ox } = who
  const box = createMailbox(oddLocal(local, n, plan.place), plan.name, ox)
  if (random.chance(0.04)) box.active = random.chance(0.5) ? 'wait' : 'unknown'
  if (random.chance(0.2)) box.contact = { company: plan.name, department: 'Service fictif' }
  if (random.chance(0.15))
    box.senders = [`no-reply@${plan.name}`, `${local}@partenaire.example`].slice(random.below(2))
  if (random.chance(0.05)) box.rateLimit = random.chance(0.5) ? 'highmail' : 'nolimit'
  if (random.chance(0.1)) box.quota = '100G'
  return box
}

// Upper case, accents and a second @ have all been seen in real lists (docs/dimail.md 7.9 and 7.10).
function oddLocal(local: string, n: number, place: number): string {
  if (n === 40) return local.charAt(0).toUpperCase() + local.slice(1)
  if (n === 60) return local.replace(/[aeiou]/, 'é')
  if (n === 20 && place === 1) return `${local}@ancien`
  return local
}
