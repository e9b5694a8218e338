import { textRecord } from '../../main/dns/propose/wanted.ts'
import { viewOfZone } from '../../main/dns/zone/virtual.ts'
import type { DnsRecord, RecordType } from '../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../preload/shapes.ts'

export const apex = 'ville.example'
export const key = `v=DKIM1; h=sha256; k=rsa; p=${'QUJDRA'.repeat(110)}`
export const expected: ExpectedRecord[] = [
  { target: '', type: 'mx', value: 'mx.ox.dimail.example.' },
  { target: 'dimail._domainkey', type: 'txt', value: key },
  { target: 'imap', type: 'cname', value: 'imap.ox.dimail.example.' },
  { target: 'smtp', type: 'cname', value: 'smtp.ox.dimail.example.' },
  { target: '', type: 'txt', value: 'v=spf1 include:_spf.ox.dimail.example -all' },
  { target: 'webmail', type: 'cname', value: 'webmail.ox.dimail.example.' },
]

const typed = (type: string): type is RecordType =>
  ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'TXT', 'SRV'].includes(type)

/** `imap CNAME host.example`, `@ MX 10 host.example`, `@ TXT text to the end`: a record below a zone. */
export function record(zone: string, line: string): DnsRecord {
  const [, owner = '', type = '', text = ''] = /^(\S+) (\S+) (.*)$/s.exec(line) ?? []
  const name = owner === '@' ? zone : `${owner}.${zone}`
  if (!typed(type)) throw new Error(`No type: ${line}`)
  if (type === 'TXT') return textRecord(name, text, 600)
  const [, priority, host] = /^(\d+) (.*)$/.exec(text) ?? []
  const value = type === 'MX' ? (host ?? '') : text
  return { name, type, ttl: 600, value, priority: type === 'MX' ? Number(priority) : null, strings: null }
}

const include = (name: string, text: string) => textRecord(name, text, 300)
const ips = 'ip4:192.0.2.0/24'

/** What other zones say: the SPF of other providers, and what each costs. */
const elsewhere: DnsRecord[] = [
  include('_spf.ox.dimail.example', `v=spf1 ${ips} -all`),
  include('mx.ovh.example', `v=spf1 ${ips} -all`),
  include('spf.deep.example', 'v=spf1 include:a.deep.example include:b.deep.example ~all'),
  include('a.deep.example', `v=spf1 ${ips} ~all`),
  include('b.deep.example', 'v=spf1 include:a.deep.example ~all'),
  include('strict.example', 'v=spf1 include:a.deep.example -all'),
  include('open.example', `v=spf1 ${ips} ?all`),
  include('onward.example', 'v=spf1 redirect=strict.example'),
  include('two.example', 'v=spf1 -all'),
  include('two.example', 'v=spf1 ~all'),
  include('text.example', 'nothing of the kind'),
  ...Array.from({ length: 12 }, (_, at) => include(`n${at}.example`, `v=spf1 ${ips} -all`)),
  ...['host.example', 'www.autre.example', 'mx1.autre.example', 'mx2.autre.example'].map(
    (name): DnsRecord => ({ name, type: 'A', ttl: 60, value: '198.51.100.7', priority: null, strings: null }),
  ),
  ...['mx', 'imap', 'smtp', 'webmail'].map(
    (name): DnsRecord => ({
      name: `${name}.ox.dimail.example`,
      type: 'A',
      ttl: 60,
      value: '198.51.100.9',
      priority: null,
      strings: null,
    }),
  ),
  include('host.example', 'verification=of-the-host'),
]

export const viewOf = (zone: string, records: readonly DnsRecord[]) =>
  viewOfZone(zone, records, viewOfZone('example', elsewhere))
