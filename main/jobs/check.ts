import { type Failure, ok, type Result } from '../../preload/failure.ts'
import { type Check, isFailing, type Status } from '../../preload/shapes.ts'
import { isExplained } from '../diagnosis/catalogue.ts'
import type { DomainAnswer } from '../dimail/client.ts'
import { normaliseDomain } from '../dimail/names.ts'
import { type Judged, judge } from '../dimail/verdict.ts'
import type { Outcome } from '../store/job-store.ts'
import type { Workspace } from './workspace.ts'

/** Codes counted of one answer: no domain has more, whatever stands in the answer. */
const mostUnknown = 100

type Settle = (outcome: Outcome) => void

/**
 * Asks dimail to check one domain now and stores what it says; `settle` runs in the same transaction, so that
 * a result and the "done" of its row are never apart. A call that fails changes no status: the attempt and its
 * reason are kept beside the last good check (docs/verdict.md 7). A name that is no domain never leaves.
 */
export async function checkDomain(
  workspace: Workspace,
  name: string,
  signal?: AbortSignal,
  settle?: Settle,
): Promise<Result<Judged>> {
  const wanted = normaliseDomain(name)
  if (!wanted.ok) {
    settle?.({ state: 'failed', failure: wanted.failure, at: workspace.now() })
    return wanted
  }
  const answer = await workspace.dimail.checkDomain(wanted.value, signal)
  if (answer.ok) return ok(storeAnswer(workspace, wanted.value, answer.value, settle))
  if (answer.failure.code !== 'cancelled') storeAttempt(workspace, wanted.value, answer.failure, settle)
  return answer
}

/** Stores dimail's answer to a check or a repair, and says how the domain is judged on it. */
export function storeAnswer(
  workspace: Workspace,
  name: string,
  answer: DomainAnswer,
  settle?: Settle,
): Judged {
  const at = workspace.now()
  let judged: Judged | undefined
  let before: Status | null = null
  const judgeNow = (previous: Status | null) => {
    before = previous
    judged = judge(answer, previous)
    return judged
  }
  workspace.cache.storeAnswers([{ name, raw: answer.raw, judge: judgeNow, at, checked: true }], () => {
    if (judged) {
      settle?.({ state: 'done', status: judged.status, at })
      countUnknown(workspace, name, judged.checks, at)
    }
  })
  workspace.changed([name])
  if (!judged) throw new Error('The cache stored an answer without judging it')
  if (judged.status !== before) workspace.turned(name, before, judged)
  return judged
}

/** A code that the catalogue does not explain is shown in dimail's words, and counted (docs/field.md 4, N5). */
function countUnknown({ cache }: Workspace, domain: string, checks: readonly Check[], at: number): void {
  const seen = checks
    .filter(isFailing)
    .flatMap(({ key, errors }) => errors.map(({ code }) => ({ check: key, code, domain })))
    .filter(({ check, code }) => !isExplained(check, code))
    .slice(0, mostUnknown)
  if (seen.length > 0) cache.countUnknown(seen, at)
}

function storeAttempt(workspace: Workspace, name: string, failure: Failure, settle?: Settle): void {
  const at = workspace.now()
  workspace.cache.storeAttempt(name, failure, at, () => settle?.({ state: 'failed', failure, at }))
  workspace.changed([name])
}

/** Asks which records the town must publish, and keeps them. */
export async function fetchRecords(workspace: Workspace, name: string): Promise<Result<void>> {
  const wanted = normaliseDomain(name)
  if (!wanted.ok) return wanted
  const records = await workspace.dimail.spec(wanted.value)
  if (!records.ok) return records
  workspace.cache.storeRecords(wanted.value, records.value, workspace.now())
  workspace.changed([wanted.value])
  return ok(undefined)
}
