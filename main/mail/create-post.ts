import { randomUUID } from 'node:crypto'
import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import type { Message } from '../../preload/people-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import type { Log } from '../log.ts'
import type { Desk } from '../store/desk.ts'
import { isAddress, isSameAddress } from './addresses.ts'
import type { Letter } from './letters.ts'
import type { Post } from './post.ts'
import { faultOf, render } from './render.ts'
import { type Server, type SmtpOptions, sendBySmtp } from './smtp.ts'

const lettersKept = 1000
const graceMs = 3000
const ofAMailbox: Letter['kind'][] = ['welcome', 'password-reset', 'login-link']
const nobody: MailOutcome = { state: 'none', id: null, to: null, failure: null, draft: null }
const { failure: interrupted } = failed(
  'unknown-outcome',
  'mail-interrupted',
  'The program ended before the mail server answered.',
)

type Delivery = { state: Message['state']; failure: Failure | null; draft: MailOutcome['draft'] }

/**
 * The post of a profile. What is sent is decided by the letter alone: no setting adds a password to it. Letters
 * are kept in memory, the last 1,000, so that one can be sent again word for word.
 */
export function createPost(deps: {
  desk: Pick<Desk, 'messages'>
  /** Null: this profile has no SMTP. */
  server: () => Server | null
  locale: () => Locale
  now: () => number
  changed: () => void
  log: Pick<Log, 'info' | 'warn' | 'error'>
  smtp: SmtpOptions
}): Post & { again(id: string): Promise<MailOutcome | null>; close(): Promise<void> } {
  const { desk, server, now, log } = deps
  const written = new Map<string, Letter>()
  const sending = new Map<string, Promise<MailOutcome>>()
  const closing = new AbortController()

  /** One message is sent once at a time, however often it is asked for. */
  function send(letter: Letter, again?: string): Promise<MailOutcome> {
    const to = letter.to?.trim() ?? ''
    if (to === '') return Promise.resolve(nobody)
    const id = again ?? randomUUID()
    const running = sending.get(id)
    if (running) return running
    const sent = sendAs(id, letter, to).finally(() => sending.delete(id))
    sending.set(id, sent)
    return sent
  }

  async function sendAs(id: string, letter: Letter, to: string): Promise<MailOutcome> {
    remember(id, letter)
    const { kind, domain, about } = letter
    try {
      const locale = letter.locale ?? deps.locale()
      const attempts = ((await desk.messages.get(id))?.attempts ?? 0) + 1
      const base = { id, kind, domain, about, to: to.slice(0, 320), locale, at: now(), attempts }
      const record = (state: Message['state'], failure: Failure | null) =>
        desk.messages.put(id, domain, { ...base, state, failure })
      // Killed while it sends, the program leaves a message of which nobody knows whether it arrived.
      await record('failed', interrupted)
      const delivery = await deliver(letter, to, locale)
      await record(delivery.state, delivery.failure)
      const { failure } = delivery
      if (failure === null) log.info('a message was made', { kind, domain, state: delivery.state })
      else log.warn('a message was not sent', { kind, domain, failure: `${failure.code}/${failure.reason}` })
      return { id, to, ...delivery }
    } catch (error) {
      // What the message is about has happened: nothing that befalls the message may undo it.
      log.error('sending a message failed', error, { kind, domain })
      const { failure } = failed('unexpected', 'mail-bug', 'Sending the message met a bug: see the log.')
      return { state: 'failed', id, to, failure, draft: null }
    } finally {
      deps.changed()
    }
  }

  async function deliver(letter: Letter, to: string, locale: Locale): Promise<Delivery> {
    const fit = checkLetter(letter, to)
    if (!fit.ok) return { state: 'failed', failure: fit.failure, draft: null }
    const message = render(letter, locale)
    const draft = { to, subject: message.subject, text: message.text }
    const at = server()
    if (at === null) return { state: 'draft', failure: null, draft }
    const sent = await sendBySmtp(at, to, message, { ...deps.smtp, signal: closing.signal })
    if (sent.ok) return { state: 'sent', failure: null, draft: null }
    return { state: 'failed', failure: sent.failure, draft }
  }

  function remember(id: string, letter: Letter): void {
    written.delete(id)
    written.set(id, letter)
    for (const oldest of written.keys()) {
      if (written.size <= lettersKept) break
      written.delete(oldest)
    }
  }

  return {
    send,
    async again(id) {
      const letter = written.get(id)
      return letter && !isPast(letter, now()) ? send(letter, id) : null
    },
    async close() {
      const timer = setTimeout(() => closing.abort(), graceMs)
      await Promise.all(sending.values())
      clearTimeout(timer)
      written.clear()
    },
  }
}

/** Whether what a letter gives is worth nothing any more. */
const isPast = ({ facts }: Letter, now: number): boolean => 'expiresAt' in facts && facts.expiresAt <= now

/**
 * Whether a letter may go to this address. Fails with `invalid/mail-address`, `mail-own-address` (its reader could
 * not open it) or `mail-empty` (docs/dimail.md 9, D2).
 */
function checkLetter(letter: Letter, to: string): Result<void> {
  if (!isAddress(to)) return failed('invalid', 'mail-address', 'This is not one e-mail address.')
  if (ofAMailbox.includes(letter.kind) && isSameAddress(to, letter.about))
    return failed('invalid', 'mail-own-address', 'The message would go to the very mailbox it is about.')
  const fault = faultOf(letter)
  return fault === null
    ? ok(undefined)
    : failed('invalid', 'mail-empty', `The message lacks its ${fault}.`, { missing: fault })
}
