import { z } from 'zod'
import { Expected, failed, unwrap } from '../../preload/failure.ts'
import {
  type Domain,
  type DomainRow,
  type DomainsView,
  domainsView,
  type JournalEntry,
} from '../../preload/shapes.ts'
import { readChecks } from '../dimail/checks.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Handlers } from '../ipc.ts'
import { checkDomain, fetchRecords } from '../jobs/check.ts'
import { repairDomain, toRepair } from '../jobs/repair.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'
import type { Cache } from '../store/cache.ts'
import type { Desk, JournalRow } from '../store/desk.ts'
import { spansOf } from './history.ts'
import { countWithin, listWithin, matching } from './within.ts'

const firstView: DomainsView = { text: '', status: 'all', sort: 'urgency', descending: false, open: null }
/** A view, and whose it is. */
const keptView = domainsView.extend({ of: z.string() })

type Calls =
  | Extract<keyof Handlers, `view.${string}` | `fleet.${string}` | 'journal.list'>
  | `domains.${'list' | 'counts' | 'names' | 'read' | 'check' | 'repair' | 'fetchRecords'}`

/** Everything the page shows of one domain, from both stores. @throws Expected `not-found/domain` */
export async function readDomain({ cache, desk }: Workspace, name: string): Promise<Domain> {
  const known = unwrap(normaliseDomain(name))
  const stored = cache.read(known)
  const latest = stored?.snapshots[0]
  if (!stored || !latest)
    throw new Expected(failed('not-found', 'domain', `${known} is not known here.`).failure)
  const answer = JSON.parse(latest.answer)
  const repairs = await desk.journal({ subject: known, action: 'repair', limit: 1 })
  const town = await desk.towns.get(known)
  return {
    ...stored.row,
    ...(stored.gone ? { repair: 'gone' as const } : {}),
    checks: readChecks(answer),
    records: stored.records,
    ...spansOf(stored.snapshots, stored.row.checkedAt ?? stored.row.fetchedAt),
    lastRepair: repairs[0] ? toRepair(repairs[0]) : null,
    contextName: typeof answer.context_name === 'string' ? answer.context_name : null,
    supportEmail: town?.supportEmail ?? null,
    setup: await desk.setups.get(known),
    provisioned: await desk.provisioned.get(known),
    raw: JSON.stringify(answer, null, 2),
  }
}

export function domainHandlers(opened: () => OpenProfile): Pick<Handlers, Calls> {
  return {
    'fleet.refresh': async ({ acceptShrink }) => unwrap(await opened().refresh(acceptShrink)),
    'domains.list': async (query) => {
      const { cache, permissions } = opened()
      const within = await permissions.readable()
      if (within === null) return cache.list(query)
      return listWithin(rowsOf(cache, within), query, cache.attributeMatches(query.text))
    },
    'domains.counts': async () => {
      const { cache, permissions } = opened()
      const within = await permissions.readable()
      return within === null ? cache.counts() : countWithin(rowsOf(cache, within), cache.fleetFetchedAt())
    },
    'domains.names': async (filter) => {
      const { cache, permissions } = opened()
      const within = await permissions.readable()
      if (within === null) return cache.names(filter)
      const rows = matching(rowsOf(cache, within), filter, cache.attributeMatches(filter.text))
      return rows.map(({ name }) => name)
    },
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
      const { desk, person } = opened()
      const saved = keptView.safeParse(await desk.readSetting('view.domains'))
      if (!saved.success) return firstView
      // What another agent looked for, and at, may be of domains that this one may not read.
      const { of, ...view } = saved.data
      return of === person().id ? view : firstView
    },
    'view.write': (view) => {
      const { desk, person } = opened()
      return desk.writeSetting('view.domains', { ...view, of: person().id })
    },
    'journal.list': async (filter) => {
      const { desk, permissions } = opened()
      const within = filter.subject === null ? await permissions.readable() : null
      const named = await namesOf(desk)
      const told = (rows: readonly JournalRow[]) => rows.map((row) => toEntry(row, named))
      if (within === null) return told(await desk.journal(filter))
      // Asked domain by domain: a page is as long as what may be read of it allows.
      const pages = await Promise.all(within.map((subject) => desk.journal({ ...filter, subject })))
      const latest = pages.flat().sort((a, b) => b.id - a.id)
      return told(latest.slice(0, filter.limit))
    },
  }
}

type Names = (id: string) => string | null
/** The names of who has signed in here: the journal and the accesses keep who did something by their identity. */
export async function namesOf({ people }: Pick<Desk, 'people'>): Promise<Names> {
  const names = new Map((await people.list(null)).map(({ id, name }) => [id, name]))
  return (id) => names.get(id) ?? null
}

/** A journal row as the page shows it: people by name; only a repair tells the domain's status before and after. */
export function toEntry({ settledAt, ...kept }: JournalRow, named: Names): JournalEntry {
  const actorName = named(kept.actor)
  const row = { ...kept, target: kept.target === null ? null : (named(kept.target) ?? kept.target) }
  if (row.action !== 'repair') return { ...row, actorName, before: null, after: null, effect: null }
  const { before, after, effect } = toRepair({ settledAt, ...row })
  return { ...row, actorName, before: before.status, after: after?.status ?? null, effect }
}

const rowsOf = (cache: Cache, names: readonly string[]): DomainRow[] =>
  names.flatMap((name) => {
    const stored = cache.read(name)
    return stored && !stored.gone ? [stored.row] : []
  })
