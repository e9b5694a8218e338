import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import type { AliasRemoval } from '../../preload/mailbox-shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { journalled } from '../mailboxes/settle-journal.ts'
import type { ListedAlias } from '../store/alias-store.ts'
import {
  aliasDomain,
  aloneWithAliases,
  isDoubtful,
  listNow,
  namedSafely,
  type Pair,
  targetOf,
} from './alias.ts'

type Failed = { ok: false; failure: Failure }

/**
 * Deletes one destination of an alias: dimail's list is read first, dimail forgets it, then this cache does
 * (docs/dimail.md D5; docs/faults.md 78). What dimail does not have is `already-gone`. A failure leaves it known here.
 */
export async function removeAlias(
  workspace: Workspace,
  { domain: name, ...pair }: Pair & { domain: string },
): Promise<Result<AliasRemoval>> {
  const domain = await removable(workspace, name, pair.localPart, pair.destination)
  if (!domain.ok) return domain
  return aloneWithAliases(workspace.desk, domain.value, () => removeOne(workspace, domain.value, pair))
}

async function removeOne(workspace: Workspace, domain: string, pair: Pair): Promise<Result<AliasRemoval>> {
  const { localPart, destination } = pair
  const live = await listNow(workspace, domain)
  if (!live.ok) return live
  const { aliases, certain } = live.value
  const isThere = aliases.some((one) => one.localPart === localPart && one.destination === destination)
  if (!isThere && certain) return forget(workspace, domain, localPart, [destination], 'already-gone')

  const right = workspace.cache.aliases.of(domain).find((one) => isPair(one, pair))?.allowToSend ?? null
  const before = { ...pair, allowToSend: right }
  const about = {
    action: 'alias.delete',
    domain,
    target: targetOf(domain, pair),
    before,
  } as const
  return journalled(workspace, about, async () => {
    const answer = await workspace.dimail.deleteAlias(domain, localPart, destination)
    return { result: await outcomeOf(workspace, domain, localPart, [destination], answer), after: null }
  })
}

/**
 * Deletes all destinations of a local part. `destinations` are those that the agent saw: when dimail has others by
 * now, nothing is deleted, they are shown, and the result is `conflict/alias-changed`.
 */
export async function removeAll(
  workspace: Workspace,
  {
    domain: name,
    localPart,
    destinations,
  }: { domain: string; localPart: string; destinations: readonly string[] },
): Promise<Result<AliasRemoval>> {
  const domain = await removable(workspace, name, localPart, null)
  if (!domain.ok) return domain
  return aloneWithAliases(workspace.desk, domain.value, () =>
    removeThose(workspace, domain.value, localPart, destinations),
  )
}

async function removeThose(
  workspace: Workspace,
  domain: string,
  localPart: string,
  destinations: readonly string[],
): Promise<Result<AliasRemoval>> {
  const live = await listNow(workspace, domain)
  if (!live.ok) return live
  if (!live.value.certain) {
    const message =
      'dimail lists an alias that cannot be read, and which might be one of these: delete one by one.'
    return failed('not-possible', 'alias-unreadable', message)
  }
  const there = live.value.aliases.filter((one) => one.localPart === localPart)
  if (there.length === 0) return forget(workspace, domain, localPart, destinations, 'already-gone')
  if (!isSameSet(there, destinations)) {
    takeUp(workspace, domain, localPart, there)
    return failed(
      'conflict',
      'alias-changed',
      'The destinations of this alias have changed: look at them again.',
    )
  }
  const before = {
    localPart,
    destinations: there.map(({ destination, allowToSend }) => ({ destination, allowToSend })),
  }
  const target = `${localPart}@${domain}`
  const about = { action: 'alias.delete-all', domain, target, before } as const
  return journalled(workspace, about, async () => {
    const answer = await workspace.dimail.deleteAllAliases(domain, localPart)
    return { result: await outcomeOf(workspace, domain, localPart, destinations, answer), after: null }
  })
}

async function removable(
  workspace: Workspace,
  name: string,
  localPart: string,
  destination: string | null,
): Promise<Result<string>> {
  const domain = await aliasDomain(workspace, name)
  if (!domain.ok) return domain
  const safe = namedSafely(localPart, destination)
  return safe.ok ? domain : safe
}

const isPair = (one: Pair, other: Pair): boolean =>
  one.localPart === other.localPart && one.destination === other.destination

function isSameSet(there: readonly ListedAlias[], seen: readonly string[]): boolean {
  const now = new Set(there.map(({ destination }) => destination))
  const then = new Set(seen)
  return now.size === then.size && [...then].every((destination) => now.has(destination))
}

/** What the answer to a deletion means for what is known here; a lost one is settled by reading. */
async function outcomeOf(
  workspace: Workspace,
  domain: string,
  localPart: string,
  destinations: readonly string[],
  answer: Result<undefined>,
): Promise<Result<AliasRemoval>> {
  if (answer.ok) return forget(workspace, domain, localPart, destinations, 'removed')
  const { code, reason } = answer.failure
  if (code === 'not-found' && reason === 'alias')
    return forget(workspace, domain, localPart, destinations, 'already-gone')
  return isDoubtful(answer) ? readBack(workspace, domain, localPart, destinations, answer) : answer
}

async function readBack(
  workspace: Workspace,
  domain: string,
  localPart: string,
  destinations: readonly string[],
  lost: Failed,
): Promise<Result<AliasRemoval>> {
  const list = await listNow(workspace, domain)
  if (!list.ok || !list.value.certain) return lost
  const there = list.value.aliases.filter((one) => one.localPart === localPart)
  const isLeft = there.some(({ destination }) => destinations.includes(destination))
  if (!isLeft) return forget(workspace, domain, localPart, destinations, 'removed')
  if (lost.failure.code !== 'unknown-outcome') return lost
  return failed('bad-response', 'alias-not-done', 'The answer was lost, and dimail still has this alias.')
}

function forget(
  { cache, mailboxesChanged }: Workspace,
  domain: string,
  localPart: string,
  destinations: readonly string[],
  outcome: AliasRemoval['outcome'],
): Result<AliasRemoval> {
  cache.aliases.remove(domain, localPart, destinations)
  mailboxesChanged(domain)
  return ok({ outcome, destinations: [...destinations] })
}

/** The destinations that dimail has now take the place of those known. */
function takeUp(
  { cache, now, mailboxesChanged }: Workspace,
  domain: string,
  localPart: string,
  there: readonly ListedAlias[],
): void {
  const current = new Set(there.map(({ destination }) => destination))
  const gone = cache.aliases
    .of(domain)
    .filter((one) => one.localPart === localPart && !current.has(one.destination))
  cache.aliases.remove(
    domain,
    localPart,
    gone.map(({ destination }) => destination),
  )
  cache.aliases.store(domain, there, now())
  mailboxesChanged(domain)
}
