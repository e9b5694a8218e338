import { type Difference, type DifferenceKind, differenceKinds } from '../../preload/mailbox-shapes.ts'
import type { AliasList } from '../dimail/aliases.ts'
import type { MailboxList } from '../dimail/mailboxes.ts'
import type { ListedAlias, StoredAlias } from '../store/alias-store.ts'
import type { ListedMailbox, StoredMailbox } from '../store/mailbox-store.ts'
import { inBatches } from './import-turns.ts'

/** When dimail was asked, before the question left; what time it is; whether the answer is still wanted. */
export type Asked = { askedAt: number; now: () => number; signal: AbortSignal }
/** What dimail listed of a domain. */
export type There = Asked & { mailboxes: MailboxList; aliases: AliasList }
/** What the cache holds of it, those that dimail lists no more included. */
export type Here = { mailboxes: Iterable<StoredMailbox>; aliases: readonly StoredAlias[] }

export type Drift = {
  /** In the order of `differenceKinds`. */
  differences: Difference[]
  counts: Partial<Record<DifferenceKind, number>>
  toImport: number
  /** Addresses known here that dimail lists no more; empty when a row of its list cannot be read. */
  missing: string[]
  missingAliases: StoredAlias[]
  addedAliases: ListedAlias[]
  shrunk: boolean
}

/**
 * Whether what is known here was written after dimail was asked, and so is newer than its list. A time that has not
 * come yet was written before the clock was set back (docs/faults.md 79).
 */
export const isNewer = (
  { fetchedAt }: { fetchedAt: number },
  { askedAt, now }: Pick<Asked, 'askedAt' | 'now'>,
): boolean => fetchedAt > askedAt && fetchedAt <= now()

/** The share of what is known that may vanish from one list before the agent is asked (docs/faults.md 52). */
const believedShrink = 0.2

const imported: readonly DifferenceKind[] = [
  'unknown-here',
  'unknown-at-dimail',
  'other-name',
  'other-activity',
  'alias-unknown-here',
  'alias-unknown-at-dimail',
  'alias-other-right',
]

type Finding = Record<DifferenceKind, Difference[]>

/**
 * How dimail's lists of a domain differ from what is known here, in time that grows with the lists and no faster,
 * with turns of the event loop between. What was written here after dimail was asked is newer than its list, and no
 * difference; a list with a row that cannot be read proves nothing to be missing (docs/dimail.md C1). Once the signal
 * has aborted the result is worth nothing.
 */
export async function differences(here: Here, there: There): Promise<Drift> {
  const found = emptyFinding()
  const { known, missing } = await compareMailboxes(here.mailboxes, there, found)
  const { missingAliases, addedAliases } = await compareAliases(here.aliases, there, found)
  await tellFacts(there, found)
  const rejected = there.mailboxes.rejected + there.aliases.rejected
  const counts: Drift['counts'] = {}
  for (const kind of differenceKinds) if (found[kind].length > 0) counts[kind] = found[kind].length
  // Only the first of them are quoted.
  if (rejected > 0) counts.unparsable = rejected
  return {
    differences: differenceKinds.flatMap((kind) => found[kind]),
    counts,
    toImport: imported.reduce((sum, kind) => sum + found[kind].length, 0),
    missing,
    missingAliases,
    addedAliases,
    shrunk:
      missing.length > known * believedShrink || missingAliases.length > here.aliases.length * believedShrink,
  }
}

async function compareMailboxes(here: Here['mailboxes'], there: There, found: Finding) {
  const { mailboxes, signal } = there
  const listed = new Map<string, ListedMailbox>()
  for await (const some of inBatches(mailboxes.mailboxes, signal))
    for (const box of some) listed.set(box.address, box)
  const tells = mailboxes.activityField !== null
  const missing: string[] = []
  let known = 0
  for await (const some of inBatches(here, signal)) {
    for (const box of some) {
      const current = listed.get(box.address)
      if (isNewer(box, there)) listed.delete(box.address)
      else if (box.goneAt !== null) continue
      else if (current === undefined) missing.push(box.address)
      else {
        listed.delete(box.address)
        found['other-name'].push(...otherName(box, current))
        found['other-activity'].push(...otherActivity(box, current, tells))
      }
      if (box.goneAt === null) known++
    }
  }
  for await (const some of inBatches(listed.values(), signal))
    for (const box of some)
      found['unknown-here'].push(difference('unknown-here', box.address, null, nameOf(box)))
  if (mailboxes.rejected > 0) return { known, missing: [] }
  for (const address of missing) found['unknown-at-dimail'].push(difference('unknown-at-dimail', address))
  return { known, missing }
}

const nameOf = ({ displayName, givenName, surName }: ListedMailbox): string | null =>
  displayName || `${givenName} ${surName}`.trim() || null

/** Names compared as they are read: one accent may be written in two ways (Unicode, NFC). */
const isSameText = (one: string, other: string) => one.normalize('NFC') === other.normalize('NFC')

/**
 * Disabling a mailbox removes its person from Open-Xchange (docs/dimail.md 4.6): a list that tells no name of a
 * disabled mailbox takes none away, since enabling it needs them again.
 */
const forgetsNames = (here: ListedMailbox, there: ListedMailbox): boolean =>
  here.kind === 'person' && there.kind === 'functional' && there.imap === 'no'

function otherName(here: ListedMailbox, there: ListedMailbox): Difference[] {
  if (forgetsNames(here, there)) return []
  if (!isSameText(here.displayName, there.displayName))
    return [difference('other-name', here.address, nameOf(here), nameOf(there))]
  if (isSameText(here.givenName, there.givenName) && isSameText(here.surName, there.surName)) return []
  const parts = ({ givenName, surName }: ListedMailbox) => `${givenName} | ${surName}`
  return [difference('other-name', here.address, parts(here), parts(there))]
}

function otherActivity(here: ListedMailbox, there: ListedMailbox, tells: boolean): Difference[] {
  const { address } = here
  if (tells && here.imap !== there.imap) return [difference('other-activity', address, here.imap, there.imap)]
  if (here.smtp !== null && there.smtp !== null && here.smtp !== there.smtp)
    return [difference('other-activity', address, `SMTP ${here.smtp}`, `SMTP ${there.smtp}`)]
  if (here.state !== null && there.state !== null && here.state !== there.state)
    return [difference('other-activity', address, here.state, there.state)]
  return []
}

/** Whether an import would write more of this mailbox than the time at which it was listed. */
export const isOther = (here: ListedMailbox, there: ListedMailbox, tells: boolean): boolean =>
  otherName(here, there).length + otherActivity(here, there, tells).length > 0

/** What to keep of a listed mailbox: what dimail did not tell stays as it was known. */
export function merged(here: ListedMailbox | null, there: ListedMailbox, tells: boolean): ListedMailbox {
  if (here === null) return there
  const { givenName, surName, displayName, kind } = forgetsNames(here, there) ? here : there
  const imap = tells ? there.imap : here.imap
  return { ...there, givenName, surName, displayName, kind, imap, smtp: there.smtp ?? here.smtp }
}

/** Told exactly: dimail keeps the case of an alias, and its own paths expect it (docs/dimail.md 1, 5). */
export const aliasKey = ({ localPart, destination }: Pick<ListedAlias, 'localPart' | 'destination'>) =>
  `${localPart} -> ${destination}`

/** dimail's alias with the right that was known, where this dimail does not tell rights (docs/dimail.md 5, L8). */
export const mergedAlias = (here: ListedAlias | null, there: ListedAlias): ListedAlias => ({
  ...there,
  allowToSend: there.allowToSend ?? here?.allowToSend ?? null,
})

async function compareAliases(here: Here['aliases'], there: There, found: Finding) {
  const { aliases, signal } = there
  const known = new Map<string, StoredAlias>()
  for await (const some of inBatches(here, signal))
    for (const alias of some) known.set(aliasKey(alias), alias)
  const addedAliases: ListedAlias[] = []
  const listed = new Set<string>()
  for await (const some of inBatches(aliases.aliases, signal))
    for (const current of some) {
      const key = aliasKey(current)
      listed.add(key)
      const alias = known.get(key)
      if (alias === undefined) {
        addedAliases.push(current)
        found['alias-unknown-here'].push(difference('alias-unknown-here', key, null, rightOf(current)))
      } else if (
        current.allowToSend !== null &&
        !isNewer(alias, there) &&
        alias.allowToSend !== current.allowToSend
      )
        found['alias-other-right'].push(
          difference('alias-other-right', key, rightOf(alias), rightOf(current)),
        )
    }
  if (aliases.rejected > 0) return { addedAliases, missingAliases: [] }
  const missingAliases: StoredAlias[] = []
  for await (const some of inBatches(known, signal))
    for (const [key, alias] of some) {
      if (listed.has(key) || isNewer(alias, there)) continue
      missingAliases.push(alias)
      found['alias-unknown-at-dimail'].push(difference('alias-unknown-at-dimail', key))
    }
  return { addedAliases, missingAliases }
}

const rightOf = ({ allowToSend }: ListedAlias): string | null =>
  allowToSend === null ? null : allowToSend ? 'yes' : 'no'

/** What is true of dimail's own lists, whether or not anything changed. */
async function tellFacts({ mailboxes, aliases, signal }: There, found: Finding): Promise<void> {
  for await (const some of inBatches(mailboxes.mailboxes, signal))
    for (const { kind, address, imap, displayName } of some) {
      if (kind === 'functional') found.functional.push(difference(kind, address, null, imap))
      if (kind === 'technical') found.technical.push(difference(kind, address, null, displayName))
    }
  for await (const some of inBatches(mailboxes.foreign, signal))
    for (const box of some) found.foreign.push(difference('foreign', box.address, null, nameOf(box)))
  for (const { localPart, domain, destination } of aliases.foreign)
    found.foreign.push(difference('foreign', aliasKey({ localPart: `${localPart}@${domain}`, destination })))
  for (const excerpt of [...mailboxes.unreadable, ...aliases.unreadable])
    found.unparsable.push(difference('unparsable', excerpt))
  for (const subject of [...mailboxes.doubled, ...aliases.doubled])
    found.doubled.push(difference('doubled', subject))
}

const difference = (
  kind: DifferenceKind,
  subject: string,
  here: string | null = null,
  there: string | null = null,
): Difference => ({ kind, subject, here, there })

const emptyFinding = (): Finding => ({
  'unknown-here': [],
  'unknown-at-dimail': [],
  'other-name': [],
  'other-activity': [],
  'alias-unknown-here': [],
  'alias-unknown-at-dimail': [],
  'alias-other-right': [],
  functional: [],
  technical: [],
  foreign: [],
  unparsable: [],
  doubled: [],
})
