import { basename } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import type { CsvPlan } from '../../preload/mailbox-shapes.ts'
import { type Columns, columnsOf, usualOrder } from './columns.ts'
import { type Delimiter, delimiterName } from './delimiter.ts'
import type { Judge } from './judge.ts'
import { createLines, type Lines } from './lines.ts'
import { type CsvRecord, readCsv } from './read.ts'
import type { CsvSource, Encoding } from './source.ts'
import { systemCode } from './system-code.ts'
import { createVerdicts } from './verdicts.ts'

/** Lines of one import; those beyond are not read, and the plan says so. */
export const lineLimit = 100_000

/** Lines judged between two turns of the event loop: each may search the cache. */
const turn = 50

export type Draft = Omit<CsvPlan, 'id' | 'total' | 'counts'> & { lines: Lines }

/**
 * Gives each line of a file or of pasted text its verdict. Sends nothing, writes nothing (docs/faults.md 67).
 * The whole is refused when it cannot be read (`storage/csv-unreadable`), is no text (`invalid/csv-workbook`), has
 * no line (`invalid/csv-empty`) or a header that contradicts itself (see `columnsOf`).
 */
export async function planCsv(
  domain: string,
  source: CsvSource,
  judge: Judge,
  signal: AbortSignal,
): Promise<Result<Draft>> {
  try {
    return await read(domain, source, judge, signal)
  } catch (error) {
    if (signal.aborted) return cancelled
    const cause = systemCode(error)
    if (cause === null) throw error
    return failed('storage', 'csv-unreadable', `The file cannot be read: ${cause}.`, { cause })
  }
}

const cancelled = failed('cancelled', 'asked', 'The lines were not read to their end.')

async function read(
  domain: string,
  source: CsvSource,
  judge: Judge,
  signal: AbortSignal,
): Promise<Result<Draft>> {
  let reading = createReading(domain, judge, { encoding: 'utf-8', delimiter: ';' })
  for await (const batch of readCsv(source, signal)) {
    if (signal.aborted) return cancelled
    if ('workbook' in batch)
      return failed('invalid', 'csv-workbook', 'This is a spreadsheet, not lines of text.')
    if ('start' in batch) reading = createReading(domain, judge, batch.start)
    else {
      const trouble = await reading.take(batch.records, signal)
      if (trouble) return { ok: false, failure: trouble }
    }
    if (reading.cut()) break
  }
  if (signal.aborted) return cancelled
  const { lines, told, cut } = reading
  if (lines.total() === 0) return failed('invalid', 'csv-empty', 'There is no line to read.')
  return ok({ domain, file: 'path' in source ? basename(source.path) : null, ...told, cut: cut(), lines })
}

/** One reading of a file from its start. */
function createReading(
  domain: string,
  judge: Judge,
  { encoding, delimiter }: { encoding: Encoding; delimiter: Delimiter },
) {
  const lines = createLines()
  const verdictOf = createVerdicts(domain, judge)
  let columns: Columns | null = null
  let cut = false
  const told = {
    encoding: encoding === 'utf-8' || encoding === 'windows-1252' ? encoding : ('utf-16' as const),
    delimiter: delimiterName(delimiter),
  }

  return {
    lines,
    told,
    cut: () => cut,
    /** Fails when the header forbids to read any line. */
    async take(records: readonly CsvRecord[], signal: AbortSignal): Promise<Failure | null> {
      for (const record of records) {
        // Spreadsheets leave such lines behind their last.
        if (record.cells?.every((cell) => cell.trim() === '')) continue
        if (!columns) {
          const header = columnsOf(record.cells ?? [])
          if (!header.ok) return header.failure
          columns = header.value ?? usualOrder
          if (header.value) continue
        }
        cut = lines.total() >= lineLimit || lines.isFull()
        if (cut || signal.aborted) return null
        lines.add(verdictOf(record, columns))
        if (lines.total() % turn === 0) await nextTurn()
      }
      return null
    },
  }
}
