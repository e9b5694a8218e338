import type * as packet from 'dns-packet'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Query } from '../../main/dns/wire/packet.ts'
import { readReply } from '../../main/dns/wire/packet.ts'
import {
  answerOf,
  firstRecord,
  labels,
  pointer,
  queryOf,
  rawAnswer,
  rawRecord,
  toQuestion,
} from './dns-packet.ts'

const record = (type: number, data: Buffer | number[], more: { name?: Buffer; length?: number } = {}) =>
  rawRecord({ type, data: Buffer.from(data), ...more })
const only =
  (type: number, data: Buffer | number[], more: { name?: Buffer; length?: number } = {}) =>
  (query: Query) =>
    rawAnswer(query, [record(type, data, more)])
const good = record(16, [1, 97])
const long = Array.from({ length: 4 }, () => 'x'.repeat(63))

test.each<[string, (query: Query) => Buffer]>([
  ['a pointer to itself', (query) => only(16, [1, 97], { name: pointer(firstRecord(query)) })(query)],
  ['a pointer forwards', (query) => only(16, [1, 97], { name: pointer(firstRecord(query) + 4) })(query)],
  ['a pointer into the header', only(16, [1, 97], { name: pointer(2) })],
  ['a pointer that is cut', (query) => rawAnswer(query, [], { after: Buffer.of(0xc0), counts: [1, 0, 0] })],
  ['two pointers in a loop', (query) => only(5, [1, 97, ...pointer(firstRecord(query) + 12)])(query)],
  ['a name of 256 octets', only(16, [1, 97], { name: labels(...long) })],
  [
    'a name of 256 octets through a pointer',
    only(5, Buffer.concat([labels(...long.slice(1), 'y'.repeat(50)).subarray(0, -1), toQuestion])),
  ],
  ['a label of an unknown kind', only(16, [1, 97], { name: Buffer.of(0x41, 97, 0) })],
  ['a name past the end', only(16, [1, 97], { name: Buffer.of(63, 97) })],
  ['more records than it has', (query) => rawAnswer(query, [good], { counts: [2, 0, 0] })],
  ['65,535 records of each kind', (query) => rawAnswer(query, [good], { counts: [65_535, 65_535, 65_535] })],
  ['fewer records than it has', (query) => rawAnswer(query, [good, good], { counts: [1, 0, 0] })],
  ['octets after its end', (query) => rawAnswer(query, [good], { after: Buffer.of(0) })],
  ['a record without its RDATA', (query) => rawAnswer(query, [good.subarray(0, -2)])],
  ['half a record', (query) => rawAnswer(query, [good.subarray(0, 7)])],
  ['RDATA longer than the packet', only(16, [1, 97], { length: 3 })],
  ['RDATA of 65,535 octets that are not there', only(16, [1, 97], { length: 65_535 })],
  ['a TXT without a string', only(16, [])],
  ['a TXT whose string is longer than itself', only(16, [5, 97])],
  ['an A of three octets', only(1, [192, 0, 2])],
  ['an A of five octets', only(1, [192, 0, 2, 1, 1])],
  ['an AAAA of four octets', only(28, [192, 0, 2, 1])],
  ['an MX of one octet', only(15, [0])],
  ['an MX without a host', only(15, [0, 10])],
  ['an MX with more after its host', only(15, [0, 10, 0, 0])],
  ['a CNAME that ends in the next record', (query) => rawAnswer(query, [record(5, [3, 97]), good])],
  ['an SOA without its numbers', only(6, [0, 0])],
  ['an SOA with one number too few', only(6, Buffer.alloc(18))],
  ['an SRV without a host', only(33, Buffer.alloc(6))],
  ['a CAA whose name is longer than itself', only(257, [0, 9, 97])],
  ['an empty CAA', only(257, [])],
  ['a DS of three octets', only(43, [0, 5, 13])],
  ['an OPT among its answers', only(41, [], { name: Buffer.of(0) })],
  ['two OPT', (query) => rawAnswer(query, [record(41, []), record(41, [])], { counts: [0, 0, 2] })],
  [
    'an OPT whose option is longer than itself',
    (query) => rawAnswer(query, [record(41, [0, 15, 0, 9, 1])], { counts: [0, 0, 1] }),
  ],
  [
    'a client subnet of one octet at the end',
    (query) => rawAnswer(query, [record(41, [0, 8, 0, 1, 0])], { counts: [0, 0, 1] }),
  ],
])('field 2.1: an answer with %s cannot be read, and is not taken for an empty one', (_what, bytes) => {
  const query = queryOf()
  expect(readReply(bytes(query), query)).toEqual({ kind: 'malformed' })
})

test('field 3.1: more than 2,000 records are too many, and 2,000 are read', () => {
  const query = queryOf()
  const records = (many: number) =>
    rawAnswer(
      query,
      Array.from({ length: many }, () => good),
    )
  expect(readReply(records(2001), query)).toEqual({ kind: 'too-large' })
  expect(readReply(records(2000), query)).toMatchObject({ kind: 'reply' })
})

test('field 3.1: a compression bomb of 64 KB takes no more time than any other answer', () => {
  const query = queryOf({ type: 'CNAME' })
  const from = firstRecord(query)
  // One record whose RDATA nobody reads, full of pointers each to the one before; the others begin at its last.
  const chain = Array.from({ length: 8000 }, (_, index) =>
    pointer(index === 0 ? 12 : from + 12 + 2 * (index - 1)),
  )
  const last = pointer(from + 12 + 2 * 7999)
  const bomb = [
    record(10, Buffer.concat(chain)),
    ...Array.from({ length: 1900 }, () => record(5, last, { name: last })),
  ]
  const begun = performance.now()
  expect(readReply(rawAnswer(query, bomb), query)).toEqual({ kind: 'malformed' })
  expect(performance.now() - begun).toBeLessThan(500)
})

test('field 3.1: the longest names that are no bomb, 4,000 of them by pointers, are read in time', () => {
  const query = queryOf({ name: `${'a.'.repeat(118)}town.example`, type: 'CNAME' })
  const bomb = Array.from({ length: 2000 }, () => record(5, toQuestion))
  const begun = performance.now()
  expect(readReply(rawAnswer(query, bomb), query)).toMatchObject({ kind: 'reply' })
  expect(performance.now() - begun).toBeLessThan(2000)
})

const kinds = ['reply', 'other', 'cut', 'malformed', 'too-large']

test('field 3.1: whatever octets follow the right id and question, reading ends without an error', () => {
  const query = queryOf()
  const head = answerOf(query, {}).subarray(12)
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 600 }),
      fc.uint8Array({ minLength: 10, maxLength: 10 }),
      (octets, header) => {
        header.set([0, 1], 2)
        const id = Buffer.alloc(2)
        id.writeUInt16BE(query.id)
        const bytes = Buffer.concat([id, Buffer.from(header), head, Buffer.from(octets)])
        bytes.writeUInt8(bytes.readUInt8(2) | 0x80, 2)
        expect(kinds).toContain(readReply(bytes, query).kind)
        expect(kinds).toContain(readReply(Buffer.from(octets), query).kind)
      },
    ),
    { numRuns: 1000 },
  )
})

const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/)
const hostName = fc.array(label, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('.'))
const drawn = (answer: packet.Answer, value: string, priority: number | null = null) => ({
  answer,
  read: { type: answer.type, value, priority },
})
const data = fc.oneof(
  fc.ipV4().map((one) => drawn({ name: '', type: 'A', data: one }, one)),
  hostName.map((one) => drawn({ name: '', type: 'NS', data: one }, one)),
  hostName.map((one) => drawn({ name: '', type: 'CNAME', data: one }, one)),
  fc
    .tuple(fc.nat(65_535), hostName)
    .map(([preference, exchange]) =>
      drawn({ name: '', type: 'MX', data: { preference, exchange } }, exchange, preference),
    ),
  fc
    .array(fc.stringMatching(/^[ -[\]-~]{0,255}$/), { minLength: 1, maxLength: 4 })
    .map((strings) => drawn({ name: '', type: 'TXT', data: [...strings] }, strings.join(''))),
)
type Drawn = readonly [ReturnType<typeof drawn>, number]
const published = fc.array(fc.tuple(data, fc.nat(0x7fff_ffff)), { maxLength: 12 })

const encodable = (name: string, records: readonly Drawn[]): packet.Answer[] =>
  records.map(([{ answer }, ttl]) => ({ ...answer, name, ttl }))

test('field 3.1: what is encoded is read back', () => {
  fc.assert(
    fc.property(hostName, published, (name, records) => {
      const query = queryOf({ name })
      const read = readReply(answerOf(query, { answers: encodable(name, records) }), query)
      const expected = records.map(([{ read: each }, ttl]) => ({ ...each, name, ttl }))
      expect(read).toMatchObject({ kind: 'reply', answers: expected })
    }),
    { numRuns: 1000 },
  )
})

test('field 3.1: an answer with any of its octets changed, cut or doubled is read without an error', () => {
  const change = fc.tuple(fc.nat(), fc.nat(255))
  fc.assert(
    fc.property(
      published,
      fc.array(change, { minLength: 1, maxLength: 8 }),
      fc.nat(),
      (records, changes, end) => {
        const query = queryOf()
        const bytes = Buffer.from(answerOf(query, { answers: encodable('town.example', records) }))
        for (const [at, octet] of changes) bytes.writeUInt8(octet, 2 + (at % (bytes.length - 2)))
        const cut = bytes.subarray(0, end % (bytes.length + 1))
        for (const one of [bytes, cut, Buffer.concat([bytes, bytes])]) {
          expect(kinds).toContain(readReply(one, query).kind)
        }
      },
    ),
    { numRuns: 1000 },
  )
})
