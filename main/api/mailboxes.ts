import { Expected, failed, unwrap } from '../../preload/failure.ts'
import type { MailboxRow } from '../../preload/mailbox-shapes.ts'
import type { Handlers } from '../ipc.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { loginLink, resetPassword } from '../mailboxes/access.ts'
import { secondaryOf } from '../mailboxes/access-secondary.ts'
import { updateMailbox } from '../mailboxes/change.ts'
import { setActive } from '../mailboxes/change-active.ts'
import { createMailbox } from '../mailboxes/create.ts'
import { editWaiting, listWaiting, removeWaiting, retryWaiting } from '../mailboxes/waiting.ts'
import type { Sender } from '../mailboxes/waiting-sender.ts'
import { mailboxStatusOf } from '../store/mailbox-status.ts'
import type { StoredMailbox } from '../store/mailbox-store.ts'
import { namesOf, toEntry } from './domains.ts'

type Calls = Extract<keyof Handlers, `mailboxes.${string}`>

/** How many lines of the journal are shown of one mailbox. */
const journalLines = 100

/** The calls about mailboxes; `sender` is the one of the profile that is open. */
export function mailboxHandlers(
  opened: () => Workspace & { sender: Pick<Sender, 'look' | 'awaiting' | 'takePasswords'> },
): Pick<Handlers, Calls> {
  /** A change may have been asked of one profile and answered once another is open: it is read where it was asked. */
  async function changed(workspace: Workspace, address: string): Promise<MailboxRow> {
    const [row] = await mailboxRows(workspace, [stored(workspace, address)])
    if (!row) throw new Error('A mailbox was stored and has no row')
    return row
  }

  return {
    'mailboxes.list': async (query) => {
      const workspace = opened()
      const { mailboxes } = known(workspace, query.domain).cache
      const { rows, total } = mailboxes.list(query)
      const fetchedAt = mailboxes.listedAt(query.domain)
      const all = fetchedAt === null ? null : mailboxes.count(query.domain)
      return { rows: await mailboxRows(workspace, rows), total, all, fetchedAt }
    },
    'mailboxes.addresses': (filter) => known(opened(), filter.domain).cache.mailboxes.addresses(filter),
    'mailboxes.read': async ({ address }) => {
      const workspace = opened()
      const mailbox = await changed(workspace, address)
      const about = { subject: mailbox.domain, target: mailbox.address, limit: journalLines }
      const named = await namesOf(workspace.desk)
      const journal = (await workspace.desk.journal(about)).map((row) => toEntry(row, named))
      return { mailbox, journal }
    },
    'mailboxes.waiting': async ({ domain, ...page }) => {
      const workspace = known(opened(), domain)
      const list = await listWaiting(workspace, domain, page)
      return { ...list, passwords: workspace.sender.awaiting(domain) }
    },
    'mailboxes.passwords': ({ domain }) => known(opened(), domain).sender.takePasswords(domain),
    'mailboxes.create': async ({ locale, ...input }) => unwrap(await createMailbox(opened(), input, locale)),
    'mailboxes.edit': async ({ id, ...input }) => {
      const workspace = opened()
      const record = unwrap(await editWaiting(workspace, await within(workspace, input.domain, id), input))
      workspace.sender.look([record.domain])
      return record
    },
    'mailboxes.retry': async ({ domain, id, locale }) => {
      const workspace = opened()
      return unwrap(await retryWaiting(workspace, await within(workspace, domain, id), locale))
    },
    'mailboxes.remove': async ({ domain, id }) => {
      const workspace = opened()
      unwrap(await removeWaiting(workspace, await within(workspace, domain, id)))
    },
    'mailboxes.update': async ({ address, seen, ...names }) => {
      const workspace = opened()
      unwrap(await updateMailbox(workspace, address, names, seen))
      return changed(workspace, address)
    },
    'mailboxes.disable': async ({ address, seen }) => {
      const workspace = opened()
      unwrap(await setActive(workspace, address, false, seen))
      return changed(workspace, address)
    },
    'mailboxes.enable': async ({ address, seen }) => {
      const workspace = opened()
      unwrap(await setActive(workspace, address, true, seen))
      return changed(workspace, address)
    },
    'mailboxes.resetPassword': async ({ address, locale }) =>
      unwrap(await resetPassword(opened(), address, locale)),
    'mailboxes.loginLink': async ({ address, locale }) => unwrap(await loginLink(opened(), address, locale)),
  }
}

/** Stored mailboxes as the page shows them, with what only the desk knows. */
export function mailboxRows(
  workspace: Pick<Workspace, 'desk'>,
  boxes: readonly StoredMailbox[],
): Promise<MailboxRow[]> {
  return Promise.all(
    boxes.map(async (box) => {
      const { email: _email, state: _state, goneAt: _goneAt, ...shown } = box
      return {
        ...shown,
        ...mailboxStatusOf(box),
        secondaryEmail: await secondaryOf(workspace, box.address),
      }
    }),
  )
}

function stored({ cache }: Workspace, address: string): StoredMailbox {
  const box = cache.mailboxes.read(address.toLowerCase())
  if (box) return box
  throw new Expected(failed('not-found', 'mailbox', 'This mailbox is not known here.').failure)
}

function known<T extends Workspace>(workspace: T, domain: string): T {
  if (workspace.cache.read(domain)) return workspace
  throw new Expected(failed('not-found', 'domain', `${domain} is not known here.`).failure)
}

/** A waiting mailbox of the domain that the agent's rights were asked for, and of no other. */
async function within({ desk }: Workspace, domain: string, id: string): Promise<string> {
  if ((await desk.waiting.get(id))?.domain === domain) return id
  throw new Expected(failed('not-found', 'waiting', 'This mailbox waits no more.').failure)
}
