import type { DnsRecord } from '../../preload/dns-shapes.ts'
import { isNamed, stringsOf } from './propose/wanted.ts'
import { escapeOf } from './wire/text.ts'
import { isWithin, relativeTo } from './zone/names.ts'

/** A record of a file: one of DNS, or of a type that the console does not know. */
export type Line = {
  act: 'add' | 'change' | 'delete'
  record: Omit<DnsRecord, 'type'> & { type: string }
  /** What it takes the place of. */
  before: DnsRecord | null
}

/** Seconds, where nothing is published yet: long enough for a cache, short enough to correct an error. */
const customaryTtl = 3600

/**
 * The lines of a zone file (RFC 1035 5.1) for `$ORIGIN zone.`: owners relative to it, hosts full with their final dot,
 * texts quoted in strings of at most 255 octets. What is to be deleted, and what a change takes the place of, stands
 * in comments, and so does what the console cannot write with certainty.
 */
export function zoneFile(zone: string, lines: readonly Line[]): string {
  const head = [`$ORIGIN ${nameIn(zone)}.`, `$TTL ${customaryTtl}`]
  return [...head, ...lines.flatMap((line) => linesOf(zone, line)), ''].join('\n')
}

function linesOf(zone: string, { act, record, before }: Line): string[] {
  const written = lineOf(zone, record)
  if (act === 'delete') return [`; delete: ${written.text}`]
  if (!written.sure) return [`; ${act}: ${written.text}`]
  return act === 'change' && before !== null
    ? [`; instead of: ${lineOf(zone, before).text}`, written.text]
    : [written.text]
}

function lineOf(zone: string, record: Line['record']): { text: string; sure: boolean } {
  const { name, type, ttl, priority } = record
  const owner = isWithin(name, zone) ? ownerIn(name, zone) : `${nameIn(name)}.`
  const { text, sure } = dataOf(record)
  const data = priority === null ? text : `${priority} ${text}`
  return { text: `${owner}\t${ttl ?? customaryTtl}\tIN\t${quietly(type)}\t${data}`, sure }
}

const ownerIn = (name: string, zone: string): string => {
  const relative = relativeTo(name, zone)
  return relative === '@' ? relative : nameIn(relative)
}

/** Types whose presentation form is plain, and is published as it was given. */
const plainTypes = ['A', 'AAAA', 'CAA', 'DS', 'SOA', 'SRV']

function dataOf({ type, value, strings }: Line['record']): { text: string; sure: boolean } {
  if (type === 'TXT') {
    const fits = strings?.every((one) => stringsOf(one).length === 1) ?? false
    const split = fits && strings !== null && strings.length > 0 ? strings : stringsOf(value)
    return { text: split.map((one) => `"${quoted(one)}"`).join(' '), sure: true }
  }
  if (isNamed(type)) return { text: `${nameIn(value)}.`, sure: true }
  // A line break would begin a record of the value's own choosing.
  return { text: quietly(value), sure: plainTypes.includes(type) && quietly(value) === value }
}

/** Everything but printable ASCII, as the decimal of each of its octets. */
const quietly = (text: string): string => text.replace(/[^\x20-\x7e]/gu, decimals)

/** Octets that are no text are written so already (`textOf` of ./wire/text.ts). */
const octet = /\\(?:[01]\d\d|2[0-4]\d|25[0-5])/
const special = new RegExp(`${octet.source}|["\\\\]`, 'g')
const unnamed = new RegExp(`${octet.source}|[^A-Za-z0-9._*/-]`, 'gu')

const quoted = (text: string): string =>
  quietly(text.replace(special, (found) => (octet.test(found) ? found : `\\${found}`)))

/** A name with what a zone file would understand otherwise kept as text. */
const nameIn = (name: string): string =>
  name.replace(unnamed, (found) => (octet.test(found) ? found : decimals(found)))

/** The octets of a character as RFC 1035 5.1 writes what cannot be seen. */
export const decimals = (character: string): string => [...Buffer.from(character)].map(escapeOf).join('')
