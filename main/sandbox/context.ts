import { mayUse } from './auth.ts'
import type { Domain } from './domain.ts'
import { Crash, Refusal } from './errors.ts'
import { address, type Mailbox } from './mailboxes.ts'
import type { Call } from './route.ts'

/** The domain of the path, on which the user must have a right: 403 before 404, unlike `GET /domains/{d}`. */
export function permitted({ world, user, param }: Call, refusal = 'Permission denied'): Domain | undefined {
  if (!mayUse(user, param('domain'), world)) throw new Refusal(403, refusal)
  return world.domain(param('domain'))
}

/** The same, when the domain has to exist. */
export function permittedDomain(call: Call): Domain {
  const domain = permitted(call)
  if (domain === undefined) throw new Refusal(404, 'Domain not found')
  return domain
}

/** The mailbox of the path. @throws Refusal 404 */
export function mailboxOf(call: Call, domain: Domain): Mailbox {
  const local = call.param('local')
  const technical = call.world
    .oxUsers(domain.contextName)
    .filter((box) => !box.dovecot && box.domain === domain.name)
  const box = [...domain.mailboxes, ...technical].find((one) => one.local === local)
  if (box === undefined) throw new Refusal(404, 'Mailbox not found')
  return box
}

export const hasWebmail = (domain: Domain): boolean => domain.features.includes('webmail')

/** v1 lists every user of the OX context, so other domains' too, and the mailboxes only Dovecot has. */
export function listed(call: Call, domain: Domain): Mailbox[] {
  if (!hasWebmail(domain) || !call.contextSharing) return domain.mailboxes
  return [...call.world.oxUsers(domain.contextName), ...domain.mailboxes.filter((box) => box.ox === null)]
}

/** v2 lists the domain's own, and the rest of the context when several domains share it; by address. */
export function listedV2(call: Call, domain: Domain): Mailbox[] {
  const shared = call.world.members(domain.contextName).length > 1
  const boxes = shared ? listed(call, domain) : domain.mailboxes
  const keyed = boxes.map((box) => ({ box, key: Buffer.from(address(box)) }))
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ box }) => box)
}

/**
 * The display name is the key of a user in an OX context, whatever its case and its domain (docs/dimail.md 7.6).
 * @throws Crash when another mailbox has it, or Refusal 409 under the quirk `conflict-as-409`.
 */
export function refuseDuplicate(call: Call, domain: Domain, displayName: string, itself?: Mailbox): void {
  const users = call.world.oxUsers(domain.contextName)
  const wanted = displayName.toLowerCase()
  if (users.some((box) => box !== itself && box.ox?.displayName.toLowerCase() === wanted)) {
    throw conflict(call, 'Display name already used in this context')
  }
}

/** A duplicate is an uncaught exception, or a 409 under the quirk. */
export function conflict({ behaviour }: Call, detail: string): Error {
  return behaviour.quirks.has('conflict-as-409') ? new Refusal(409, detail) : new Crash(detail)
}
