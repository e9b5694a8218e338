import { randomBytes } from 'node:crypto'
import type { Delegation, Diagnosis, DnsState, Proposal } from '../../preload/dns-shapes.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type { ExpectedRecord } from '../../preload/shapes.ts'
import { normaliseDomain } from '../dimail/names.ts'
import { judgeReading } from '../dns/compare/judge-reading.ts'
import { questionsFor } from '../dns/compare/questions.ts'
import { sourceView } from '../dns/compare/source-view.ts'
import { formsOf, hostOf, namedHost, stepsOf } from '../dns/hosts.ts'
import { furtherQuestions } from '../dns/propose/further.ts'
import { propose } from '../dns/propose/propose.ts'
import { readZone } from '../dns/read/read-zone.ts'
import type { ZoneReading } from '../dns/read/reading.ts'
import type { Resolver } from '../dns/read/resolver.ts'
import { fetchRecords } from '../jobs/check.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { carried } from './carried.ts'

/** What a diagnosis needs besides the stores. */
export type Diagnosing = Workspace & {
  resolver: Resolver
  /** The diagnoses that run, by domain: whoever asks meanwhile is given the same. */
  diagnosing: Map<string, Promise<Result<Diagnosis>>>
  dnsChanged(domain: string): void
}

/**
 * Asks the name servers of a domain what they publish now, compares it with what dimail expects, and keeps both.
 * Fails when dimail has never said what to publish and cannot be asked either. A server that cannot be read is a
 * finding, not a failure (docs/dns.md). `isAsked` false: nobody asks at this moment, and dimail is left
 * alone; fails with `not-possible/nothing-expected` when it never said what to publish.
 */
export function diagnose(
  workspace: Diagnosing,
  name: string,
  signal: AbortSignal,
  isAsked = true,
): Promise<Result<Diagnosis>> {
  const known = normaliseDomain(name)
  if (!known.ok) return Promise.resolve(known)
  const running = workspace.diagnosing.get(known.value)
  // One that somebody else breaks off is none of ours.
  if (running)
    return running.then((result) =>
      !result.ok && result.failure.code === 'cancelled' && !signal.aborted
        ? diagnose(workspace, name, signal, isAsked)
        : result,
    )
  const mine = readAndJudge(workspace, known.value, signal, isAsked).finally(() =>
    workspace.diagnosing.delete(known.value),
  )
  workspace.diagnosing.set(known.value, mine)
  return mine
}

async function readAndJudge(
  workspace: Diagnosing,
  domain: string,
  signal: AbortSignal,
  isAsked: boolean,
): Promise<Result<Diagnosis>> {
  const { cache, resolver, now } = workspace
  const records = await expectedOf(workspace, domain, isAsked)
  if (!records.ok) return records
  const expected = records.value.items
  const reading = await readZone(resolver, {
    domain,
    ...questionsFor(domain, expected),
    more: (view, zone) => furtherQuestions(domain, zone, expected, view),
    probe: `nobody-${randomBytes(4).toString('hex')}`,
    signal,
  })
  // What was broken off says nothing about the domain.
  if (signal.aborted) return failed('cancelled', 'asked', 'Nobody waits for this any more.')
  const judged = judgeReading(reading, expected)
  const diagnosis: Diagnosis = {
    domain,
    at: reading.at,
    tookMs: reading.tookMs,
    expectedAt: records.value.fetchedAt,
    delegation: reading.delegation,
    servers: reading.servers,
    host: namedHost(hostBy(reading.delegation)),
    records: carried(cache.readDiagnosis(domain)?.diagnosis ?? null, judged.records, now()),
    information: judged.information,
  }
  cache.storeDiagnosis(diagnosis, reading)
  workspace.dnsChanged(domain)
  return ok(diagnosis)
}

/** What dimail said to publish, if that is not older: a repair may have renewed a key since. */
const expectedFreshForMs = 24 * 3_600_000

/** What dimail wants published: as it tells now when that is old and somebody asks, else as it last told. */
async function expectedOf(
  workspace: Diagnosing,
  domain: string,
  isAsked: boolean,
): Promise<Result<{ fetchedAt: number; items: readonly ExpectedRecord[] }>> {
  const { cache, now } = workspace
  const known = cache.read(domain)?.records
  if (known && (!isAsked || now() - known.fetchedAt < expectedFreshForMs)) return ok(known)
  if (!isAsked) return failed('not-possible', 'nothing-expected', 'dimail has not said yet what to publish.')
  const asked = await fetchRecords(workspace, domain)
  if (!asked.ok) return known ? ok(known) : asked
  const told = cache.read(domain)?.records
  return told ? ok(told) : failed('not-found', 'domain', `${domain} is not known here.`)
}

/** The host of a zone, by the name servers that it names itself, else by those that its parent names. */
export const hostBy = ({ child, parent }: Delegation) => hostOf(child.length > 0 ? child : parent)

/** What to do in the zone. Nobody can say of a delegation that was not read that there is none. */
export function proposalFor(
  domain: string,
  expected: readonly ExpectedRecord[],
  { diagnosis, reading }: { diagnosis: Diagnosis; reading: ZoneReading },
): Proposal {
  const { zone, state } = diagnosis.delegation
  const proposal = propose(domain, zone, expected, sourceView(reading))
  if (state !== 'unread') return proposal
  const hindered = proposal.hindered.map((one) => ({ ...one, why: 'unread' as const }))
  return { ...proposal, hindered }
}

/** Everything that the page shows of a domain's DNS, from what is kept; nothing is asked. */
export async function readDns(
  { cache, desk }: Pick<Workspace, 'cache' | 'desk'>,
  name: string,
): Promise<Result<DnsState>> {
  const known = normaliseDomain(name)
  if (!known.ok) return known
  const kept = cache.readDiagnosis(known.value)
  const watch = await desk.watches.get(known.value)
  const expected = cache.read(known.value)?.records?.items ?? []
  if (kept === null) return ok({ diagnosis: null, proposal: null, steps: [], forms: [], watch })
  const { diagnosis } = kept
  const { zone } = diagnosis.delegation
  const proposal = proposalFor(known.value, expected, kept)
  const host = hostBy(diagnosis.delegation)
  const place = zone ?? known.value
  return ok({
    diagnosis,
    proposal,
    steps: stepsOf(host, proposal, place),
    forms: formsOf(host, known.value, diagnosis.records, place),
    watch,
  })
}
