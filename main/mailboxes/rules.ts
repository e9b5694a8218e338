import { failed, ok, type Result } from '../../preload/failure.ts'
import type { MailboxNames, NewMailbox } from '../../preload/mailbox-shapes.ts'
import { normaliseDomain, normaliseEmail, normaliseLocalPart } from '../dimail/names.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { nameKey } from '../store/folding.ts'

/** A mailbox as it will be asked for: trimmed, NFC, its address in lower case. */
export type Wanted = NewMailbox & { address: string }

const refuse = (reason: string, message: string) => failed('invalid', reason, message)

/** dimail takes 150 (docs/dimail.md 8.3), but no mail reaches more than 64 (RFC 5321 4.5.3.1.1). */
const longestLocalPart = 64
const longestName = 200

/** Control characters, private ones, and those that turn or hide what is read: none belongs in a name. */
const odd = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u

/** A new mailbox as typed, or what is wrong with it; nothing of what is known here is asked. */
export function validateMailbox(input: NewMailbox): Result<Wanted> {
  const domain = normaliseDomain(input.domain)
  if (!domain.ok) return domain
  const localPart = newLocalPart(input.localPart, domain.value)
  if (!localPart.ok) return localPart
  if (localPart.value === 'oxadmin')
    return refuse('local-reserved', 'oxadmin is the technical user of Open-Xchange (docs/dimail.md 7.7).')
  const address = `${localPart.value}@${domain.value}`
  const names = validateNames(input, address)
  if (!names.ok) return names
  return ok({ domain: domain.value, localPart: localPart.value, address, ...names.value })
}

/** The local part of a new mailbox or alias of `domain`, in lower case; fails with a reason `local-...`. */
export function newLocalPart(text: string, domain: string): Result<string> {
  const local = normaliseLocalPart(text)
  if (!local.ok) return { ok: false, failure: { ...local.failure, reason: `local-${local.failure.reason}` } }
  if (local.value.length > longestLocalPart)
    return refuse('local-too-long', `The part before the @ has at most ${longestLocalPart} characters.`)
  // dimail would take `.a` and `a..b`, which no mail server then accepts.
  if (!normaliseEmail(`${local.value}@${domain}`).ok)
    return refuse(
      'local-dots',
      'The part before the @ neither starts nor ends with a dot, nor has two in a row.',
    )
  return local
}

/** The names and the secondary address of a person, for the mailbox `address`. */
export function validateNames(input: MailboxNames, address: string): Result<MailboxNames> {
  const givenName = tidy(input.givenName)
  const surName = tidy(input.surName)
  if (givenName === '') return refuse('given-name', 'A given name is needed.')
  if (surName === '') return refuse('surname', 'A surname is needed.')
  const displayName = tidy(input.displayName) || `${givenName} ${surName}`
  if ([givenName, surName, displayName].some((name) => odd.test(name)))
    return refuse('name-characters', 'A name holds a character that cannot be seen or that turns the text.')
  if (
    givenName.length > longestName ||
    surName.length > longestName ||
    displayName.length > 2 * longestName + 1
  )
    return refuse('name-too-long', `A name has at most ${longestName} characters.`)
  const secondaryEmail = validateSecondary(input.secondaryEmail, address)
  return secondaryEmail.ok
    ? ok({ givenName, surName, displayName, secondaryEmail: secondaryEmail.value })
    : secondaryEmail
}

/** The address that login links and passwords are sent to; an empty one is none. */
export function validateSecondary(text: string | null, address: string): Result<string | null> {
  if (text === null || text.trim() === '') return ok(null)
  const email = normaliseEmail(text)
  if (!email.ok || /@(localhost|devnull)$/.test(email.value))
    return refuse('secondary-email', 'The secondary address is not an e-mail address.')
  if (email.value.toLowerCase() === address)
    return refuse('secondary-own', 'The secondary address is the mailbox itself.')
  return email
}

/** A name as it is sent, and compared with one that is to be changed. */
export const tidy = (text: string) => text.normalize('NFC').trim()

type Known = Pick<Workspace, 'cache' | 'desk'>

/** Whether a mailbox of this domain would be sent at once or kept until the domain is enabled (docs/dimail.md 8.3). */
export function destinyOf({ cache }: Pick<Known, 'cache'>, domain: string): Result<'send' | 'keep'> {
  const known = cache.read(domain)
  if (!known) return failed('not-found', 'domain', `${domain} is not known here.`)
  if (known.gone) return failed('not-possible', 'gone', 'dimail no longer lists this domain.')
  if (known.row.status === 'disabled') return domainDisabled
  return ok(known.row.status === 'enabled' ? 'send' : 'keep')
}

export const domainDisabled = failed('not-possible', 'domain-disabled', 'The domain is disabled.')

/** What a new mailbox of one domain must not be called. */
export type Taken = {
  address(address: string): boolean
  /** The address that has this display name, in the whole Open-Xchange context. */
  holderOf(displayName: string): string | null
}

/**
 * What is taken in the Open-Xchange context of a domain, at dimail as far as is known here and among the waiting
 * mailboxes. `except` is the address of the mailbox that asks: it may keep its name, but one that dimail has is made
 * no second time. A display name is the key of a person in the context, whichever the domain (docs/dimail.md 7.6; 9, L3).
 */
export async function takenAround(
  { cache, desk }: Known,
  domain: string,
  except: string | null,
): Promise<Taken> {
  const addresses = new Set<string>()
  const names = new Map<string, string>()
  for (const name of cache.contextOf(domain))
    for await (const some of desk.waiting.inParts(name))
      for (const { id, displayName } of some) {
        if (id === except) continue
        addresses.add(id)
        names.set(nameKey(displayName), id)
      }
  return {
    address(address) {
      const box = cache.mailboxes.read(address)
      return addresses.has(address) || (box !== null && box.goneAt === null)
    },
    holderOf(displayName) {
      const listed = cache.mailboxes.namedAlike(domain, displayName).find((box) => box.address !== except)
      return listed?.address ?? names.get(nameKey(displayName)) ?? null
    },
  }
}

/** Refuses a mailbox whose address or display name is taken; nothing of it is sent to dimail. */
export function refuseTaken(wanted: Pick<Wanted, 'address' | 'displayName'>, taken: Taken): Result<void> {
  const { address, displayName } = wanted
  if (taken.address(address))
    return failed('conflict', 'address-known', `${address} exists already.`, { address })
  const holder = taken.holderOf(displayName)
  return holder === null ? ok(undefined) : displayNameTaken(holder)
}

/** The one sentence of a display name that another mailbox of the context has. */
export const displayNameTaken = (address: string) =>
  failed('conflict', 'display-name', `This display name belongs to ${address}.`, { address })
