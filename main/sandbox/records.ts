import { createHash } from 'node:crypto'
import type { Dialect } from './dialects.ts'
import type { DnsRecord } from './zone.ts'

const platform = 'ox.numerique.example'

/** What dimail wants to find in DNS for one domain; hosts end with a dot, `spf` is the included name. */
export type Wanted = {
  mx: string
  imap: string
  smtp: string
  webmail: string
  spf: string
  dkim: string
  /** Null: the one of the dialect. */
  selector: string | null
}

/** The selector that dimail signs with: `mecol` in 2024, `dimail` since (docs/dimail.md 6.2). */
export const selectorOf = (wanted: Wanted, dialect: Dialect): string =>
  wanted.selector ?? (dialect === '2024' ? 'mecol' : 'dimail')

/** The records of the sandbox's own platform for a domain, with a DKIM key that depends on `seed` alone. */
export function platformRecords(seed: string): Wanted {
  return {
    mx: `mx.${platform}.`,
    imap: `imap.${platform}.`,
    smtp: `smtp.${platform}.`,
    webmail: `webmail.${platform}.`,
    spf: `_spf.${platform}`,
    dkim: dkimRecord(seed),
    selector: null,
  }
}

/**
 * A DKIM TXT around what looks like an RSA-2048 key. Not 4096 as in production: its base64 ends with `==`,
 * which makes every check of the 2024 server a 500 (docs/dimail.md 6.3).
 */
export function dkimRecord(seed: string): string {
  const modulus = createHash('shake256', { outputLength: 255 }).update(seed).digest('base64')
  return `v=DKIM1; h=sha256; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA${modulus}8wIDAQAB`
}

/** The records to publish, in the order and form of docs/dimail.md 3.7. */
export function specification(wanted: Wanted, dialect: Dialect): DnsRecord[] {
  return [
    { target: '', type: 'mx', value: wanted.mx },
    { target: `${selectorOf(wanted, dialect)}._domainkey`, type: 'txt', value: wanted.dkim },
    { target: 'imap', type: 'cname', value: wanted.imap },
    { target: 'smtp', type: 'cname', value: wanted.smtp },
    { target: '', type: 'txt', value: `v=spf1 include:${wanted.spf} -all` },
    { target: 'webmail', type: 'cname', value: wanted.webmail },
  ]
}

/** A zone in which everything is right, whichever selector the dialect signs with. */
export function rightRecords(wanted: Wanted): DnsRecord[] {
  const { selector } = wanted
  const keys = selector === null ? ['mecol', 'dimail'] : [selector]
  const others = specification(wanted, '0.6.7').filter((record) => !record.target.endsWith('._domainkey'))
  return [...others, ...keys.map((key) => ({ target: `${key}._domainkey`, type: 'txt', value: wanted.dkim }))]
}

/** What a platform wants, read back from a list of records to publish; what the list lacks stays ours. */
export function wantedFrom(records: readonly DnsRecord[], ours: Wanted): Wanted {
  const value = (target: string, type: string) =>
    records.find((record) => record.target === target && record.type.toLowerCase() === type)?.value
  const key = records.find((record) => record.target.endsWith('._domainkey'))
  const spf = records.find((record) => record.target === '' && record.value.startsWith('v=spf1 '))
  return {
    mx: value('', 'mx') ?? ours.mx,
    imap: value('imap', 'cname') ?? ours.imap,
    smtp: value('smtp', 'cname') ?? ours.smtp,
    webmail: value('webmail', 'cname') ?? ours.webmail,
    spf: /include:(\S+)/.exec(spf?.value ?? '')?.[1] ?? ours.spf,
    // Without the space dimail would not take it for a DKIM record at all.
    dkim: key?.value.startsWith('v=DKIM1; ') ? key.value : ours.dkim,
    selector: key?.target.replace(/\._domainkey$/, '') ?? ours.selector,
  }
}
