import { z } from 'zod'
import { failed } from '../../preload/failure.ts'
import { type Concern, everyDomain, type Workspace } from '../jobs/workspace.ts'
import type { ListedAlias } from '../store/alias-store.ts'
import type { JournalRow } from '../store/desk.ts'
import { isSamePair, listNow } from './alias.ts'

const pair = z.object({ localPart: z.string(), destination: z.string() })
const all = z.object({ localPart: z.string(), destinations: z.array(z.object({ destination: z.string() })) })

/**
 * Settles by reading the calls about aliases whose answer was lost: one list for each domain, and nothing sent. A
 * domain that cannot be read now, or whose list holds a row that cannot, stays in doubt for a later call.
 */
export async function settleAliasDoubts(
  workspace: Workspace,
  signal?: AbortSignal,
  concerns: Concern = everyDomain,
): Promise<void> {
  const doubts = (await workspace.desk.inDoubt()).filter(
    ({ action, subject }) => action.startsWith('alias.') && concerns(subject),
  )
  for (const [domain, rows] of Map.groupBy(doubts, ({ subject }) => subject)) {
    if (signal?.aborted) return
    const list = await listNow(workspace, domain)
    if (!list.ok) continue
    for (const row of rows) await settleRow(workspace, row, list.value)
    workspace.mailboxesChanged(domain)
  }
}

type Listed = { aliases: readonly ListedAlias[]; certain: boolean }

async function settleRow(workspace: Workspace, row: JournalRow, { aliases, certain }: Listed): Promise<void> {
  const asked = askedIn(row)
  if (asked === null) return
  const { localPart, destinations } = asked
  const isCreation = row.action === 'alias.create'
  // What is made may be spelled otherwise; what is deleted is one spelling.
  const told = new Set(destinations)
  const there = aliases.filter((one) =>
    isCreation
      ? destinations.some((destination) => isSamePair(one, { localPart, destination }))
      : one.localPart === localPart && told.has(one.destination),
  )
  if (there.length < destinations.length && !certain) return
  const isDone = isCreation ? there.length > 0 : there.length === 0
  const { cache, desk, now } = workspace
  if (cache.read(row.subject)) {
    cache.aliases.store(row.subject, there, now())
    const left = new Set(there.map(({ destination }) => destination))
    const gone = destinations.filter((destination) => !left.has(destination))
    cache.aliases.remove(row.subject, localPart, gone)
  }
  const none = 'The answer was lost, and dimail shows no effect of it.'
  const failure = isDone ? null : failed('bad-response', 'alias-not-done', none).failure
  await desk.settle(row.id, { state: isDone ? 'done' : 'failed', after: null, failure, at: now() })
}

/** What a row of the journal says to have been asked, from what was written before the call. */
function askedIn({ action, before }: JournalRow): { localPart: string; destinations: string[] } | null {
  if (action === 'alias.delete-all') {
    const asked = all.safeParse(before)
    if (!asked.success) return null
    const { localPart, destinations } = asked.data
    return { localPart, destinations: destinations.map(({ destination }) => destination) }
  }
  const asked = pair.safeParse(before)
  return asked.success ? { localPart: asked.data.localPart, destinations: [asked.data.destination] } : null
}
