import {
  AUTHENTIC_DATA,
  AUTHORITATIVE_ANSWER,
  CHECKING_DISABLED,
  type DecodedPacket,
  decode,
  encode,
  type OptAnswer,
  type Packet,
  type PacketOpt,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet'
import { type Question, type Reply, reply } from './authority.ts'

/** Who answers a question; null: nothing at all comes back. */
export type Answerer = {
  /** Whether it finds out for others (RA). */
  recursive: boolean
  answer(question: Question, how: { recursion: boolean; checkingDisabled: boolean }): Reply | null
}
type Rcode = Reply['rcode'] | 'FORMERR' | 'NOTIMP' | 'BADVERS'

const codes: Record<Rcode, number> = {
  ...{ NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 },
}
/** What one datagram holds, unless the other side says that it takes more (RFC 1035 4.2.1, RFC 6891 6.2.5). */
const plainSize = 512
const largestDatagram = 4096
const largestMessage = 65_535
const extendedError = 15

/** The answer to a message; null when none is due: to what is no question, or in silence. */
export function respond(message: Buffer, over: 'udp' | 'tcp', answerer: Answerer): Buffer | null {
  // A header has 12 octets; who answers answers would do so for ever.
  if (message.length < 12 || ((message[2] ?? 0) & 0x80) !== 0) return null
  const query = read(message)
  if (query === null) return refusal(message, codes.FORMERR)
  if ((((message[2] ?? 0) >> 3) & 0x0f) !== 0) return refusal(message, codes.NOTIMP)
  const [question, ...more] = query.questions ?? []
  if (question === undefined || more.length > 0) return refusal(message, codes.FORMERR)
  const edns = query.additionals?.find((record) => record.type === 'OPT')
  const flags = query.flags ?? 0
  const how = {
    recursion: (flags & RECURSION_DESIRED) !== 0,
    checkingDisabled: (flags & CHECKING_DISABLED) !== 0,
  }
  const isKnown = (edns?.ednsVersion ?? 0) === 0
  const said = isKnown ? answerOf(answerer, question, how) : reply('NOERROR')
  if (said === null) return null
  const rcode = isKnown ? codes[said.rcode] : codes.BADVERS
  const set =
    (rcode & 0x0f) |
    (said.authoritative ? AUTHORITATIVE_ANSWER : 0) |
    (said.validated ? AUTHENTIC_DATA : 0) |
    (answerer.recursive ? RECURSION_AVAILABLE : 0) |
    (flags & (RECURSION_DESIRED | CHECKING_DISABLED))
  const opt = edns === undefined ? [] : [optOf(rcode >> 4, said.extended)]
  const head: Packet = { type: 'response', id: query.id ?? 0, flags: set, questions: [question] }
  const { answers, authorities } = said
  const whole = encode({ ...head, answers, authorities, additionals: [...said.additionals, ...opt] })
  if (whole.length <= (over === 'tcp' ? largestMessage : roomFor(edns))) return whole
  if (over === 'tcp') return encode({ ...head, flags: set | codes.SERVFAIL, additionals: opt })
  return encode({ ...head, flags: set | TRUNCATED_RESPONSE, additionals: opt })
}

function answerOf(
  answerer: Answerer,
  question: NonNullable<Packet['questions']>[number],
  how: { recursion: boolean; checkingDisabled: boolean },
): Reply | null {
  const isTransfer = question.type === 'AXFR' || question.type === 'IXFR'
  if (isTransfer || (question.class ?? 'IN') !== 'IN') return reply('REFUSED')
  return answerer.answer({ name: question.name, type: question.type }, how)
}

function read(message: Buffer): DecodedPacket | null {
  try {
    return decode(message)
  } catch {
    return null
  }
}

/** Says no more than the id and the code: what was asked could not be read. */
function refusal(message: Buffer, code: number): Buffer {
  return encode({ type: 'response', id: message.readUInt16BE(0), flags: code })
}

const roomFor = (edns: OptAnswer | undefined): number =>
  edns === undefined ? plainSize : Math.min(largestDatagram, Math.max(plainSize, edns.udpPayloadSize))

function optOf(extendedRcode: number, extended: number | null): OptAnswer {
  const data = Buffer.alloc(2)
  data.writeUInt16BE(extended ?? 0)
  const options: unknown[] = extended === null ? [] : [{ code: extendedError, data }]
  return {
    ...{ name: '.', type: 'OPT', udpPayloadSize: 1232, extendedRcode, ednsVersion: 0 },
    ...{ flags: 0, flag_do: false, options: options.filter(isOption) },
  }
}

// The types of the library list no extended error; the library writes any code.
const isOption = (option: unknown): option is PacketOpt => option !== null
