import { expect, test } from 'vitest'
import { calls, pushes } from '../../preload/channels.ts'
import { contract, pushed } from '../../preload/contract.ts'

test('the names the preload exposes are exactly those of the contract', () => {
  expect([...calls].sort()).toEqual(Object.keys(contract).sort())
  expect([...pushes].sort()).toEqual(Object.keys(pushed).sort())
})
