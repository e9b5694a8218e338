import { type CsvRecord, readCsv } from '../../main/csv/read.ts'
import type { CsvSource } from '../../main/csv/source.ts'

/** The records of a source, after its last start. */
export async function recordsOf(source: CsvSource): Promise<CsvRecord[]> {
  let records: CsvRecord[] = []
  for await (const batch of readCsv(source, new AbortController().signal)) {
    if ('start' in batch) records = []
    if ('records' in batch) records.push(...batch.records)
  }
  return records
}
export const cellsOf = async (source: CsvSource) => (await recordsOf(source)).map(({ cells }) => cells)
