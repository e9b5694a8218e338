import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Grant, Refreshed } from '../../main/session/provider-calls.ts'
import { createTokens } from '../../main/session/tokens.ts'
import { ok } from '../../preload/failure.ts'
import { kindOf } from './sign-in-console.ts'

const owner = { issuer: 'https://identite.example', clientId: 'dimail-console' }
const grantOf = (turn: number): Grant => ({
  accessToken: `access-${turn}`,
  expiresInS: 60,
  refreshToken: `refresh-${turn}`,
  idToken: null,
  claims: null,
})

/** A provider that knows its latest tokens only, each of whose answers comes when the scheduler lets it. */
function setUp(scheduler: fc.Scheduler) {
  let latest = 1
  const asked: string[] = []
  const trace: string[] = []
  let text: string | null = null
  const kept = {
    read: () => text,
    write: (next: string | null) => {
      text = next
      trace.push(`kept ${next === null ? 'nothing' : JSON.parse(next).refreshToken}`)
    },
  }
  const tokens = createTokens({ kept, owner, now: () => 0 })
  tokens.take(grantOf(0), 'sujet-fictif-1', null)
  const refresh = async (refreshToken: string): Promise<Refreshed> => {
    asked.push(refreshToken)
    await scheduler.schedule(Promise.resolve(), 'refresh')
    return { ok: true, value: grantOf(latest) }
  }
  const call = async (accessToken: string) => {
    await scheduler.schedule(Promise.resolve(), `call by ${accessToken}`)
    if (accessToken !== `access-${latest}`) return 'unauthorised' as const
    trace.push(`used ${accessToken}`)
    return ok(accessToken)
  }
  return { tokens, refresh, call, asked, trace, text: () => text, end: () => latest++ }
}

test('faults 32: in any order of answers, twenty calls make one refresh and succeed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { tokens, refresh, call, asked, trace } = setUp(scheduler)
      const calls = Array.from({ length: 20 }, () => tokens.withAccess(refresh, call))
      const results = await scheduler.waitFor(Promise.all(calls))
      expect(results.map(kindOf)).toEqual(Array(20).fill('ok'))
      expect(asked).toEqual(['refresh-0'])
      expect(trace.indexOf('kept refresh-1')).toBeGreaterThan(-1)
      expect(trace.indexOf('kept refresh-1')).toBeLessThan(trace.indexOf('used access-1'))
    }),
  )
})

test('in any order of answers, who has signed out is forgotten', async () => {
  await fc.assert(
    // Five refusals, one refresh and five answers: after ten of them one call at least is under way.
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 0, max: 10 }), async (scheduler, after) => {
      const { tokens, refresh, call, text } = setUp(scheduler)
      const calls = Array.from({ length: 5 }, () => tokens.withAccess(refresh, call))
      await scheduler.waitNext(after)
      tokens.forget()
      const results = await scheduler.waitFor(Promise.all(calls))
      expect(text()).toBeNull()
      expect(tokens.known()).toBeNull()
      expect(results.map(kindOf)).toContain('cancelled/sign-in')
    }),
  )
})

test('in any order of answers, who signs in anew meanwhile keeps the new tokens', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { tokens, refresh, call, text } = setUp(scheduler)
      const early = Array.from({ length: 3 }, () => tokens.withAccess(refresh, call))
      await scheduler.waitNext(1)
      tokens.take(grantOf(7), 'sujet-fictif-2', null)
      await scheduler.waitFor(Promise.all(early))
      expect(JSON.parse(text() ?? '')).toMatchObject({ sub: 'sujet-fictif-2', refreshToken: 'refresh-7' })
    }),
  )
})
