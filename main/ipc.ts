import { type Call, calls } from '../preload/channels.ts'
import { contract, type Input, type Output, type Reply } from '../preload/contract.ts'
import { Expected, failed, type Result, unwrap } from '../preload/failure.ts'
import { touchOf } from './api/touches.ts'
import type { Log } from './log.ts'

export type Handlers = { [C in Call]: (input: Input<C>) => Output<C> | Promise<Output<C>> }

type Deps<Event> = {
  ipc: { handle(call: string, answer: (event: Event, raw: unknown) => Promise<unknown>): void }
  handlers: Handlers
  isOurPage: (event: Event) => boolean
  /** Whether the person at this console may make this call about what it names. */
  permit: <C extends Call>(call: C, input: Input<C>) => Promise<Result<void>>
  log: Pick<Log, 'error' | 'warn'>
}

/**
 * Serves the contract, and is the only place that does: sender, shape, permission, handler, reply, in that order; what
 * a server was asked is told to whom it would be asked for now.
 * A stranger is refused aloud, a call that does not fit or is not allowed never reaches its handler, a bug is
 * logged and not described.
 */
export function serve<Event>({ ipc, handlers, isOurPage, permit, log }: Deps<Event>): void {
  async function answer<C extends Call>(call: C, event: Event, raw: unknown): Promise<Reply<Output<C>>> {
    if (!isOurPage(event)) {
      log.warn('a call from a stranger was refused', { call })
      throw new Error(`${call}: refused, the sender is not our page`)
    }
    const input = contract[call].input.safeParse(raw)
    if (!input.success) {
      log.warn('a call does not fit the contract', { call, at: input.error.issues[0]?.path.join('.') ?? '' })
      return failed('bad-request', 'shape', 'The request was malformed.')
    }
    try {
      // TypeScript cannot follow that the schema just applied is the one of this very call.
      const fitting = input.data as Input<C>
      unwrap(await permit(call, fitting))
      const value = await handlers[call](fitting)
      // Whoever is there when a server's answer comes may not be who asked for it.
      if (touchOf(call, fitting) === 'ask') unwrap(await permit(call, fitting))
      return { ok: true, value }
    } catch (error) {
      if (error instanceof Expected) return { ok: false, failure: error.failure }
      log.error('a call failed', error, { call })
      return failed('unexpected', 'bug', 'Something went wrong in the program.')
    }
  }
  for (const call of calls) ipc.handle(call, (event, raw) => answer(call, event, raw))
}
