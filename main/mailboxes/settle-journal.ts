import { failed, type Result } from '../../preload/failure.ts'
import type { JournalAction } from '../../preload/shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { Settlement } from '../store/desk.ts'

/** What an act on a mailbox did, without any secret: it goes into the journal. */
export type Act<T> = { result: Result<T>; after: unknown }

/**
 * Writes that something is about to be asked of dimail, lets it be asked, then writes what came of it. An
 * exception is a bug: the outcome is then said to be unknown, and it goes on up.
 */
export async function journalled<T>(
  { desk, now, person }: Pick<Workspace, 'desk' | 'now' | 'person'>,
  about: { action: JournalAction; domain: string; target: string; before: unknown },
  act: (intent: number) => Promise<Act<T>>,
): Promise<Result<T>> {
  const { action, domain, target, before } = about
  const intent = await desk.intend({ action, subject: domain, target, actor: person().id, before, at: now() })
  try {
    const { result, after } = await act(intent)
    await desk.settle(intent, settlementOf(result, after, now()))
    return result
  } catch (error) {
    const { failure } = failed('unexpected', 'bug', 'The console failed while it worked.')
    await desk.settle(intent, { state: 'unknown', after: null, failure, at: now() })
    throw error
  }
}

export function settlementOf(result: Result<unknown>, after: unknown, at: number): Settlement {
  if (result.ok) return { state: 'done', after, failure: null, at }
  const state = result.failure.code === 'unknown-outcome' && !isSettled(result) ? 'unknown' : 'failed'
  return { state, after, failure: result.failure, at }
}

/** A lost answer of which dimail was then asked, and which it said to have had no effect. */
const isSettled = (result: Result<unknown>) =>
  !result.ok && ['mailbox-not-made', 'mailbox-not-done'].includes(result.failure.reason)
