import { Expected, failed } from '../../preload/failure.ts'
import type { Handlers } from '../ipc.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'

const unknownJob = () => new Expected(failed('not-found', 'job', 'There is no such job.').failure)

export function jobHandlers(
  opened: () => OpenProfile,
): Pick<Handlers, Extract<keyof Handlers, `jobs.${string}`>> {
  return {
    'jobs.start': ({ kind, names }) => opened().queue.start(kind, names),
    'jobs.cancel': ({ id }) => {
      const job = opened().queue.cancel(id)
      if (!job) throw unknownJob()
      return job
    },
    'jobs.list': () => opened().cache.jobs.list(),
    'jobs.read': ({ id, offset, limit }) => {
      const { jobs } = opened().cache
      const job = jobs.read(id)
      if (!job) throw unknownJob()
      return { job, rows: jobs.rows(id, offset, limit) }
    },
  }
}
