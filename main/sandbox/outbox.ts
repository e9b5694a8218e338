import PostalMime, { type Address, type Email } from 'postal-mime'
import { codePath } from './webmail.ts'

export type Received = {
  id: number
  at: number
  from: string
  to: string
  subject: string
  text: string
  html: string
  /** The login link in it, when there is one. */
  link: string | null
}
const kept = 500

/** What the simulated mail server received, in memory: the last 500 messages. */
export function createOutbox(now: () => number) {
  let messages: Received[] = []
  let next = 1

  /**
   * Keeps a message as it came over the wire. False, and nothing kept, when it is not a plain one: a sender, a
   * subject, a text, nothing attached.
   */
  async function receive(raw: Buffer, recipients: readonly string[]): Promise<boolean> {
    const mail = await PostalMime.parse(raw).catch(() => null)
    if (mail === null || !isPlain(mail)) return false
    const { subject = '', text = '', html = '' } = mail
    const from = written(mail.from)
    messages.push({
      id: next++,
      at: now(),
      from,
      to: recipients.join(', '),
      subject,
      text,
      html,
      link: linkIn(text),
    })
    messages = messages.slice(-kept)
    return true
  }

  return {
    receive,
    /** Latest first. */
    list: (): Received[] => messages.toReversed(),
    find: (id: number): Received | null => messages.find((message) => message.id === id) ?? null,
    clear() {
      messages = []
    },
  }
}
export type Outbox = ReturnType<typeof createOutbox>

const isPlain = ({ from, subject, text, attachments }: Email) =>
  from !== undefined && Boolean(subject) && Boolean(text?.trim()) && attachments.length === 0

const written = (address: Address | undefined) =>
  address === undefined
    ? ''
    : address.name === ''
      ? (address.address ?? '')
      : `${address.name} <${address.address}>`

/** A login link as a mail tells it, whatever the host of the webmail. */
const linkIn = (text: string): string | null =>
  text.match(new RegExp(`https?://[^\\s<>"]+?${codePath}[\\w-]+`))?.[0] ?? null
