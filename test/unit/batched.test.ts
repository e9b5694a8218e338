import { expect, onTestFinished, test, vi } from 'vitest'
import { createBatch } from '../../main/batched.ts'

function setUp() {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const given: number[][] = []
  return { given, batch: createBatch<number>(80, (items) => given.push(items)) }
}

test('what comes in a burst is given once, in its order', async () => {
  const { given, batch } = setUp()
  for (const item of [1, 2, 3]) batch.add(item)
  await vi.advanceTimersByTimeAsync(79)
  expect(given).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  batch.add(4)
  await vi.advanceTimersByTimeAsync(80)
  expect(given).toEqual([[1, 2, 3], [4]])
})

test('a flush gives at once what waits, and nothing twice', async () => {
  const { given, batch } = setUp()
  batch.flush()
  batch.add(1)
  batch.flush()
  await vi.advanceTimersByTimeAsync(200)
  expect(given).toEqual([[1]])
})
