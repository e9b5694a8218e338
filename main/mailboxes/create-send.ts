import { ok, type Result } from '../../preload/failure.ts'
import type { WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import { endsTheRound } from '../dimail/failures.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { ListedMailbox } from '../store/mailbox-store.ts'
import { keepSecondary } from './access-secondary.ts'
import { explain } from './explain.ts'
import { keepListed, look } from './live.ts'
import { settleRecord } from './settle.ts'
import { journalled } from './settle-journal.ts'

/**
 * Sends one waiting mailbox: its record says so, then the journal, then one POST leaves. Made, the record goes and
 * the mailbox is known; the password is given back and kept nowhere. Not made, the record says why. A lost answer
 * is settled at once by reading, when dimail can be read. The caller is alone with this address.
 */
export async function send(workspace: Workspace, record: WaitingMailbox): Promise<Result<string>> {
  const { desk, dimail, now } = workspace
  const { id, domain, localPart, givenName, surName, displayName } = record
  const sent: WaitingMailbox = { ...record, state: 'sending', failure: null, attemptedAt: now() }
  const put = (more: Partial<WaitingMailbox>) => desk.waiting.put(id, domain, { ...sent, ...more })
  await put({})
  workspace.mailboxesChanged(domain)
  const names = { givenName, surName, displayName }
  const about = { action: 'mailbox.create', domain, target: id, before: { wanted: names } } as const
  const result = await journalled(workspace, about, async () => {
    const answer = await dimail.createMailbox(domain, localPart, names)
    if (answer.ok) {
      await takeUp(workspace, sent)
      return { result: ok(answer.value.password), after: null }
    }
    if (answer.failure.code === 'unknown-outcome') {
      await put({ state: 'unknown', failure: answer.failure })
      return { result: answer, after: null }
    }
    const failure = await explain(workspace, { ...record, address: id }, answer.failure)
    await put({ state: endsTheRound(failure) ? 'waiting' : 'failed', failure })
    return { result: { ok: false, failure }, after: null }
  })
  workspace.mailboxesChanged(domain)
  if (result.ok || result.failure.code !== 'unknown-outcome') return result
  const settled = await settleRecord(workspace, { ...sent, state: 'unknown', failure: result.failure })
  return settled.outcome === 'unreachable' ? result : { ok: false, failure: settled.failure }
}

async function takeUp(workspace: Workspace, record: WaitingMailbox): Promise<void> {
  const { desk } = workspace
  const { id, domain, secondaryEmail } = record
  keepListed(workspace, await asMade(workspace, record))
  await keepSecondary(workspace, { address: id, domain }, secondaryEmail)
  await desk.waiting.remove(id)
  workspace.cache.countOneMore(domain)
  workspace.changed([domain])
}

/** The answer to a creation tells no names; a dimail of 2024 makes the display name itself (docs/dimail.md 4.5). */
async function asMade(workspace: Workspace, record: WaitingMailbox): Promise<ListedMailbox> {
  const { id: address, domain, localPart, givenName, surName, displayName } = record
  if (displayName !== `${givenName} ${surName}`) {
    const live = await look(workspace, domain, localPart)
    if (live.ok && live.value) return live.value
  }
  const told = { imap: 'yes', smtp: null, state: null, kind: 'person' } as const
  return { address, email: address, domain, localPart, givenName, surName, displayName, ...told }
}
