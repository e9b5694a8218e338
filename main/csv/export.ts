import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { ok, type Result } from '../../preload/failure.ts'
import type { Locale } from '../../preload/shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { StoredAlias } from '../store/alias-store.ts'
import type { StoredMailbox } from '../store/mailbox-store.ts'
import { writeAtomically } from './atomic-file.ts'
import { neutralised } from './formula.ts'
import { headers, say } from './headers.ts'

/** `exact` is for machines: nothing is neutralised or put into words, and `readCsv` gives back what was there. */
export type Export = { domain: string; what: 'mailboxes' | 'aliases'; exact: boolean; locale: Locale }

/** The name that the dialog proposes; the exact form says so in its name. */
export const suggestedName = ({ domain, what, exact }: Export): string =>
  `${domain}-${what}${exact ? '-exact' : ''}.csv`

/**
 * Writes what dimail lists of a domain to `path`, as French Excel opens it: semicolons, a byte order mark, CRLF,
 * and no formula left alive (docs/faults.md 68). Fails as `writeAtomically` does.
 */
export async function exportCsv(
  workspace: Pick<Workspace, 'cache' | 'desk'>,
  asked: Export,
  path: string,
): Promise<Result<{ file: string; rows: number }>> {
  const count = { rows: 0 }
  const rows = asked.what === 'mailboxes' ? await mailboxRows(workspace, asked) : aliasRows(workspace, asked)
  const written = await writeAtomically(path, csvOf(asked, counted(rows, count)))
  return written.ok ? ok({ file: path, rows: count.rows }) : written
}

/** Rows of cells as CSV, below their header, in one of the two forms. */
export function csvOf(
  { what, exact, locale }: Pick<Export, 'what' | 'exact' | 'locale'>,
  rows: Iterable<readonly string[]>,
): Readable {
  const form = exact
    ? { delimiter: ',', record_delimiter: '\n' }
    : { delimiter: ';', record_delimiter: '\r\n', bom: true, cast: { string: neutralised } }
  const lines = stringify({ ...form, quote_record_delimiter: true })
  const header = exact ? headers.exact[what] : headers[locale][what]
  const source = Readable.from(chain(header, rows))
  return source.compose(lines)
}

function* chain(header: readonly string[], rows: Iterable<readonly string[]>): Generator<readonly string[]> {
  yield header
  yield* rows
}

function* counted<T>(rows: Iterable<T>, count: { rows: number }): Generator<T> {
  for (const row of rows) {
    count.rows++
    yield row
  }
}

type Known = Pick<Workspace, 'cache' | 'desk'>

async function mailboxRows(
  { cache, desk }: Known,
  { domain, exact, locale }: Export,
): Promise<Iterable<string[]>> {
  const told = await desk.secondary.list(domain)
  const secondary = new Map(told.map(({ address, email }) => [address, email]))
  const word = say(exact ? null : locale)
  function* rows(): Generator<string[]> {
    for (const box of cache.mailboxes.of(domain)) {
      if (box.goneAt === null) yield cellsOf(box)
    }
  }
  const cellsOf = (box: StoredMailbox) => [
    box.address,
    box.givenName,
    box.surName,
    box.displayName,
    word(box.kind),
    word(box.imap),
    word(box.smtp ?? ''),
    secondary.get(box.address) ?? '',
  ]
  return rows()
}

function aliasRows({ cache }: Known, { domain, exact, locale }: Export): Iterable<string[]> {
  const word = say(exact ? null : locale)
  const right = ({ allowToSend }: StoredAlias) =>
    allowToSend === null ? '' : word(allowToSend ? 'yes' : 'no')
  return cache.aliases
    .of(domain)
    .map((alias) => [`${alias.localPart}@${alias.domain}`, alias.destination, right(alias)])
}
