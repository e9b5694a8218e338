import {
  type Check,
  type Finding,
  isFailing,
  type RepairEffect,
  type RepairState,
  type Status,
} from '../../preload/shapes.ts'
import { readChecks } from './checks.ts'

export type Judged = { status: Status; checks: Check[]; failing: string[]; repair: RepairState }

/** What a domain's answer must say to be judged: `active` is null where the dialect has no such key. */
export type Judgeable = { state: string; active: boolean | null; raw: Record<string, unknown> }

/**
 * From dimail's answer to the domain's status (docs/verdict.md). `previous` is the status it had, null when the
 * domain is new here: an answer that decides nothing leaves it, and a disabled domain never comes back by itself.
 */
export function judge(answer: Judgeable, previous: Status | null): Judged {
  const checks = readChecks(answer.raw)
  const status = decide(answer, checks, previous)
  return {
    status,
    checks,
    failing: checks.filter(isFailing).map((check) => check.key),
    repair: repairState(status, checks),
  }
}

function decide(answer: Judgeable, checks: Check[], previous: Status | null): Status {
  if (answer.active === false) return 'disabled'
  if (previous === 'disabled' && answer.active !== true) return 'disabled'
  if (answer.state === 'ok') return 'enabled'
  if (checks.some((check) => !check.internal && isFailing(check))) return 'action_required'
  if (checks.some((check) => check.internal && isFailing(check))) return 'failed'
  // "broken" with nothing broken, or "new": no rule decides, so nothing changes.
  return previous === null || previous === 'disabled' ? 'pending' : previous
}

/** Whether dimail's one repairing call can help, and if not, why (docs/dimail.md 3.6, 8.2). */
export function repairState(status: Status, checks: Check[]): RepairState {
  if (status === 'disabled') return 'disabled'
  const failing = checks.filter(isFailing)
  if (failing.some((check) => !check.internal)) return 'external'
  if (failing.length > 0) return 'possible'
  return checks.length === 0 || checks.every((check) => check.state === 'not-tested')
    ? 'unchecked'
    : 'nothing'
}

/** What a repair changed, from what was found before and after it. */
export function repairEffect(before: Finding, after: Finding): RepairEffect {
  const failingBefore = new Set(before.checks.filter(isFailing).map((check) => check.key))
  const left = after.checks.filter(isFailing)
  if (left.some((check) => !check.internal && !failingBefore.has(check.key))) return 'revealed'
  if (left.length === 0) return 'repaired'
  if (left.some((check) => !failingBefore.has(check.key))) return 'worse'
  return left.length < failingBefore.size ? 'partly' : 'unchanged'
}
