import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import type { Letter } from './letters.ts'

/** Sends what the console writes to people; a message that fails never undoes what it is about. */
export type Post = {
  /**
   * Puts a letter into words and sends it, or hands it back as a draft when this profile has no SMTP. Never
   * rejects. Each message is remembered by the desk without its text; `again` is the one that this repeats.
   */
  send(letter: Letter, again?: string): Promise<MailOutcome>
}
