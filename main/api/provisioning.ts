import { failed, unwrap } from '../../preload/failure.ts'
import type { Job, Locale } from '../../preload/shapes.ts'
import type { Handlers } from '../ipc.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { fitsOf } from '../provisioning/attributes-schema.ts'
import type { Endpoint } from '../provisioning/endpoint.ts'
import { knownDomains } from '../provisioning/known.ts'
import { planProvisioning } from '../provisioning/plan.ts'
import { type ProvisionPlans, pageOf, told } from '../provisioning/plans.ts'
import { readGiven } from '../provisioning/read.ts'
import { startPlan } from '../provisioning/run.ts'

type Calls = Extract<keyof Handlers, `provisioning.${string}`>
type Opened = Workspace & {
  /** Aborts when the profile closes. */
  closed: AbortSignal
  provisionPlans: ProvisionPlans
  endpoint: Pick<Endpoint, 'state'>
}

export type ProvisioningDeps<P extends Opened> = {
  /** The system's dialog; null when nothing was chosen. */
  chooseFile(locale: Locale): Promise<string | null>
  locale(): Locale
  /** Starts the job that provisions these domains. */
  startJob(profile: P, names: string[]): Job
}

export function provisioningHandlers<P extends Opened>(
  opened: () => P,
  deps: ProvisioningDeps<P>,
): Pick<Handlers, Calls> {
  const reading = new WeakMap<P, AbortController>()

  return {
    'provisioning.preview': async ({ text, ...defaults }) => {
      const profile = opened()
      const path = text === null ? await deps.chooseFile(deps.locale()) : null
      if (text === null && path === null) return null
      const fits = unwrap(fitsOf(profile.profile.attributesSchema))
      // The last that was given is the one that counts.
      reading.get(profile)?.abort()
      const abort = new AbortController()
      reading.set(profile, abort)
      const signal = AbortSignal.any([abort.signal, profile.closed])
      const source = path === null ? { text: text ?? '' } : { path }
      const { given, file } = unwrap(await readGiven(source, defaults, signal))
      const known = await knownDomains(profile)
      if (signal.aborted) unwrap(failed('cancelled', 'asked', 'Other lines were given since.'))
      const draft = unwrap(planProvisioning(given, known, fits))
      return told(profile.provisionPlans.hold(draft, file))
    },
    'provisioning.read': ({ plan, verdict, offset, limit }) =>
      pageOf(unwrap(opened().provisionPlans.read(plan)), verdict, offset, limit),
    'provisioning.run': ({ plan }) => {
      const profile = opened()
      const { provisionPlans: plans } = profile
      return unwrap(
        startPlan(profile, plans, unwrap(plans.read(plan)), (names) => deps.startJob(profile, names)),
      )
    },
    'provisioning.endpoint': () => opened().endpoint.state(),
  }
}
