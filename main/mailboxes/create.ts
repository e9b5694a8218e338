import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Creation, NewMailbox, WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import { alone } from '../jobs/alone.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { send } from './create-send.ts'
import { welcome } from './create-welcome.ts'
import { destinyOf, refuseTaken, takenAround, validateMailbox, type Wanted } from './rules.ts'
import { isInDoubt, settleRecord } from './settle.ts'

/**
 * Makes a mailbox, or keeps it until its domain is enabled (docs/dimail.md 8.3). What was typed is written down
 * before anything leaves, and stays, with the reason, when the creation fails. What is taken or not allowed is
 * refused here: nothing of it is sent. The one-time password is in the answer and nowhere else.
 */
export async function createMailbox(
  workspace: Workspace,
  input: NewMailbox,
  locale?: Locale,
): Promise<Result<Creation>> {
  const wanted = validateMailbox(input)
  if (!wanted.ok) return wanted
  return alone(workspace.desk, wanted.value.address, async () => {
    const previous = await resumable(workspace, wanted.value.address)
    return previous.ok ? submit(workspace, wanted.value, previous.value, locale) : previous
  })
}

/**
 * The record that a new creation of the same address takes the place of: one that failed before. The agent who
 * tries again is not refused as their own duplicate (docs/dimail.md 9, D8).
 */
async function resumable(workspace: Workspace, address: string): Promise<Result<WaitingMailbox | null>> {
  const record = await workspace.desk.waiting.get(address)
  if (!record) return ok(null)
  if (!isInDoubt(record))
    return record.failure === null
      ? failed('conflict', 'address-known', `${address} is waiting already.`, { address })
      : ok(record)
  const settled = await settleRecord(workspace, record)
  return settled.outcome === 'not-made' ? ok(record) : { ok: false, failure: settled.failure }
}

/**
 * Writes the record of a mailbox and sends it when its domain is enabled. `previous` is the record that it
 * replaces, whose address may differ. The caller is alone with both addresses.
 */
export async function submit(
  workspace: Workspace,
  wanted: Wanted,
  previous: WaitingMailbox | null,
  locale: Locale | undefined,
): Promise<Result<Creation>> {
  const written = await write(workspace, wanted, previous)
  if (!written.ok) return written
  const { record, destiny } = written.value
  return destiny === 'keep' ? ok({ outcome: 'kept', mailbox: record }) : deliver(workspace, record, locale)
}

/** Sends a record, then tells its person. The caller is alone with the address. */
export async function deliver(
  workspace: Workspace,
  record: WaitingMailbox,
  locale: Locale | undefined,
): Promise<Result<Creation>> {
  const password = await send(workspace, record)
  if (!password.ok) return password
  const mail = await welcome(workspace, record, password.value, locale)
  return ok({ outcome: 'created', address: record.id, password: password.value, mail })
}

/** Checks and writes in one go: of two that want the same name, the second sees the first. */
export async function write(
  workspace: Workspace,
  wanted: Wanted,
  previous: WaitingMailbox | null,
): Promise<Result<{ record: WaitingMailbox; destiny: 'send' | 'keep' }>> {
  const { desk } = workspace
  return alone(desk, 'what is taken', async () => {
    const taken = await takenAround(workspace, wanted.domain, previous?.id ?? null)
    // Nothing lets the domain turn between this and the writing: what turns it looks at what is written.
    const destiny = destinyOf(workspace, wanted.domain)
    if (!destiny.ok) return destiny
    const free = refuseTaken(wanted, taken)
    if (!free.ok) return free
    const record = recordOf(workspace, wanted, previous)
    await desk.waiting.move(previous?.id ?? record.id, record.id, record.domain, record)
    workspace.mailboxesChanged(record.domain)
    return ok({ record, destiny: destiny.value })
  })
}

/** What is written of a mailbox that waits; also for those of a bulk creation. */
export function recordOf(
  { now, person }: Pick<Workspace, 'now' | 'person'>,
  { address, ...wanted }: Wanted,
  previous: WaitingMailbox | null = null,
): WaitingMailbox {
  const { by, createdAt } = previous ?? { by: person().id, createdAt: now() }
  return { ...wanted, id: address, state: 'waiting', failure: null, by, createdAt, attemptedAt: null }
}
