import { type Check, externalKeys } from './checks.ts'
import type { Dialect } from './dialects.ts'
import type { Domain } from './domain.ts'
import { shownInternals } from './internal.ts'

const untested = [{ code: 'no_test', detail: 'Did not check yet' }]

/**
 * The Domain object of docs/dimail.md 3.1. `created` for the answer to its creation, the only one in which
 * the 2024 server tells the context.
 */
export function domainAnswer(domain: Domain, dialect: Dialect, created = false): Record<string, unknown> {
  const checks = shownChecks(domain, dialect)
  const failing = checks.some(([, check]) => check.errors.length > 0)
  const state = domain.stored === null ? 'new' : failing ? 'broken' : 'ok'
  const old = dialect === '2024'
  const shown = checks.map(([key, { internal, errors }]) => {
    const ok = errors.length === 0
    return [key, old ? { ok, errors } : { ok, internal, errors }] as const
  })
  return {
    name: domain.name,
    state,
    valid: state === 'ok',
    ...(old ? oldFields(domain, created) : newFields(domain)),
    ...Object.fromEntries(shown),
  }
}

function shownChecks(domain: Domain, dialect: Dialect): [string, Check][] {
  const internals = shownInternals(dialect, domain.features.includes('webmail'))
  const foreign = dialect === '2024' ? [] : [...domain.foreign.keys()]
  const internal = (key: string) => internals.some((one) => one === key)
  return [...externalKeys, ...internals, ...foreign].map((key) => {
    if (domain.stored === null) return [key, { internal: internal(key), errors: untested }]
    // A check of another dialect did not look at this key: nothing is known against it.
    return [key, domain.stored.get(key) ?? { internal: internal(key), errors: [] }]
  })
}

function oldFields(domain: Domain, created: boolean) {
  return {
    features: domain.features,
    mailbox_domain: domain.mailboxDomain,
    webmail_domain: domain.webmailDomain,
    imap_domains: domain.imapDomains,
    smtp_domains: domain.smtpDomains,
    context_name: created && domain.features.includes('webmail') ? domain.contextName : null,
  }
}

function newFields(domain: Domain) {
  return {
    delivery: domain.delivery,
    features: domain.features,
    webmail_domain: domain.webmailDomain,
    imap_domain: domain.imapDomains?.[0] ?? null,
    smtp_domain: domain.smtpDomains?.[0] ?? null,
    context_name: domain.contextName,
    transport: domain.transport,
    active: domain.active,
    webmail: null,
    mx_name: 'internal',
    public_alias: false,
    public_alias_rules: ['all'],
  }
}
