import { isIPv4, isIPv6 } from 'node:net'
import type { Answer } from 'dns-packet'
import { type DnsRecord, mailHost } from '../zone.ts'

/** The types that the sandbox's name servers publish. */
export const publishedTypes = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT'] as const
export type PublishedType = (typeof publishedTypes)[number]

export const publishedType = (type: string): PublishedType | undefined =>
  publishedTypes.find((one) => one === type.toUpperCase())

/** A record as it travels, of whatever name it is; null for a value that its type cannot hold. */
export function answerOf(name: string, ttl: number, { type: written, value }: DnsRecord): Answer | null {
  const type = publishedType(written)
  switch (type) {
    case 'A':
      return isIPv4(value) ? { name, ttl, type, data: value } : null
    case 'AAAA':
      return isIPv6(value) ? { name, ttl, type, data: value } : null
    case 'CNAME':
    case 'NS':
      return isName(value) ? { name, ttl, type, data: dotted(value) } : null
    case 'MX': {
      const { priority: preference, host } = mailHost(value)
      const fits = preference <= 65_535 && (host === '.' || isName(host))
      return fits ? { name, ttl, type, data: { preference, exchange: dotted(host) } } : null
    }
    case 'TXT': {
      const data = strings(value)
      return data === null ? null : { name, ttl, type, data }
    }
    case 'CAA':
      return authorization(name, ttl, value)
    case 'SRV':
      return service(name, ttl, value)
    default:
      return null
  }
}

const dotted = (name: string) => name.replace(/\.$/, '') || '.'

/** Whether a name can be put on the wire (RFC 1035 2.3.4); no escapes, so no dot within a label. */
export function isName(name: string): boolean {
  const plain = name.replace(/\.$/, '')
  const labels = plain.split('.').map((label) => Buffer.byteLength(label))
  return /^[^\s\p{Cc}]+$/u.test(plain) && Buffer.byteLength(plain) <= 253 && labels.every(isLabelLength)
}
const isLabelLength = (length: number) => length >= 1 && length <= 63

const longestText = 60_000

/** A TXT is cut into strings of 255 octets (RFC 1035 3.3), wherever that falls. */
function strings(value: string): Buffer[] | null {
  const octets = Buffer.from(value)
  if (octets.length > longestText) return null
  const pieces = Math.max(1, Math.ceil(octets.length / 255))
  return Array.from({ length: pieces }, (_, place) => octets.subarray(place * 255, place * 255 + 255))
}

/** `0 issue "certs.example"` (RFC 8659 4.1.1). */
function authorization(name: string, ttl: number, text: string): Answer | null {
  const [, flags, written, quoted, plain] =
    /^(\d{1,3})\s+([a-z]+)\s+(?:"([^"]*)"|(\S+))$/i.exec(text.trim()) ?? []
  const tag = (['issue', 'issuewild', 'iodef'] as const).find((one) => one === written?.toLowerCase())
  if (tag === undefined || Number(flags) > 255) return null
  return { name, ttl, type: 'CAA', data: { flags: Number(flags), tag, value: quoted ?? plain ?? '' } }
}

/** `priority weight port target` (RFC 2782). */
function service(name: string, ttl: number, text: string): Answer | null {
  const [, priority, weight, port, target] = /^(\d+)\s+(\d+)\s+(\d+)\s+(\S+)$/.exec(text.trim()) ?? []
  if (target === undefined || !(target === '.' || isName(target))) return null
  const [first = 0, second = 0, third = 0] = [priority, weight, port].map(Number)
  if (Math.max(first, second, third) > 65_535) return null
  const data = { priority: first, weight: second, port: third, target: dotted(target) }
  return { name, ttl, type: 'SRV', data }
}
