import { isIPv6 } from 'node:net'
import type { DnsRecord, Look, RecordType } from '../../../preload/dns-shapes.ts'
import { absolute } from '../zone/names.ts'
import { finding, type Judgement } from './finding.ts'
import type { Subject } from './subject.ts'
import { doubledName, isDoubled, judgeThere, listed } from './surroundings.ts'

/** Judges any other record by its value, folded as far as its type allows. */
export function judgeOther(subject: Subject): Judgement {
  return judgeThere(subject, (said) => judgeValues(subject, said))
}

/** Types of which one name may hold many that have nothing to do with each other. */
const shared: readonly RecordType[] = ['TXT', 'CAA', 'NS', 'SRV']

function judgeValues(subject: Subject, { records }: Look): Judgement {
  const { type, name, expected } = subject
  const wanted = folded(type, expected.value)
  const values = records.map((record) => ({ record, value: folded(type, presented(record)) }))
  const isThere = values.some(({ value }) => value === wanted)
  const allowed = new Set(subject.beside.map(({ value }) => folded(type, value)))
  const foreign = values.filter(({ value }) => !allowed.has(value)).map(({ record }) => record.value)
  const facts = { name, type, found: listed(foreign.toSorted()), expected: expected.value }
  if (isThere) {
    const isInTheWay = foreign.length > 0 && !shared.includes(type)
    return isInTheWay
      ? { verdict: 'conflicting', findings: [finding('warning', 'other-value', facts)] }
      : { verdict: 'correct', findings: [] }
  }
  const doubled = values.find(({ record }) => isDoubled(record.value, expected.value, subject))
  if (doubled !== undefined && type !== 'TXT') {
    const found = doubled.record.value
    return {
      verdict: 'incorrect',
      findings: [finding('blocking', 'value-doubled', { found, expected: expected.value })],
    }
  }
  const quoted =
    type === 'TXT' ? foreign.find((text) => text.replace(/^"(.*)"$/s, '$1') === expected.value) : undefined
  if (quoted !== undefined)
    return { verdict: 'incorrect', findings: [finding('blocking', 'quoted', { found: quoted })] }
  const rivals = foreign.filter((text) => !shared.includes(type) || isSameKind(text, expected.value))
  if (rivals.length === 0) return { verdict: 'missing', findings: doubledName(subject) }
  const told = finding('blocking', 'other-value', { ...facts, found: listed(rivals.toSorted()) })
  return { verdict: 'incorrect', findings: [told] }
}

/** Two texts `key=…` of one key: the second is an older value of the first, and no other business. */
function isSameKind(text: string, expected: string): boolean {
  const [key, ...rest] = expected.split('=')
  return rest.length > 0 && text.toLowerCase().startsWith(`${key?.toLowerCase()}=`)
}

const presented = ({ type, value, priority }: DnsRecord) => (type === 'MX' ? `${priority} ${value}` : value)

/** Case and final dots folded where they mean nothing: never in a text. */
function folded(type: RecordType, value: string): string {
  if (type === 'TXT') return value
  const text = value.trim().replace(/\s+/g, ' ')
  if (type === 'AAAA') return isIPv6(text) ? new URL(`http://[${text}]`).hostname : text.toLowerCase()
  if (type !== 'CAA') return absolute(text)
  // The value of a CAA has case (RFC 8659 4.1); its flags and tag have none.
  const [flags, tag, ...rest] = text.split(' ')
  return `${flags} ${tag?.toLowerCase()} ${rest.join(' ').replace(/^"(.*)"$/, '$1')}`
}
