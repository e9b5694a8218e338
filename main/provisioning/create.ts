import { ok, type Result } from '../../preload/failure.ts'
import { setupSteps } from '../../preload/people-shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { inTurn } from '../rights/turns.ts'
import { finishDomain } from '../setup/create.ts'
import { isKnown } from '../setup/preview.ts'

export type Outcome = 'created' | 'existing'

/** All of a setup but its owner: who provisions a domain for a town gains no access to it (docs/entitlements.md 6.4). */
const steps = setupSteps.filter((step) => step !== 'access')

/**
 * Makes an unknown domain at dimail, by the setup of every new domain; one that is at dimail already is taken up as
 * it is, and counts as existing. Fails as a setup does; a lost answer is looked for at the next attempt, by the
 * setup that stays open.
 */
export async function bring(workspace: Workspace, name: string, by: string): Promise<Result<Outcome>> {
  const made = await setUp(workspace, name, by, false)
  if (made.ok || made.failure.reason !== 'domain-at-dimail') return made
  const taken = await setUp(workspace, name, by, true)
  return taken.ok ? ok('existing') : taken
}

async function setUp(
  workspace: Workspace,
  name: string,
  creator: string,
  adopted: boolean,
): Promise<Result<Outcome>> {
  const { desk, now } = workspace
  await inTurn(desk, name, async () => {
    // One that an agent began and nobody saw the end of is gone on with: it looks before it sends.
    if (isKnown(workspace, name) || (await desk.setups.get(name))) return
    await desk.setups.put(name, name, {
      name,
      supportEmail: null,
      creator,
      createdAt: now(),
      missing: [...steps],
      failure: null,
      adopted,
    })
  })
  const done = await finishDomain(workspace, name)
  // Somebody made it meanwhile, to its end.
  if (!done.ok && done.failure.reason === 'setup' && isKnown(workspace, name)) return ok('existing')
  return done.ok ? ok('created') : done
}
