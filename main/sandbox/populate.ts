import { z } from 'zod'
import type { Check } from './checks.ts'
import { createDomain, type Domain, features } from './domain.ts'
import { internalKeys } from './internal.ts'
import { seedMailboxes } from './mailboxes.ts'
import { rightRecords, wantedFrom } from './records.ts'
import { spoil } from './spoil.ts'
import type { DnsRecord } from './zone.ts'

export const dnsRecord = z.object({ target: z.string(), type: z.string(), value: z.string() })

/** What the console knows of one domain: dimail's last answer, the records it asked for, how many mailboxes. */
export const known = z.object({
  name: z.string().min(1),
  contextName: z.string().nullable(),
  raw: z.record(z.string(), z.unknown()),
  mailboxes: z.int().min(0).max(100_000).nullable(),
  records: z.array(dnsRecord).nullable(),
})
export type Known = z.infer<typeof known>

/**
 * Domains of which a check gives the verdict that `raw` tells: zone and servers are spoilt where a check
 * failed. A domain never checked gets name servers that fail, so that its check changes no status.
 */
export function rebuild(list: readonly Known[]): Domain[] {
  const places = new Map<string, number>()
  return list.map((one) => {
    const contextName = one.contextName ?? text(one.raw.context_name) ?? one.name
    const place = places.get(contextName) ?? 0
    places.set(contextName, place + 1)
    return restore(one, contextName, place)
  })
}

function restore({ name, raw, mailboxes, records }: Known, contextName: string, place: number): Domain {
  const people = { name, contextName, mailboxes: mailboxes ?? 0, place, seed: 'populated' }
  const domain = createDomain(name, contextName, {
    mailboxes: () => seedMailboxes(people),
    aliases: () => [],
  })
  const told = Array.isArray(raw.features) ? raw.features : features
  domain.features = features.filter((feature) => told.includes(feature))
  domain.delivery = text(raw.delivery) ?? 'virtual'
  domain.transport = text(raw.transport)
  domain.active = raw.active !== false && raw.active !== 'false'
  domain.mailboxDomain = ownHosts(name, raw.mailbox_domain)?.[0] ?? null
  domain.webmailDomain = ownHosts(name, raw.webmail_domain)?.[0] ?? null
  domain.imapDomains = ownHosts(name, raw.imap_domains ?? raw.imap_domain)
  domain.smtpDomains = ownHosts(name, raw.smtp_domains ?? raw.smtp_domain)
  if (records !== null) domain.wanted = wantedFrom(records, domain.wanted)
  domain.zone.records = [...rightRecords(domain.wanted), ...customHosts(domain)]

  const failing = Object.entries(raw).flatMap(([key, value]) => readCheck(key, value))
  const codes = failing.flatMap(([, check]) => check.errors.map((error) => error.code))
  if (raw.state === 'new' || (codes.length > 0 && codes.every((code) => code === 'no_test'))) {
    domain.zone.failure = 'servfail'
    return domain
  }
  for (const [key, check] of failing) spoil(domain, key, check)
  return domain
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== 'null' ? value : null)

/** Custom hosts, but for those in the zone of somebody else, which nobody here can make right. */
function ownHosts(name: string, told: unknown): string[] | null {
  const own = [told].flat().filter((host) => typeof host === 'string' && host.endsWith(`.${name}`))
  return own.length === 0 ? null : own.map(String)
}

/** Hosts of the domain's own choosing, which the records to publish do not tell. */
export function customHosts({
  name,
  webmailDomain,
  imapDomains,
  smtpDomains,
  mailboxDomain,
  wanted,
}: Domain) {
  const relative = (host: string) => host.slice(0, -name.length - 1)
  const cnames = (list: readonly string[], value: string): DnsRecord[] =>
    list.map(relative).map((target) => ({ target, type: 'cname', value }))
  const mail = mailboxDomain === null ? [] : [relative(mailboxDomain)]
  return [
    ...cnames(webmailDomain === null ? [] : [webmailDomain], wanted.webmail),
    ...cnames(imapDomains ?? [], wanted.imap),
    ...cnames(smtpDomains ?? [], wanted.smtp),
    ...rightRecords(wanted).flatMap((record) =>
      mail.map((label) => ({
        ...record,
        target: record.target === '' ? label : `${record.target}.${label}`,
      })),
    ),
  ]
}

const wireCheck = z.object({
  ok: z.union([z.boolean(), z.enum(['true', 'false'])]).catch(false),
  internal: z
    .union([z.boolean(), z.enum(['true', 'false'])])
    .optional()
    .catch(undefined),
  errors: z.array(z.object({ code: z.string(), detail: z.string() })).catch([]),
})

/** A failing check of the answer, as [key, check]; nothing for a key that is no check or that is ok. */
function readCheck(key: string, value: unknown): [string, Check][] {
  if (typeof value !== 'object' || value === null || !('ok' in value)) return []
  const { ok, internal, errors } = wireCheck.parse(value)
  if (ok === true || ok === 'true') return []
  const byKey = internalKeys.some((one) => one === key)
  const isInternal = internal === undefined ? byKey : internal === true || internal === 'true'
  // A check may fail without saying why; ours needs a reason to fail.
  const reasons = errors.length > 0 ? errors : [{ code: `no_${key}`, detail: '' }]
  return [[key, { internal: isInternal, errors: reasons }]]
}
