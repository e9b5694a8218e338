import type { Quota } from '../../preload/session-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'

const gigabyte = 1_000_000_000
const least = 0.01

/** Bytes as decimal gigabytes, in the agent's language. */
export function gigabytes(locale: Locale, bytes: number): string {
  const format = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'gigabyte',
    unitDisplay: 'short',
    maximumFractionDigits: 2,
  })
  const amount = bytes / gigabyte
  // Something is not nothing, however little of it there is.
  return amount > 0 && amount < least ? `< ${format.format(least)}` : format.format(amount)
}

export type Level = { used: number; max: number; full: boolean }

/** Null: no known limit, and no gauge. Zero is DeployCenter's word for the same (docs/entitlements.md 8). */
export function levelOf(gauge: Quota['mailbox'] | null): Level | null {
  if (gauge === null || gauge.max === null || gauge.max === 0) return null
  return { used: gauge.used, max: gauge.max, full: gauge.used >= gauge.max }
}

/** What is shown of a quota: a full organisation stops the mailbox whatever room it has of its own. */
export function gaugesOf(quota: Quota): {
  mailbox: Level | null
  organization: Level | null
  locked: boolean
} {
  const organization = levelOf(quota.organization)
  return { mailbox: levelOf(quota.mailbox), organization, locked: organization?.full ?? false }
}
