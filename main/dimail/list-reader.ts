import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import { keepUpTo, type Sink } from '../http/body.ts'
import { deepest, parseStrictly } from '../http/json.ts'
import { charsetOf, notOfCharset } from '../http/text.ts'
import { type Answer, bodyLimits } from '../http/wire.ts'
import { failureOfFault } from './failures.ts'
import { createRowScanner } from './row-scanner.ts'
import type { Rows } from './rows.ts'

/** One list at most: its decoded bytes, its rows, and the characters of one row (docs/decisions/lists.md). */
export const listLimits = { bytes: 250_000_000, rows: 1_000_000, row: 64_000 }

/** Reads one answer's list as it comes. */
export type ListReader<T> = {
  /** Where the body goes, once its headers are there. */
  into(contentType: string | undefined): Sink
  /** What the whole body came to; null when it is no list, and then the answer holds its bytes. */
  close(answer: Answer): Result<T> | null
}

/** Milliseconds of work after which everybody else has a turn. */
const turnMs = 2
const tooLarge = failed('bad-response', 'too-large', 'The list is larger than any that dimail sends.')

/**
 * Reads a JSON array row by row while it comes: memory holds one row and what `rows` keeps. What does not begin with
 * a bracket is kept whole, within the limit of other answers, so that it is told as theirs are.
 */
export function createListReader<T>(rows: Rows<T>): ListReader<T> {
  const whole = keepUpTo(bodyLimits.good)
  const scanner = createRowScanner(listLimits.row, deepest)
  let body: 'unknown' | 'list' | 'other' = 'unknown'
  let decoder: TextDecoder | null = null
  let charset = ''
  let failure: Failure | null = null
  let size = 0
  let count = 0
  let turn = performance.now()

  /** False, and the reason in `failure`, when the list is not to be read any further. */
  function refuse(why: { failure: Failure }): false {
    failure ??= why.failure
    return false
  }

  function decode(piece: Uint8Array | undefined): string | null {
    try {
      return decoder?.decode(piece, { stream: piece !== undefined }) ?? ''
    } catch {
      return null
    }
  }

  /** The text of the list from its bracket on; null when what came so far holds none. */
  function begin(piece: Buffer, contentType: string | undefined): string | null {
    let bytes = piece
    if (decoder === null) {
      bytes = whole.bytes()
      // A byte order mark has up to three.
      if (bytes.length < 3) return null
      charset = charsetOf(bytes, contentType)
      try {
        decoder = new TextDecoder(charset, { fatal: true })
      } catch {
        body = 'other'
        return null
      }
    }
    const text = decode(bytes)?.trimStart()
    if (text === '') return null
    body = text?.startsWith('[') ? 'list' : 'other'
    return body === 'list' && text !== undefined ? text : null
  }

  async function eat(text: string | null): Promise<boolean> {
    if (text === null) return refuse(notOfCharset(charset))
    for (const row of scanner.rows(text)) {
      const parsed = parseStrictly(row)
      if (!parsed.ok) return refuse(parsed)
      if (++count > listLimits.rows) return refuse(tooLarge)
      rows.add(parsed.value, row)
      if (isLong()) await others()
    }
    if (isLong()) await others()
    const fault = scanner.fault()
    if (fault === null) return true
    if (fault === 'too-large') return refuse(tooLarge)
    return refuse(failed('bad-response', fault, 'The answer is not a list of dimail.'))
  }

  const isLong = () => performance.now() - turn >= turnMs
  async function others(): Promise<void> {
    await nextTurn()
    turn = performance.now()
  }

  return {
    into: (contentType) => ({
      async take(piece) {
        size += piece.length
        if (body === 'list') return size > listLimits.bytes ? refuse(tooLarge) : eat(decode(piece))
        if (!whole.take(piece)) return false
        if (body === 'other') return true
        const text = begin(piece, contentType)
        return text === null || eat(text)
      },
      bytes: () => (body === 'list' ? Buffer.alloc(0) : whole.bytes()),
    }),
    close(answer) {
      if (failure !== null) return { ok: false, failure }
      if (body !== 'list') return null
      if (answer.fault !== null) return { ok: false, failure: failureOfFault(answer) }
      if (scanner.closed()) return decode(undefined) === null ? notOfCharset(charset) : ok(rows.end())
      const details = { status: answer.status }
      return failed('bad-response', 'truncated', 'The answer was cut before its end.', details)
    },
  }
}

/** The reading of a body that did not look like a list as it came: of a list, only `[]` is so short. */
export const shortList =
  <T>(rows: Rows<T>) =>
  (value: unknown): Result<T> =>
    Array.isArray(value) && value.length === 0
      ? ok(rows.end())
      : failed('bad-response', 'shape', 'A list was expected from dimail.', { place: '' })
