import { Expected, failed } from '../../preload/failure.ts'
import type { Job } from '../../preload/shapes.ts'
import type { Handlers } from '../ipc.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'

const unknownJob = () => new Expected(failed('not-found', 'job', 'There is no such job.').failure)
const page = 500

/** The calls about jobs. A job is shown to those who may read every domain that it names. */
export function jobHandlers(
  opened: () => OpenProfile,
): Pick<Handlers, Extract<keyof Handlers, `jobs.${string}`>> {
  async function seen(profile: OpenProfile, jobs: readonly Job[]): Promise<Job[]> {
    const within = await profile.permissions.readable()
    return within === null ? [...jobs] : jobs.filter((job) => isWithin(profile, job, new Set(within)))
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
      const job = await existing(profile, id)
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

/** Whether each row, a domain or an address, is of one of these domains. */
function isWithin({ cache }: OpenProfile, job: Job, domains: ReadonlySet<string>): boolean {
  for (let offset = 0; offset < job.total; offset += page) {
    const rows = cache.jobs.rows(job.id, offset, page)
    if (rows.some(({ name }) => !domains.has(name.slice(name.lastIndexOf('@') + 1)))) return false
  }
  return true
}
