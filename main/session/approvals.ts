import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { failed, ok, type Result } from '../../preload/failure.ts'

/** How long an approval waits for its call, and how many calls are remembered as asked for. */
const heldMs = 5 * 60_000
const kept = 50

type Asked = { call: string; input: unknown; at: number; approved: boolean }

export type Approvals = {
  /** Whether this very call, with this very input, has been approved: once. Else `refused/ask-first` with `ask`. */
  pass(call: string, input: unknown): Result<void>
  /** The agent agrees to the call that was refused under this name; `not-found/ask` when it is forgotten. */
  approve(ask: string): Result<void>
  /** Forgets everything: what one agent agreed to is not done for the next. */
  leave(): void
}

/** What the lock "ask before each change" remembers: an approval is for one call, as it was asked for. */
export function createApprovals(now: () => number): Approvals {
  const asked = new Map<string, Asked>()
  const forget = () => {
    for (const [ask, { at }] of asked) if (Math.abs(now() - at) > heldMs) asked.delete(ask)
    const [oldest] = asked.keys()
    if (asked.size > kept && oldest !== undefined) asked.delete(oldest)
  }
  return {
    pass(call, input) {
      forget()
      for (const [ask, one] of asked) {
        if (!one.approved || one.call !== call || !isDeepStrictEqual(one.input, input)) continue
        asked.delete(ask)
        return ok(undefined)
      }
      const ask = randomUUID()
      asked.set(ask, { call, input, at: now(), approved: false })
      return failed('refused', 'ask-first', 'This profile asks before each change.', { ask })
    },
    approve(ask) {
      forget()
      const one = asked.get(ask)
      if (one === undefined) return failed('not-found', 'ask', 'This change was asked for too long ago.')
      asked.set(ask, { ...one, approved: true, at: now() })
      return ok(undefined)
    },
    leave: () => asked.clear(),
  }
}
