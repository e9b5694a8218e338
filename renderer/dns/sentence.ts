import type { DiagnosedRecord, Diagnosis, DnsServer, DnsState } from '../../preload/dns-shapes.ts'
import { type Check, type Domain, isFailing } from '../../preload/shapes.ts'
import { serverNamed } from './answers.ts'

/** A sentence of `dns.sentence.<key>`: how many it speaks of, out of how many, and since when. */
export type Part = { key: PartKey; count?: number; of?: number; at?: number }

export const partKeys = [
  'never',
  'notDelegated',
  'nothingExpected',
  'unreadable',
  'toCorrect',
  'changedSince',
  'propagating',
  'propagatingUnsure',
  'partlyUnread',
  'corrected',
  'alsoCorrected',
  'correctedUnseen',
  'rightAtSource',
  'publicBehind',
  'untold',
  'agreed',
  'remarks',
] as const
export type PartKey = (typeof partKeys)[number]

export type DnsSentence = {
  tone: 'good' | 'warn' | 'bad' | 'info' | 'off'
  parts: Part[]
  /** Whether dimail would say something else, were it asked now. */
  asksDimail: boolean
}

type Known = Pick<Domain, 'checks' | 'checkedAt' | 'fetchedAt'>

/** What dimail said of a record; null: it does not look at it, or could not. */
export function dimailSaid(
  { check }: Pick<DiagnosedRecord, 'check'>,
  checks: readonly Check[],
): Check | null {
  const said = checks.find(({ key }) => key === check)
  return said === undefined || said.state === 'not-tested' ? null : said
}

const has = ({ findings }: Pick<DiagnosedRecord, 'findings'>, code: string) =>
  findings.some((finding) => finding.code === code)

/**
 * What DNS and dimail say together, before any table (field N1): never "missing" when the truth is "cannot be read",
 * and never "corrected" of what only some of the servers say.
 */
export function dnsSentence({ diagnosis }: Pick<DnsState, 'diagnosis'>, known: Known): DnsSentence {
  if (diagnosis === null) return { tone: 'off', parts: [{ key: 'never' }], asksDimail: false }
  const { records, delegation } = diagnosis
  if (delegation.state === 'not-delegated')
    return { tone: 'bad', parts: [{ key: 'notDelegated' }], asksDimail: false }
  if (records.length === 0) return { tone: 'off', parts: [{ key: 'nothingExpected' }], asksDimail: false }
  const unread = records.filter(({ verdict }) => verdict === 'error')
  if (unread.length === records.length)
    return { tone: 'warn', parts: [{ key: 'unreadable', at: diagnosis.at }], asksDimail: false }
  return together(diagnosis, unread.length, known)
}

/** What DNS says against what dimail last said, for whoever reads dimail's words; undefined: nothing. */
export const correctionOf = (dns: Pick<DnsState, 'diagnosis'>, known: Known): Part | undefined =>
  dnsSentence(dns, known).parts.find(({ key }) => forDimail.includes(key) && key !== 'untold')

function together(diagnosis: Diagnosis, unread: number, known: Known): DnsSentence {
  const { records } = diagnosis
  const isSpreading = (record: DiagnosedRecord) =>
    has(record, 'propagating') && !isRightNowhere(record, diagnosis.servers)
  const spreading = records.filter((record) => record.verdict !== 'error' && isSpreading(record))
  const settled = records.filter((record) => record.verdict !== 'error' && !isSpreading(record))
  const wrong = settled.filter(({ verdict }) => verdict !== 'correct')
  const right = settled.filter(({ verdict }) => verdict === 'correct')
  const corrected = correctedPart(right, wrong.length > 0, diagnosis, known)
  const parts = [
    wrongPart(wrong, known),
    spreadingPart(spreading, diagnosis.servers),
    ...(unread > 0 ? [{ key: 'partlyUnread', count: unread } as const] : []),
    corrected,
  ].filter((part) => part !== null)
  const isClear = wrong.length === 0 && spreading.length === 0 && unread === 0
  const well = isClear && corrected === null ? wellPart(right, known) : null
  const isBehind = isClear && right.some((record) => has(record, 'public-behind'))
  return {
    tone: wrong.length > 0 || unread > 0 ? 'warn' : spreading.length > 0 || corrected ? 'info' : 'good',
    parts: [
      ...parts,
      ...(well ? [well] : []),
      ...(isBehind ? [{ key: 'publicBehind' } as const] : []),
      ...remarksOf(right),
    ],
    asksDimail: [...parts, well].some((part) => part !== null && forDimail.includes(part.key)),
  }
}

/** Servers that differ, of which none is right: there is nothing to wait for. */
function isRightNowhere({ answers }: DiagnosedRecord, servers: readonly DnsServer[]): boolean {
  const read = answers.filter(
    ({ server, verdict }) => servers[server]?.role === 'authoritative' && verdict !== 'error',
  )
  return read.length > 0 && read.every(({ verdict }) => verdict !== 'correct')
}

/** What dimail does not know yet. */
const forDimail: readonly PartKey[] = [
  'changedSince',
  'corrected',
  'alsoCorrected',
  'correctedUnseen',
  'rightAtSource',
  'untold',
]

/** What is still to be corrected; or what has gone wrong behind dimail's back. */
function wrongPart(wrong: readonly DiagnosedRecord[], { checks, checkedAt, fetchedAt }: Known): Part | null {
  if (wrong.length === 0) return null
  const said = wrong.map((record) => dimailSaid(record, checks))
  const allWell = said.some((check) => check !== null) && said.every((check) => !check || !isFailing(check))
  if (allWell) return { key: 'changedSince', count: wrong.length, at: checkedAt ?? fetchedAt }
  return { key: 'toCorrect', count: wrong.length }
}

/** How many of the name servers that could be read do not have the right answer yet. */
function spreadingPart(spreading: readonly DiagnosedRecord[], servers: readonly DnsServer[]): Part | null {
  if (spreading.length === 0) return null
  const read = new Set<string>()
  const late = new Set<string>()
  for (const { server, verdict } of spreading.flatMap(({ answers }) => answers)) {
    const asked = servers[server]
    if (asked?.role !== 'authoritative' || verdict === 'error') continue
    read.add(serverNamed(asked))
    if (verdict !== 'correct') late.add(serverNamed(asked))
  }
  if (late.size === 0) return { key: 'propagatingUnsure', count: spreading.length }
  return { key: 'propagating', count: late.size, of: read.size }
}

/** What is right at the source, and that dimail last said was not. */
function correctedPart(
  right: readonly DiagnosedRecord[],
  isBeside: boolean,
  { at }: Diagnosis,
  { checks, checkedAt, fetchedAt }: Known,
): Part | null {
  const corrected = right.filter((record) => {
    const said = dimailSaid(record, checks)
    return said !== null && isFailing(said)
  })
  if (corrected.length === 0) return null
  const count = corrected.length
  // Found right at first sight: nobody here saw when it was corrected.
  const isSeen = corrected.every(({ before }) => before !== null)
  const since = isSeen ? Math.max(...corrected.map((record) => record.since)) : at
  if ((checkedAt ?? fetchedAt) > since) return { key: 'correctedUnseen', count, at: since }
  if (isBeside) return { key: 'alsoCorrected', count, at: since }
  return { key: isSeen ? 'corrected' : 'rightAtSource', count, at: since }
}

function wellPart(right: readonly DiagnosedRecord[], { checks, checkedAt, fetchedAt }: Known): Part {
  const looked = right.filter(({ check }) => check !== null)
  const isTold = looked.every((record) => dimailSaid(record, checks) !== null)
  return isTold ? { key: 'agreed', at: checkedAt ?? fetchedAt } : { key: 'untold' }
}

/** What is right and could be better. */
function remarksOf(right: readonly DiagnosedRecord[]): Part[] {
  const count = right.filter(({ findings }) => findings.some(({ level }) => level !== 'note')).length
  return count === 0 ? [] : [{ key: 'remarks', count }]
}
