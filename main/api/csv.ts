import { unwrap } from '../../preload/failure.ts'
import type { Job, Locale } from '../../preload/shapes.ts'
import { exportCsv, suggestedName } from '../csv/export.ts'
import { judgeOf } from '../csv/judge.ts'
import { planCsv } from '../csv/plan.ts'
import { createPlans, type Plans, told } from '../csv/plans.ts'
import { startPlan } from '../csv/run.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Handlers } from '../ipc.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { Sender } from '../mailboxes/waiting-sender.ts'

export type CsvDeps<P extends Opened> = {
  /** The system's dialogs; null when nothing was chosen. */
  chooseFile(locale: Locale): Promise<string | null>
  chooseTarget(suggestedName: string, locale: Locale): Promise<string | null>
  /** The language of the window. */
  locale(): Locale
  /** Starts the job that sends these waiting mailboxes; `locale` is the language of its messages. */
  startJob(profile: P, addresses: string[], locale: Locale | undefined): Job
  /** What a job made on a domain without a secondary address, told once. */
  passwords(profile: P, job: number, domain: string): { address: string; password: string }[]
}

type Calls = Extract<keyof Handlers, `csv.${string}`>
/** `closed` aborts when the profile closes. */
type Opened = Workspace & { closed: AbortSignal; sender: Pick<Sender, 'look'> }
type Kept = { plans: Plans; reading: Map<string, AbortController> }

export function csvHandlers<P extends Opened>(opened: () => P, deps: CsvDeps<P>): Pick<Handlers, Calls> {
  // Of one profile only: nothing of a closed one is shown or run in the next.
  const byProfile = new WeakMap<P, Kept>()
  function keptBy(profile: P): Kept {
    const kept = byProfile.get(profile) ?? { plans: createPlans(profile.now), reading: new Map() }
    byProfile.set(profile, kept)
    return kept
  }
  const named = (domain: string) => unwrap(normaliseDomain(domain))

  return {
    'csv.preview': async ({ domain, text }) => {
      const profile = opened()
      const { plans, reading } = keptBy(profile)
      const name = named(domain)
      const path = text === null ? await deps.chooseFile(deps.locale()) : null
      if (text === null && path === null) return null
      // The last file chosen for a domain is the one that counts.
      reading.get(name)?.abort()
      const abort = new AbortController()
      reading.set(name, abort)
      try {
        const source = path === null ? { text: text ?? '' } : { path }
        const judge = await judgeOf(profile, name)
        return told(
          plans.hold(
            unwrap(await planCsv(name, source, judge, AbortSignal.any([abort.signal, profile.closed]))),
          ),
        )
      } finally {
        if (reading.get(name) === abort) reading.delete(name)
      }
    },
    'csv.read': ({ domain, plan, verdict, offset, limit }) =>
      unwrap(keptBy(opened()).plans.read(named(domain), plan)).lines.page(verdict, offset, limit),
    'csv.run': async ({ domain, plan, locale }) => {
      const profile = opened()
      const wanted = unwrap(keptBy(profile).plans.read(named(domain), plan))
      const job = unwrap(
        await startPlan(profile, wanted, (addresses) => deps.startJob(profile, addresses, locale)),
      )
      // The domain may have been enabled since its lines were judged.
      profile.sender.look([wanted.domain])
      return job
    },
    // The right that was asked for is the one on this domain: a job that made some on others tells none of those.
    'csv.passwords': ({ domain, job }) => deps.passwords(opened(), job, named(domain)),
    'csv.export': async ({ domain, what, exact }) => {
      const profile = opened()
      const asked = { domain: named(domain), what, exact, locale: deps.locale() }
      const path = await deps.chooseTarget(suggestedName(asked), asked.locale)
      return path === null ? null : unwrap(await exportCsv(profile, asked, path))
    },
  }
}
