import { Expected, failed, ok, unwrap } from '../../preload/failure.ts'
import type { Job } from '../../preload/shapes.ts'
import type { Handlers } from '../ipc.ts'
import { isJobWithin } from '../jobs/within.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'
import { jobNeeds, refused } from './permissions.ts'

const unknownJob = () => new Expected(failed('not-found', 'job', 'There is no such job.').failure)

/** The calls about jobs. A job is shown to those who may read every domain that it names. */
export function jobHandlers(
  opened: () => OpenProfile,
): Pick<Handlers, Extract<keyof Handlers, `jobs.${string}`>> {
  async function seen(profile: OpenProfile, jobs: readonly Job[]): Promise<Job[]> {
    const within = await profile.permissions.readable()
    if (within === null) return [...jobs]
    const names = new Set(within)
    return jobs.filter((job) => isJobWithin(profile.cache.jobs, job, names))
  }
  /** Refused to who may read a job and might not have started it. */
  async function stoppable(profile: OpenProfile, id: number): Promise<Job> {
    const job = await existing(profile, id)
    const within = await profile.permissions.domainsFor(jobNeeds[job.kind])
    const may = within === null || isJobWithin(profile.cache.jobs, job, new Set(within))
    return unwrap(may ? ok(job) : refused())
  }
  async function existing(profile: OpenProfile, id: number): Promise<Job> {
    const job = profile.cache.jobs.read(id)
    const [found] = job ? await seen(profile, [job]) : []
    if (!found) throw unknownJob()
    return found
  }

  return {
    'jobs.start': ({ kind, names }) => opened().queue.start(kind, names),
    'jobs.cancel': async ({ id }) => {
      const profile = opened()
      const job = await stoppable(profile, id)
      return profile.queue.cancel(id) ?? job
    },
    'jobs.list': () => {
      const profile = opened()
      return seen(profile, profile.cache.jobs.list())
    },
    'jobs.read': async ({ id, offset, limit }) => {
      const profile = opened()
      const job = await existing(profile, id)
      return { job, rows: profile.cache.jobs.rows(id, offset, limit) }
    },
  }
}
