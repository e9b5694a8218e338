import type { Dialect } from './dialects.ts'
import { type Faults, shownInternals } from './internal.ts'
import { selectorOf, type Wanted } from './records.ts'
import { sameDkim, spfIncludes } from './txt.ts'
import { type FindZone, isDelegated, resolve, UncaughtDnsError } from './zone.ts'

/** The checks of what the domain's owner publishes, in the order of dimail's answer. */
export const externalKeys = [
  'domain_exist',
  'mx',
  'cname_imap',
  'cname_smtp',
  'cname_webmail',
  'spf',
  'dkim',
] as const

export type CheckError = { code: string; detail: string }
export type Check = { internal: boolean; errors: CheckError[] }
/** What one run of the checks found, by key, in dimail's order. */
export type Findings = ReadonlyMap<string, Check>

export type Subject = {
  name: string
  features: readonly string[]
  /** Where MX, SPF and DKIM are looked up; null: at the name itself. */
  mailboxDomain: string | null
  webmailDomain: string | null
  imapDomains: readonly string[] | null
  smtpDomains: readonly string[] | null
  wanted: Wanted
  faults: Faults
  /** Checks that the sandbox does not know, told again as they were (`populate`). */
  foreign: ReadonlyMap<string, Check>
}

/**
 * Runs every check of docs/dimail.md 6.2 on the simulated DNS and the simulated servers.
 * @throws UncaughtDnsError where dimail answers 500 (docs/dimail.md 6.3).
 */
export function runChecks(subject: Subject, find: FindZone, dialect: Dialect): Findings {
  const findings = new Map<string, Check>()
  const exists = isDelegated(find, subject.name)
  const errors = exists ? externalErrors(subject, find, dialect) : { domain_exist: mustExist(subject) }
  for (const key of externalKeys) findings.set(key, { internal: false, errors: errors[key] ?? [] })
  for (const key of shownInternals(dialect, subject.features.includes('webmail'))) {
    const fault = subject.faults.get(key)
    const found = fault === undefined ? [] : [{ code: fault.code, detail: fault.detail }]
    findings.set(key, { internal: true, errors: exists ? found : [] })
  }
  for (const [key, check] of subject.foreign) findings.set(key, exists ? check : { ...check, errors: [] })
  return findings
}

type ExternalErrors = Partial<Record<(typeof externalKeys)[number], CheckError[]>>

// dimail stops at this one, and says ok of everything that it did not test.
const mustExist = ({ name }: Subject) => [{ code: 'must_exist', detail: `Le domaine ${name} n'existe pas` }]

function externalErrors(subject: Subject, find: FindZone, dialect: Dialect): ExternalErrors {
  const { name, features, wanted } = subject
  const mail = subject.mailboxDomain ?? name
  if (!isDelegated(find, mail)) throw new UncaughtDnsError(`No resolver for ${mail}`)
  const query = (host: string, type: string) => resolve(find, host, type)
  const cname = (label: string, hosts: readonly string[], value: string) =>
    hosts.flatMap((host) => cnameErrors(query, label, host, value))
  const webmails = features.includes('webmail') ? [subject.webmailDomain ?? `webmail.${name}`] : []
  const imaps = features.includes('mailbox') ? (subject.imapDomains ?? [`imap.${name}`]) : []
  const key = `${selectorOf(wanted, dialect)}._domainkey.${mail}`
  return {
    mx: mxErrors(query(mail, 'mx'), mail, wanted.mx),
    cname_imap: cname('imap', imaps, wanted.imap),
    cname_smtp: cname('smtp', subject.smtpDomains ?? [`smtp.${name}`], wanted.smtp),
    cname_webmail: cname('webmail', webmails, wanted.webmail),
    spf: spfErrors(query(mail, 'txt'), mail, wanted.spf),
    dkim: dkimErrors(query(key, 'txt'), key, wanted.dkim, dialect),
  }
}

const same = (a: string, b: string) =>
  a.toLowerCase().replace(/\.$/, '') === b.toLowerCase().replace(/\.$/, '')

function mxErrors(found: readonly string[], mail: string, wanted: string): CheckError[] {
  const [first] = found
  if (first === undefined) {
    return [{ code: 'no_mx', detail: `Il n'y a pas d'enregistrement MX pour le domaine ${mail}` }]
  }
  // Only the first is looked at; extra MX go unnoticed.
  if (same(first, wanted)) return []
  return [
    { code: 'wrong_mx', detail: `Je veux que le MX du domaine soit '${wanted}', or je trouve '${first}'` },
  ]
}

function cnameErrors(
  query: (host: string, type: string) => string[],
  label: string,
  host: string,
  wanted: string,
): CheckError[] {
  const [found] = query(host, 'cname')
  if (found === undefined) {
    const detail = `Il n'y a pas de CNAME '${host}' qui renvoie vers '${wanted}'`
    return [{ code: `no_cname_${label}`, detail }]
  }
  if (same(found, wanted)) return []
  const detail = `Le CNAME pour '${host}' n'est pas bon, il renvoie vers '${found}' et je veux '${wanted}'`
  return [{ code: `wrong_cname_${label}`, detail }]
}

function spfErrors(texts: readonly string[], mail: string, wanted: string): CheckError[] {
  const records = texts.filter((text) => text.startsWith('v=spf1 '))
  if (records.length === 0) {
    return [{ code: 'no_spf', detail: `Il n'y a pas d'enregistrement SPF pour le domaine ${mail}` }]
  }
  // Every record is parsed, so that one bad record is a 500; one good record among several is enough.
  const included = records.map((record) => spfIncludes(record, wanted))
  if (included.includes(true)) return []
  return [
    {
      code: 'wrong_spf',
      detail: `L'enregistrement SPF ne contient pas 'include:${wanted}', je trouve '${records.join("', '")}'`,
    },
  ]
}

function dkimErrors(texts: readonly string[], host: string, wanted: string, dialect: Dialect): CheckError[] {
  // The tag parser of 2024 loses a key whose base64 is padded twice, which every RSA-4096 key is.
  if (dialect === '2024' && wanted.endsWith('==')) throw new UncaughtDnsError('The stored DKIM key has no p')
  const first = texts.find((text) => text.startsWith('v=DKIM1; '))
  if (first === undefined) {
    return [{ code: 'no_dkim', detail: `Il n'y a pas d'enregistrement DKIM '${host}'` }]
  }
  if (sameDkim(first, wanted)) return []
  const detail = `L'enregistrement DKIM '${host}' n'est pas bon, je trouve '${first}' et je veux '${wanted}'`
  return [{ code: 'wrong_dkim', detail }]
}
