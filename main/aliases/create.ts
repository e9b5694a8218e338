import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import type { AliasResult } from '../../preload/mailbox-shapes.ts'
import { endsTheRound } from '../dimail/failures.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { newLocalPart } from '../mailboxes/rules.ts'
import { journalled } from '../mailboxes/settle-journal.ts'
import {
  aliasDomain,
  aloneWithAliases,
  isDoubtful,
  isSamePair,
  listNow,
  newDestination,
  type Pair,
  targetOf,
} from './alias.ts'

export type NewAliases = {
  domain: string
  localPart: string
  destinations: readonly string[]
  allowToSend: boolean
}

/**
 * Creates an alias: one call for each destination, in order, each with its own journal row and its own result. What
 * is wrong here, or known already, sends nothing. One that fails stops no other, unless dimail cannot be reached or
 * refuses the password: the rest is then `cancelled/not-sent`. What dimail answered is stored as it said it.
 */
export async function createAliases(
  workspace: Workspace,
  { domain: name, localPart: typed, destinations, allowToSend }: NewAliases,
): Promise<Result<{ results: AliasResult[] }>> {
  const domain = await aliasDomain(workspace, name)
  if (!domain.ok) return domain
  const localPart = newLocalPart(typed, domain.value)
  if (!localPart.ok) return localPart
  const alias = { domain: domain.value, localPart: localPart.value, allowToSend }
  const results = await aloneWithAliases(workspace.desk, domain.value, () =>
    createAll(workspace, alias, destinations),
  )
  workspace.mailboxesChanged(domain.value)
  return ok({ results })
}

async function createAll(
  workspace: Workspace,
  alias: Asked,
  destinations: readonly string[],
): Promise<AliasResult[]> {
  // Read once: a domain may have ten thousand.
  const known: Pair[] = workspace.cache.aliases
    .of(alias.domain)
    .filter(({ localPart }) => localPart.toLowerCase() === alias.localPart)
  const results: AliasResult[] = []
  let stopped = false
  for (const text of destinations) {
    const destination: Result<string> = stopped ? notSent : toSend(known, alias, text)
    const made: Result<unknown> = destination.ok
      ? await createOne(workspace, { ...alias, destination: destination.value })
      : destination
    // One that may be there is not asked for a second time.
    if (destination.ok && (made.ok || made.failure.code === 'unknown-outcome'))
      known.push({ localPart: alias.localPart, destination: destination.value })
    stopped ||= !made.ok && endsTheRound(made.failure)
    results.push({ destination: destination.ok ? destination.value : text.trim(), failure: failureOf(made) })
  }
  return results
}

const notSent = failed('cancelled', 'not-sent', 'Not sent, since dimail could not be asked just before.')

const failureOf = (result: Result<unknown>): Failure | null => (result.ok ? null : result.failure)

function toSend(known: readonly Pair[], { domain, localPart }: Asked, text: string): Result<string> {
  const destination = newDestination(text, `${localPart}@${domain}`)
  if (!destination.ok) return destination
  const isKnown = known.some((one) => isSamePair(one, { localPart, destination: destination.value }))
  return isKnown
    ? failed('conflict', 'alias-known', 'This alias leads to that destination already.')
    : destination
}

type Asked = { domain: string; localPart: string; allowToSend: boolean }

async function createOne(workspace: Workspace, asked: Asked & Pair): Promise<Result<void>> {
  const { dimail } = workspace
  const { domain, localPart, destination, allowToSend } = asked
  const before = { localPart, destination, allowToSend }
  const about = { action: 'alias.create', domain, target: targetOf(domain, asked), before } as const
  return journalled(workspace, about, async () => {
    const answer = await dimail.createAlias(domain, { localPart, destination, allowToSend })
    if (answer.ok) {
      workspace.cache.aliases.store(domain, [answer.value], workspace.now())
      return { result: ok(undefined), after: { allowToSend: answer.value.allowToSend } }
    }
    if (isDoubtful(answer)) return { result: await readBack(workspace, asked, answer), after: null }
    const isThere = answer.failure.code === 'conflict' && answer.failure.reason === 'exists'
    if (!isThere) return { result: answer, after: null }
    const message = 'dimail has this alias already, although it was not known here: compare the two lists.'
    return { result: failed('conflict', 'alias-exists', message), after: null }
  })
}

/** Whether an alias was made although no answer said so; `lost` stays the result when dimail cannot be read. */
async function readBack(
  workspace: Workspace,
  asked: Asked & Pair,
  lost: { ok: false; failure: Failure },
): Promise<Result<void>> {
  const list = await listNow(workspace, asked.domain)
  if (!list.ok) return lost
  const made = list.value.aliases.find((one) => isSamePair(one, asked))
  if (made) {
    workspace.cache.aliases.store(asked.domain, [made], workspace.now())
    return ok(undefined)
  }
  if (lost.failure.code !== 'unknown-outcome' || !list.value.certain) return lost
  return failed(
    'bad-response',
    'alias-not-made',
    'The answer was lost, and dimail has no such alias: nothing was made.',
  )
}
