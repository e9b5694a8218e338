import { unwrap } from '../../preload/failure.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Handlers } from '../ipc.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { compare, importReport } from '../mailboxes/import.ts'
import { createReports, listDifferences, type Reports } from '../mailboxes/import-reports.ts'

type Calls = Extract<keyof Handlers, `drift.${string}`>
/** `closed` aborts when the profile closes: nothing is written afterwards. */
type Opened = Workspace & { closed: AbortSignal }

/** Comparing a domain with dimail's lists, and importing them. Reports are forgotten with the profile. */
export function driftHandlers(opened: () => Opened): Pick<Handlers, Calls> {
  const ofProfile = new WeakMap<Workspace, Reports>()
  function reportsOf(profile: Workspace): Reports {
    const reports = ofProfile.get(profile) ?? createReports(profile.now)
    ofProfile.set(profile, reports)
    return reports
  }
  return {
    'drift.compare': async ({ domain }) => {
      const profile = opened()
      return unwrap(await compare(profile, reportsOf(profile), domain, profile.closed))
    },
    'drift.list': ({ domain, ...page }) =>
      unwrap(listDifferences(reportsOf(opened()), unwrap(normaliseDomain(domain)), page)),
    'drift.import': async (what) => {
      const profile = opened()
      return unwrap(await importReport(profile, reportsOf(profile), what, profile.closed))
    },
  }
}
