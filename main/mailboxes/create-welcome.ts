import type { MailOutcome, WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { makeLink, nobody } from './access.ts'

/**
 * Tells the person of a new mailbox how to get in: a login link, or the one-time password where there is no link
 * to give (a dimail of 2024, a profile without webmail). A message that fails is told and undoes nothing.
 */
export async function welcome(
  workspace: Workspace,
  { id: address, domain, localPart, secondaryEmail: to }: WaitingMailbox,
  password: string,
  locale: Locale | undefined,
): Promise<MailOutcome> {
  if (to === null) return nobody
  const letter = { kind: 'welcome', domain, about: address, to, locale } as const
  const link = await makeLink(workspace, { domain, localPart, address })
  if (link.ok) return workspace.post.send({ ...letter, facts: link.value })
  if (link.failure.reason === 'no-codes' || link.failure.reason === 'no-webmail')
    return workspace.post.send({ ...letter, facts: { password } })
  return { state: 'failed', id: null, to, failure: link.failure, draft: null }
}
