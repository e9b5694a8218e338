import { expect, test } from 'vitest'
import { readArguments, UsageError } from '../../main/sandbox/arguments.ts'

test('every option is read', () => {
  const line = '--port 8001 --domains 100000 --latency 20 --dialect 0.6-late --seed 7 --follow-parent'
  expect(readArguments(line.split(' '))).toEqual({
    ...{ port: 8001, domains: 100_000, latencyMs: 20, dialect: '0.6-late', seed: 7, followParent: true },
  })
})

test('without options nothing is set', () => {
  expect(readArguments([])).toEqual({ followParent: false })
})

test.each([
  '--port 65536',
  '--port -1',
  '--domains 100001',
  '--domains many',
  '--latency 1.5',
  '--dialect 0.5',
  '--unknown',
  '--port',
  'word',
])('%s is refused in one line', (line) => {
  const read = () => readArguments(line.split(' '))
  expect(read).toThrow(UsageError)
  expect(read).toThrow(/^[^\n]+$/)
})
