import type { DiagnosedRecord, DnsVerdict, FindingCode, RecordKind } from '../../../preload/dns-shapes.ts'
import { type Check, isFailing, type Locale } from '../../../preload/shapes.ts'
import { explanationOf } from '../catalogue.ts'
import { wordsOf } from './words.ts'

/** What does not work, why, and what people live through. */
export type Trouble = { title: string; cause: string; consequence: string }
type Judged = Pick<DiagnosedRecord, 'kind' | 'verdict' | 'check' | 'name' | 'findings'>

/** Where several words of the verdict mean one thing to a town. */
const likened: Partial<Record<`${RecordKind}.${DnsVerdict}`, string>> = {
  'mx.missing': 'no_mx',
  'mx.duplicate': 'one_mx',
  'mx.conflicting': 'one_mx',
  'spf.missing': 'no_spf',
  'spf.invalid': 'invalid_spf',
  'dkim.missing': 'no_dkim',
}
const otherwise: Record<Exclude<RecordKind, 'cname'>, string> = {
  mx: 'wrong_mx',
  spf: 'wrong_spf',
  dkim: 'wrong_dkim',
  other: 'other.incorrect',
}

/**
 * What is wrong with the records, each thing once, in the order of the records. In dimail's terms where its code says
 * the same as DNS says now (docs/dimail.md 6.2), else by the verdict: dimail may have looked an hour ago.
 */
export function troublesOf(
  records: readonly Judged[],
  checks: readonly Check[],
  locale: Locale,
): (Trouble & { name: string })[] {
  const all = records.filter(isWrong).map((record) => ({
    ...troubleOf(record, checks, locale),
    name: record.name,
  }))
  return all.filter((one, place) => all.findIndex(({ title }) => title === one.title) === place)
}

/** What cannot be read is not known to be wrong. */
export const isWrong = ({ verdict }: Pick<Judged, 'verdict'>): boolean =>
  verdict !== 'correct' && verdict !== 'error'

function troubleOf(record: Judged, checks: readonly Check[], locale: Locale): Trouble {
  const costs = record.findings.some(({ code }) => costly.has(code))
  const own = ownTrouble(costs ? 'spf.lookups' : `${record.kind}.${record.verdict}`, locale)
  if (own !== null) return own
  const code = codeOf(record, checks) ?? entryOf(record)
  const explained = explanationOf(locale, record.check ?? '', code) ?? ownTrouble(code, locale)
  if (explained === null) throw new Error(`Nothing is said of ${record.kind}, ${record.verdict}`)
  const { title, cause, consequence } = explained
  return { title, cause, consequence }
}

/** What makes recipients give up on an SPF that is well written (RFC 7208 4.6.4). */
const costly: ReadonlySet<FindingCode> = new Set([
  'spf-too-many-lookups',
  'spf-too-many-void',
  'spf-include-loop',
])

function ownTrouble(key: string, locale: Locale): Trouble | null {
  const known: Readonly<Record<string, Trouble>> = wordsOf(locale).troubles
  return Object.hasOwn(known, key) ? (known[key] ?? null) : null
}

/** The code of dimail for this record, when what it says still holds. */
function codeOf({ check, verdict }: Judged, checks: readonly Check[]): string | null {
  const failing = checks.find(({ key, ...rest }) => key === check && isFailing(rest))
  const codes = failing?.errors.map(({ code }) => code) ?? []
  const start = verdict === 'missing' ? 'no_' : verdict === 'invalid' ? 'invalid_' : 'wrong_'
  // A check that was not made is no trouble of the town's.
  const isTrue = (code: string) =>
    code.startsWith(start) && explanationOf('fr', check ?? '', code)?.who === 'town'
  return codes.find(isTrue) ?? null
}

function entryOf({ kind, verdict, check }: Judged): string {
  const like = likened[`${kind}.${verdict}`]
  if (like !== undefined) return like
  if (kind !== 'cname') return otherwise[kind]
  const code = `${verdict === 'missing' ? 'no' : 'wrong'}_${check}`
  if (explanationOf('fr', check ?? '', code) !== null) return code
  return verdict === 'missing' ? 'cname.any.missing' : 'cname.any.incorrect'
}
