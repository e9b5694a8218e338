import { failed, ok, type Result } from '../../preload/failure.ts'

/** dimail's own answers nest four levels; this is far beyond, and far below what overflows a stack. */
export const deepest = 64

/** A JSON text, strictly (RFC 8259): failures say whether it is empty, cut, a page or something else. */
export function parseJson(text: string): Result<unknown> {
  const start = text.trimStart()
  if (start === '') return failed('bad-response', 'empty', 'The answer has an empty body.')
  if (start.startsWith('<')) return failed('bad-response', 'html', 'A page came instead of data.')
  const { depth, open } = scan(start)
  if (depth > deepest) return failed('bad-response', 'shape', 'The data is nested too deeply.')
  const strict = parseStrictly(start)
  if (strict.ok || !open) return strict
  return failed('bad-response', 'truncated', 'The answer was cut before its end.')
}

/** A JSON text whose nesting is known to be sane: nothing before it, nothing after it, no guess at what else it is. */
export function parseStrictly(text: string): Result<unknown> {
  try {
    return ok(JSON.parse(text, suspicious.test(text) ? dropProto : undefined))
  } catch {
    return failed('bad-response', 'not-json', 'The answer is not JSON.')
  }
}

/** What an error body says, strictly first, then as the Python literal some versions send (docs/dimail.md 7.4). */
export function parseErrorBody(text: string): unknown {
  const strict = parseJson(text)
  if (strict.ok) return strict.value
  const repaired = parseJson(text.replaceAll("'", '"').replace(/\bNone\b/g, 'null'))
  return repaired.ok ? repaired.value : undefined
}

const suspicious = /__proto__|\\u005f/i
/** `JSON.parse` makes an own key of it, which a later merge would turn into a prototype. */
const dropProto = (key: string, value: unknown) => (key === '__proto__' ? undefined : value)

/** The deepest nesting, and whether a bracket or a string is still open at the end. */
function scan(text: string): { depth: number; open: boolean } {
  let level = 0
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) {
      at = endOfString(text, at)
      if (at === -1) return { depth, open: true }
    } else if (code === 0x5b || code === 0x7b) {
      level++
      if (level > depth) depth = level
    } else if (code === 0x5d || code === 0x7d) level--
  }
  return { depth, open: level > 0 }
}

/** The place of the quote that closes the string opened at `start`, or -1. */
function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1)
  while (at !== -1) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 0) return at
    at = text.indexOf('"', at + 1)
  }
  return -1
}
