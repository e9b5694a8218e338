import { z } from 'zod'
import { type Check, externalKeys } from './checks.ts'
import { createDomain, type Domain, features } from './domain.ts'
import { faultOf, internalKeys } from './internal.ts'
import { seedMailboxes } from './mailboxes.ts'
import { rightRecords, wantedFrom } from './records.ts'
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
  domain.mailboxDomain = text(raw.mailbox_domain)
  domain.webmailDomain = text(raw.webmail_domain)
  domain.imapDomains = hosts(raw.imap_domains, raw.imap_domain)
  domain.smtpDomains = hosts(raw.smtp_domains, raw.smtp_domain)
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

function hosts(list: unknown, one: unknown): string[] | null {
  if (Array.isArray(list)) return list.filter((host) => typeof host === 'string')
  const single = text(one)
  return single === null ? null : [single]
}

/** Hosts of the domain's own choosing, which the records to publish do not tell. */
function customHosts({ name, webmailDomain, imapDomains, smtpDomains, mailboxDomain, wanted }: Domain) {
  const relative = (host: string) => (host.endsWith(`.${name}`) ? [host.slice(0, -name.length - 1)] : [])
  const cnames = (list: readonly string[], value: string): DnsRecord[] =>
    list.flatMap(relative).map((target) => ({ target, type: 'cname', value }))
  const mail = mailboxDomain === null ? [] : relative(mailboxDomain)
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

function spoil(domain: Domain, key: string, check: Check) {
  const [error] = check.errors
  const external = externalKeys.find((one) => one === key)
  const internal = internalKeys.find((one) => one === key)
  if (external !== undefined && !check.internal) spoilZone(domain, external, error?.code ?? '')
  else if (internal !== undefined && check.internal && error !== undefined) {
    domain.faults.set(internal, { ...faultOf(internal, domain.name), ...error })
    if (internal === 'webmail_ok') need(domain, 'webmail')
  } else domain.foreign.set(key, check)
}

function need(domain: Domain, feature: Domain['features'][number]) {
  if (!domain.features.includes(feature)) domain.features.push(feature)
}

const former = 'ancien-hebergeur.example'
const wrong: Record<string, DnsRecord> = {
  mx: { target: '', type: 'mx', value: `mail.${former}.` },
  spf: { target: '', type: 'txt', value: `v=spf1 include:_spf.${former} ~all` },
  dkim: { target: '', type: 'txt', value: 'v=DKIM1; h=sha256; k=rsa; p=MIIB' },
}

/** Withdraws the records that a check looks at, and puts a wrong one there unless the code says "none". */
function spoilZone(domain: Domain, key: (typeof externalKeys)[number], code: string) {
  const { zone } = domain
  if (key === 'domain_exist') {
    zone.delegated = false
    return
  }
  const values: Record<string, string> = {
    mx: domain.wanted.mx,
    cname_imap: domain.wanted.imap,
    cname_smtp: domain.wanted.smtp,
    cname_webmail: domain.wanted.webmail,
    spf: `v=spf1 include:${domain.wanted.spf} -all`,
    dkim: domain.wanted.dkim,
  }
  if (key === 'cname_webmail') need(domain, 'webmail')
  if (key === 'cname_imap') need(domain, 'mailbox')
  const type = wrong[key]?.type ?? 'cname'
  const missing = code.startsWith('no_')
  const label = key.replace('cname_', '')
  zone.records = zone.records.flatMap((record) => {
    const concerned = record.type === type && record.value === values[key] && concerns(domain, label, record)
    if (!concerned) return [record]
    return missing ? [] : [{ ...record, value: wrong[key]?.value ?? `${label}.${former}.` }]
  })
}

/** Platforms may give one host to IMAP, SMTP and webmail: then the target tells them apart. */
function concerns(domain: Domain, label: string, { type, target }: DnsRecord): boolean {
  if (type !== 'cname') return true
  const custom: Record<string, readonly string[] | null> = {
    imap: domain.imapDomains,
    smtp: domain.smtpDomains,
    webmail: domain.webmailDomain === null ? null : [domain.webmailDomain],
  }
  return target === label || (custom[label]?.includes(`${target}.${domain.name}`) ?? false)
}
