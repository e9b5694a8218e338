import { Expected, failed, type Result, unwrap } from '../../preload/failure.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import type { Message } from '../../preload/people-shapes.ts'
import type { Handlers } from '../ipc.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'
import type { Sandbox } from '../profiles/sandbox.ts'
import { refused } from './permissions.ts'

type Calls =
  | 'mail.read'
  | 'mail.configure'
  | 'mail.test'
  | 'mail.list'
  | 'mail.resend'
  | `outbox.${'list' | 'follow'}`

/** `renew` writes a letter anew, with a fresh link or password, when its text is no longer known. */
export function mailHandlers(
  opened: () => OpenProfile,
  sandbox: Pick<Sandbox, 'outbox' | 'follow'>,
  renew: (profile: OpenProfile, message: Message) => Promise<Result<MailOutcome>>,
): Pick<Handlers, Calls> {
  function ofSandbox(): Pick<Sandbox, 'outbox' | 'follow'> {
    if (opened().profile.kind === 'sandbox') return sandbox
    throw new Expected(
      failed('not-possible', 'sandbox-only', 'Only the sandbox has a mail server to look into.').failure,
    )
  }

  return {
    'mail.read': () => opened().mail.state(),
    'mail.configure': async (input) => unwrap(await opened().mail.configure(input)),
    'mail.test': ({ to }) => opened().mail.test(to),
    'mail.list': async ({ domain, limit }) => {
      const { desk, permissions } = opened()
      const within = await permissions.readable()
      const messages = (await desk.messages.list(domain)).filter(
        (message) => within?.includes(message.domain) ?? true,
      )
      return messages.sort((a, b) => b.at - a.at).slice(0, limit)
    },
    'mail.resend': async ({ domain, id }) => {
      const profile = opened()
      const { desk, mail, permissions } = profile
      const message = await desk.messages.get(id)
      // Who may act on one domain must not send another's letters.
      if (message?.domain !== domain)
        throw new Expected(failed('not-found', 'message', 'This message is not known here.').failure)
      // As sending it for the first time asks for.
      if (message.kind === 'dns' && !(await permissions.authority(domain)).may.includes('domain.setup'))
        throw new Expected(refused().failure)
      // An invitation may have been revoked or taken up since: its letter alone does not tell.
      const sent = message.kind === 'invitation' ? null : await mail.again(id)
      return sent ?? unwrap(await renew(profile, message))
    },
    'outbox.list': () => ofSandbox().outbox(),
    'outbox.follow': ({ id }) => ofSandbox().follow(id),
  }
}
