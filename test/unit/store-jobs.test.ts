import { describe, expect, test } from 'vitest'
import { failed } from '../../preload/failure.ts'
import { openCacheIn } from '../fakes/stores.ts'

const names = ['a.example', 'b.example', 'c.example']
const { failure } = failed('server-error', 'status', 'dimail failed with status 500.', { status: 500 })

describe('a job in the store', () => {
  test('begins with every row waiting', () => {
    const { jobs } = openCacheIn()
    const job = jobs.create('check', names, 10)
    expect(job).toEqual({
      id: 1,
      kind: 'check',
      state: 'running',
      total: 3,
      done: 0,
      failed: 0,
      startedAt: 10,
      endedAt: null,
    })
    expect(jobs.rows(job.id, 0, 10)).toEqual(
      names.map((name) => ({
        name,
        state: 'waiting',
        status: null,
        toCorrect: null,
        failure: null,
        at: null,
      })),
    )
    expect(jobs.rows(job.id, 1, 1).map((row) => row.name)).toEqual(['b.example'])
  })

  test('counts what is done and what failed as it comes', () => {
    const { jobs } = openCacheIn()
    const { id } = jobs.create('repair', names, 10)
    jobs.settle(id, 0, { state: 'running', at: 11 })
    expect(jobs.read(id)).toMatchObject({ done: 0, failed: 0 })
    jobs.settle(id, 0, { state: 'done', status: 'enabled', at: 12 })
    jobs.settle(id, 2, { state: 'failed', failure, at: 13 })
    expect(jobs.read(id)).toMatchObject({ state: 'running', done: 1, failed: 1 })
    expect(jobs.rows(id, 0, 3)).toEqual([
      { name: 'a.example', state: 'done', status: 'enabled', toCorrect: null, failure: null, at: 12 },
      { name: 'b.example', state: 'waiting', status: null, toCorrect: null, failure: null, at: null },
      { name: 'c.example', state: 'failed', status: null, toCorrect: null, failure, at: 13 },
    ])
    jobs.settle(id, 1, { state: 'done', status: null, toCorrect: 3, at: 14 })
    expect(jobs.row(id, 1)).toMatchObject({ status: null, toCorrect: 3 })
  })

  test('says at its end that what was not done is not done', () => {
    const { jobs } = openCacheIn()
    const { id } = jobs.create('check', names, 10)
    jobs.settle(id, 0, { state: 'done', status: 'failed', at: 12 })
    jobs.settle(id, 1, { state: 'running', at: 12 })
    expect(jobs.end(id, 'cancelled', 20)).toMatchObject({ state: 'cancelled', endedAt: 20, done: 1 })
    expect(jobs.rows(id, 0, 3).map((row) => row.state)).toEqual(['done', 'not-done', 'not-done'])
  })

  test('left behind by a run that was killed is interrupted, and only that one', () => {
    const { jobs } = openCacheIn()
    const ended = jobs.create('check', names, 10)
    jobs.end(ended.id, 'done', 11)
    const left = jobs.create('check', names, 12)
    jobs.settle(left.id, 1, { state: 'failed', failure, at: 13 })
    expect(jobs.interruptAll(30)).toBe(1)
    expect(jobs.read(left.id)).toMatchObject({ state: 'interrupted', endedAt: 30, failed: 1 })
    expect(jobs.rows(left.id, 0, 3).map((row) => row.state)).toEqual(['not-done', 'failed', 'not-done'])
    expect(jobs.read(ended.id)).toMatchObject({ state: 'done', endedAt: 11 })
    expect(jobs.interruptAll(31)).toBe(0)
  })

  test('is forgotten, rows included, once fifty others came, unless it still runs', () => {
    const { jobs } = openCacheIn()
    const running = jobs.create('check', names, 1)
    const first = jobs.create('check', names, 2)
    jobs.end(first.id, 'done', 3)
    for (let n = 0; n < 50; n++) jobs.end(jobs.create('check', ['x.example'], n).id, 'done', n)
    expect(jobs.read(first.id)).toBeNull()
    expect(jobs.rows(first.id, 0, 9)).toEqual([])
    expect(jobs.read(running.id)).toMatchObject({ state: 'running' })
    expect(jobs.list()).toHaveLength(50)
    expect(jobs.list()[0]?.id).toBe(52)
  })

  test('that nobody knows is null, and cannot end', () => {
    const { jobs } = openCacheIn()
    expect(jobs.read(7)).toBeNull()
    expect(() => jobs.end(7, 'done', 1)).toThrow('No job 7')
  })
})
