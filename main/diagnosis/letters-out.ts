import type { letterFormats } from '../../preload/dns-shapes.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import { isAddress } from '../mail/addresses.ts'
import type { Post } from '../mail/post.ts'
import { wordsOf } from './letter/words.ts'
import type { WrittenLetter } from './letter.ts'

/** What Windows hands on to a mail program, less a margin: 2081 characters of a link (Electron's openExternal). */
const longestLink = 2000

/**
 * Opens the agent's own mail program on a letter. One that is too long for a link is put on the clipboard, and the
 * message says to paste it. `to`: empty while nobody knows it. Fails with `not-possible/letter` when there is no mail
 * program, `invalid/mail-address`.
 */
export async function composeLetter(
  { to, letter, locale }: { to: string; letter: Pick<WrittenLetter, 'subject' | 'text'>; locale: Locale },
  system: {
    openLetter(to: string | null, subject: string, text: string): Promise<boolean>
    copy(text: string): Promise<void>
  },
): Promise<Result<{ copied: boolean }>> {
  const address = to.trim()
  if (address !== '' && !isAddress(address))
    return failed('invalid', 'mail-address', 'This is not one e-mail address.')
  const { subject, text } = letter
  const copied = linkLength(address, subject, text) > longestLink
  // First, so that it is there when the program comes to the front.
  if (copied) await system.copy(text)
  const body = copied ? wordsOf(locale).pasteHere : text
  if (await system.openLetter(address === '' ? null : address, subject, body)) return ok({ copied })
  return failed('not-possible', 'letter', 'This message cannot be handed on.')
}

const linkLength = (to: string, subject: string, text: string): number =>
  'mailto:?subject=&body='.length +
  [to, subject, text.replace(/\r?\n/g, '\r\n')].reduce(
    (sum, part) => sum + encodeURIComponent(part).length,
    0,
  )

/** Sends a letter through the profile's mail server: only ever because the agent asked. Never rejects. */
export const sendLetter = (
  post: Post,
  { domain, to, letter, locale }: { domain: string; to: string; letter: WrittenLetter; locale: Locale },
): Promise<MailOutcome> => {
  const { subject, text, html } = letter
  return post.send({ kind: 'dns', domain, about: domain, to, locale, facts: { subject, text, html } })
}

type Format = (typeof letterFormats)[number]
/** How files of each format end. */
export const letterEndings: Readonly<Record<Format, string>> = { text: 'txt', markdown: 'md', pdf: 'pdf' }

/** A letter as the bytes of a file. `print` makes a PDF of a page, and may throw an expected failure. */
export async function letterFile(
  letter: WrittenLetter,
  format: Format,
  print: (html: string) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  if (format === 'pdf') return print(letter.html)
  return Buffer.from(format === 'markdown' ? letter.markdown : `${letter.subject}\n\n${letter.text}`)
}
