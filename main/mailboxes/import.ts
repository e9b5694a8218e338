import { failed, ok, type Result } from '../../preload/failure.ts'
import type { DriftReport, Imported } from '../../preload/mailbox-shapes.ts'
import type { AliasList } from '../dimail/aliases.ts'
import type { MailboxList } from '../dimail/mailboxes.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { differences, type There } from './drift.ts'
import type { Reports } from './import-reports.ts'
import { inBatches } from './import-turns.ts'
import { closed, type Store, storeListed, write } from './import-write.ts'

/** What comparing works with, and importing. */
export type Comparing = Store & Pick<Workspace, 'dimail' | 'changed' | 'mailboxesChanged'>
export type Importing = Store & Pick<Workspace, 'desk' | 'person' | 'changed' | 'mailboxesChanged'>

/**
 * Reads the mailboxes and aliases of a domain and tells how they differ from what is known here. It writes nothing,
 * but for what cannot lose anything: a domain never read before is taken up at once, and a report without anything
 * to import renews the time at which everything was listed.
 */
export async function compare(
  workspace: Comparing,
  reports: Reports,
  name: string,
  signal: AbortSignal,
): Promise<Result<DriftReport>> {
  const wanted = normaliseDomain(name)
  if (!wanted.ok) return wanted
  const domain = wanted.value
  const { cache, dimail, now } = workspace
  if (!cache.read(domain)) return failed('not-found', 'domain', `${domain} is not known here.`)
  // Before the question leaves: what changes while it is answered is newer than the answer.
  const askedAt = now()
  const [mailboxes, aliases] = await Promise.all([
    dimail.listMailboxes(domain, signal),
    dimail.listAliases(domain, signal),
  ])
  if (!mailboxes.ok) return mailboxes
  if (!aliases.ok) return aliases
  const there: There = { askedAt, now, signal, mailboxes: mailboxes.value, aliases: aliases.value }
  const tookMailboxes = await takeUp(workspace, domain, there.mailboxes, askedAt, signal)
  if (signal.aborted) return closed
  const tookAliases = await takeUpAliases(workspace, domain, there.aliases, askedAt, signal)
  if (signal.aborted) return closed
  const here = { mailboxes: cache.mailboxes.of(domain), aliases: cache.aliases.of(domain) }
  const { differences: found, ...drift } = await differences(here, there)
  if (signal.aborted) return closed
  const report: DriftReport = {
    id: reports.next(),
    domain,
    at: askedAt,
    version: there.mailboxes.version,
    mailboxes: there.mailboxes.mailboxes.length,
    aliases: there.aliases.aliases.length,
    counts: drift.counts,
    toImport: drift.toImport,
    shrunk: drift.shrunk,
  }
  const nothingToImport = drift.toImport === 0
  const isFresh = tookMailboxes && tookAliases
  if (nothingToImport && !isFresh && !(await write(workspace, domain, there, drift, signal)).ok) return closed
  reports.keep({ report, differences: found, toStore: nothingToImport ? null : { there, drift } })
  if (nothingToImport || tookMailboxes || tookAliases) tellWindow(workspace, domain)
  return ok(report)
}

/**
 * Stores the mailboxes of a domain that was never read before; another is left to a report. False when it was read,
 * or when `signal` stopped it.
 */
export async function takeUp(
  { cache, now }: Store,
  domain: string,
  list: MailboxList,
  askedAt: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (cache.mailboxes.listedAt(domain) !== null) return false
  const tells = list.activityField !== null
  for await (const some of inBatches(list.mailboxes, signal)) {
    if (signal.aborted) return false
    storeListed(cache, domain, some, { askedAt, now }, tells)
  }
  if (signal.aborted) return false
  cache.mailboxes.completed(domain, askedAt)
  return true
}

async function takeUpAliases(
  { cache }: Pick<Store, 'cache'>,
  domain: string,
  list: AliasList,
  askedAt: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (cache.aliases.listedAt(domain) !== null) return false
  for await (const some of inBatches(list.aliases, signal)) {
    if (signal.aborted) return false
    const unknown = some.filter((alias) => cache.aliases.read(alias) === null)
    cache.aliases.store(domain, unknown, askedAt)
  }
  if (signal.aborted) return false
  cache.aliases.completed(domain, askedAt)
  return true
}

/**
 * Stores what a report's lists told: what was added or changed, and that what disappeared is gone. Fails with
 * `list-shrunk/mailboxes` when more than a fifth of what is known would be gone, unless `acceptShrink`; with
 * `not-possible/report-old` when the report is no longer the last, or was imported. What was changed here since
 * dimail was asked is left as it is.
 */
export async function importReport(
  workspace: Importing,
  reports: Reports,
  { domain: name, report: id, acceptShrink }: { domain: string; report: number; acceptShrink: boolean },
  signal: AbortSignal,
): Promise<Result<Imported>> {
  const wanted = normaliseDomain(name)
  if (!wanted.ok) return wanted
  const domain = wanted.value
  const found = reports.find(domain, id)
  if (!found.ok) return found
  const { toStore } = found.value
  if (toStore === null)
    return failed('not-possible', 'report-old', 'This report has nothing left to import: compare again.')
  const { there, drift } = toStore
  const { cache, desk, now, person } = workspace
  if (drift.shrunk && !acceptShrink) {
    const gone = drift.missing.length + drift.missingAliases.length
    const known = cache.mailboxes.count(domain) + cache.aliases.of(domain).length
    const message = `dimail no longer lists ${gone} of the ${known} mailboxes and aliases known here.`
    return failed('list-shrunk', 'mailboxes', message, { gone, known })
  }
  // Nobody imports it a second time while it is being stored.
  found.value.toStore = null
  const intent = await desk.intend({
    action: 'mailboxes.import',
    subject: domain,
    target: null,
    actor: person().id,
    before: { report: id, listedAt: there.askedAt },
    at: now(),
  })
  try {
    const written = await write(workspace, domain, there, drift, signal)
    const failure = written.ok ? null : written.failure
    const after = written.ok ? written.value : null
    await desk.settle(intent, { state: written.ok ? 'done' : 'failed', after, failure, at: now() })
    tellWindow(workspace, domain)
    return written
  } catch (error) {
    const { failure } = failed('unexpected', 'bug', 'The console failed while it imported.')
    await desk.settle(intent, { state: 'failed', after: null, failure, at: now() })
    throw error
  }
}

/**
 * Settles the imports that an earlier run did not finish: what they stored is what dimail said, and the next
 * comparison finds the rest. No call is made.
 */
export async function settleImports({ desk, now }: Pick<Workspace, 'desk' | 'now'>): Promise<void> {
  const { failure } = failed('cancelled', 'import-interrupted', 'The program ended during the import.')
  for (const row of await desk.inDoubt()) {
    if (row.action !== 'mailboxes.import') continue
    await desk.settle(row.id, { state: 'failed', after: null, failure, at: now() })
  }
}

function tellWindow(
  { changed, mailboxesChanged }: Pick<Comparing, 'changed' | 'mailboxesChanged'>,
  domain: string,
): void {
  mailboxesChanged(domain)
  changed([domain])
}
