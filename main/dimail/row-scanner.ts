/** Why a text is no list: a row over its limit, nested too deeply, or not JSON. */
export type ScanFault = 'too-large' | 'shape' | 'not-json'

export type RowScanner = {
  /** The rows that end in this piece of the text, each whole and not yet parsed. */
  rows(piece: string): Generator<string, void>
  /** What is wrong so far; nothing is cut out after it. */
  fault(): ScanFault | null
  /** Whether the list has ended. */
  closed(): boolean
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const opens = (code: number) => code === 0x5b || code === 0x7b
const closes = (code: number) => code === 0x5d || code === 0x7d
const closesList = (code: number) => code === 0x5d
const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

/**
 * Cuts the rows out of the text of a JSON array (RFC 8259 5), which begins with its bracket and comes in any pieces.
 * It knows strings, escapes and depth, no more: whether a row is JSON is for its parser to say. `rowLimit` counts
 * UTF-16 units, `deepest` the nesting of the array and its rows together.
 */
export function createRowScanner(rowLimit: number, deepest: number): RowScanner {
  let place: 'opening' | 'first' | 'next' | 'row' | 'between' | 'closed' = 'opening'
  let inString = false
  let escaped = false
  let level = 0
  let held = ''
  let fault: ScanFault | null = null

  /** The place after a character outside rows; null when no list has it there. */
  function after(code: number): typeof place | null {
    if (place === 'opening') return code === 0x5b ? 'first' : null
    if (place === 'first' && closesList(code)) return 'closed'
    if (place === 'first' || place === 'next') return code === comma || closes(code) ? null : 'row'
    if (place === 'closed') return null
    if (code === comma) return 'next'
    return closesList(code) ? 'closed' : null
  }

  /** Where the row that is open, and goes on at `start`, ends in `piece`; -1 when it does not. */
  function endOfRow(piece: string, start: number): number {
    for (let at = start; at < piece.length; at++) {
      const code = piece.charCodeAt(at)
      if (inString) {
        if (escaped) escaped = false
        else if (code === backslash) escaped = true
        else if (code === quote) {
          inString = false
          if (level === 0) return at + 1
        }
      } else if (code === quote) inString = true
      else if (opens(code)) {
        level++
        // The list itself is a level too.
        if (level >= deepest) fault = 'shape'
        if (fault !== null) return -1
      } else if (level > 0) {
        if (closes(code) && --level === 0) return at + 1
      } else if (code === comma || closesList(code) || isSpace(code)) return at
    }
    return -1
  }

  function* rows(piece: string): Generator<string, void> {
    let at = 0
    while (fault === null && at < piece.length) {
      if (place === 'row') {
        const end = endOfRow(piece, at)
        if (fault !== null) return
        held += piece.slice(at, end === -1 ? piece.length : end)
        if (held.length > rowLimit) {
          fault = 'too-large'
          return
        }
        if (end === -1) return
        const row = held
        held = ''
        place = 'between'
        at = end
        yield row
      } else {
        const code = piece.charCodeAt(at)
        if (!isSpace(code)) {
          const next = after(code)
          if (next === null) fault = 'not-json'
          else place = next
          // The character that begins a row belongs to it.
          if (next === 'row') continue
        }
        at++
      }
    }
  }

  return { rows, fault: () => fault, closed: () => place === 'closed' }
}
