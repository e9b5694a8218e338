import * as packet from 'dns-packet'
import { encodeQuery, type Query, type Read, readReply } from '../../main/dns/wire/packet.ts'
import type { Question } from '../../main/dns/zone/view.ts'

export const queryOf = (question: Partial<Question> = {}): Query =>
  encodeQuery({ name: 'town.example', type: 'TXT', ...question }, {}, true)

/** The bytes of an answer to this query. */
export const answerOf = (
  { id, question: { name, type } }: Query,
  sections: Pick<packet.Packet, 'answers' | 'authorities' | 'additionals'>,
): Buffer =>
  packet.encode({
    type: 'response',
    id,
    flags: packet.AUTHORITATIVE_ANSWER,
    questions: [{ name: name === '' ? '.' : name, type }],
    ...sections,
  })

/** What is read of these records in an answer. */
export function readAnswers(answers: packet.Answer[], question: Partial<Question> = {}): Read {
  const query = queryOf(question)
  return readReply(answerOf(query, { answers }), query)
}

export type RawRecord = {
  name?: Buffer
  type: number
  class?: number
  ttl?: number
  length?: number
  data: Buffer
}

/** A pointer to the name of the question, which is the first of every packet here. */
export const toQuestion = Buffer.from([0xc0, 12])

export const pointer = (to: number): Buffer => Buffer.from([0xc0 | (to >> 8), to & 255])

/** Labels and the root after them, however wrong. */
export const labels = (...all: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat([...all.map((one) => Buffer.concat([Buffer.of(one.length), Buffer.from(one)])), Buffer.of(0)])

export function rawRecord({ name = toQuestion, type, class: klass = 1, ttl = 300, length, data }: RawRecord) {
  const fixed = Buffer.alloc(10)
  fixed.writeUInt16BE(type, 0)
  fixed.writeUInt16BE(klass, 2)
  fixed.writeUInt32BE(ttl, 4)
  fixed.writeUInt16BE(length ?? data.length, 8)
  return Buffer.concat([name, fixed, data])
}

/** An answer with such records, in bytes of the test's own; `counts` when the header is to lie. */
export function rawAnswer(
  query: Query,
  records: readonly Buffer[],
  { after = Buffer.alloc(0), counts = [records.length, 0, 0] }: { after?: Buffer; counts?: number[] } = {},
): Buffer {
  const head = Buffer.from(answerOf(query, {}))
  for (const [index, count] of counts.entries()) head.writeUInt16BE(count, 6 + 2 * index)
  return Buffer.concat([head, ...records, after])
}

/** Where the first record begins. */
export const firstRecord = (query: Query): number => answerOf(query, {}).length
