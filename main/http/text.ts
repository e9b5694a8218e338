import { parse } from 'content-type'
import { failed, ok, type Result } from '../../preload/failure.ts'

/**
 * The text of a body, in the charset that its own Content-Type declares and UTF-8 otherwise (RFC 8259 8.1).
 * Bytes that are not of that charset fail: a replacement character would look like data.
 */
export function decodeText(bytes: Uint8Array, contentType: string | undefined): Result<string> {
  const charset = charsetOf(bytes, contentType)
  try {
    return ok(new TextDecoder(charset, { fatal: true }).decode(bytes))
  } catch {
    return notOfCharset(charset)
  }
}

/** The charset of a body from its first three bytes and its Content-Type. */
export const charsetOf = (bytes: Uint8Array, contentType: string | undefined): string =>
  markOf(bytes) ?? parse(contentType ?? '').parameters.charset ?? 'utf-8'

export function notOfCharset(charset: string) {
  const details = { charset: charset.slice(0, 40) }
  return failed('bad-response', 'charset', 'The answer is not text in the charset it declares.', details)
}

/** A byte order mark wins over the header, as in the WHATWG Encoding standard, section 6. */
function markOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return null
}
