import { z } from 'zod'
import { type Failure, failed } from '../../preload/failure.ts'
import type { WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import { alone } from '../jobs/alone.ts'
import { type Concern, everyDomain, type Workspace } from '../jobs/workspace.ts'
import type { JournalRow, Settlement } from '../store/desk.ts'
import { nameKey } from '../store/folding.ts'
import type { ListedMailbox } from '../store/mailbox-store.ts'
import { keepSecondary } from './access-secondary.ts'
import { exists, halfMade, isHalfMade } from './explain.ts'
import { keepListed, look, spelled } from './live.ts'

/** What reading dimail said of a creation whose answer was lost, and how that is told to the agent. */
export type Settled = {
  outcome: 'made' | 'not-made' | 'half-made' | 'taken' | 'unreachable'
  failure: Failure
}

export const isInDoubt = ({ state }: Pick<WaitingMailbox, 'state'>) =>
  state === 'sending' || state === 'unknown'

const interrupted = failed(
  'unknown-outcome',
  'interrupted',
  'The program ended before the answer came.',
).failure

/**
 * Reads whether a mailbox whose creation had no answer was made (docs/dimail.md 7.14; docs/faults.md 38). There:
 * it is taken up, and its password is lost. Not there, or somebody else's: it has failed. The journal follows.
 */
export async function settleRecord(workspace: Workspace, record: WaitingMailbox): Promise<Settled> {
  const { desk } = workspace
  const { id, domain, localPart } = record
  const live = await look(workspace, domain, localPart)
  if (!live.ok) {
    await desk.waiting.put(id, domain, {
      ...record,
      state: 'unknown',
      failure: record.failure ?? interrupted,
    })
    return { outcome: 'unreachable', failure: live.failure }
  }
  const settled = await judgeCreation(workspace, record, live.value)
  if (live.value && settled.outcome !== 'half-made') keepListed(workspace, live.value)
  if (settled.outcome === 'made') {
    await keepSecondary(workspace, { address: id, domain }, record.secondaryEmail)
    await settleCreations(workspace, id, settled)
    await desk.waiting.remove(id)
  } else {
    await settleCreations(workspace, id, settled)
    await desk.waiting.put(id, domain, { ...record, state: 'failed', failure: settled.failure })
  }
  workspace.mailboxesChanged(domain)
  return settled
}

async function judgeCreation(
  workspace: Workspace,
  record: WaitingMailbox,
  live: ListedMailbox | null,
): Promise<Settled> {
  const { id: address, domain, localPart } = record
  if (live?.state === 'broken') return { outcome: 'half-made', failure: halfMade(address).failure }
  if (live && !isNamedSo(live, record)) return { outcome: 'taken', failure: exists(address).failure }
  if (live) {
    const lost = 'dimail made the mailbox, but its password was lost with the answer: reset it.'
    return {
      outcome: 'made',
      failure: failed('unknown-outcome', 'created-password-lost', lost, { address }).failure,
    }
  }
  if (await isHalfMade(workspace, { domain, localPart, address }))
    return { outcome: 'half-made', failure: halfMade(address).failure }
  const none = 'The answer was lost, and dimail has no such mailbox: nothing was made.'
  return {
    outcome: 'not-made',
    failure: failed('unknown-outcome', 'mailbox-not-made', none, { address }).failure,
  }
}

/**
 * Whether a mailbox may be the one that was asked for. The display name does not count, since some versions make it
 * themselves (docs/dimail.md 4.5), and one without a person says nothing.
 */
function isNamedSo(live: ListedMailbox, asked: Pick<ListedMailbox, 'givenName' | 'surName'>): boolean {
  const isSame = (one: string, other: string) => nameKey(one) === nameKey(other)
  if (live.givenName === '' && live.surName === '') return true
  return isSame(live.givenName, asked.givenName) && isSame(live.surName, asked.surName)
}

async function settleCreations({ desk, now }: Workspace, address: string, settled: Settled): Promise<void> {
  const done = settled.outcome === 'made'
  for (const row of await desk.inDoubt()) {
    if (row.action !== 'mailbox.create' || row.target !== address) continue
    const state = done ? 'done' : 'failed'
    await desk.settle(row.id, { state, after: null, failure: done ? null : settled.failure, at: now() })
  }
}

/**
 * Settles by reading whatever is in doubt about mailboxes: creations, changes of names, activity. What dimail
 * does not answer now stays in doubt, for a later call. A lost password stays lost: nobody can read it. Returns
 * the addresses that were made without anybody having seen their password.
 */
export async function settleDoubts(
  workspace: Workspace,
  signal?: AbortSignal,
  concerns: Concern = everyDomain,
): Promise<string[]> {
  const { desk } = workspace
  const made: string[] = []
  const doubtful: string[] = []
  for await (const some of desk.waiting.inParts(null))
    doubtful.push(...some.filter((one) => isInDoubt(one) && concerns(one.domain)).map(({ id }) => id))
  for (const id of doubtful) {
    if (signal?.aborted) return made
    await alone(desk, id, async () => {
      const record = await desk.waiting.get(id)
      if (!record || !isInDoubt(record)) return
      if ((await settleRecord(workspace, record)).outcome === 'made') made.push(id)
    })
  }
  for (const row of await desk.inDoubt()) {
    if (signal?.aborted) return made
    const { target } = row
    const judge = judges[row.action]
    if (target !== null && judge && concerns(row.subject))
      await alone(desk, target, () => settleRow(workspace, row, target, judge, signal))
  }
  return made
}

async function settleRow(
  workspace: Workspace,
  row: JournalRow,
  address: string,
  judge: Judge,
  signal: AbortSignal | undefined,
): Promise<void> {
  // A waiting mailbox that could not be settled just now will be, and this row with it.
  if ((await workspace.desk.waiting.get(address))?.state === 'unknown') return
  const email = workspace.cache.mailboxes.read(address)?.email ?? address
  const live = await look(workspace, row.subject, spelled({ email }), signal)
  if (!live.ok) return
  const done = judge(row, live.value)
  const none = 'The answer was lost, and dimail shows no effect of it.'
  const failure = done ? null : failed('unknown-outcome', 'mailbox-not-done', none, { address }).failure
  const settlement: Settlement = {
    state: done ? 'done' : 'failed',
    after: null,
    failure,
    at: workspace.now(),
  }
  await workspace.desk.settle(row.id, settlement)
  if (live.value) refreshActivity(workspace, live.value)
  workspace.mailboxesChanged(row.subject)
}

const renaming = z.object({
  wanted: z.object({ givenName: z.string(), surName: z.string(), displayName: z.string() }),
})

type Judge = (row: JournalRow, live: ListedMailbox | null) => boolean

/** Whether what dimail tells now is what each act wanted. Those that are not here cannot be read back. */
const judges: Partial<Record<JournalRow['action'], Judge>> = {
  'mailbox.create': ({ before }, live) => {
    const asked = renaming.safeParse(before)
    return live !== null && live.state !== 'broken' && (!asked.success || isNamedSo(live, asked.data.wanted))
  },
  'mailbox.disable': (_row, live) => live === null || live.imap === 'no',
  'mailbox.enable': (_row, live) => live?.imap === 'yes' || live?.imap === 'wait',
  'mailbox.update': ({ before }, live) => {
    const asked = renaming.safeParse(before)
    if (!asked.success || !live) return false
    const { givenName, surName } = asked.data.wanted
    return live.givenName === givenName && live.surName === surName
  },
}

/**
 * Keeps what dimail tells of one mailbox now. Disabling takes the names away at dimail (docs/dimail.md 4.6): those
 * known here stay, since enabling must send them again. Where the single reading does not tell SMTP apart, what a
 * list once told of it is no longer certain.
 */
export function refreshActivity(workspace: Workspace, live: ListedMailbox): ListedMailbox {
  const known = workspace.cache.mailboxes.read(live.address)
  const named = live.displayName !== '' || live.givenName !== ''
  const names = named || !known ? live : known
  const { givenName, surName, displayName, kind } = names
  const smtp = live.smtp ?? (known?.smtp && known.imap !== live.imap ? 'unknown' : (known?.smtp ?? null))
  const box = { ...live, givenName, surName, displayName, kind, smtp }
  keepListed(workspace, box)
  return box
}
