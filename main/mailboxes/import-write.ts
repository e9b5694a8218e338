import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Imported } from '../../preload/mailbox-shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { ListedMailbox } from '../store/mailbox-store.ts'
import {
  type Asked,
  aliasKey,
  type Drift,
  isNewer,
  isOther,
  merged,
  mergedAlias,
  type There,
} from './drift.ts'
import { inBatches } from './import-turns.ts'

export type Store = Pick<Workspace, 'cache' | 'now'>

export const closed = failed('cancelled', 'asked', 'The profile was closed.')

/** Stores what dimail listed and marks what disappeared; `drift` is what a comparison found of both. */
export async function write(
  { cache }: Store,
  domain: string,
  there: There,
  drift: Pick<Drift, 'missing' | 'missingAliases' | 'addedAliases'>,
  signal: AbortSignal,
): Promise<Result<Imported>> {
  const { askedAt, mailboxes, aliases } = there
  const tells = mailboxes.activityField !== null
  const counts: Imported = { added: 0, changed: 0, gone: 0, unchanged: 0, skipped: 0 }
  for (const { rejected, repeats, foreign } of [mailboxes, aliases])
    counts.skipped += rejected + repeats + foreign.length
  for await (const some of inBatches(mailboxes.mailboxes, signal)) {
    if (signal.aborted) return closed
    const { added, changed } = storeListed(cache, domain, some, there, tells)
    counts.added += added
    counts.changed += changed
    counts.unchanged += some.length - added - changed
  }
  for await (const some of inBatches(drift.missing, signal)) {
    if (signal.aborted) return closed
    const gone = some.filter((address) => {
      const box = cache.mailboxes.read(address)
      return box !== null && box.goneAt === null && !isNewer(box, there)
    })
    cache.mailboxes.markGone(gone, askedAt)
    counts.gone += gone.length
  }
  await storeAliases(cache, domain, there, drift, counts, signal)
  if (signal.aborted) return closed
  cache.mailboxes.completed(domain, askedAt)
  cache.aliases.completed(domain, askedAt)
  return ok(counts)
}

/** A batch of one list, but for what is known from a later moment; how many are new, or other. */
export function storeListed(
  cache: Workspace['cache'],
  domain: string,
  listed: readonly ListedMailbox[],
  asked: Pick<Asked, 'askedAt' | 'now'>,
  tells: boolean,
): { added: number; changed: number } {
  const rows: ListedMailbox[] = []
  let added = 0
  let changed = 0
  for (const there of listed) {
    const here = cache.mailboxes.read(there.address)
    if (here !== null && isNewer(here, asked)) continue
    if (here === null || here.goneAt !== null) added++
    else if (isOther(here, there, tells)) changed++
    rows.push(merged(here, there, tells))
  }
  cache.mailboxes.store(domain, rows, asked.askedAt)
  return { added, changed }
}

/** One that was known when dimail was asked and is not now was removed here since: it does not come back. */
async function storeAliases(
  { aliases: store }: Workspace['cache'],
  domain: string,
  there: There,
  { missingAliases, addedAliases }: Pick<Drift, 'missingAliases' | 'addedAliases'>,
  counts: Imported,
  signal: AbortSignal,
): Promise<void> {
  const isNew = new Set(addedAliases.map(aliasKey))
  for await (const some of inBatches(there.aliases.aliases, signal)) {
    if (signal.aborted) return
    const rows = some.flatMap((listed) => {
      const here = store.read(listed)
      if (here === null && !isNew.has(aliasKey(listed))) return []
      if (here !== null && isNewer(here, there)) return []
      const alias = mergedAlias(here, listed)
      if (here === null) counts.added++
      else if (here.allowToSend !== alias.allowToSend) counts.changed++
      else counts.unchanged++
      return [alias]
    })
    store.store(domain, rows, there.askedAt)
  }
  for await (const some of inBatches(missingAliases, signal)) {
    if (signal.aborted) return
    for (const alias of some) {
      const here = store.read(alias)
      if (here === null || isNewer(here, there)) continue
      store.remove(domain, alias.localPart, [alias.destination])
      counts.gone++
    }
  }
}
