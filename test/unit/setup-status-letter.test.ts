import { describe, expect, test } from 'vitest'
import { statusLetter } from '../../main/setup/status-letter.ts'
import type { Check, Status } from '../../preload/shapes.ts'

const town = { name: 'valmont.example', supportEmail: 'mairie@valmont.example' }
const check = (key: string, state: Check['state']): Check => ({ key, state, internal: false, errors: [] })
const checks = [
  check('mx', 'failing'),
  check('spf', 'ok'),
  check('dkim', 'unknown'),
  check('ox', 'not-tested'),
]

describe('a town is told of its domain', () => {
  test('with the checks that stand in the way', () => {
    expect(statusLetter('enabled', 'action_required', checks, town)).toEqual({
      kind: 'status',
      domain: 'valmont.example',
      about: 'valmont.example',
      to: 'mairie@valmont.example',
      facts: { status: 'action_required', failing: ['mx', 'dkim'] },
    })
  })

  test.each<[Status | null, Status, boolean]>([
    ['pending', 'enabled', true],
    ['action_required', 'enabled', true],
    ['enabled', 'failed', true],
    ['disabled', 'enabled', true],
    ['enabled', 'pending', false],
    ['enabled', 'disabled', false],
    ['enabled', 'enabled', false],
    ['failed', 'failed', false],
    [null, 'action_required', false],
    [null, 'enabled', false],
  ])('from %s to %s: %s', (before, after, isTold) => {
    expect(statusLetter(before, after, checks, town) !== null).toBe(isTold)
  })

  test('unless nobody has said where to write', () => {
    expect(statusLetter('enabled', 'failed', checks, null)).toBeNull()
  })
})
