import { Expected, failed, type Result, unwrap } from '../../preload/failure.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import type { Message } from '../../preload/people-shapes.ts'
import type { Handlers } from '../ipc.ts'
import type { Mail } from '../mail/open-mail.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'
import type { Sandbox } from '../profiles/sandbox.ts'

type Calls =
  | 'mail.read'
  | 'mail.configure'
  | 'mail.test'
  | 'mail.list'
  | 'mail.resend'
  | `outbox.${'list' | 'follow'}`

/** `renew` writes a letter anew, with a fresh link or password, when its text is no longer known. */
export function mailHandlers(
  opened: () => OpenProfile & { mail: Mail },
  sandbox: Pick<Sandbox, 'outbox' | 'follow'>,
  renew: (message: Message) => Promise<Result<MailOutcome>>,
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
      const messages = await opened().desk.messages.list(domain)
      return messages.sort((a, b) => b.at - a.at).slice(0, limit)
    },
    'mail.resend': async ({ domain, id }) => {
      const { desk, mail } = opened()
      const message = await desk.messages.get(id)
      // Who may act on one domain must not send another's letters.
      if (message?.domain !== domain)
        throw new Expected(failed('not-found', 'message', 'This message is not known here.').failure)
      return (await mail.again(id)) ?? unwrap(await renew(message))
    },
    'outbox.list': () => ofSandbox().outbox(),
    'outbox.follow': ({ id }) => ofSandbox().follow(id),
  }
}
