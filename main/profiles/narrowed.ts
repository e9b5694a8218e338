import type { Permissions } from '../api/permissions.ts'
import type { Progress } from '../jobs/queue.ts'
import { isJobWithin } from '../jobs/within.ts'
import type { JobStore } from '../store/job-store.ts'

/** What the window hears of domains. No names: any of them; null: of any. */
export type Tellings = {
  changed: (names: readonly string[]) => void
  progress: Progress
  mailboxesChanged: (domain: string | null) => void
  rightsChanged: (domain: string | null) => void
  dnsChanged: (domain: string) => void
}

/**
 * What the window is told unasked, as far as the person at the console may know of it (docs/rights.md): a push passes
 * no permission on its way. Told in the order in which it happened.
 */
export function narrowed(
  tell: Tellings,
  { readable }: Pick<Permissions, 'readable'>,
  { jobs, broke }: { jobs: () => Pick<JobStore, 'rows'>; broke: (error: unknown) => void },
): Tellings {
  /** `within` null: every domain. */
  const asFarAs = (give: (within: ReadonlySet<string> | null) => void): void => {
    readable()
      .then((names) => give(names && new Set(names)))
      .catch(broke)
  }
  return {
    changed: (names) =>
      asFarAs((within) => {
        const known = within ? names.filter((name) => within.has(name)) : names
        if (known.length > 0 || names.length === 0) tell.changed(known)
      }),
    progress: (job, rows) =>
      asFarAs((within) => {
        if (within === null || isJobWithin(jobs(), job, within)) tell.progress(job, rows)
      }),
    mailboxesChanged: (domain) =>
      asFarAs((within) => {
        if (domain === null || (within?.has(domain) ?? true)) tell.mailboxesChanged(domain)
      }),
    dnsChanged: (domain) =>
      asFarAs((within) => {
        if (within?.has(domain) ?? true) tell.dnsChanged(domain)
      }),
    // It may be their own access that has just gone: they must look again.
    rightsChanged: (domain) =>
      asFarAs((within) =>
        tell.rightsChanged(domain !== null && within?.has(domain) === false ? null : domain),
      ),
  }
}
