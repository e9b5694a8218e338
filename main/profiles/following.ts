import type { Person } from '../../preload/people-shapes.ts'
import type { Job } from '../../preload/shapes.ts'
import { jobNeeds } from '../api/permissions.ts'
import type { Watching } from '../diagnosis/watching.ts'
import type { Queue } from '../jobs/queue.ts'
import { isJobWithin } from '../jobs/within.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { Log } from '../log.ts'
import type { Endpoint } from '../provisioning/endpoint.ts'
import { refusalIn } from './arrival.ts'
import type { Front } from './front.ts'
import { mirrorDesk } from './left-behind.ts'
import type { Tellings } from './narrowed.ts'
import type { Reading } from './reading.ts'

/** What follows who is at the console, and what they may see (docs/rights.md). */
export type Following = {
  /** Before the page may list anything for them. */
  arrived(person: Person): Promise<void>
  left(person: Person): Promise<void>
  /** Aborts when who is there now leaves, or the profile closes: nobody waits any more for what they asked. */
  attended(): AbortSignal
  rightsChanged(domain: string | null): void
  /** These were stored: what had left for the agent before is no longer kept than it takes to see it. */
  stored(domains: readonly string[]): void
  /** dimail answers: what it could not be asked about the agent's rights is asked now. */
  answered(): void
  /** The endpoint, and what the cache mirrors of the desk, are those of whoever is there now. */
  settle(): Promise<void>
}

/** Keeps the cache, the readings, the jobs and the endpoint of a profile to what the agent who is there may see. */
export function createFollowing(deps: {
  workspace: () => Pick<Workspace, 'desk' | 'cache'>
  front: () => Front
  reading: () => Reading
  queue: () => Pick<Queue, 'cancel' | 'ended'>
  endpoint: () => Endpoint
  watching: () => Pick<Watching, 'start'>
  tell: () => Tellings
  closed: AbortSignal
  log: Pick<Log, 'error'>
}): Following {
  const { workspace, front, reading, queue, endpoint, watching, tell, closed, log } = deps
  let presence = new AbortController()
  const unheeded = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => log.error('who is at the console could not be followed', error))

  async function settle(): Promise<void> {
    await endpoint().start()
    const within = await front().permissions.readable()
    await mirrorDesk(workspace(), within && new Set(within))
  }

  async function stop(jobs: readonly Job[]): Promise<void> {
    for (const { id } of jobs) queue().cancel(id)
    await Promise.all(jobs.map(({ id }) => queue().ended(id)))
  }
  const running = (): Job[] =>
    workspace()
      .cache.jobs.list()
      .filter(({ state }) => state === 'running')

  /** A job goes on for who might start it now: not on a domain that has been taken from them. */
  async function stopBeyond(): Promise<void> {
    const { jobs } = workspace().cache
    const beyond: Job[] = []
    for (const job of running()) {
      const within = await front().permissions.domainsFor(jobNeeds[job.kind])
      if (within !== null && !isJobWithin(jobs, job, new Set(within))) beyond.push(job)
    }
    await stop(beyond)
  }

  /** No more is kept than the agent may see, and no less. */
  async function narrow(): Promise<void> {
    await stopBeyond()
    const within = await front().permissions.readable()
    if (within === null) return
    const { cache } = workspace()
    if (cache.forgetOutside(within) > 0) tell().changed([])
    const known = new Set(cache.names({ text: '', status: 'all' }))
    if (within.some((name) => !known.has(name))) await reading().refresh(false)
  }

  async function forgetLate(domains: readonly string[]): Promise<void> {
    const { session, permissions } = front()
    const within = await permissions.readable()
    // While nobody is there it is for whoever arrives to say.
    if (within === null || session.standpoint().person === null) return
    if (domains.some((name) => !within.includes(name))) await narrow()
  }

  async function lookAgain(): Promise<void> {
    const { rights, session } = front()
    const asked = await rights.again()
    if (asked) await session.planned(asked.plan, refusalIn(asked.answer))
  }

  return {
    settle,
    async arrived(person) {
      if (!person.support) workspace().cache.forgetOutside((await front().permissions.readable()) ?? [])
      // Once the session itself says that they are there.
      setImmediate(() => {
        if (closed.aborted) return
        unheeded(narrow())
        unheeded(settle())
        reading().again()
        unheeded(watching().start())
      })
    },
    attended: () => AbortSignal.any([closed, presence.signal]),
    async left(person) {
      presence.abort()
      presence = new AbortController()
      const { cache } = workspace()
      await Promise.all([reading().leave(), stop(running())])
      if (!person.support) {
        cache.forgetOutside([])
        cache.setFleetFetchedAt(null)
      }
      await endpoint().start()
    },
    rightsChanged(domain) {
      tell().rightsChanged(domain)
      if (front().session.standpoint().state === 'signed-in') unheeded(narrow())
    },
    stored: (domains) => unheeded(forgetLate(domains)),
    answered: () => unheeded(lookAgain()),
  }
}
