import { randomInt } from 'node:crypto'
import * as packet from 'dns-packet'
import type { DnsRecord } from '../../../preload/dns-shapes.ts'
import { absolute } from '../zone/names.ts'
import type { Question } from '../zone/view.ts'
import type { AskOptions, DnsReply } from './ask.ts'
import { codeOfOpt, type Frame, frameOf, headerLength, questionAt } from './frame.ts'
import { nameOf, recordOf } from './record.ts'

/** The datagram that no network has to split (RFC 9715, and DNS flag day 2020). */
const datagram = 1232

const typeCodes: Record<Question['type'], number> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DS: 43,
  CAA: 257,
}
const readable = new Set(Object.values(typeCodes))
const classIn = 1
/** Extended errors (RFC 8914 2). */
const extendedError = 15

/** By number (RFC 1035 4.1.1, RFC 2136 2.2, RFC 6891 9). */
const codes: Record<number, string> = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
  6: 'YXDOMAIN',
  7: 'YXRRSET',
  8: 'NXRRSET',
  9: 'NOTAUTH',
  10: 'NOTZONE',
  16: 'BADVERS',
}

/** What is sent, and what a reply has to fit. */
export type Query = { id: number; question: Question; bytes: Buffer }

/**
 * What a packet is to a query. `other`: no answer to it (another id, question or class, or no answer at all), to be
 * ignored; `cut`: TC, to be asked for over TCP; `malformed`, `too-large`: an answer that cannot be read.
 */
export type Read = { kind: 'other' } | { kind: 'cut' } | { kind: 'malformed' } | { kind: 'too-large' } | Reply
export type Reply = Omit<DnsReply, 'over' | 'tookMs'>

/** Whether a name, as `absolute` of ../zone/names.ts writes it, can be asked for: labels of 63 octets, 255 in all. */
export const isAskable = (name: string): boolean =>
  name === '' || (name.length <= 253 && name.split('.').every((label) => /^[!-[\]-~]{1,63}$/.test(label)))

/** @throws when the name is not `isAskable`. */
export function encodeQuery(
  question: Question,
  { recursion = false, checkingDisabled = false }: Omit<AskOptions, 'signal'>,
  edns: boolean,
): Query {
  const { name, type } = question
  if (!isAskable(name)) throw new Error(`${name} is no name to ask for`)
  const id = randomInt(0x10000)
  // AD in a question asks the resolver to tell whether it has validated (RFC 6840 5.7).
  const asked = recursion ? packet.RECURSION_DESIRED | packet.AUTHENTIC_DATA : 0
  const bytes = packet.encode({
    type: 'query',
    id,
    flags: asked | (checkingDisabled ? packet.CHECKING_DISABLED : 0),
    questions: [{ name: name === '' ? '.' : name, type }],
    additionals: edns ? [optOf(type === 'DS')] : [],
  })
  return { id, question, bytes }
}

const optOf = (dnssecOk: boolean): packet.Answer => ({
  name: '.',
  type: 'OPT',
  udpPayloadSize: datagram,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: dnssecOk ? packet.DNSSEC_OK : 0,
  flag_do: dnssecOk,
  options: [],
})

/** Reads what came back: never throws, and takes no longer than its length allows (docs/faults.md 11). */
export function readReply(bytes: Buffer, query: Query): Read {
  if (bytes.length < headerLength || bytes.readUInt16BE(0) !== query.id) return { kind: 'other' }
  const flags = bytes.readUInt16BE(2)
  const isResponse = flags >> 15 === 1 && ((flags >> 11) & 15) === 0
  if (!isResponse) return { kind: 'other' }
  const fits = fitsQuestion(bytes, query.question, flags & 15)
  if (fits !== 'fits') return { kind: fits }
  // What is cut may end anywhere: nothing of it is read.
  if ((flags & packet.TRUNCATED_RESPONSE) !== 0) return { kind: 'cut' }
  const frame = frameOf(bytes)
  if (typeof frame === 'string') return { kind: frame }
  try {
    return replyOf(bytes, frame, query.question, flags)
  } catch {
    return { kind: 'malformed' }
  }
}

function fitsQuestion(
  bytes: Buffer,
  { name, type }: Question,
  rcode: number,
): 'fits' | 'other' | 'malformed' {
  // Servers that do not understand a question may leave it out of what they say about it.
  if (bytes.readUInt16BE(4) === 0) return rcode === 1 || rcode === 4 ? 'fits' : 'other'
  const question = questionAt(bytes)
  if (question === null) return 'malformed'
  const fits =
    question.class === classIn &&
    question.type === typeCodes[type] &&
    nameOf(packet.name.decode(bytes, question.at)) === absolute(name)
  return fits ? 'fits' : 'other'
}

function replyOf(bytes: Buffer, frame: Frame, question: Question, flags: number): Read {
  const sections: Record<'answers' | 'authority' | 'additional', DnsRecord[]> = {
    answers: [],
    authority: [],
    additional: [],
  }
  for (const { section, type, class: klass, at } of frame.records) {
    if (klass !== classIn || !readable.has(type)) continue
    const record = recordOf(packet.answer.decode(bytes, at))
    if (record !== null) sections[section].push(record)
  }
  const opt = optIn(bytes, frame)
  const code = (flags & 15) | ((opt?.extendedRcode ?? 0) << 4)
  return {
    kind: 'reply',
    rcode: codes[code] ?? `RCODE_${code}`,
    authoritative: (flags & packet.AUTHORITATIVE_ANSWER) !== 0,
    validated: (flags & packet.AUTHENTIC_DATA) !== 0,
    ...sections,
    answers: belonging(sections.answers, question.name),
    extended: extendedOf(opt),
  }
}

function optIn(bytes: Buffer, { records }: Frame): packet.OptAnswer | null {
  const place = records.find(({ type }) => type === codeOfOpt)
  if (place === undefined) return null
  const opt = packet.answer.decode(bytes, place.at)
  return opt.type === 'OPT' ? opt : null
}

function extendedOf(opt: packet.OptAnswer | null): number[] {
  const options: readonly { code: number; data?: Buffer | undefined }[] = opt?.options ?? []
  return options.flatMap(({ code, data }) =>
    code === extendedError && data !== undefined && data.length >= 2 ? [data.readUInt16BE(0)] : [],
  )
}

/** Those of the name asked for, and of the names that its CNAMEs lead to, in whatever order they come. */
function belonging(answers: readonly DnsRecord[], name: string): DnsRecord[] {
  const targets = new Map<string, string[]>()
  for (const { name: from, type, value } of answers) {
    if (type === 'CNAME') targets.set(from, [...(targets.get(from) ?? []), value])
  }
  const names = new Set([absolute(name)])
  // A set grows while it is walked, and holds each name once: a loop ends.
  for (const one of names) for (const target of targets.get(one) ?? []) names.add(target)
  return answers.filter((record) => names.has(record.name))
}
