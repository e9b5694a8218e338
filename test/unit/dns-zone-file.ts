import { z } from 'zod'
import { absolute, isWithin } from '../../main/dns/zone/names.ts'
import { questionKey, unread, type View } from '../../main/dns/zone/view.ts'
import { viewOfZone } from '../../main/dns/zone/virtual.ts'
import { type DnsRecord, dnsVerdict, recordType, unreadReasons } from '../../preload/dns-shapes.ts'
import { type ExpectedRecord, expectedRecord } from '../../preload/shapes.ts'

/** As long as an RSA-4096 key in base64, and no key at all. */
const fakeKey = (seed: number): string => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const at = (place: number) => letters[(place * place * 7 + place * seed + (place >> 3)) % 64]
  return `MIICIjANBgkqhkiG9w0B${Array.from({ length: 714 }, (_, place) => at(place)).join('')}==`
}
export const key = fakeKey(11)

export const usual: ExpectedRecord[] = [
  { target: '', type: 'mx', value: 'mx.platform.example.' },
  { target: 'dimail._domainkey', type: 'txt', value: `v=DKIM1; h=sha256; k=rsa; p=${key}` },
  { target: 'imap', type: 'cname', value: 'imap.platform.example.' },
  { target: 'smtp', type: 'cname', value: 'smtp.platform.example.' },
  { target: '', type: 'txt', value: 'v=spf1 include:_spf.platform.example -all' },
  { target: 'webmail', type: 'cname', value: 'webmail.platform.example.' },
]

const codes = z.array(z.string())

/** One of the files of ./zones. Lines are of a zone file: names and hosts without a final dot are the zone's. */
export const zoneFile = z.strictObject({
  title: z.string(),
  domain: z.string(),
  /** The zone, where it is not the domain itself. */
  apex: z.string().optional(),
  expected: z.union([z.literal('usual'), z.array(expectedRecord)]),
  zone: z.array(z.string()),
  /** Records of other zones: an SPF that is included, the host of an MX. */
  elsewhere: z.array(z.string()).optional(),
  /** Questions that have no answer, and why. */
  unread: z.record(z.string(), z.enum(unreadReasons)).optional(),
  verdicts: z.record(z.string(), dnsVerdict),
  /** Level and code of each finding, by record; a record that is not here has none. */
  findings: z.record(z.string(), codes),
  information: z.record(z.string(), codes).optional(),
})
export type ZoneFile = z.infer<typeof zoneFile>

/** `$KEY` is the expected key, `$KEY[0,100]` a part of it, `$OTHER` another; `$MANY[text;n]` repeats, # being counted. */
const spelled = (text: string): string =>
  text
    .replace(/\$KEY\[(\d+),(\d*)\]/g, (_, from, to) => key.slice(Number(from), to ? Number(to) : undefined))
    .replace(/\$KEY/g, key)
    .replace(/\$OTHER/g, fakeKey(29))
    .replace(/\$MANY\[([^;]*);(\d+)\]/g, (_, one, times) =>
      Array.from({ length: Number(times) }, (_, at) => String(one).replace('#', String(at))).join(''),
    )

const ended = (name: string, apex: string): string => {
  if (name === '@') return apex
  return name.endsWith('.') || apex === '' ? absolute(name) : absolute(`${name}.${apex}`)
}

export function recordOf(line: string, apex: string): DnsRecord {
  const [, owner = '', typed, rest = ''] = /^(\S+)\s+(\S+)\s*(.*)$/su.exec(spelled(line)) ?? []
  const type = recordType.parse(typed)
  const record = { name: ended(owner, apex), type, ttl: 3600, priority: null, strings: null, value: rest }
  if (type === 'TXT') {
    const strings = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/gsu)].map(([, text = '']) =>
      text.replace(/\\"/g, '"'),
    )
    return { ...record, strings, value: strings.join('') }
  }
  if (type === 'MX') {
    const [priority, host = ''] = rest.split(' ')
    return { ...record, priority: Number(priority), value: ended(host, apex) }
  }
  return type === 'CNAME' || type === 'NS' ? { ...record, value: ended(rest, apex) } : record
}

const platform = [
  'mx.platform.example. A 192.0.2.10',
  'imap.platform.example. A 192.0.2.11',
  'smtp.platform.example. A 192.0.2.12',
  'webmail.platform.example. A 192.0.2.13',
  '_spf.platform.example. TXT "v=spf1 ip4:192.0.2.0/24 -all"',
]

export const apexOf = ({ apex, domain }: ZoneFile): string => absolute(apex ?? domain)
export const expectedOf = ({ expected }: ZoneFile): ExpectedRecord[] =>
  expected === 'usual' ? usual : expected.map((record) => ({ ...record, value: spelled(record.value) }))
export const recordsOf = (file: ZoneFile): DnsRecord[] =>
  file.zone.map((line) => recordOf(line, apexOf(file)))

type Order = (records: DnsRecord[]) => DnsRecord[]

const refusing = (file: ZoneFile, view: View): View => ({
  look(name, type) {
    const reason = file.unread?.[questionKey({ name, type })]
    return reason === undefined ? view.look(name, type) : unread(reason)
  },
})

/** What lies outside the zone of a file. */
export function elsewhereOf(file: ZoneFile, order: Order = (all) => all): View {
  const apex = apexOf(file)
  const named = (file.elsewhere ?? []).map((line) => recordOf(line, ''))
  const others = [...platform.map((line) => recordOf(line, '')), ...named].filter(
    (record, at, all) =>
      !(record.type === 'A' && all.some((one, place) => place > at && one.name === record.name)),
  )
  return viewOfZone('', order(others.filter(({ name }) => !isWithin(name, apex))))
}

/** The zone of a file, with what lies elsewhere; `order` rearranges every answer. */
export const viewOfFile = (file: ZoneFile, order: Order = (all) => all): View =>
  refusing(file, viewOfZone(apexOf(file), order(recordsOf(file)), refusing(file, elsewhereOf(file, order))))
