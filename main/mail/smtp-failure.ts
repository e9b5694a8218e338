import type { NodemailerError } from 'nodemailer/lib/errors'
import { type Failure, failed } from '../../preload/failure.ts'
import { excerptOf } from '../dimail/excerpt.ts'

const fail = (...what: Parameters<typeof failed>): Failure => failed(...what).failure
const certificate = /SSL|TLS|CERT|SIGN|SELF|HOSTNAME|^UNABLE_TO|^EPROTO$|^CRL_|CHAIN/

const isOfLibrary = (error: unknown): error is NodemailerError => error instanceof Error && 'code' in error

/**
 * What an error of the mail library means, or null when it is none of the mail server's doing. The server's words
 * are kept as an excerpt without `secrets`, which holds the addresses and the text too: servers repeat them.
 */
export function failureOfSmtp(error: unknown, secrets: readonly string[]): Failure | null {
  if (!isOfLibrary(error)) return null
  const { code, originalCode, responseCode, response, command } = error
  const excerpt = excerptOf(response ?? '', secrets)
  const details = {
    ...(responseCode === undefined ? {} : { status: responseCode }),
    ...(excerpt === '' ? {} : { excerpt }),
  }
  switch (code) {
    case 'ETIMEDOUT':
    case 'EABORT':
      return fail('timeout', 'mail-slow', 'The mail server was too slow.', details)
    case 'EAUTH':
      return fail('refused', 'mail-credentials', 'The mail server refused the name or the password.', details)
    case 'ETLS':
    case 'EREQUIRETLS':
      return fail('offline', 'mail-tls', 'No safe connection to the mail server could be made.', details)
    case 'EDNS':
    case 'ECONNECTION':
    case 'ESOCKET':
      return certificate.test(originalCode ?? '')
        ? fail('offline', 'mail-tls', 'The identity of the mail server could not be verified.', details)
        : fail('offline', 'mail-server', 'The mail server does not answer.', details)
  }
  if (responseCode === undefined) return null
  if (responseCode < 500) return fail('server-error', 'mail-later', 'The mail server asks to wait.', details)
  if (responseCode === 530)
    return fail('refused', 'mail-credentials', 'The mail server wants a name and a password.', details)
  if (command === 'RCPT TO')
    return fail('refused', 'mail-recipient', 'The mail server refused this recipient.', details)
  if (command === 'MAIL FROM')
    return fail('refused', 'mail-sender', 'The mail server refused this sender.', details)
  return fail('refused', 'mail-message', 'The mail server refused this message.', details)
}
