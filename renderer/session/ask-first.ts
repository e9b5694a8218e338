import { type Call, calls } from '../../preload/channels.ts'
import type { Reply } from '../../preload/contract.ts'
import { failed } from '../../preload/failure.ts'
import type { Bridge } from '../bridge.ts'

/** Asks the agent whether this very call may be made. */
export type Agrees = (call: Call, input: unknown) => Promise<boolean>

const declined = failed('cancelled', 'declined', 'The agent did not confirm the change.')

/**
 * The bridge of a page that asks first: a call refused with `refused/ask-first` is put to the agent, and with their
 * agreement approved and made once more, with the same input. Without it, it fails with `cancelled/declined`, which no
 * page shows as a failure. Any other reply passes as it is.
 */
export function askFirst(bridge: Bridge, agrees: Agrees): Bridge {
  const guarded = Object.fromEntries(calls.map((call) => [call, guard(bridge, call, agrees)]))
  // Each call keeps its own type: what is answered is the answer of that very call.
  return { ...bridge, ...guarded } as Bridge
}

type Untyped = (input?: unknown) => Promise<Reply<unknown>>

function guard(bridge: Bridge, call: Call, agrees: Agrees): Untyped {
  return async (input) => {
    // What it takes is what the caller gives, whose type the bridge above still checks.
    const run = bridge[call] as Untyped
    const reply = await run(input)
    const ask = askOf(reply)
    if (ask === null) return reply
    if (!(await agrees(call, input))) return declined
    const approved = await bridge['session.approve']({ ask })
    return approved.ok ? run(input) : approved
  }
}

/** The name under which main remembers the call that it refused; null: it refused it for another reason, or did not. */
function askOf(reply: Reply<unknown>): string | null {
  if (reply.ok || reply.failure.code !== 'refused' || reply.failure.reason !== 'ask-first') return null
  const { ask } = reply.failure.details
  return typeof ask === 'string' ? ask : null
}
