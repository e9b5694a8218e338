import { type Failure, failed } from '../../preload/failure.ts'
import { nameKey } from '../store/folding.ts'
import type { Columns } from './columns.ts'
import type { Judge } from './judge.ts'
import { mailboxOf, readLine } from './line.ts'
import type { PlannedLine } from './lines.ts'
import type { CsvRecord } from './read.ts'

/**
 * The verdict of each record of one reading, in the file's order: a line must not have the address or the display
 * name of an earlier one that is taken (`conflict/line-doubled`, `line-name-doubled`).
 */
export function createVerdicts(domain: string, judge: Judge) {
  const addresses = new Map<string, number>()
  const names = new Map<string, number>()

  function doubleOf(address: string, name: string): Failure | null {
    const sameAddress = addresses.get(address)
    if (sameAddress !== undefined) return doubled('line-doubled', 'address', sameAddress)
    const sameName = names.get(name)
    return sameName === undefined ? null : doubled('line-name-doubled', 'display name', sameName)
  }

  return function verdictOf(record: CsvRecord, columns: Columns): PlannedLine {
    const { line } = record
    const { typed, failure: unreadable } = readLine(record, columns)
    const shown = { ...typed, secondaryEmail: typed.secondaryEmail || null }
    const refused = (failure: Failure): PlannedLine => ({ line, ...shown, verdict: 'refused', failure })
    if (unreadable) return refused(unreadable)
    const mailbox = mailboxOf(typed, domain)
    if (!mailbox.ok) return refused(mailbox.failure)
    const { address, localPart, givenName, surName, secondaryEmail, displayName } = mailbox.value
    const judged = judge(mailbox.value)
    if (!judged.ok) return refused(judged.failure)
    const double = doubleOf(address, nameKey(displayName))
    if (double) return refused(double)
    addresses.set(address, line)
    names.set(nameKey(displayName), line)
    const verdict = judged.value === 'send' ? 'create' : 'keep'
    return { line, localPart, givenName, surName, secondaryEmail, displayName, verdict, failure: null }
  }
}

const doubled = (reason: string, what: string, line: number): Failure =>
  failed('conflict', reason, `An earlier line has the same ${what}.`, { line }).failure
