import { z } from 'zod'
import type { Input } from '../../preload/contract.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { type MailSettings, mailSettings } from '../../preload/people-shapes.ts'
import { locales } from '../../preload/shapes.ts'
import { parseAddress } from '../dimail/address.ts'
import { parseSender } from './addresses.ts'

/** What the desk keeps of a profile's mail; the password is in the vault. */
const kept = z.object({
  smtp: mailSettings.nullable(),
  webmail: z.string().nullable(),
  locale: z.enum(locales),
})
export type KeptSettings = z.infer<typeof kept>
const noSettings: KeptSettings = { smtp: null, webmail: null, locale: 'fr' }

const loopback = ['127.0.0.1', '::1', 'localhost']
const hostName =
  /^(?=.{1,253}$)([\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?\.?)+$|^[0-9a-f:]+:[0-9a-f:]+$/iu

/**
 * Settings as they may be kept, tidied. Fails with `invalid/mail-host`, `mail-security` (clear text to another
 * computer), `mail-from` or `mail-webmail`.
 */
export function checkSettings(input: Omit<Input<'mail.configure'>, 'password'>): Result<KeptSettings> {
  const smtp = input.smtp === null ? ok(null) : checkSmtp(input.smtp)
  if (!smtp.ok) return smtp
  const typed = input.webmail?.trim() ?? ''
  const webmail = typed === '' ? ok(null) : parseAddress(typed)
  if (!webmail.ok)
    return failed('invalid', 'mail-webmail', 'The webmail has no https:// address without password or query.')
  return ok({ smtp: smtp.value, webmail: webmail.value, locale: input.locale })
}

/** What was kept, checked again: a file may have been changed under us, and then it says nothing. */
export function readSettings(stored: unknown): KeptSettings {
  const parsed = kept.safeParse(stored)
  const checked = parsed.success ? checkSettings(parsed.data) : null
  return checked?.ok ? checked.value : noSettings
}

function checkSmtp(typed: MailSettings): Result<MailSettings> {
  const smtp = {
    ...typed,
    host: typed.host.trim().toLowerCase(),
    username: typed.username.trim(),
    from: typed.from.trim(),
  }
  if (!hostName.test(smtp.host))
    return failed('invalid', 'mail-host', 'The mail server is not the name of a computer.')
  if (smtp.security === 'none' && !loopback.includes(smtp.host))
    return failed('invalid', 'mail-security', 'Without TLS, mail may be sent through this computer only.')
  if (parseSender(smtp.from) === null)
    return failed('invalid', 'mail-from', 'The sender is not an e-mail address.')
  return ok(smtp)
}
