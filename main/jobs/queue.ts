import { failed } from '../../preload/failure.ts'
import type { Job, JobKind, JobRow } from '../../preload/shapes.ts'
import { readingsAtOnce } from '../dns/read/gate.ts'
import type { JobStore, Outcome } from '../store/job-store.ts'

/** dimail blocks a whole worker while it checks (docs/dimail.md 7.12): six at once is already much. */
export const inFlight = 6
/** Name servers are many: the readings take their turns at the resolver, which knows how many questions are out. */
const rowsAtOnce: Partial<Record<JobKind, number>> = { diagnose: readingsAtOnce }

const bug = failed('unexpected', 'bug', 'Something went wrong in the program.').failure

export type Progress = (job: Job, rows: JobRow[]) => void

/** One row's work. It calls `settle` exactly once, in the transaction that stores its result, unless cancelled. */
export type Work = (
  name: string,
  signal: AbortSignal,
  settle: (outcome: Outcome) => void,
  job: number,
) => Promise<unknown>

export type Queue = {
  start(kind: JobKind, names: readonly string[]): Job
  /** Takes no further row; checks in flight are dropped, repairs in flight are waited for. */
  cancel(id: number): Job | null
  /** Resolves when the job has ended, with its final state. */
  ended(id: number): Promise<Job>
  /** Cancels every job and waits for what must not be dropped. */
  close(): Promise<void>
}

/**
 * Runs jobs over many domains: at most six rows in flight (more when name servers are asked), one failure stops nothing, every row ends in exactly
 * one state, and all of it is in the store before it is told (docs/faults.md 51). `broke` hears of the bugs.
 */
export function createQueue(
  jobs: JobStore,
  work: Record<JobKind, Work>,
  now: () => number,
  progress: Progress,
  broke: (error: unknown) => void,
): Queue {
  const running = new Map<number, { abort: AbortController; ended: Promise<Job> }>()

  async function run(job: Job, names: readonly string[], signal: AbortSignal): Promise<Job> {
    let next = 0
    const tell = (position: number) => {
      const latest = jobs.read(job.id)
      const row = jobs.row(job.id, position)
      if (latest && row) progress(latest, [row])
    }
    async function worker(): Promise<void> {
      while (!signal.aborted && next < names.length) {
        const position = next++
        const name = names[position]
        if (name === undefined) return
        jobs.settle(job.id, position, { state: 'running', at: now() })
        try {
          await work[job.kind](name, signal, (outcome) => jobs.settle(job.id, position, outcome), job.id)
        } catch (error) {
          broke(error)
          // Rolled back with its result, the row may still say that it runs.
          if (jobs.row(job.id, position)?.state === 'running')
            jobs.settle(job.id, position, { state: 'failed', failure: bug, at: now() })
        }
        tell(position)
      }
    }
    try {
      await Promise.all(
        Array.from({ length: Math.min(rowsAtOnce[job.kind] ?? inFlight, names.length) }, worker),
      )
      const last = jobs.end(job.id, signal.aborted ? 'cancelled' : 'done', now())
      progress(last, [])
      return last
    } catch (error) {
      // The store itself refuses, a full disk say: what it holds is true, and the next start calls it interrupted.
      broke(error)
      const stopped: Job = { ...(jobs.read(job.id) ?? job), state: 'interrupted', endedAt: now() }
      progress(stopped, [])
      return stopped
    } finally {
      running.delete(job.id)
    }
  }

  return {
    start(kind, names) {
      const job = jobs.create(kind, [...new Set(names)], now())
      const abort = new AbortController()
      running.set(job.id, { abort, ended: run(job, [...new Set(names)], abort.signal) })
      return job
    },
    cancel(id) {
      running.get(id)?.abort.abort()
      return jobs.read(id)
    },
    async ended(id) {
      const job = (await running.get(id)?.ended) ?? jobs.read(id)
      if (!job) throw new Error(`No job ${id}`)
      return job
    },
    async close() {
      for (const { abort } of running.values()) abort.abort()
      await Promise.allSettled([...running.values()].map(({ ended }) => ended))
    },
  }
}
