import { setImmediate as nextTurn } from 'node:timers/promises'
import { parse } from 'csv-parse/sync'
import { type Delimiter, delimiterOf } from './delimiter.ts'
import { createSplitter, type RawRecord } from './records.ts'
import { announced, type CsvSource, type Encoding, isUndecodable, piecesOf, textOf } from './source.ts'

export type CsvRecord = { line: number } & (
  | { cells: string[]; trouble: null }
  | { cells: null; trouble: 'line-too-long' | 'line-quote' }
)

/** `start` says how the file is read: all that came before another `start` is void. */
export type CsvBatch =
  | { start: { encoding: Encoding; delimiter: Delimiter } }
  | { records: CsvRecord[] }
  /** A spreadsheet's own file, which holds no lines of text. */
  | { workbook: true }

/**
 * Reads CSV in batches, in bounded memory: whatever its size, encoding (UTF-8, UTF-16 with its mark, else
 * windows-1252), delimiter and ends of lines. Cells are given as they are, not trimmed. A file taken for UTF-8 that
 * turns out not to be starts again. Throws what the system says of a file that cannot be read.
 */
export async function* readCsv(source: CsvSource, signal: AbortSignal): AsyncGenerator<CsvBatch, void> {
  if ('text' in source) {
    yield* readAs(piecesOf(source.text), 'utf-8')
    return
  }
  const said = await announced(source.path)
  if (said === 'workbook') {
    yield { workbook: true }
    return
  }
  try {
    const encoding = said ?? 'utf-8'
    yield* readAs(textOf(source.path, encoding, signal), encoding)
  } catch (error) {
    if (!isUndecodable(error)) throw error
    yield* readAs(textOf(source.path, 'windows-1252', signal), 'windows-1252')
  }
}

async function* readAs(pieces: AsyncIterable<string>, encoding: Encoding): AsyncGenerator<CsvBatch, void> {
  let reading: { delimiter: Delimiter; split: ReturnType<typeof createSplitter> } | undefined
  for await (const piece of pieces) {
    if (piece === '') continue
    let text = piece
    if (!reading) {
      const told = /^sep=([;,\t])(\r\n|\r|\n)/.exec(text)
      // Excel writes this line when asked to; it stays a line, so that the others keep their number.
      if (told) text = `${told[2]}${text.slice(told[0].length)}`
      const delimiter = (told?.[1] as Delimiter | undefined) ?? delimiterOf(text)
      reading = { delimiter, split: createSplitter(delimiter) }
      yield { start: { encoding, delimiter } }
    }
    yield { records: cellsOf(reading.split.push(text), reading.delimiter) }
    await nextTurn()
  }
  if (!reading) {
    yield { start: { encoding, delimiter: ';' } }
    return
  }
  yield { records: cellsOf(reading.split.end(), reading.delimiter) }
}

function cellsOf(raw: RawRecord[], delimiter: Delimiter): CsvRecord[] {
  const texts = raw.flatMap(({ text }) => (text === null ? [] : [text]))
  const parsed: string[][] = parse(texts.join('\n'), {
    delimiter,
    record_delimiter: '\n',
    relax_column_count: true,
    relax_quotes: true,
    // Already bounded, in characters.
    max_record_size: 0,
  })
  if (parsed.length !== texts.length)
    throw new Error(`${texts.length} records were parsed as ${parsed.length}`)
  let next = 0
  return raw.map(({ line, trouble }) =>
    trouble === null ? { line, cells: parsed[next++] ?? [], trouble } : { line, cells: null, trouble },
  )
}
