import { failed, type Result } from '../../preload/failure.ts'
import { type DomainSetup, setupSteps } from '../../preload/people-shapes.ts'
import { normaliseDomain } from '../dimail/names.ts'
import { type Concern, everyDomain, type Workspace } from '../jobs/workspace.ts'
import { inTurn } from '../rights/turns.ts'
import { doubtAbout, settleCreation, settleDone } from './attempts.ts'
import { lookUp } from './look-up.ts'
import { isKnown } from './preview.ts'
import { proceed } from './steps.ts'
import { supportAddress } from './support-email.ts'

type Asked = { name: string; supportEmail: string | null }

/**
 * Creates a domain at dimail, then does what La Régie does next: its creator owns it, a first check, the records
 * to publish. What fails after the creation is left in `missing`. Fails with nothing sent for a name or an
 * address that is none and with `conflict/domain-known`; with `conflict/domain-at-dimail` when dimail has it.
 */
export const createDomain = (workspace: Workspace, asked: Asked): Promise<Result<DomainSetup>> =>
  begin(workspace, asked, false)

/** Takes up a domain that exists at dimail but not here; `not-found/domain` when it does not. */
export const adoptDomain = (workspace: Workspace, asked: Asked): Promise<Result<DomainSetup>> =>
  begin(workspace, asked, true)

async function begin(workspace: Workspace, asked: Asked, adopted: boolean): Promise<Result<DomainSetup>> {
  const wanted = normaliseDomain(asked.name)
  if (!wanted.ok) return wanted
  const support = supportAddress(asked.supportEmail)
  if (!support.ok) return support
  const { desk, now, person } = workspace
  const name = wanted.value
  return inTurn(desk, name, async () => {
    if (isKnown(workspace, name)) return failed('conflict', 'domain-known', `${name} is known here already.`)
    const setup: DomainSetup = {
      name,
      supportEmail: support.value,
      creator: person().id,
      createdAt: now(),
      missing: [...setupSteps],
      failure: null,
      adopted,
    }
    // One whose creation nobody knows the end of is begun anew: its first step looks before it sends.
    await desk.setups.put(name, name, setup)
    return proceed(workspace, setup)
  })
}

/**
 * Does what is missing of a creation, and nothing else; `mayCreate`: the creation itself too, else
 * `refused/flag-create` when that is missing.
 */
export async function finishDomain(
  workspace: Workspace,
  text: string,
  mayCreate = true,
): Promise<Result<DomainSetup>> {
  const wanted = normaliseDomain(text)
  if (!wanted.ok) return wanted
  return inTurn(workspace.desk, wanted.value, async () => {
    const setup = await workspace.desk.setups.get(wanted.value)
    if (setup?.missing.includes('create') && !mayCreate)
      return failed('refused', 'flag-create', 'Creating domains is switched off for this profile.')
    if (setup) return proceed(workspace, setup)
    return failed('not-found', 'setup', `Nothing of the creation of ${wanted.value} is missing.`)
  })
}

/**
 * Takes up the creations that an earlier run left open. One whose answer was lost is read at dimail; one that
 * never left is told as not created. No domain is created here: that is the agent's to ask again.
 */
export async function settleSetupDoubts(
  workspace: Workspace,
  concerns: Concern = everyDomain,
): Promise<void> {
  const left = (await workspace.desk.setups.list(null)).filter(({ name }) => concerns(name))
  for (const { name } of left) {
    await inTurn(workspace.desk, name, async () => {
      const setup = await workspace.desk.setups.get(name)
      if (setup) await takeUpAgain(workspace, setup)
    })
  }
}

async function takeUpAgain(workspace: Workspace, setup: DomainSetup): Promise<void> {
  const { desk } = workspace
  const { name } = setup
  if (!setup.missing.includes('create')) {
    await settleDone(workspace, setup)
    await proceed(workspace, setup)
    return
  }
  if (setup.adopted) {
    // Nothing was asked of dimail: while it does not answer, there is nothing to decide.
    if ((await lookUp(workspace.dimail, name)).ok) await proceed(workspace, setup)
    return
  }
  const doubt = await doubtAbout(workspace, 'domain.create', name)
  const interrupted = failed('unknown-outcome', 'interrupted', 'The program ended before the answer came.')
  const settled = doubt
    ? await settleCreation(workspace, setup, doubt.id, interrupted.failure)
    : await neverLeft(workspace, setup)
  const rest = await desk.setups.get(name)
  if (settled.ok && rest) await proceed(workspace, rest)
  else if (!settled.ok && settled.failure.code !== 'unknown-outcome') await desk.setups.remove(name)
}

/** What was typed is told in the journal, since nothing else shows it. */
async function neverLeft({ desk, now }: Workspace, setup: DomainSetup): Promise<Result<void>> {
  const { name, creator, supportEmail } = setup
  const told = failed('not-possible', 'not-created', 'The program ended before dimail was asked.')
  const intent = await desk.intend({
    action: 'domain.create',
    subject: name,
    target: null,
    actor: creator,
    before: { supportEmail },
    at: now(),
  })
  await desk.settle(intent, { state: 'failed', after: null, failure: told.failure, at: now() })
  return told
}
