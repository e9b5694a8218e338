import { failed, ok, type Result } from '../../preload/failure.ts'
import { existingPart, normaliseDomain, normaliseEmail } from '../dimail/names.ts'
import { alone } from '../jobs/alone.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { destinyOf } from '../mailboxes/rules.ts'
import type { ListedAlias } from '../store/alias-store.ts'
import type { Desk } from '../store/desk.ts'

/** One destination of an alias; both as dimail spells them. */
export type Pair = { localPart: string; destination: string }

/** How the journal names a pair. */
export const targetOf = (domain: string, { localPart, destination }: Pair): string =>
  `${localPart}@${domain} -> ${destination}`

/** Does `work` when nothing else is being done about the aliases of a domain; closing the profile waits for it. */
export const aloneWithAliases = <T>(desk: Desk, domain: string, work: () => Promise<T>): Promise<T> =>
  alone(desk, `aliases of ${domain}`, work)

/** Whatever the case: dimail would take both spellings, and deliver twice. */
export const isSamePair = (one: Pair, other: Pair): boolean =>
  one.localPart.toLowerCase() === other.localPart.toLowerCase() &&
  one.destination.toLowerCase() === other.destination.toLowerCase()

const refuse = (reason: string, message: string) => failed('invalid', reason, message)

/** A new destination: an address, or `devnull@devnull` (docs/dimail.md 5); never the alias itself. */
export function newDestination(text: string, alias: string): Result<string> {
  const email = normaliseEmail(text)
  if (!email.ok) return refuse('destination', 'A destination is an e-mail address, or devnull@devnull.')
  if (email.value.toLowerCase() === alias) return refuse('alias-itself', 'An alias cannot lead to itself.')
  return email
}

/**
 * A pair that dimail holds already, to be deleted: what dimail let in may have no safe place in a path, or would name
 * another route there, and is then refused (docs/dimail.md 9, S1). `destination` null: all of the local part.
 */
export function namedSafely(localPart: string, destination: string | null): Result<void> {
  const isSafe =
    existingPart(localPart).ok &&
    (destination === null || (destination.includes('@') && existingPart(destination).ok))
  if (isSafe) return ok(undefined)
  const message =
    'A character of this alias would lead the call elsewhere: it must be deleted at dimail itself.'
  return failed('not-possible', 'alias-unsafe', message)
}

/**
 * A domain whose aliases may be changed: known, listed by dimail, created there, and not disabled. Another status
 * stands in no way, since dimail looks at the right on the domain only (docs/dimail.md 5, D6).
 */
export async function aliasDomain(
  { cache, desk }: Pick<Workspace, 'cache' | 'desk'>,
  text: string,
): Promise<Result<string>> {
  const domain = normaliseDomain(text)
  if (!domain.ok) return domain
  const setup = await desk.setups.get(domain.value)
  if (setup?.missing.includes('create'))
    return failed(
      'not-possible',
      'not-created',
      'dimail does not have this domain yet: finish its creation first.',
    )
  const destiny = destinyOf({ cache }, domain.value)
  if (!destiny.ok) return destiny
  return domain
}

/** What dimail lists of a domain's aliases now; `certain` is false when a row of it cannot be read. */
export async function listNow(
  { dimail }: Pick<Workspace, 'dimail'>,
  domain: string,
): Promise<Result<{ aliases: ListedAlias[]; certain: boolean }>> {
  const list = await dimail.listAliases(domain)
  if (!list.ok) return list
  return ok({ aliases: list.value.aliases, certain: list.value.rejected === 0 })
}

/** A failure after which the truth has to be read: a 500 may come from a call that was carried out all the same. */
export const isDoubtful = (result: Result<unknown>): boolean =>
  !result.ok && ['unknown-outcome', 'server-error'].includes(result.failure.code)
