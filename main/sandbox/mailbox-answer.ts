import type { Dialect } from './dialects.ts'
import { address, type Mailbox } from './mailboxes.ts'

/** The v1 mailbox of docs/dimail.md 4.1; `hasWebmail`: of its domain, which decides what `ok` means. */
export function mailboxAnswer(box: Mailbox, hasWebmail: boolean, dialect: Dialect): Record<string, unknown> {
  const status = box.dovecot && (box.ox !== null) === hasWebmail ? 'ok' : 'broken'
  const base = { type: 'mailbox', email: address(box) }
  if (dialect === '2024') {
    const { givenName = null, surName = null, displayName = null } = hasWebmail ? (box.ox ?? {}) : {}
    return { ...base, status, givenName, surName, displayName }
  }
  // Newer servers call a functional mailbox ok, and leave its names out.
  const functional = box.ox === null && box.dovecot
  const active = box.active === 'no' || box.active === 'unknown' ? 'no' : 'yes'
  return { ...base, status: functional ? 'ok' : status, active, ...(hasWebmail ? box.ox : null) }
}

/** The v2 mailbox of docs/dimail.md 4.1: `active` until 0.6.7, then `imap_active` and `smtp_active`. */
export function mailboxAnswerV2(box: Mailbox, dialect: Dialect): Record<string, unknown> {
  const two = box.active === 'no' || box.active === 'unknown' ? 'no' : 'yes'
  const activity =
    dialect === '0.6-late' ? { imap_active: box.active, smtp_active: box.active } : { active: two }
  const { ox } = box
  const names = ox && { given_name: ox.givenName, sur_name: ox.surName, display_name: ox.displayName }
  return {
    type: 'mailbox',
    ...activity,
    email: address(box),
    features: ox === null ? [] : ['ox'],
    extras: { ox: names && { ...names, ...box.contact }, schedule: null },
    dirty_quirks: ox && { 'ox-config': { 'com.openexchange.mail.specialuse.check': 'true' } },
    additionalSenders: box.senders,
    rate_limit: box.rateLimit,
    quota: box.quota,
  }
}
