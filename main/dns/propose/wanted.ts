import type { DnsRecord } from '../../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../../preload/shapes.ts'
import { typeOf } from '../compare/kinds.ts'
import { bytesOf } from '../wire/text.ts'
import { absolute, under } from '../zone/names.ts'

/** What dimail leaves open (docs/dimail.md 3.7): any priority receives mail, and one is customary. */
const customaryPriority = 10
const longest = 255

const namedTypes: readonly string[] = ['MX', 'CNAME', 'NS']
/** Whether the value of a type is the name of a host. */
export const isNamed = (type: string): boolean => namedTypes.includes(type)

/** An expected record as its zone would hold it; null: of a type that the console does not know. */
export function wantedRecord(domain: string, expected: ExpectedRecord): DnsRecord | null {
  const type = typeOf(expected)
  if (type === null) return null
  const name = under(expected.target, domain)
  if (type === 'TXT') return textRecord(name, expected.value)
  return {
    name,
    type,
    ttl: null,
    value: isNamed(type) ? absolute(expected.value) : expected.value,
    priority: type === 'MX' ? customaryPriority : null,
    strings: null,
  }
}

/** A TXT that nobody publishes yet, split as RFC 1035 3.3.14 wants it. */
export const textRecord = (name: string, value: string, ttl: number | null = null): DnsRecord => ({
  name,
  type: 'TXT',
  ttl,
  value,
  priority: null,
  strings: stringsOf(value),
})

/** One character, or one octet that is no text (`textOf` of ../wire/text.ts). */
const symbols = /\\(?:[01]\d\d|2[0-4]\d|25[0-5])|[\s\S]/gu

/** A text in strings of at most 255 octets each (RFC 1035 3.3), no character cut in two. */
export function stringsOf(value: string): string[] {
  const strings: string[] = []
  let [text, size] = ['', 0]
  for (const [symbol] of value.matchAll(symbols)) {
    const octets = bytesOf(symbol).length
    if (size + octets > longest) {
      strings.push(text)
      text = ''
      size = 0
    }
    text += symbol
    size += octets
  }
  return [...strings, text]
}
