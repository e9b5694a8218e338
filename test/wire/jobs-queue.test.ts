import { describe, expect, test } from 'vitest'
import { checkDomain } from '../../main/jobs/check.ts'
import { refreshFleet } from '../../main/jobs/fleet.ts'
import { createQueue, inFlight, type Work } from '../../main/jobs/queue.ts'
import { repairAsRow } from '../../main/jobs/repair.ts'
import { unwrap } from '../../preload/failure.ts'
import type { Job, JobKind, JobRow } from '../../preload/shapes.ts'
import { clientOf, closing } from '../fakes/dimail-client.ts'
import { startHttpServer } from '../fakes/http-server.ts'
import { noMailboxJobs } from '../fakes/quiet.ts'
import { type OpenWorkspace, openWorkspace } from '../fakes/workspace.ts'

function queueOf(work: OpenWorkspace, other: Partial<Record<JobKind, Work>> = {}) {
  const steps: { job: Job; rows: JobRow[] }[] = []
  const bugs: unknown[] = []
  const queue = createQueue(
    work.cache.jobs,
    {
      check: (name, signal, settle) => checkDomain(work, name, signal, settle),
      repair: (name, _signal, settle) => repairAsRow(work, name, settle),
      ...noMailboxJobs,
      ...other,
    },
    work.now,
    (job, rows) => steps.push({ job, rows }),
    (error) => bugs.push(error),
  )
  const statesOf = (job: Job) => Object.groupBy(work.cache.jobs.rows(job.id, 0, 500), (row) => row.state)
  return { queue, steps, bugs, statesOf }
}

describe('a bulk check', () => {
  test('faults 51: ends every row in one state, and one failure stops nothing', async () => {
    const work = await openWorkspace()
    const { queue, steps, statesOf } = queueOf(work)
    const names = work.sandbox.world.names()
    const job = await queue.ended(queue.start('check', [...names, 'pas un nom', 'absente.example']).id)
    // The seven pending domains make dimail itself fail.
    expect(job).toMatchObject({ state: 'done', total: 62, done: 53, failed: 9 })
    const { done = [], failed = [], ...others } = statesOf(job)
    expect([done.length, failed.length, others]).toEqual([53, 9, {}])
    expect(done.every((row) => work.cache.read(row.name)?.row.status === row.status)).toBe(true)
    expect(new Set(failed.map((row) => row.failure?.code))).toEqual(
      new Set(['server-error', 'invalid', 'not-found']),
    )
    expect(steps.at(-1)).toMatchObject({ job: { state: 'done' }, rows: [] })
    expect(steps).toHaveLength(63)
  })

  test('faults 51: has at most six requests in flight', async () => {
    const work = await openWorkspace()
    const server = closing(
      await startHttpServer(async ({ url }, response) => {
        const name = url.split('/')[2] ?? ''
        setTimeout(() => {
          response.writeHead(200, { 'content-type': 'application/json' })
          response.end(JSON.stringify({ name, state: 'ok', active: true }))
        }, 5)
      }),
    )
    const dimail = clientOf(server.address)
    const { queue } = queueOf({ ...work, dimail })
    const names = Array.from({ length: 40 }, (_, index) => `d${index}.example`)
    expect(await queue.ended(queue.start('check', names).id)).toMatchObject({ done: 40 })
    expect(server.peak()).toBe(inFlight)
  })

  test('asks for each domain once, however often it is named', async () => {
    const work = await openWorkspace()
    const { queue } = queueOf(work)
    const name = work.named('enabled')
    expect(await queue.ended(queue.start('check', [name, name]).id)).toMatchObject({ total: 1, done: 1 })
    expect(work.asked(/check/)).toHaveLength(1)
  })

  test('cancelled at ten keeps ten results, and says that the rest is not done', async () => {
    const work = await openWorkspace()
    const names = work.sandbox.world.names().filter((name) => name !== '')
    const { queue, statesOf } = queueOf(work, {
      check: async (name, signal, settle) => {
        if (work.cache.jobs.list()[0]?.done === 10) queue.cancel(1)
        return checkDomain(work, name, signal, settle)
      },
    })
    const job = await queue.ended(queue.start('check', names).id)
    expect(job.state).toBe('cancelled')
    const { done = [], failed = [], 'not-done': left = [], ...others } = statesOf(job)
    expect(others).toEqual({})
    expect(done.length + failed.length + left.length).toBe(60)
    expect([done.length, failed.length]).toEqual([job.done, job.failed])
    expect(done.length).toBeGreaterThanOrEqual(10)
    expect(left.length).toBeGreaterThanOrEqual(30)
    for (const row of done) expect(work.cache.read(row.name)?.row.checkedAt).not.toBeNull()
    for (const row of left) expect(work.cache.read(row.name)).toBeNull()
  })

  test('whose row meets a bug says so on that row alone', async () => {
    const work = await openWorkspace()
    const { queue, bugs, statesOf } = queueOf(work, {
      check: async (name, signal, settle) => {
        if (name.startsWith('bug')) throw new TypeError('a bug of ours')
        await checkDomain(work, name, signal, settle)
        if (name.startsWith('late')) throw new TypeError('a bug after the result')
      },
    })
    const names = ['bug.example', work.named('enabled'), 'late.example', work.named('failed')]
    const job = await queue.ended(queue.start('check', names).id)
    expect(job).toMatchObject({ state: 'done', done: 2, failed: 2 })
    expect(statesOf(job).failed?.map((row) => row.failure?.code)).toEqual(['unexpected', 'not-found'])
    expect(bugs).toHaveLength(2)
  })

  test('that nobody started cannot be cancelled or awaited', async () => {
    const { queue } = queueOf(await openWorkspace())
    expect(queue.cancel(9)).toBeNull()
    await expect(queue.ended(9)).rejects.toThrow('No job 9')
  })
})

describe('a bulk repair', () => {
  test('repairs what can be, and says why of the rest', async () => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    const { queue, statesOf } = queueOf(work)
    const names = [work.named('failed'), work.named('action_required'), work.named('enabled')]
    const job = await queue.ended(queue.start('repair', names).id)
    expect(job).toMatchObject({ done: 1, failed: 2 })
    expect(statesOf(job).failed?.map((row) => row.failure?.reason)).toEqual(['external', 'nothing'])
    expect(statesOf(job).done).toMatchObject([{ name: names[0], status: 'enabled' }])
    expect(work.asked(/fix/)).toHaveLength(1)
  })

  test('closed waits for the repairs that have left, and starts no other', async () => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    const names = [0, 1, 2, 3, 4, 5].map((place) => work.named('failed', place))
    const { queue, statesOf } = queueOf(work)
    const arrived = Promise.withResolvers<void>()
    work.sandbox.answerNext(
      ({ path }) => {
        if (path.includes('/fix/')) arrived.resolve()
        return false
      },
      { delayMs: 0 },
    )
    work.sandbox.answerNext(/\/fix\//, { delayMs: 100 }, 9)
    const job = queue.start('repair', [...names, 'apres-1.example', 'apres-2.example'])
    await arrived.promise
    await queue.close()
    expect(work.cache.jobs.read(job.id)).toMatchObject({ state: 'cancelled', done: 6, failed: 0 })
    expect(statesOf(job)['not-done']?.map((row) => row.name)).toEqual(['apres-1.example', 'apres-2.example'])
    expect(await work.desk.settleAbandoned(1)).toEqual([])
  })
})
