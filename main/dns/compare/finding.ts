import type { DnsFinding, DnsVerdict, FindingCode, Level } from '../../../preload/dns-shapes.ts'

/** A verdict, and what was found to give it. */
export type Judgement = { verdict: DnsVerdict; findings: DnsFinding[] }

/** A part of a judgement: what it gives for a verdict, if anything. */
export type Told = { verdicts: DnsVerdict[]; findings: DnsFinding[] }

type Facts = Record<string, string | number>

/** A TXT may be 64 KB long and a sentence need not be. */
const longestFact = 300

export const shortened = (text: string): string =>
  text.length > longestFact ? `${text.slice(0, longestFact - 1)}…` : text

/** A finding, its facts cut to what a sentence bears. */
export function finding(level: Level, code: FindingCode, facts: Facts = {}): DnsFinding {
  const short = Object.entries(facts).map(([name, value]) => [
    name,
    typeof value === 'string' ? shortened(value) : value,
  ])
  return { code, level, facts: Object.fromEntries(short) }
}

export const telling = (verdict: DnsVerdict, ...findings: DnsFinding[]): Told => ({
  verdicts: [verdict],
  findings,
})

/** From the gravest down: of several verdicts on one record the first here is told. */
const gravity: readonly DnsVerdict[] = [
  'missing',
  'invalid',
  'duplicate',
  'incorrect',
  'incomplete',
  'insecure',
  'conflicting',
  'correct',
  'error',
]

/** The gravest of several; `error`, which says nothing of the record, yields to all others. */
export const gravest = (verdicts: Iterable<DnsVerdict>): DnsVerdict => {
  const given = new Set(verdicts)
  return gravity.find((verdict) => given.has(verdict)) ?? 'correct'
}

const levelRank: Record<Level, number> = { blocking: 0, warning: 1, note: 2 }

/** The same findings whatever the order they were made in: each once, the graver first. */
export function settled(findings: readonly DnsFinding[]): DnsFinding[] {
  const byText = new Map(findings.map((one) => [textOf(one), one]))
  return [...byText.entries()]
    .sort(([a, left], [b, right]) => levelRank[left.level] - levelRank[right.level] || (a < b ? -1 : 1))
    .map(([, one]) => one)
}

const textOf = ({ code, level, facts }: DnsFinding) =>
  JSON.stringify([code, level, Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1))])
