import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import type { DomainSetup, SetupStep } from '../../preload/people-shapes.ts'
import type { Status } from '../../preload/shapes.ts'
import type { DomainAnswer } from '../dimail/client.ts'
import { judge } from '../dimail/verdict.ts'
import { checkDomain, fetchRecords } from '../jobs/check.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { ensureAccess } from '../rights/accesses.ts'
import type { Judgement } from '../store/cache.ts'
import type { JournalRow } from '../store/desk.ts'
import { lookUp } from './look-up.ts'
import { isKnown } from './preview.ts'

type Step = (workspace: Workspace, setup: DomainSetup) => Promise<Result<void>>

/** Each can be done again: a kill between two of them costs nothing (docs/dimail.md 9, D7). */
const steps: Record<SetupStep, Step> = {
  create: (workspace, setup) => (setup.adopted ? takeUp : create)(workspace, setup),
  access,
  async check(workspace, { name }) {
    const checked = await checkDomain(workspace, name)
    return checked.ok ? ok(undefined) : checked
  },
  async records(workspace, { name }) {
    const records = await fetchRecords(workspace, name)
    // A dimail that cannot tell them (docs/dimail.md 10) leaves nothing to be finished.
    return !records.ok && records.failure.reason === 'route' ? ok(undefined) : records
  },
}

/**
 * Does the missing steps in their order, and stops at the first that fails, with its reason. A setup with
 * nothing missing leaves the desk. Fails when the domain is not at dimail after all, or when nobody can tell.
 */
export async function proceed(workspace: Workspace, setup: DomainSetup): Promise<Result<DomainSetup>> {
  const { desk, changed } = workspace
  const { name } = setup
  let current = setup
  for (const step of setup.missing) {
    const outcome = await steps[step](workspace, current)
    if (!outcome.ok && step === 'create') return notCreated(workspace, current, outcome)
    if (!outcome.ok) {
      const left = { ...current, failure: outcome.failure }
      await desk.setups.put(name, name, left)
      changed([name])
      return ok(left)
    }
    current = { ...current, missing: current.missing.slice(1), failure: null }
    if (current.missing.length > 0) await desk.setups.put(name, name, current)
  }
  await desk.setups.remove(name)
  changed([name])
  return ok(current)
}

/** Nothing is at dimail, and nothing stays here; unless its answer was lost and nobody could tell since. */
async function notCreated(
  { desk }: Workspace,
  setup: DomainSetup,
  outcome: { ok: false; failure: Failure },
): Promise<Result<DomainSetup>> {
  const { name } = setup
  if (outcome.failure.code === 'unknown-outcome')
    await desk.setups.put(name, name, { ...setup, failure: outcome.failure })
  else await desk.setups.remove(name)
  return outcome
}

type Attempt = 'domain.create' | 'domain.adopt'

/** An attempt of an earlier moment whose outcome is not known. */
export const doubtAbout = async (
  { desk }: Workspace,
  action: Attempt,
  name: string,
): Promise<JournalRow | undefined> =>
  (await desk.inDoubt()).find((row) => row.action === action && row.subject === name)

const intend = ({ desk, now }: Workspace, action: Attempt, { name, creator }: DomainSetup): Promise<number> =>
  desk.intend({ action, subject: name, target: null, actor: creator, before: null, at: now() })

/** `failure` null: done. */
const settle = ({ desk, now }: Workspace, intent: number, failure: Failure | null): Promise<void> =>
  desk.settle(intent, { state: stateOf(failure), after: null, failure, at: now() })

function stateOf(failure: Failure | null): 'done' | 'failed' | 'unknown' {
  if (failure === null) return 'done'
  return failure.code === 'unknown-outcome' ? 'unknown' : 'failed'
}

/** One POST, in the words of the 2026 protocol (docs/dimail.md 3.2); a lost answer is settled by reading. */
async function create(workspace: Workspace, setup: DomainSetup): Promise<Result<void>> {
  const { name } = setup
  // An earlier attempt may have succeeded: it is looked at before another POST leaves.
  const doubt = await doubtAbout(workspace, 'domain.create', name)
  if (doubt) {
    const settled = await settleCreation(workspace, setup, doubt.id, lost)
    if (settled.ok || settled.failure.code === 'unknown-outcome') return settled
  }
  const intent = await intend(workspace, 'domain.create', setup)
  const features = ['webmail', 'mailbox', 'alias']
  const answer = await workspace.dimail.createDomain({
    name,
    contextName: name,
    features,
    delivery: 'virtual',
  })
  if (answer.ok) {
    await created(workspace, setup, answer.value)
    await settle(workspace, intent, null)
    return ok(undefined)
  }
  const { code, reason } = answer.failure
  // After a 500 the domain may be there, whole or by half (docs/dimail.md 7.14).
  if (code === 'unknown-outcome' || code === 'server-error') {
    await settle(workspace, intent, code === 'server-error' ? lost : answer.failure)
    return settleCreation(workspace, setup, intent, answer.failure)
  }
  const told = code === 'conflict' && reason === 'exists' ? existsThere(name) : answer
  await settle(workspace, intent, told.failure)
  return told
}

const existsThere = (name: string) =>
  failed('conflict', 'domain-at-dimail', `${name} exists at dimail already, and may be taken up here.`)

/** Why an outcome is still unknown when a later reading did not tell either. */
const lost = failed('unknown-outcome', 'lost-answer', 'Whether the domain was created is not known.').failure

/**
 * Reads whether an attempt whose answer was lost has made the domain, and settles it when dimail tells. Fails
 * with an unknown outcome while nobody can tell, with `why` or `not-possible/not-created` when it has not.
 */
export async function settleCreation(
  workspace: Workspace,
  setup: DomainSetup,
  intent: number,
  why: Failure,
): Promise<Result<void>> {
  const isUnknown = why.code === 'unknown-outcome'
  const found = await lookUp(workspace.dimail, setup.name)
  if (!found.ok) return { ok: false, failure: isUnknown ? why : lost }
  if (found.value === null) {
    const failure = isUnknown ? notMade : why
    await settle(workspace, intent, failure)
    return { ok: false, failure }
  }
  await created(workspace, setup, found.value)
  await settle(workspace, intent, null)
  return ok(undefined)
}

const notMade = failed('not-possible', 'not-created', 'dimail did not create the domain.').failure

/** The domain exists at dimail already: it is taken up as it is found there. */
async function takeUp(workspace: Workspace, setup: DomainSetup): Promise<Result<void>> {
  const { name } = setup
  const found = await lookUp(workspace.dimail, name)
  if (!found.ok) return found
  if (found.value === null) return failed('not-found', 'domain', `dimail does not know ${name}.`)
  const doubt = await doubtAbout(workspace, 'domain.adopt', name)
  const intent = doubt?.id ?? (await intend(workspace, 'domain.adopt', setup))
  await created(workspace, setup, found.value)
  await settle(workspace, intent, null)
  return ok(undefined)
}

/**
 * Keeps what dimail told of a domain that is new here. One just created stands as failed until its first check
 * says more: so it is seen, with what is missing, even when nothing else answers.
 */
async function created(workspace: Workspace, setup: DomainSetup, answer: DomainAnswer): Promise<void> {
  const { cache, desk, now, changed } = workspace
  const { name, supportEmail, adopted } = setup
  const isNew = !isKnown(workspace, name)
  const judgeIt = (previous: Status | null): Judgement => {
    const judged = judge(answer, isNew ? null : previous)
    return isNew && !adopted ? { ...judged, status: 'failed' } : judged
  }
  cache.storeAnswers([{ name, raw: answer.raw, judge: judgeIt, at: now(), checked: false }])
  if (supportEmail !== null) await desk.towns.put(name, name, { name, supportEmail })
  changed([name])
}

/** Who creates a domain owns it, even when dimail says no more (docs/dimail.md 9, D7). */
async function access(workspace: Workspace, { name, creator }: DomainSetup): Promise<Result<void>> {
  const who = workspace.person()
  const called = who.id === creator ? who.name : creator
  await ensureAccess(workspace, { domain: name, person: creator, name: called, role: 'owner', by: creator })
  return ok(undefined)
}
