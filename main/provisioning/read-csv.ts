import { failed, ok, type Result } from '../../preload/failure.ts'
import { type CsvRecord, readCsv } from '../csv/read.ts'
import { attributeLimit, isPlainName } from './attributes.ts'
import { type Defaults, type Given, givenLimit, shown } from './given.ts'
import { tooMany } from './read-list.ts'

/** Where the name of the domain is, and what the other columns are called; null: a column without a name. */
type Header = { domain: number; names: (string | null)[] }

/** A column `nom` beside a column `domaine` is an attribute. */
const words = [
  ['domain', 'domaine', 'domain name', 'nom de domaine'],
  ['name', 'nom'],
]

const plain = (cell: string) => cell.trim().toLowerCase()

/** The place of the column that names the domain; null: this line is no header. */
function domainColumn(cells: readonly string[]): number | null {
  for (const these of words) {
    const place = cells.findIndex((cell) => these.includes(plain(cell)))
    if (place >= 0) return place
  }
  return null
}

/**
 * Domains from CSV whose header names the domain, every other column being an attribute; null when the first line is
 * no header. A cell is a text, and an empty one says nothing. Fails with `invalid/csv-headers-doubled`,
 * `provision-columns` or `provision-header` for a header that cannot be taken, and with `provision-many`.
 */
export async function readTable(
  text: string,
  defaults: Defaults,
  signal: AbortSignal,
): Promise<Result<Given[] | null>> {
  const given: Given[] = []
  let header: Header | null = null
  for await (const batch of readCsv({ text }, signal)) {
    if (signal.aborted) break
    for (const record of 'records' in batch ? batch.records : []) {
      if (record.cells?.every((cell) => cell.trim() === '')) continue
      if (header === null) {
        const read = headerOf(record.cells ?? [])
        if (!read.ok || read.value === null) return read.ok ? ok(null) : read
        header = read.value
      } else if (given.length >= givenLimit) return tooMany()
      else given.push(givenOf(record, header, defaults))
    }
  }
  return ok(header === null ? null : given)
}

function headerOf(cells: readonly string[]): Result<Header | null> {
  const domain = domainColumn(cells)
  if (domain === null) return ok(null)
  if (cells.length > attributeLimit + 1) return tooManyColumns()
  const seen = new Map<string, string>()
  const names: Header['names'] = []
  for (const cell of cells) {
    const name = cell.trim()
    const twin = name === '' ? undefined : seen.get(plain(name))
    if (twin !== undefined)
      return failed('invalid', 'csv-headers-doubled', 'Two columns of the file say the same.', {
        first: twin.slice(0, 60),
        second: name.slice(0, 60),
      })
    if (name !== '' && !isPlainName(name))
      return failed('invalid', 'provision-header', 'A column has a name that no attribute may have.', {
        column: names.length + 1,
      })
    seen.set(plain(name), name)
    names.push(name === '' ? null : name)
  }
  return ok({ domain, names })
}

export const tooManyColumns = () =>
  failed('invalid', 'provision-columns', `There are more than ${attributeLimit} attributes.`, {
    limit: attributeLimit,
  })

function givenOf({ line, cells }: CsvRecord, { domain, names }: Header, defaults: Defaults): Given {
  const name = cells?.[domain]?.trim() ?? null
  const rest = (cells ?? [])
    .map((cell, place) => [place, names[place] ?? null, cell.trim()] as const)
    .filter(([place, , cell]) => place !== domain && cell !== '')
  // A cell below no name says something that would be lost.
  const isWhole = rest.every(([, column]) => column !== null)
  const attributes = isWhole ? Object.fromEntries(rest.map(([, column, cell]) => [column, cell])) : null
  return { line, given: shown(name ?? ''), name, attributes, ...defaults }
}
