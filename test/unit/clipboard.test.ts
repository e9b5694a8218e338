import { afterEach, describe, expect, test, vi } from 'vitest'
import { createClipboard } from '../../main/clipboard.ts'

afterEach(() => void vi.useRealTimers())

function open() {
  vi.useFakeTimers()
  let held = 'avant'
  const system = {
    write: async (text: string) => {
      held = text
    },
    read: async () => held,
  }
  const clipboard = createClipboard(system, (error) => {
    throw error
  })
  return { clipboard, now: () => held, copyElsewhere: (text: string) => (held = text) }
}

describe('a secret in the clipboard', () => {
  test('faults 72: is taken away after a minute', async () => {
    const { clipboard, now } = open()
    await clipboard.copy('mot-de-passe', true)
    await vi.advanceTimersByTimeAsync(59_000)
    expect(now()).toBe('mot-de-passe')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(now()).toBe('')
  })

  test('faults 72: is left alone when something else was copied since', async () => {
    const { clipboard, now, copyElsewhere } = open()
    await clipboard.copy('mot-de-passe', true)
    copyElsewhere('un texte')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(now()).toBe('un texte')
  })

  test('faults 72: is taken away when the program ends', async () => {
    const { clipboard, now } = open()
    await clipboard.copy('mot-de-passe', true)
    await clipboard.leave()
    expect(now()).toBe('')
  })

  test('is followed by what is no secret, which stays', async () => {
    const { clipboard, now } = open()
    await clipboard.copy('mot-de-passe', true)
    await clipboard.copy('mx.fictif.example.', false)
    await vi.advanceTimersByTimeAsync(120_000)
    await clipboard.leave()
    expect(now()).toBe('mx.fictif.example.')
  })
})
