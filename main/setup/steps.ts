import { type Failure, ok, type Result } from '../../preload/failure.ts'
import type { DomainSetup, SetupStep } from '../../preload/people-shapes.ts'
import { checkDomain, fetchRecords } from '../jobs/check.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { ensureAccess } from '../rights/accesses.ts'
import { createAtDimail, doubtAbout, takeUp, without } from './attempts.ts'

type Step = (workspace: Workspace, setup: DomainSetup) => Promise<Result<void>>

/** Each can be done again: a kill between two of them costs nothing (docs/dimail.md 9, D7). */
const steps: Record<SetupStep, Step> = {
  create: (workspace, setup) => (setup.adopted ? takeUp : createAtDimail)(workspace, setup),
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
    current = without(step, current)
    if (step !== 'create' && current.missing.length > 0) await desk.setups.put(name, name, current)
  }
  await desk.setups.remove(name)
  changed([name])
  return ok(current)
}

/** Nothing is at dimail, and nothing stays here; unless its answer was lost and nobody could tell since. */
async function notCreated(
  workspace: Workspace,
  setup: DomainSetup,
  outcome: { ok: false; failure: Failure },
): Promise<Result<DomainSetup>> {
  const { setups } = workspace.desk
  const { name } = setup
  const { failure } = outcome
  if (failure.code === 'unknown-outcome') await setups.put(name, name, { ...setup, failure })
  // To be taken up was asked in its place: it is the creation that has to be settled.
  else if (await doubtAbout(workspace, 'domain.create', name))
    await setups.put(name, name, { ...setup, adopted: false, failure })
  else await setups.remove(name)
  return outcome
}

/** Who creates a domain owns it, even when dimail says no more (docs/dimail.md 9, D7). */
async function access(workspace: Workspace, { name, creator }: DomainSetup): Promise<Result<void>> {
  const who = workspace.person()
  const { name: called, email } = who.id === creator ? who : { name: creator, email: null }
  await ensureAccess(workspace, {
    domain: name,
    person: creator,
    name: called,
    email,
    role: 'owner',
    by: creator,
  })
  return ok(undefined)
}
