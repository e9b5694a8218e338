import tls from 'node:tls'
import { createTransport } from 'nodemailer'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type { MailSettings } from '../../preload/people-shapes.ts'
import { parseSender } from './addresses.ts'
import type { Rendered } from './render.ts'
import { failureOfSmtp } from './smtp-failure.ts'

/** Milliseconds; `whole` is for everything together, against a server that drips. */
export type SmtpTimeouts = { connect: number; greeting: number; idle: number; whole: number }
const usual: SmtpTimeouts = { connect: 5000, greeting: 10_000, idle: 20_000, whole: 90_000 }

export type Server = MailSettings & { password: string | null }
export type SmtpOptions = {
  timeouts?: Partial<SmtpTimeouts>
  /** An authority of certificates (PEM) beside the system's. */
  authority?: string
  /** Breaks off. */
  signal?: AbortSignal
}

/**
 * Sends one message over a connection of its own, closed afterwards. Fails with `offline/mail-server` or `mail-tls`,
 * `timeout/mail-slow`, `refused/mail-credentials`, `-sender`, `-recipient` or `-message`, `server-error/mail-later`,
 * `bad-response/mail-protocol` (details: status, excerpt). After a time limit the message may have been taken all the same.
 */
export async function sendBySmtp(
  smtp: Server,
  to: string,
  { subject, text, html, secrets }: Rendered,
  { timeouts, authority, signal }: SmtpOptions = {},
): Promise<Result<void>> {
  const limits = { ...usual, ...timeouts }
  const from = parseSender(smtp.from)
  if (from === null) return failed('invalid', 'mail-from', 'The sender is not an e-mail address.')
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.security === 'tls',
    requireTLS: smtp.security === 'starttls',
    ignoreTLS: smtp.security === 'none',
    ...(smtp.username === '' ? {} : { auth: { user: smtp.username, pass: smtp.password ?? '' } }),
    // The name of the agent's computer is nobody's business.
    name: 'localhost',
    connectionTimeout: limits.connect,
    dnsTimeout: limits.connect,
    greetingTimeout: limits.greeting,
    socketTimeout: limits.idle,
    logger: false,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(smtp.security === 'none' ? {} : { tls: secureContext(authority) }),
  })
  try {
    await transport.sendMail({
      from,
      to: { name: '', address: to },
      envelope: { from: from.address, to: [to] },
      subject,
      text,
      html,
      // Nobody is to answer "out of office" to a program (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
      signal: AbortSignal.any([AbortSignal.timeout(limits.whole), ...(signal ? [signal] : [])]),
    })
    return ok(undefined)
  } catch (error) {
    if (signal?.aborted) return failed('unknown-outcome', 'mail-interrupted', 'Sending was broken off.')
    const failure = failureOfSmtp(error, [smtp.password ?? '', to, from.address, text, subject, ...secrets])
    if (failure === null) throw error
    return { ok: false, failure }
  } finally {
    transport.close()
  }
}

// Said aloud, since NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise turn it off.
function secureContext(authority: string | undefined) {
  const system = tls.getCACertificates('system')
  const ca = [...(system.length > 0 ? system : tls.getCACertificates('default'))]
  if (authority !== undefined) ca.push(authority)
  return { ca, minVersion: 'TLSv1.2' as const, rejectUnauthorized: true }
}
