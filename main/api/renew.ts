import { failed, ok, type Result } from '../../preload/failure.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import type { Message } from '../../preload/people-shapes.ts'
import { readChecks } from '../dimail/checks.ts'
import { loginLink } from '../mailboxes/access.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'
import { resendInvitation } from '../rights/invitations.ts'
import { statusLetter } from '../setup/status-letter.ts'

/**
 * A message sent again whose words are no longer known, since the desk keeps none: with a fresh link, a renewed
 * invitation, the status of today. A password is never made anew for a message's sake.
 */
export async function renew(profile: OpenProfile, message: Message): Promise<Result<MailOutcome>> {
  const { kind, domain, about, to, locale } = message
  switch (kind) {
    case 'welcome':
    case 'login-link': {
      const link = await loginLink(profile, about, locale)
      return link.ok ? ok(link.value.mail) : link
    }
    case 'invitation': {
      const open = await profile.desk.invitations.list(domain)
      const id = open.find(({ email }) => email === about)?.id ?? ''
      const { grantable: mine } = await profile.permissions.authority(domain)
      const sent = await resendInvitation(profile, mine, { domain, id, locale, message: message.id })
      return sent.ok ? ok(sent.value.mail) : sent
    }
    case 'status': {
      const known = profile.cache.read(domain)
      const answer = known?.snapshots[0]?.answer
      const checks = answer === undefined ? [] : readChecks(JSON.parse(answer))
      const status = known?.row.status ?? 'pending'
      // What it was before matters no more: the town is told how things stand.
      const letter = statusLetter(null, status, checks, { name: domain, supportEmail: to }, 'now')
      if (letter === null)
        return failed('not-possible', 'nothing-to-tell', 'There is nothing to tell the town.')
      return ok(await profile.post.send({ ...letter, locale }, message.id))
    }
    case 'password-reset':
      return failed('not-possible', 'password-gone', 'The password of this message is no longer known.')
    case 'dns':
      return failed('not-possible', 'letter-gone', 'The text of this letter is no longer known.')
    case 'test':
      return ok(await profile.mail.test(to))
  }
}
