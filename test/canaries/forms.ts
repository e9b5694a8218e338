/** Shorter ones would be found by chance: in a word, in a number. */
export const shortest = 12

/**
 * The forms in which a text may be written, each as bytes (docs/faults.md 70): as it is, base64 wherever it begins in
 * what is encoded, base64url, URL-encoded, hexadecimal, escaped as JSON once and twice and as HTML, in lower case as an
 * index of words keeps it, UTF-16.
 */
export function formsOf(secret: string): Map<string, Buffer> {
  const bytes = Buffer.from(secret)
  const forms = new Map<string, Buffer>()
  const add = (form: string, text: string | Buffer) => void forms.set(form, Buffer.from(text))
  const json = inJson(secret)
  add('as it is', secret)
  add('in lower case', secret.toLowerCase())
  for (const offset of [0, 1, 2]) {
    const encoded = inBase64(bytes, offset)
    add(`base64 at ${offset}`, encoded)
    add(`base64url at ${offset}`, encoded.replaceAll('+', '-').replaceAll('/', '_'))
  }
  add('URL-encoded', encodeURIComponent(secret))
  add('URL-encoded in lower case', inLowerCase(encodeURIComponent(secret)))
  add('as a form', new URLSearchParams({ '': secret }).toString().slice(1))
  add('hexadecimal', bytes.toString('hex'))
  add('hexadecimal in capitals', bytes.toString('hex').toUpperCase())
  add('in JSON', json)
  add('in JSON in JSON', inJson(json))
  add(
    'in ASCII JSON',
    json.replace(/[^ -~]/g, (letter) => `\\u${hex4(letter)}`),
  )
  add('in HTML', secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
  add('UTF-16 LE', Buffer.from(secret, 'utf16le'))
  add('UTF-16 BE', Buffer.from(secret, 'utf16le').swap16())
  return forms
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1)
const hex4 = (letter: string) => letter.charCodeAt(0).toString(16).padStart(4, '0')
const inLowerCase = (encoded: string) => encoded.replace(/%../g, (escaped) => escaped.toLowerCase())

/** What base64 has of these bytes alone, whatever stands before and after, when they begin `offset` bytes into a group. */
function inBase64(bytes: Buffer, offset: number): string {
  const from = Math.ceil((offset * 8) / 6)
  const to = Math.floor(((offset + bytes.length) * 8) / 6)
  return Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .slice(from, to)
}
