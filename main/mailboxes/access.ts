import { failed, ok, type Result } from '../../preload/failure.ts'
import type { LoginLink, MailOutcome, PasswordReset } from '../../preload/mailbox-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import { alone } from '../jobs/alone.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { StoredMailbox } from '../store/mailbox-store.ts'
import { secondaryOf } from './access-secondary.ts'
import { spelled } from './live.ts'
import { destinyOf } from './rules.ts'
import { journalled } from './settle-journal.ts'

/** A login link lives for an hour and three uses, as La Régie's (docs/dimail.md 4.10). */
const life = { expiresIn: 3600, maxUse: 3 }

export type Link = { link: string; expiresAt: number; maxUse: number }
type Whose = { domain: string; localPart: string; address: string }

/** A mailbox that somebody can sign in to: known, of a domain that works, not disabled, not oxadmin. */
export function usable(workspace: Workspace, address: string): Result<StoredMailbox> {
  const box = existing(workspace, address)
  if (!box.ok) return box
  const domain = destinyOf(workspace, box.value.domain)
  if (!domain.ok) return domain
  if (box.value.imap === 'no') return failed('not-possible', 'mailbox-disabled', 'The mailbox is disabled.')
  return box
}

/** A mailbox known here that dimail still lists, and that may be touched. */
export function existing({ cache }: Pick<Workspace, 'cache'>, address: string): Result<StoredMailbox> {
  const box = cache.mailboxes.read(address.toLowerCase())
  if (!box) return failed('not-found', 'mailbox', 'This mailbox is not known here.')
  if (box.goneAt !== null)
    return failed('not-possible', 'mailbox-gone', 'dimail no longer lists this mailbox.')
  if (box.kind === 'technical')
    return failed('not-possible', 'technical', 'This is the technical user of Open-Xchange.')
  return ok(box)
}

/** A code for the webmail, as a link. It goes into the journal that one was made, never what it is. */
export async function makeLink(workspace: Workspace, whose: Whose): Promise<Result<Link>> {
  const webmail = workspace.webmail()
  if (webmail === null)
    return failed('not-possible', 'no-webmail', 'This profile does not know the address of its webmail.')
  const { domain, localPart, address } = whose
  const about = { action: 'mailbox.login-link', domain, target: address, before: null } as const
  return journalled(workspace, about, async () => {
    const code = await workspace.dimail.loginCode(domain, localPart, life)
    if (!code.ok) {
      const lacks = code.failure.code === 'not-found' && code.failure.reason === 'route'
      return { result: lacks ? noCodes : code, after: null }
    }
    const { expiresAt, maxUse } = code.value
    const link = `${webmail}/code/${encodeURIComponent(code.value.code)}`
    return { result: ok({ link, expiresAt: expiresAt * 1000, maxUse }), after: null }
  })
}

const noCodes = failed('not-possible', 'no-codes', 'This dimail makes no login links.')

/**
 * Gives a mailbox a new password, told once and kept nowhere. Asked exactly once: a second reset would void the
 * first. When the answer is lost, nobody knows the password and it has to be reset again (docs/faults.md 37, 72).
 */
export async function resetPassword(
  workspace: Workspace,
  address: string,
  locale?: Locale,
): Promise<Result<PasswordReset>> {
  return alone(workspace.desk, address.toLowerCase(), async () => {
    const box = usable(workspace, address)
    if (!box.ok) return box
    const { domain, address: known } = box.value
    const about = { action: 'mailbox.reset-password', domain, target: known, before: null } as const
    const reset = await journalled(workspace, about, async () => {
      const answer = await workspace.dimail.resetPassword(domain, spelled(box.value))
      if (answer.ok || answer.failure.code !== 'unknown-outcome') return { result: answer, after: null }
      const lost = 'The answer was lost, and the new password with it: reset it again.'
      const result = failed('unknown-outcome', 'reset', lost, { address: known })
      return { result, after: null }
    })
    if (!reset.ok) return reset
    const { password } = reset.value
    const to = await secondaryOf(workspace, known)
    const mail: MailOutcome =
      to === null
        ? nobody
        : await workspace.post.send({
            kind: 'password-reset',
            facts: { password },
            domain,
            about: known,
            to,
            locale,
          })
    return ok({ address: known, password, mail })
  })
}

/** Makes a login link for an enabled mailbox, and mails it to its secondary address when it has one. */
export async function loginLink(
  workspace: Workspace,
  address: string,
  locale?: Locale,
): Promise<Result<LoginLink>> {
  return alone(workspace.desk, address.toLowerCase(), async () => {
    const box = usable(workspace, address)
    if (!box.ok) return box
    const { domain, address: known } = box.value
    const link = await makeLink(workspace, { domain, localPart: spelled(box.value), address: known })
    if (!link.ok) return link
    const to = await secondaryOf(workspace, known)
    const letter = { kind: 'login-link', facts: link.value, domain, about: known, to, locale } as const
    return ok({
      address: known,
      ...link.value,
      mail: to === null ? nobody : await workspace.post.send(letter),
    })
  })
}

/** What is said of a message when there is nobody to write to. */
export const nobody: MailOutcome = { state: 'none', id: null, to: null, failure: null, draft: null }
