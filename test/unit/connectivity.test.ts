import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Outcome } from '../../main/dimail/client.ts'
import { watchConnectivity } from '../../main/jobs/connectivity.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Connectivity } from '../../preload/shapes.ts'

const answers = {
  good: ok(undefined),
  refused: failed('offline', 'refused', 'Nothing listens.'),
  breaker: failed('offline', 'breaker', 'dimail does not answer.'),
  slow: failed('timeout', 'headers', 'Too slow.'),
  error: failed('server-error', 'status', 'Status 500.'),
  html: failed('bad-response', 'html', 'A page.'),
  forbidden: failed('refused', 'forbidden', 'No right.'),
  password: failed('refused', 'credentials', 'Wrong password.'),
  unasked: failed('refused', 'no-credentials', 'Not known yet.'),
  cancelled: failed('cancelled', 'asked', 'Cancelled.'),
  invalid: failed('invalid', 'address', 'No address.'),
} satisfies Record<string, Result<void>>

/** A watch over a dimail that answers as told, on a clock of its own. */
function setUp(first: Result<void>) {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let answer = first
  let network = true
  let probes = 0
  const listeners = new Set<(outcome: Outcome) => void>()
  const told: Connectivity[] = []
  const watch = watchConnectivity({
    dimail: {
      token: async () => {
        probes++
        return answer
      },
      answered: (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    isNetworkUp: () => network,
    now: Date.now,
    changed: (state) => told.push(state),
  })
  onTestFinished(() => watch.close())
  return {
    watch,
    told,
    listeners,
    probes: () => probes,
    answers: (next: Result<void>) => {
      answer = next
    },
    network: (up: boolean) => {
      network = up
    },
    hear: (outcome: Result<void>) => {
      for (const listener of listeners) listener(outcome)
    },
  }
}

describe('the link to dimail', () => {
  test.each<[keyof typeof answers, boolean, Connectivity['state']]>([
    ['good', true, 'online'],
    ['error', true, 'online'],
    ['html', true, 'online'],
    ['forbidden', true, 'online'],
    ['refused', true, 'not-answering'],
    ['breaker', true, 'not-answering'],
    ['slow', true, 'not-answering'],
    ['refused', false, 'offline'],
    ['slow', false, 'offline'],
    ['password', true, 'locked'],
    ['unasked', true, 'locked'],
    ['cancelled', true, 'unknown'],
    ['invalid', true, 'unknown'],
  ])('after %s, with the network %s, is %s', async (answer, network, state) => {
    const link = setUp(answers[answer])
    link.network(network)
    expect(await link.watch.probe()).toMatchObject({ state })
    expect(link.watch.read().state).toBe(state)
    expect(link.told).toHaveLength(state === 'unknown' ? 0 : 1)
  })

  test('keeps when dimail last answered, which a password not yet given is not', async () => {
    const link = setUp(answers.good)
    vi.setSystemTime(1000)
    await link.watch.probe()
    vi.setSystemTime(5000)
    link.hear(answers.slow)
    expect(link.watch.read()).toMatchObject({
      since: 5000,
      lastAnswerAt: 1000,
      failure: answers.slow.failure,
    })
    vi.setSystemTime(6000)
    link.hear(answers.refused)
    expect(link.watch.read()).toMatchObject({ since: 5000, failure: answers.refused.failure })
    link.hear(answers.unasked)
    expect(link.watch.read()).toMatchObject({ state: 'locked', lastAnswerAt: 1000 })
    link.hear(answers.password)
    expect(link.watch.read()).toMatchObject({ state: 'locked', lastAnswerAt: 6000 })
  })

  test('is told when it changes, or when its reason does, and only then', async () => {
    const link = setUp(answers.good)
    for (const heard of [
      answers.good,
      answers.good,
      answers.slow,
      answers.slow,
      answers.breaker,
      answers.good,
    ])
      link.hear(heard)
    expect(
      link.told.map(({ state, failure }) => [state, failure?.code ?? null, failure?.reason ?? null]),
    ).toEqual([
      ['online', null, null],
      ['not-answering', 'timeout', 'headers'],
      ['not-answering', 'offline', 'breaker'],
      ['online', null, null],
    ])
  })

  test('is told again once the last answer has moved by five seconds, so that its age is true', async () => {
    const link = setUp(answers.good)
    for (let second = 0; second < 12; second++) {
      link.hear(answers.good)
      await vi.advanceTimersByTimeAsync(1000)
    }
    const ages = link.told.map((state) => state.lastAnswerAt ?? 0)
    expect(ages.length).toBe(3)
    expect((ages[2] ?? 0) - (ages[0] ?? 0)).toBe(10_000)
  })

  test('faults 50: that was cut is found again within 15 seconds, and asked at most every five', async () => {
    const link = setUp(answers.refused)
    await link.watch.probe()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(link.watch.read().state).toBe('not-answering')
    expect(link.probes()).toBeLessThanOrEqual(121)
    link.answers(answers.good)
    await vi.advanceTimersByTimeAsync(15_000)
    expect(link.watch.read()).toMatchObject({ state: 'online', failure: null })
    const asked = link.probes()
    await vi.advanceTimersByTimeAsync(119_000)
    expect(link.probes()).toBeLessThanOrEqual(asked + 1)
    await vi.advanceTimersByTimeAsync(120_000)
    expect(link.probes()).toBeGreaterThan(asked)
  })

  test('that is locked waits for the agent: the password is not tried again', async () => {
    const link = setUp(answers.password)
    await link.watch.probe()
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(link.probes()).toBe(1)
    link.answers(answers.good)
    expect(await link.watch.probe()).toMatchObject({ state: 'online' })
  })

  test('once closed is asked no more and tells nothing', async () => {
    const link = setUp(answers.refused)
    await link.watch.probe()
    link.watch.close()
    link.answers(answers.good)
    await vi.advanceTimersByTimeAsync(600_000)
    expect([link.probes(), link.listeners.size, link.told.length]).toEqual([1, 0, 1])
    await link.watch.probe()
    expect(link.watch.read().state).toBe('not-answering')
  })
})
