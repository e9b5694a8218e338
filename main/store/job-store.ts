import type Database from 'better-sqlite3'
import { type Failure, failure as failureShape } from '../../preload/failure.ts'
import {
  type Job,
  type JobKind,
  type JobRow,
  jobRow as jobRowShape,
  job as jobShape,
  type Status,
} from '../../preload/shapes.ts'

export type JobStore = {
  /** Writes the job with all its rows waiting. */
  create(kind: JobKind, names: readonly string[], at: number): Job
  read(id: number): Job | null
  /** The latest jobs first, at most fifty: older ones are forgotten. */
  list(): Job[]
  rows(id: number, offset: number, limit: number): JobRow[]
  /** Null: forgotten, as what the agent may no longer see is. */
  row(id: number, position: number): JobRow | null
  settle(id: number, position: number, outcome: Outcome): void
  end(id: number, state: 'done' | 'cancelled', at: number): Job
  /** Jobs that a previous run left behind: what was not done is said to be not done. Returns how many. */
  interruptAll(at: number): number
}

export type Outcome =
  | { state: 'running'; at: number }
  /** `toCorrect`: of a diagnosis. */
  | { state: 'done'; status: Status | null; toCorrect?: number; at: number }
  | { state: 'failed'; failure: Failure; at: number }

const kept = 50

export function createJobStore(db: Database.Database): JobStore {
  const selectJobs =
    'SELECT id, kind, state, total, done, failed, started_at AS startedAt, ended_at AS endedAt FROM job'
  const selectRows = `SELECT name, state, status, to_correct AS toCorrect, failure, at FROM job_row WHERE job_id = ?`
  const readJob = db.prepare<[number]>(`${selectJobs} WHERE id = ?`)
  const listJobs = db.prepare<[number]>(`${selectJobs} ORDER BY id DESC LIMIT ?`)
  const readRows = db.prepare<[number, number, number]>(`${selectRows} ORDER BY position LIMIT ? OFFSET ?`)
  const readRow = db.prepare<[number, number]>(`${selectRows} AND position = ?`)
  const insertJob = db.prepare(`INSERT INTO job (kind, state, total, started_at) VALUES (?, 'running', ?, ?)`)
  const insertRow = db.prepare(
    `INSERT INTO job_row (job_id, position, name, state) VALUES (?, ?, ?, 'waiting')`,
  )
  const forget = db.prepare(`DELETE FROM job WHERE id <= ? AND state <> 'running'`)
  const setRow = db.prepare(
    'UPDATE job_row SET state = ?, status = ?, to_correct = ?, failure = ?, at = ? WHERE job_id = ? AND position = ?',
  )
  const countDone = db.prepare('UPDATE job SET done = done + 1 WHERE id = ?')
  const countFailed = db.prepare('UPDATE job SET failed = failed + 1 WHERE id = ?')
  const setJob = db.prepare('UPDATE job SET state = ?, ended_at = ? WHERE id = ?')
  const leaveRows = db.prepare(
    `UPDATE job_row SET state = 'not-done' WHERE job_id = ? AND state IN ('waiting', 'running')`,
  )
  const running = db.prepare<[], { id: number }>(`SELECT id FROM job WHERE state = 'running'`)

  const read = (id: number) => {
    const found = readJob.get(id)
    return found === undefined ? null : jobShape.parse(found)
  }
  const existing = (id: number): Job => {
    const found = read(id)
    if (found === null) throw new Error(`No job ${id}`)
    return found
  }
  const toRow = (row: unknown): JobRow => {
    const { failure, ...rest } = row as { failure: string | null }
    return jobRowShape.parse({
      ...rest,
      failure: failure === null ? null : failureShape.parse(JSON.parse(failure)),
    })
  }

  return {
    read,
    create: db.transaction((kind: JobKind, names: readonly string[], at: number) => {
      const id = Number(insertJob.run(kind, names.length, at).lastInsertRowid)
      for (const [position, name] of names.entries()) insertRow.run(id, position, name)
      forget.run(id - kept)
      return existing(id)
    }),
    list: () => listJobs.all(kept).map((row) => jobShape.parse(row)),
    rows: (id, offset, limit) => readRows.all(id, limit, offset).map(toRow),
    row(id, position) {
      const found = readRow.get(id, position)
      return found === undefined ? null : toRow(found)
    },
    settle(id, position, outcome) {
      const status = outcome.state === 'done' ? outcome.status : null
      const failure = outcome.state === 'failed' ? JSON.stringify(outcome.failure) : null
      const toCorrect = outcome.state === 'done' ? (outcome.toCorrect ?? null) : null
      setRow.run(outcome.state, status, toCorrect, failure, outcome.at, id, position)
      if (outcome.state === 'done') countDone.run(id)
      if (outcome.state === 'failed') countFailed.run(id)
    },
    end: db.transaction((id: number, state: 'done' | 'cancelled', at: number) => {
      leaveRows.run(id)
      setJob.run(state, at, id)
      return existing(id)
    }),
    interruptAll: db.transaction((at: number) => {
      const left = running.all()
      for (const { id } of left) {
        leaveRows.run(id)
        setJob.run('interrupted', at, id)
      }
      return left.length
    }),
  }
}
