import { isDeepStrictEqual } from 'node:util'
import PQueue from 'p-queue'
import type { Input } from '../../preload/contract.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import type { MailSettings, MailState } from '../../preload/people-shapes.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import type { Log } from '../log.ts'
import type { Desk } from '../store/desk.ts'
import { createPost } from './create-post.ts'
import type { Post } from './post.ts'
import { checkSettings, type KeptSettings, readSettings } from './settings.ts'
import type { Server, SmtpOptions } from './smtp.ts'

type Configuration = Input<'mail.configure'>

export type Mail = {
  post: Post
  /** Where login links lead, without a final slash; null: this profile does not know its webmail. */
  webmail(): string | null
  state(): MailState
  /**
   * Keeps new settings. The known password stays only for the same server and name: it must not go to another.
   * Fails as `checkSettings`, or with `not-possible/mail-built-in` in the Sandbox profile.
   */
  configure(input: Configuration): Promise<Result<MailState>>
  /** Sends a trial message, whose failure tells what is wrong with the settings. */
  test(to: string): Promise<MailOutcome>
  /** Sends a message of this run again, word for word; null when its text is no longer known, or its link expired. */
  again(id: string): Promise<MailOutcome | null>
  /** Waits for what is being sent, not for long. The desk is closed after it. */
  close(): Promise<void>
}

export type MailDeps = {
  profile: Profile
  desk: Pick<Desk, 'messages' | 'readSetting' | 'writeSetting'>
  vault: { read(name: string): string | null; write(name: string, secret: string): void }
  /** The sandbox's own mail server and webmail, null while it is stopped: for the Sandbox profile alone. */
  sandbox: {
    smtp(): { host: string; port: number; username: string; password: string } | null
    webmail(): string | null
  }
  now: () => number
  changed: () => void
  log: Pick<Log, 'info' | 'warn' | 'error'>
  smtp?: SmtpOptions
}

const setting = 'mail'

/** Opens the mail of a profile: its settings, and the post that sends with them. */
export async function openMail(deps: MailDeps): Promise<Mail> {
  const { profile, desk, vault, sandbox, changed } = deps
  const isBuiltIn = profile.kind === 'sandbox'
  const secret = `${profile.id}:smtp`
  let kept = readSettings(await desk.readSetting(setting))
  const changings = new PQueue({ concurrency: 1 })

  function server(): Server | null {
    // An empty password is one that was forgotten: the vault removes nothing.
    if (!isBuiltIn) return kept.smtp && { ...kept.smtp, password: vault.read(secret) || null }
    const own = sandbox.smtp()
    return own && { ...own, security: 'none', from: 'Console dimail <console@sandbox.example>' }
  }
  const webmail = () => (isBuiltIn ? sandbox.webmail() : kept.webmail)

  function state(): MailState {
    const known = server()
    return {
      smtp: known && withoutPassword(known),
      webmail: webmail(),
      locale: kept.locale,
      hasPassword: known?.password != null,
      builtIn: isBuiltIn,
    }
  }

  async function configure({ password, ...input }: Configuration): Promise<Result<MailState>> {
    if (isBuiltIn && !isAsBuilt(input, state()))
      return failed(
        'not-possible',
        'mail-built-in',
        'The sandbox has a mail server and a webmail of its own.',
      )
    const next = isBuiltIn ? ok({ ...kept, locale: input.locale }) : checkSettings(input)
    if (!next.ok) return next
    await changings.add(() => keep(next.value, password))
    changed()
    return ok(state())
  }

  /** In this order: wherever it breaks off, no server is left with the password of another. */
  async function keep(next: KeptSettings, password: string | null): Promise<void> {
    if (!isBuiltIn && !isSameAccount(kept.smtp, next.smtp)) vault.write(secret, '')
    await desk.writeSetting(setting, next)
    kept = next
    if (!isBuiltIn && password !== null) vault.write(secret, password)
  }

  const { send, again, close } = createPost({
    ...deps,
    server,
    locale: () => kept.locale,
    smtp: deps.smtp ?? {},
  })
  return {
    post: { send },
    webmail,
    state,
    configure,
    test: (to) => send({ kind: 'test', domain: '', about: profile.name, to, facts: {} }),
    again,
    close,
  }
}

function withoutPassword({ password: _password, ...settings }: Server): MailSettings {
  return settings
}

/** Whether a password given for one is meant for the other. */
const isSameAccount = (a: MailSettings | null, b: MailSettings | null): boolean =>
  a !== null && b !== null && a.host === b.host && a.username === b.username

/** Nothing but the language may be chosen where the mail server is built in. */
const isAsBuilt = ({ smtp, webmail }: Omit<Configuration, 'password'>, state: MailState): boolean =>
  (smtp === null || isDeepStrictEqual(smtp, state.smtp)) && (webmail === null || webmail === state.webmail)
