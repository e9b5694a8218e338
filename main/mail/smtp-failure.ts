import type { NodemailerError } from 'nodemailer/lib/errors'
import { type Failure, failed } from '../../preload/failure.ts'
import { excerptOf } from '../dimail/excerpt.ts'

const fail = (...what: Parameters<typeof failed>): Failure => failed(...what).failure
const certificate = /SSL|TLS|CERT|SIGN|SELF|HOSTNAME|^UNABLE_TO|^EPROTO$|^CRL_|CHAIN/

const isOfLibrary = (error: unknown): error is NodemailerError => error instanceof Error && 'code' in error

/**
 * What an error of the mail library means, or null when it is none of the mail server's doing. The server's words
 * are kept as an excerpt without `secrets`, which holds the addresses, the text and its link or password too:
 * servers repeat them.
 */
export function failureOfSmtp(error: unknown, secrets: readonly string[]): Failure | null {
  if (!isOfLibrary(error)) return null
  const { responseCode: status, response } = error
  const excerpt = excerptOf(response ?? '', secrets)
  const details = { ...(status === undefined ? {} : { status }), ...(excerpt === '' ? {} : { excerpt }) }
  return status !== undefined && status >= 400
    ? ofReply(error, status, details)
    : ofConnection(error, details)
}

/** The server said why, by a code of RFC 5321: 4xx for now, 5xx for good. */
function ofReply({ code, command }: NodemailerError, status: number, details: Failure['details']): Failure {
  if (code === 'ETLS') return noTls(details)
  if (status < 500) return fail('server-error', 'mail-later', 'The mail server asks to wait.', details)
  if (code === 'EAUTH' || status === 530)
    return fail('refused', 'mail-credentials', 'The mail server refused the name or the password.', details)
  if (command === 'RCPT TO')
    return fail('refused', 'mail-recipient', 'The mail server refused this recipient.', details)
  if (command === 'MAIL FROM')
    return fail('refused', 'mail-sender', 'The mail server refused this sender.', details)
  return fail('refused', 'mail-message', 'The mail server refused this message.', details)
}

function ofConnection({ code, originalCode }: NodemailerError, details: Failure['details']): Failure | null {
  switch (code) {
    case 'ETIMEDOUT':
    case 'EABORT':
      return fail('timeout', 'mail-slow', 'The mail server was too slow.', details)
    case 'EAUTH':
      return fail('refused', 'mail-credentials', 'The mail server wants a name and a password.', details)
    case 'ETLS':
    case 'EREQUIRETLS':
      return noTls(details)
    case 'EDNS':
    case 'ECONNECTION':
    case 'ESOCKET':
      return certificate.test(originalCode ?? '')
        ? noTls(details)
        : fail('offline', 'mail-server', 'The mail server does not answer.', details)
    case 'EPROTOCOL':
      return fail('bad-response', 'mail-protocol', 'This server does not speak SMTP.', details)
    case 'EMESSAGE':
      return fail('refused', 'mail-message', 'The message is larger than this server takes.', details)
    default:
      return null
  }
}

const noTls = (details: Failure['details']) =>
  fail('offline', 'mail-tls', 'No safe connection to the mail server could be made.', details)
