import { Expected, failed, unwrap } from '../../preload/failure.ts'
import { type Domain, type DomainsView, domainsView } from '../../preload/shapes.ts'
import { readChecks } from '../dimail/checks.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Handlers } from '../ipc.ts'
import { checkDomain, fetchRecords } from '../jobs/check.ts'
import { repairDomain, toRepair } from '../jobs/repair.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'
import { spansOf } from './history.ts'

const firstView: DomainsView = { text: '', status: 'all', sort: 'urgency', descending: false, open: null }

type Calls = Extract<
  keyof Handlers,
  `domains.${string}` | `view.${string}` | `fleet.${string}` | 'journal.list'
>

export function domainHandlers(opened: () => OpenProfile): Pick<Handlers, Calls> {
  async function readDomain({ cache, desk }: OpenProfile, name: string): Promise<Domain> {
    const known = unwrap(normaliseDomain(name))
    const stored = cache.read(known)
    const latest = stored?.snapshots[0]
    if (!stored || !latest)
      throw new Expected(failed('not-found', 'domain', `${known} is not known here.`).failure)
    const answer = JSON.parse(latest.answer)
    const journal = await desk.journal({ subject: known, limit: 1 })
    return {
      ...stored.row,
      ...(stored.gone ? { repair: 'gone' as const } : {}),
      checks: readChecks(answer),
      records: stored.records,
      ...spansOf(stored.snapshots, stored.row.checkedAt ?? stored.row.fetchedAt),
      lastRepair: journal[0] ? toRepair(journal[0]) : null,
      contextName: typeof answer.context_name === 'string' ? answer.context_name : null,
      raw: JSON.stringify(answer, null, 2),
    }
  }

  return {
    'fleet.refresh': async ({ acceptShrink }) => unwrap(await opened().refresh(acceptShrink)),
    'domains.list': (query) => opened().cache.list(query),
    'domains.counts': () => opened().cache.counts(),
    'domains.names': (filter) => opened().cache.names(filter),
    'domains.read': ({ name }) => readDomain(opened(), name),
    'domains.check': async ({ name }) => {
      // Another profile may be open when the answer comes: it is read where it was asked.
      const profile = opened()
      unwrap(await checkDomain(profile, name))
      return readDomain(profile, name)
    },
    'domains.repair': async ({ name }) => unwrap(await repairDomain(opened(), name)),
    'domains.fetchRecords': async ({ name }) => {
      const profile = opened()
      unwrap(await fetchRecords(profile, name))
      return readDomain(profile, name)
    },
    'view.read': async () => {
      const saved = domainsView.safeParse(await opened().desk.readSetting('view.domains'))
      return saved.success ? saved.data : firstView
    },
    'view.write': (view) => opened().desk.writeSetting('view.domains', view),
    'journal.list': async (filter) =>
      (await opened().desk.journal(filter)).map((row) => {
        const { before, after, effect } = toRepair(row)
        const { settledAt: _settledAt, ...entry } = row
        return { ...entry, before: before.status, after: after?.status ?? null, effect }
      }),
  }
}
