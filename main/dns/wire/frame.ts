/** A record as it lies in a packet. */
export type Placed = {
  section: 'answers' | 'authority' | 'additional'
  type: number
  /** As it is on the wire: what dns-packet says of it leaves a bit out. */
  class: number
  at: number
}
export type Frame = { question: { type: number; class: number; at: number } | null; records: Placed[] }

export const headerLength = 12
const longestName = 255
/** More of it than any name has labels: a chain of pointers that lead to pointers is a bomb. */
const mostPointers = 127
/** What a server may answer at most; the longest that is known in use has some hundreds. */
const mostRecords = 2000

export const codeOfOpt = 41

/** What RDATA is made of, by type: `name`, `text` (one string) or a number of octets; `+`: at least so many more. */
const parts: Record<number, readonly (number | 'name' | 'mail' | 'text' | '+')[]> = {
  1: [4],
  2: ['name'],
  5: ['name'],
  6: ['name', 'mail', 20],
  15: [2, 'name'],
  28: [16],
  33: [6, 'name'],
  43: [4, '+'],
  257: [1, 'text', '+'],
}

/**
 * Where the question and the records of a packet lie, once it is certain that all of it can be read: names end, lead
 * only backwards and have at most 255 octets (RFC 1035 4.1.4), RDATA is as long as it says, and the packet ends where
 * its last record does. dns-packet follows any number of pointers, reads past the end of RDATA and believes the counts
 * of the header, so it is given only what this has found sound.
 */
export function frameOf(bytes: Buffer): Frame | 'malformed' | 'too-large' {
  const questions = bytes.readUInt16BE(4)
  if (questions > 1) return 'malformed'
  const question = questions === 0 ? null : questionAt(bytes)
  if (questions === 1 && question === null) return 'malformed'
  const records: Placed[] = []
  let at: number | null = question?.end ?? headerLength
  for (const [index, section] of (['answers', 'authority', 'additional'] as const).entries()) {
    for (let left = bytes.readUInt16BE(6 + 2 * index); left > 0; left--) {
      if (records.length === mostRecords) return 'too-large'
      const end: number | null = endOfRecord(bytes, at)
      const head = endOfName(bytes, at)
      if (end === null || head === null) return 'malformed'
      records.push({ section, type: bytes.readUInt16BE(head), class: bytes.readUInt16BE(head + 2), at })
      at = end
    }
  }
  const opts = records.filter(({ type }) => type === codeOfOpt)
  // RFC 6891 6.1.1: one at most, and among the additional records.
  if (opts.length > 1 || opts.some(({ section }) => section !== 'additional')) return 'malformed'
  return at === bytes.length ? { question, records } : 'malformed'
}

/** The question of a packet, which comes first; null when it cannot be read. */
export function questionAt(bytes: Buffer): { type: number; class: number; at: number; end: number } | null {
  const end = endOfName(bytes, headerLength)
  if (end === null || end + 4 > bytes.length) return null
  return { type: bytes.readUInt16BE(end), class: bytes.readUInt16BE(end + 2), at: headerLength, end: end + 4 }
}

function endOfRecord(bytes: Buffer, at: number): number | null {
  const head = endOfName(bytes, at)
  if (head === null || head + 10 > bytes.length) return null
  const from = head + 10
  const end = from + bytes.readUInt16BE(head + 8)
  if (end > bytes.length) return null
  return isSound(bytes, bytes.readUInt16BE(head), from, end) ? end : null
}

function isSound(bytes: Buffer, type: number, from: number, end: number): boolean {
  if (type === 16) return isStrings(bytes, from, end)
  if (type === codeOfOpt) return isOptions(bytes, from, end)
  let at: number | null = from
  for (const part of parts[type] ?? ['+']) {
    if (at === null || at > end) return false
    if (part === '+') return true
    if (typeof part === 'number') at += part
    else if (part === 'text') at += 1 + (bytes[at] ?? 0)
    else at = endOfName(bytes, at, part === 'mail')
  }
  return at === end
}

/** One string or more (RFC 1035 3.3.14). */
function isStrings(bytes: Buffer, from: number, end: number): boolean {
  let at = from
  while (at < end) at += 1 + bytes.readUInt8(at)
  return at === end && from < end
}

function isOptions(bytes: Buffer, from: number, end: number): boolean {
  let at = from
  while (at + 4 <= end) at += 4 + bytes.readUInt16BE(at + 2)
  return at === end
}

/**
 * Where a name ends, null when it is none. A dot within a label would be read as the end of the label, so only the
 * mail address of an SOA, where dns-packet keeps them apart, may have one.
 */
function endOfName(bytes: Buffer, from: number, dots = false): number | null {
  let at = from
  let before = from
  let length = 1
  let end: number | null = null
  for (let pointers = 0; pointers <= mostPointers; ) {
    const size = bytes[at]
    if (size === undefined) return null
    if (size === 0) return end ?? at + 1
    if (size >= 0xc0) {
      if (at + 2 > bytes.length) return null
      const target = bytes.readUInt16BE(at) & 0x3fff
      if (target >= before || target < headerLength) return null
      end ??= at + 2
      at = target
      before = target
      pointers++
      continue
    }
    length += size + 1
    const label = bytes.subarray(at + 1, at + 1 + size)
    if (size > 63 || length > longestName || label.length < size) return null
    if (!dots && label.includes(0x2e)) return null
    at += 1 + size
  }
  return null
}
