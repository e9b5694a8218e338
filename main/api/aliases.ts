import { unwrap } from '../../preload/failure.ts'
import type { AliasRow } from '../../preload/mailbox-shapes.ts'
import { createAliases } from '../aliases/create.ts'
import { removeAlias, removeAll } from '../aliases/remove.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Handlers } from '../ipc.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { StoredAliasGroup } from '../store/alias-store.ts'

type Calls = Extract<keyof Handlers, `aliases.${string}`>

/** The calls about aliases. */
export function aliasHandlers(opened: () => Workspace): Pick<Handlers, Calls> {
  return {
    'aliases.list': (query) => {
      const workspace = opened()
      const { aliases } = workspace.cache
      const domain = unwrap(normaliseDomain(query.domain))
      const { rows, total } = aliases.list({ ...query, domain })
      const fetchedAt = aliases.listedAt(domain)
      const all = fetchedAt === null ? null : aliases.count(domain)
      return { rows: aliasRows(workspace, rows), total, all, fetchedAt }
    },
    'aliases.create': async (input) => unwrap(await createAliases(opened(), input)),
    'aliases.remove': async (input) => unwrap(await removeAlias(opened(), input)),
    'aliases.removeAll': async (input) => unwrap(await removeAll(opened(), input)),
  }
}

/** Aliases as the page shows them: with whether a mailbox has the same address (docs/dimail.md 5). */
export function aliasRows(
  { cache }: Pick<Workspace, 'cache'>,
  groups: readonly StoredAliasGroup[],
): AliasRow[] {
  return groups.map((group) => {
    const box = cache.mailboxes.read(`${group.localPart}@${group.domain}`.toLowerCase())
    return { ...group, isMailbox: box !== null && box.goneAt === null }
  })
}
