import { createStore } from 'zustand/vanilla'
import type { Failure } from '../../preload/failure.ts'
import type { Job, JobRow } from '../../preload/shapes.ts'
import type { Bridge } from '../bridge.ts'
import { isDeclined } from '../parts/declined.ts'

const page = 500

type State = {
  jobs: readonly Job[]
  /** The job that the drawer shows. */
  open: number | null
  /** Its rows, by name, in the order they were asked. */
  rows: ReadonlyMap<string, JobRow>
  failure: Failure | null
}

/** The jobs that are started by names alone. */
type StartedHere = Parameters<Bridge['jobs.start']>[0]['kind']

type Actions = {
  load(): Promise<void>
  start(kind: StartedHere, names: readonly string[]): Promise<void>
  show(id: number): Promise<void>
  hide(): void
  cancel(id: number): Promise<void>
}

type Slice = Pick<Bridge, 'jobs.list' | 'jobs.start' | 'jobs.read' | 'jobs.cancel' | 'on'>

export type JobsStore = ReturnType<typeof createJobsStore>

/** `complain` tells the agent of what failed without a place of its own on the page. */
export function createJobsStore(bridge: Slice, complain: (failure: Failure) => void) {
  const store = createStore<State & Actions>()((set, get) => {
    const take = (job: Job) => {
      const others = get().jobs.filter((known) => known.id !== job.id)
      set({ jobs: [job, ...others].sort((a, b) => b.id - a.id) })
    }

    bridge.on('job.progress', ({ job, rows }) => {
      take(job)
      if (get().open !== job.id) return
      if (job.state !== 'running') void get().show(job.id)
      else if (rows.length > 0) {
        const all = new Map(get().rows)
        for (const row of rows) all.set(row.name, row)
        set({ rows: all })
      }
    })

    return {
      jobs: [],
      open: null,
      rows: new Map(),
      failure: null,
      async load() {
        set({ open: null, rows: new Map(), failure: null, jobs: [] })
        const reply = await bridge['jobs.list']()
        if (reply.ok) set({ jobs: reply.value })
        else complain(reply.failure)
      },
      async start(kind, names) {
        const reply = await bridge['jobs.start']({ kind, names: [...names] })
        // What the agent chose not to start opens no drawer.
        if (!reply.ok) return isDeclined(reply.failure) ? undefined : set({ failure: reply.failure })
        take(reply.value)
        await get().show(reply.value.id)
      },
      async show(id) {
        if (get().open !== id) set({ open: id, rows: new Map(), failure: null })
        const rows = new Map<string, JobRow>()
        for (let offset = 0; ; offset += page) {
          const reply = await bridge['jobs.read']({ id, offset, limit: page })
          if (get().open !== id) return
          if (!reply.ok) return set({ failure: reply.failure })
          for (const row of reply.value.rows) rows.set(row.name, row)
          take(reply.value.job)
          if (reply.value.rows.length < page) break
        }
        set({ rows })
      },
      hide: () => set({ open: null, failure: null }),
      async cancel(id) {
        const reply = await bridge['jobs.cancel']({ id })
        if (!reply.ok) set({ failure: reply.failure })
      },
    }
  })
  return store
}
