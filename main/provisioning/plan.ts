import { ok, type Result } from '../../preload/failure.ts'
import type { Provisioned, ProvisionLine, ProvisionVerdict } from '../../preload/provisioning-shapes.ts'
import { normaliseDomain } from '../dimail/names.ts'
import { attributeLimit, differs, nothingSaid, readAttributes } from './attributes.ts'
import type { Fits } from './attributes-schema.ts'
import type { Given } from './given.ts'
import type { Known } from './known.ts'
import { tooManyColumns } from './read-csv.ts'

/** A line with what the page does not show of it. */
export type PlannedLine = ProvisionLine & {
  oidcAutojoin: boolean
  identitySync: boolean
  /** What was said of the domain when the line was judged: another is not overwritten unseen (docs/faults.md 78). */
  seen: Provisioned | null
}

export type Draft = { lines: PlannedLine[]; columns: string[]; counts: Record<ProvisionVerdict, number> }

/**
 * Gives each domain that is asked for its verdict, without sending or writing anything. The same domain twice is a
 * `duplicate` from its second line on; when the lines contradict each other, each of them is a `conflict`, since
 * nobody knows which was meant. Fails with `invalid/provision-columns`.
 */
export function planProvisioning(
  given: readonly Given[],
  known: (name: string) => Known,
  fits: Fits,
): Result<Draft> {
  const lines = given.map((one) => judge(one, known, fits))
  const columns = new Set(lines.flatMap(({ after }) => Object.keys(after)))
  if (columns.size > attributeLimit) return tooManyColumns()
  const byDomain = Map.groupBy(
    lines.filter(({ error }) => error === null),
    ({ domain }) => domain,
  )
  for (const [first, ...others] of byDomain.values()) {
    if (!first || others.length === 0) continue
    const agree = others.every((one) => !differs(saidBy(first), saidBy(one)))
    for (const one of agree ? others : [first, ...others]) {
      one.verdict = 'error'
      one.error = agree ? 'duplicate' : 'conflict'
    }
  }
  const counts = { created: 0, replaced: 0, unchanged: 0, error: 0 }
  for (const { verdict } of lines) counts[verdict]++
  return ok({ lines, columns: [...columns], counts })
}

const saidBy = ({ after, oidcAutojoin, identitySync }: PlannedLine) => ({
  attributes: after,
  oidcAutojoin,
  identitySync,
})

function judge({ name, attributes, ...one }: Given, known: (name: string) => Known, fits: Fits): PlannedLine {
  const domain = name === null ? null : normaliseDomain(name)
  const blank = { ...one, domain: null, verdict: 'error', before: null, after: {}, seen: null } as const
  if (!domain?.ok) return { ...blank, error: 'invalid_name' }
  const after = readAttributes(attributes, fits)
  const { isKnown, provisioned: seen } = known(domain.value)
  const before = isKnown ? (seen?.attributes ?? nothingSaid.attributes) : null
  const found = { ...one, domain: domain.value, before, seen }
  if (!after.ok) return { ...found, verdict: 'error', error: 'invalid_attributes', after: {} }
  const changes = differs(seen, { ...one, attributes: after.value })
  const verdict = isKnown ? (changes ? 'replaced' : 'unchanged') : 'created'
  return { ...found, verdict, error: null, after: after.value }
}
