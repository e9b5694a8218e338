import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Creation, NewMailbox, WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import { alone, isBusy } from '../jobs/alone.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { submit, write } from './create.ts'
import { validateMailbox } from './rules.ts'
import { isInDoubt, settleRecord } from './settle.ts'

/** A page of the mailboxes of a domain that are not at dimail yet, in the order in which they were typed. */
export function listWaiting(
  { desk }: Pick<Workspace, 'desk'>,
  domain: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ rows: WaitingMailbox[]; total: number }> {
  return desk.waiting.page(domain, offset, limit)
}

/**
 * Changes a mailbox that waits, its local part included, after the same checks as a new one. It then waits again,
 * whatever failed before, and goes out when its domain is enabled. Nothing is sent from here.
 */
export async function editWaiting(
  workspace: Workspace,
  id: string,
  input: NewMailbox,
): Promise<Result<WaitingMailbox>> {
  const wanted = validateMailbox(input)
  if (!wanted.ok) return wanted
  return settled(workspace, id, async (record) => {
    if (wanted.value.domain !== record.domain)
      return failed('invalid', 'domain-fixed', 'The domain of a mailbox does not change.')
    // Not alone with its new address too: of two that swap theirs, each would wait for the other.
    const written = await write(workspace, wanted.value, record)
    return written.ok ? ok(written.value.record) : written
  })
}

/** Sends a waiting mailbox now when its domain is enabled; one whose outcome is unknown is read first. */
export async function retryWaiting(
  workspace: Workspace,
  id: string,
  locale?: Locale,
): Promise<Result<Creation>> {
  return settled(workspace, id, async (record) => {
    const wanted = validateMailbox(record)
    return wanted.ok ? submit(workspace, wanted.value, record, locale) : wanted
  })
}

/** Forgets a mailbox that waits. One that may be at dimail is read first: it is not forgotten when it is there. */
export async function removeWaiting(workspace: Workspace, id: string): Promise<Result<void>> {
  return settled(workspace, id, async ({ domain }) => {
    await workspace.desk.waiting.remove(id)
    workspace.mailboxesChanged(domain)
    return ok(undefined)
  })
}

/** Does `act` alone with a record whose outcome is no longer in doubt; one that is on the wire is refused. */
async function settled<T>(
  workspace: Workspace,
  id: string,
  act: (record: WaitingMailbox) => Promise<Result<T>>,
): Promise<Result<T>> {
  const { desk } = workspace
  if (isBusy(desk, id) && (await desk.waiting.get(id))?.state === 'sending')
    return failed('not-possible', 'waiting-sending', 'This mailbox is being created just now.')
  return alone(desk, id, async () => {
    const record = await desk.waiting.get(id)
    if (!record) return failed('not-found', 'waiting', 'This mailbox waits no more.')
    if (!isInDoubt(record)) return act(record)
    const { outcome, failure } = await settleRecord(workspace, record)
    return outcome === 'not-made' ? act(record) : { ok: false, failure }
  })
}
