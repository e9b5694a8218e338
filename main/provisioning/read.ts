import { basename } from 'node:path'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { announced, type CsvSource, isUndecodable, textOf } from '../csv/source.ts'
import { systemCode } from '../csv/system-code.ts'
import type { Defaults, Given } from './given.ts'
import { readTable } from './read-csv.ts'
import { readJson } from './read-json.ts'
import { readList } from './read-list.ts'

/** As much as a plan of mailboxes may hold (main/csv/lines.ts); what is pasted is bounded by the contract. */
export const characterLimit = 28_000_000

export type Read = { given: Given[]; file: string | null }

/**
 * The domains that a file or a pasted text asks for: JSON when it starts as JSON does, CSV when its first line names a
 * column of domains, else names. Sends nothing. Fails as `readJson` and `readTable` do, and with `invalid/csv-empty`,
 * `csv-workbook`, `provision-large`, `storage/csv-unreadable` or `cancelled/asked`.
 */
export async function readGiven(
  source: CsvSource,
  defaults: Defaults,
  signal: AbortSignal,
): Promise<Result<Read>> {
  const text = 'text' in source ? ok(source.text) : await textOfFile(source.path, signal)
  if (!text.ok) return text
  const given = await readText(text.value.replace(/^\uFEFF/, ''), defaults, signal)
  if (signal.aborted) return cancelled
  if (!given.ok) return given
  if (given.value.length === 0) return failed('invalid', 'csv-empty', 'There is no line to read.')
  return ok({ given: given.value, file: 'path' in source ? basename(source.path) : null })
}

const cancelled = failed('cancelled', 'asked', 'The domains were not read to their end.')

async function readText(text: string, defaults: Defaults, signal: AbortSignal): Promise<Result<Given[]>> {
  if (/^\s*[[{]/.test(text)) return readJson(text, defaults)
  const table = await readTable(text, defaults, signal)
  if (!table.ok) return table
  return table.value === null ? readList(text, defaults) : ok(table.value)
}

/** In its own encoding: UTF-8, UTF-16 with its mark, else windows-1252, as CSV is (main/csv/read.ts). */
async function textOfFile(path: string, signal: AbortSignal): Promise<Result<string>> {
  try {
    const said = await announced(path)
    if (said === 'workbook')
      return failed('invalid', 'csv-workbook', 'This is a spreadsheet, not lines of text.')
    try {
      return await whole(textOf(path, said ?? 'utf-8', signal))
    } catch (error) {
      if (!isUndecodable(error)) throw error
      return await whole(textOf(path, 'windows-1252', signal))
    }
  } catch (error) {
    if (signal.aborted) return cancelled
    const cause = systemCode(error)
    if (cause === null) throw error
    return failed('storage', 'csv-unreadable', `The file cannot be read: ${cause}.`, { cause })
  }
}

async function whole(pieces: AsyncIterable<string>): Promise<Result<string>> {
  const kept: string[] = []
  let length = 0
  for await (const piece of pieces) {
    length += piece.length
    if (length > characterLimit)
      return failed('invalid', 'provision-large', 'The file is too large.', {
        limit: characterLimit / 1_000_000,
      })
    kept.push(piece)
  }
  return ok(kept.join(''))
}
