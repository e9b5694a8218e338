import { type Check, externalKeys } from './checks.ts'
import type { Domain } from './domain.ts'
import { faultOf, internalKeys } from './internal.ts'
import type { DnsRecord } from './zone.ts'

/** Breaks a right domain, so that this check of it fails: in its zone, on dimail's servers, or as told. */
export function spoil(domain: Domain, key: string, check: Check) {
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
