import { domainOf } from '../../preload/mailbox-shapes.ts'
import type { Job } from '../../preload/shapes.ts'
import type { JobStore } from '../store/job-store.ts'

const page = 500

/** Whether each row of a job, a domain or an address, is of one of these domains. */
export function isJobWithin(jobs: Pick<JobStore, 'rows'>, job: Job, domains: ReadonlySet<string>): boolean {
  for (let offset = 0; offset < job.total; offset += page) {
    const rows = jobs.rows(job.id, offset, page)
    if (rows.some(({ name }) => !domains.has(domainOf(name)))) return false
  }
  return true
}
