import type { Answer, CaaAnswer, DSAnswer, SoaAnswer, SrvAnswer, TxtAnswer } from 'dns-packet'
import type { DnsRecord } from '../../../preload/dns-shapes.ts'
import { escapeOf, textOf } from './text.ts'

/**
 * A name as dns-packet gives it, as main/dns writes names: ASCII letters in lower case (RFC 4343; no other letter has
 * a case here, or a Kelvin sign would pass for a k), without the final dot, what is not printable ASCII as `\DDD`.
 */
export function nameOf(text: string): string {
  if (text === '.') return ''
  const lower = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  return lower.replace(/[^!-[\]-~]/gu, (character) => [...Buffer.from(character)].map(escapeOf).join(''))
}

/** A record that dns-packet has read, of class IN; null: of a type that the console does not know. */
export function recordOf(answer: Answer): DnsRecord | null {
  const data = dataOf(answer)
  if (data === null || !('ttl' in answer)) return null
  const ttl = answer.ttl ?? 0
  return {
    name: nameOf(answer.name),
    type: data.type,
    // RFC 2181 8: one with the first bit set counts as none.
    ttl: ttl > 0x7fff_ffff ? 0 : ttl,
    value: data.value,
    priority: data.priority ?? null,
    strings: data.strings ?? null,
  }
}

type Data = { type: DnsRecord['type']; value: string; priority?: number; strings?: string[] }

function dataOf(answer: Answer): Data | null {
  const { type } = answer
  switch (type) {
    case 'A':
    case 'AAAA':
      return { type, value: answer.data }
    case 'CNAME':
    case 'NS':
      return { type, value: nameOf(answer.data) }
    case 'MX':
      return { type, value: nameOf(answer.data.exchange), priority: answer.data.preference ?? 0 }
    case 'TXT':
      return { type, ...stringsOf(answer) }
    case 'SOA':
      return { type, value: soaOf(answer) }
    case 'SRV':
      return { type, value: srvOf(answer) }
    case 'CAA':
      return { type, value: caaOf(answer) }
    case 'DS':
      return { type, value: dsOf(answer) }
    default:
      return null
  }
}

/** Joined as octets: a character may be split between two strings. */
function stringsOf({ data }: TxtAnswer): { value: string; strings: string[] } {
  const strings = [data].flat().map((one) => Buffer.from(one))
  return { value: textOf(Buffer.concat(strings)), strings: strings.map(textOf) }
}

const soaOf = ({ data }: SoaAnswer): string =>
  [
    `${nameOf(data.mname)}.`,
    // Its dots that separate no labels stay apart from the others.
    `${data.rname.split('\\.').map(nameOf).join('\\.')}.`,
    data.serial,
    data.refresh,
    data.retry,
    data.expire,
    data.minimum,
  ].join(' ')

const srvOf = ({ data }: SrvAnswer): string =>
  `${data.priority ?? 0} ${data.weight ?? 0} ${data.port} ${nameOf(data.target)}.`

/** RFC 8659 4.1.1. */
const caaOf = ({ data }: CaaAnswer): string =>
  `${data.flags ?? 0} ${textOf(Buffer.from(data.tag))} "${textOf(Buffer.from(data.value)).replaceAll('"', '\\"')}"`

const dsOf = ({ data }: DSAnswer): string =>
  `${data.keyTag} ${data.algorithm} ${data.digestType} ${data.digest.toString('hex').toUpperCase()}`
