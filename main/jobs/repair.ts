import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import { type Finding, finding, type Repair } from '../../preload/shapes.ts'
import { readChecks } from '../dimail/checks.ts'
import { normaliseDomain } from '../dimail/names.ts'
import { type Judged, repairEffect, repairState } from '../dimail/verdict.ts'
import type { JournalRow, Settlement } from '../store/desk.ts'
import type { Outcome } from '../store/job-store.ts'
import { checkDomain, storeAnswer } from './check.ts'
import type { Workspace } from './workspace.ts'

const why: Record<string, string> = {
  nothing: 'Nothing is broken: there is nothing to repair.',
  external: 'A DNS record must be corrected first; dimail cannot repair that.',
  disabled: 'The domain is disabled.',
  unchecked: 'The domain has never been checked.',
  gone: 'dimail no longer lists this domain.',
  running: 'A repair of this domain is already running.',
}
const refusal = (reason: string) => failed('not-possible', reason, why[reason] ?? 'Not possible now.')

/**
 * Repairs what dimail can repair of a domain (docs/dimail.md 3.6). The call is a GET that acts: it leaves once,
 * after its journal row, and is never repeated; what it did is read with a fresh check. A lost answer is told
 * as unknown, with what dimail says now beside it.
 */
export async function repairDomain(workspace: Workspace, name: string): Promise<Result<Repair>> {
  const wanted = normaliseDomain(name)
  if (!wanted.ok) return wanted
  const { repairing } = workspace
  if (repairing.has(wanted.value)) return refusal('running')
  const repair = repairOnce(workspace, wanted.value)
  repairing.set(wanted.value, repair)
  try {
    return await repair
  } finally {
    repairing.delete(wanted.value)
  }
}

async function repairOnce(workspace: Workspace, name: string): Promise<Result<Repair>> {
  const before = findingOf(workspace, name)
  if (!before) return failed('not-found', 'domain', `${name} is not known here.`)
  if (workspace.cache.read(name)?.gone) return refusal('gone')
  const state = repairState(before.status, before.checks)
  if (state !== 'possible') return refusal(state)

  const { desk, now, person } = workspace
  const intent = await desk.intend({
    action: 'repair',
    subject: name,
    target: null,
    actor: person().id,
    before,
    at: now(),
  })
  try {
    const { failure, after } = await fixAndLook(workspace, name)
    await desk.settle(intent, settlement(failure, after, now()))
  } catch (error) {
    const { failure } = failed('unexpected', 'bug', 'The console failed while it repaired.')
    await desk.settle(intent, { state: 'unknown', after: null, failure, at: now() })
    throw error
  }
  workspace.changed([name])
  const row = (await desk.journal({ subject: name, limit: 1 }))[0]
  if (!row) throw new Error('The journal lost the row it has just settled')
  return ok(toRepair(row))
}

/** The one call that acts, then what is true: from a fresh check, else from the call's own answer. */
async function fixAndLook(
  workspace: Workspace,
  name: string,
): Promise<{ failure: Failure | null; after: Finding | null }> {
  const answer = await workspace.dimail.fixDomain(name)
  if (answer.ok) storeAnswer(workspace, name, answer.value)
  else if (answer.failure.code !== 'unknown-outcome') return { failure: answer.failure, after: null }
  const checked = await checkDomain(workspace, name)
  const after = checked.ok ? toFinding(checked.value) : answer.ok ? findingOf(workspace, name) : null
  return { failure: answer.ok ? null : answer.failure, after }
}

function settlement(failure: Failure | null, after: Finding | null, at: number): Settlement {
  if (failure === null) return { state: 'done', after, failure, at }
  return { state: failure.code === 'unknown-outcome' ? 'unknown' : 'failed', after, failure, at }
}

function findingOf(workspace: Workspace, name: string): Finding | null {
  const known = workspace.cache.read(name)
  const latest = known?.snapshots[0]
  if (!known || !latest) return null
  return { status: known.row.status, checks: readChecks(JSON.parse(latest.answer)) }
}

const toFinding = ({ status, checks }: Judged): Finding => ({ status, checks })

/** A journal row as the page shows a repair; the effect is derived, never stored. */
export function toRepair(row: JournalRow): Repair {
  const before = finding.parse(row.before)
  const after = row.after === null ? null : finding.parse(row.after)
  const effect = after === null ? null : repairEffect(before, after)
  return { at: row.at, state: row.state, before, after, effect, failure: row.failure }
}

/** A repair as one row of a job: done when dimail answered, whatever it could mend. */
export async function repairAsRow(workspace: Workspace, name: string, settle: (outcome: Outcome) => void) {
  const result = await repairDomain(workspace, name)
  const at = workspace.now()
  const failure = result.ok ? result.value.failure : result.failure
  if (failure) settle({ state: 'failed', failure, at })
  else if (result.ok)
    settle({ state: 'done', status: (result.value.after ?? result.value.before).status, at })
}
