import { isUtf8 } from 'node:buffer'

/** The control characters: UTF-8 has a place for them, and they are no text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const unseen = /[\x00-\x1f\x7f-\x9f]/
/** Written as it is, this backslash would be read as the beginning of an octet. */
const ambiguous = /\\(?=\d{3})/

/** An octet as RFC 1035 5.1 writes what is no text. */
export const escapeOf = (byte: number): string => `\\${String(byte).padStart(3, '0')}`

/**
 * Octets from outside as text: what is no UTF-8, and control characters, as `\DDD` (RFC 1035 5.1). A backslash stays
 * one unless three digits follow it, so that every `\DDD` of the text means an octet, and `bytesOf` gives back exactly
 * what was received.
 */
export function textOf(bytes: Buffer): string {
  if (isUtf8(bytes)) {
    const text = bytes.toString('utf8')
    if (!unseen.test(text) && !ambiguous.test(text)) return text
  }
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = lengthAt(bytes, at)
    const piece = bytes.subarray(at, at + length)
    const letter = piece.toString('utf8')
    const isText = isUtf8(piece) && !unseen.test(letter)
    const isSafe = letter !== '\\' || !ambiguous.test(bytes.toString('latin1', at, at + 4))
    text += isText && isSafe ? letter : [...piece].map(escapeOf).join('')
    at += piece.length
  }
  return text
}

/** The octets that such a text stands for. */
export function bytesOf(text: string): Buffer {
  const parts = text.split(/(\\(?:[01]\d\d|2[0-4]\d|25[0-5]))/)
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.of(Number(part.slice(1))) : Buffer.from(part))),
  )
}

/** How many octets the character here takes; 1 where there is none. */
function lengthAt(bytes: Buffer, at: number): number {
  const first = bytes.readUInt8(at)
  const wanted = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
  return isUtf8(bytes.subarray(at, at + wanted)) ? wanted : 1
}
