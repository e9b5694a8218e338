import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import { type Provisioned, provisioned as provisionedShape } from '../../preload/provisioning-shapes.ts'
import { normaliseDomain } from '../dimail/names.ts'
import { alone } from '../jobs/alone.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { differs, readAttributes } from './attributes.ts'
import { fitsOf } from './attributes-schema.ts'
import { bring, type Outcome } from './create.ts'
import { isKnownHere } from './known.ts'

export type Provisioning = Workspace & {
  /** Told of what was written, so that the cache can search it. */
  attributesChanged(provisioned: Provisioned): void
}

export type Asked = {
  name: string
  /** Anything: it is read as `readAttributes` does. */
  attributes: unknown
  oidcAutojoin: boolean
  identitySync: boolean
  /** Whom the journal names: the agent, or the endpoint. */
  by: string
  /** What the agent saw; another is not overwritten. Absent: whatever there is. */
  seen?: Provisioned | null
}

/** `name` as it is kept: lower-case ASCII. */
export type Applied = { name: string; outcome: Outcome }

/**
 * Provisions one domain (docs/entitlements.md 6.4): one that is unknown is created at dimail; then what is said of it
 * replaces as a whole what was said before, and nothing is written when nothing differs. The flag that creates domains
 * by hand does not matter (docs/entitlements.md 13, 72). Fails with `invalid` and a reason of `normaliseDomain`,
 * `attributes` or `attributes-schema`, with `conflict/provisioned-changed`, or as the creation does; nothing is then
 * said of the domain.
 */
export async function provisionDomain(workspace: Provisioning, asked: Asked): Promise<Result<Applied>> {
  const name = normaliseDomain(asked.name)
  if (!name.ok) return name
  const fits = fitsOf(workspace.profile.attributesSchema)
  if (!fits.ok) return fits
  const attributes = readAttributes(asked.attributes, fits.value)
  if (!attributes.ok) return attributes
  const wanted = { ...asked, domain: name.value, attributes: attributes.value }
  return alone(workspace.desk, `provisioning of ${name.value}`, () => apply(workspace, wanted))
}

type Wanted = Omit<Asked, 'attributes'> & Pick<Provisioned, 'domain' | 'attributes'>

async function apply(workspace: Provisioning, asked: Wanted): Promise<Result<Applied>> {
  const { desk, now } = workspace
  const { domain, attributes, oidcAutojoin, identitySync, by, seen } = asked
  const before = await desk.provisioned.get(domain)
  if (seen !== undefined && !isDeepStrictEqual(seen, before))
    return failed('conflict', 'provisioned-changed', 'The attributes have changed since they were shown.')
  const isKnown = isKnownHere(workspace, domain, before)
  const wanted: Provisioned = { domain, attributes, oidcAutojoin, identitySync, at: now() }
  if (isKnown && !differs(before, wanted)) return ok({ name: domain, outcome: 'existing' })

  const intent = await desk.intend({
    action: 'domain.provision',
    subject: domain,
    target: null,
    actor: by,
    before: { was: before, wanted } satisfies Change,
    at: now(),
  })
  const end = (failure: Failure | null) =>
    desk.settle(intent, {
      state: failure ? 'failed' : 'done',
      after: failure ? null : wanted,
      failure,
      at: now(),
    })
  const made: Result<Outcome> = isKnown ? ok('existing') : await bring(workspace, domain, by)
  if (!made.ok) {
    await end(made.failure)
    return made
  }
  await desk.provisioned.put(domain, domain, wanted)
  await end(null)
  workspace.attributesChanged(wanted)
  workspace.changed([domain])
  return ok({ name: domain, outcome: made.value })
}

const change = z.object({ was: provisionedShape.nullable(), wanted: provisionedShape })
type Change = z.infer<typeof change>

/**
 * Settles what a kill left open: the desk itself says whether the attributes were written. Whether the domain was
 * created is a question of its setup (main/setup).
 */
export async function settleProvisionDoubts({ desk, now }: Pick<Workspace, 'desk' | 'now'>): Promise<void> {
  for (const row of await desk.inDoubt()) {
    const meant = change.safeParse(row.before)
    if (row.action !== 'domain.provision' || !meant.success) continue
    const { wanted } = meant.data
    const isWritten = isDeepStrictEqual(await desk.provisioned.get(row.subject), wanted)
    const { failure } = failed('unexpected', 'interrupted', 'The program ended before this was written.')
    await desk.settle(row.id, {
      state: isWritten ? 'done' : 'failed',
      after: isWritten ? wanted : null,
      failure: isWritten ? null : failure,
      at: now(),
    })
  }
}
