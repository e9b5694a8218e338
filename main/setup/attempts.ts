import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import type { DomainSetup, SetupStep } from '../../preload/people-shapes.ts'
import type { Status } from '../../preload/shapes.ts'
import type { DomainAnswer } from '../dimail/client.ts'
import { judge } from '../dimail/verdict.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { Judgement } from '../store/cache.ts'
import type { JournalRow } from '../store/desk.ts'
import { lookUp } from './look-up.ts'
import { isKnown } from './preview.ts'

export const without = (done: SetupStep, setup: DomainSetup): DomainSetup => ({
  ...setup,
  missing: setup.missing.filter((step) => step !== done),
  failure: null,
})

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
export async function createAtDimail(workspace: Workspace, setup: DomainSetup): Promise<Result<void>> {
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

/** Ends what a kill left open of an attempt that the setup knows to be done. */
export async function settleDone(workspace: Workspace, { name, adopted }: DomainSetup): Promise<void> {
  const doubt = await doubtAbout(workspace, adopted ? 'domain.adopt' : 'domain.create', name)
  if (doubt) await settle(workspace, doubt.id, null)
}

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

/**
 * The domain exists at dimail already: it is taken up as it is found there. That settles a creation of it whose
 * answer was lost, too: nothing else would ask for that one again.
 */
export async function takeUp(workspace: Workspace, setup: DomainSetup): Promise<Result<void>> {
  const { name } = setup
  const found = await lookUp(workspace.dimail, name)
  if (!found.ok) return found
  const asked = await doubtAbout(workspace, 'domain.create', name)
  if (asked) await settle(workspace, asked.id, found.value === null ? notMade : null)
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
  // Before the attempt is settled: one that is done and one that never left must not look alike after a kill.
  await desk.setups.put(name, name, without('create', setup))
  changed([name])
}
