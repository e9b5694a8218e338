import { z } from 'zod'
import { ok, type Result } from '../../preload/failure.ts'
import type { Account, Quota } from '../../preload/session-shapes.ts'
import { failureOfShape } from './deploycenter-failures.ts'
import type { Answer, QuotaQuestion } from './entitlements.ts'

/** A text to be shown, or null for anything else: an odd name is no reason to lose the rights beside it. */
const words = (most: number) =>
  z
    .string()
    .transform((text) => text.trim().slice(0, most) || null)
    .nullable()
    .catch(null)
const page = words(500).transform((text) => (text !== null && isPage(text) ? text : null))
const isPage = (text: string): boolean =>
  URL.canParse(text) && ['https:', 'http:'].includes(new URL(text).protocol)

const operator = z.object({
  name: words(200),
  url: page,
  config: z.object({ support_email: words(320) }).catch({ support_email: null }),
})
const potential = z
  .object({ name: words(200), signupUrl: page })
  .nullable()
  .catch(null)

/** docs/entitlements.md 2.5: every key but these is left aside. */
const userBody = z.object({
  organization: z
    .object({ name: words(200) })
    .nullable()
    .catch(null),
  operator: operator.nullable().catch(null),
  potentialOperators: z.array(potential).catch([]),
  entitlements: z
    .object({
      can_access: z.unknown().optional(),
      can_access_reason: words(200),
      can_admin_maildomains: z.unknown().optional(),
    })
    .optional(),
})

/** What DeployCenter says of somebody; fails with `bad-response` when it is no answer of DeployCenter. */
export function readAnswer(value: unknown, now: number): Result<Answer> {
  const parsed = userBody.safeParse(value)
  if (!parsed.success) return { ok: false, failure: failureOfShape(value) }
  const { entitlements, ...whom } = parsed.data
  const told = {
    canAccess: accessOf(entitlements?.can_access),
    reason: entitlements?.can_access_reason ?? null,
    account: accountOf(whom),
    answeredAt: now,
    stale: null,
  }
  const list = entitlements?.can_admin_maildomains ?? null
  if (list === null) return ok({ kind: 'not-provided', ...told })
  if (!Array.isArray(list)) return ok({ kind: 'invalid', type: typeof list, ...told })
  if (list.length === 0) return ok({ kind: 'empty-list', ...told })
  const domains = list.filter((item): item is string => typeof item === 'string')
  return ok({ kind: 'list', domains, unreadable: list.length - domains.length, ...told })
}

/** Only a literal boolean says it; absent says no (docs/entitlements.md 13, 11). */
function accessOf(said: unknown): boolean | null {
  if (said === undefined) return false
  return typeof said === 'boolean' ? said : null
}

function accountOf(told: Omit<z.infer<typeof userBody>, 'entitlements'>): Account {
  const { name, url, config } = told.operator ?? { name: null, url: null, config: { support_email: null } }
  const { support_email: supportEmail } = config
  const isNamed = name !== null || url !== null || supportEmail !== null
  return {
    organization: told.organization?.name ?? null,
    operator: isNamed ? { name: name ?? '', url, supportEmail } : null,
    potentialOperators: told.potentialOperators.flatMap((one) =>
      one === null || one.name === null ? [] : [{ name: one.name, signupUrl: one.signupUrl }],
    ),
  }
}

/** Bytes, of which DeployCenter may print `500.0` (docs/entitlements.md 8). */
const amount = z
  .number()
  .nonnegative()
  .transform((bytes): number | null => Math.floor(bytes))
  .nullable()
  .catch(null)
const used = z.object({ storage_used: amount }).catch({ storage_used: null })

const quotaBody = z.object({
  entitlements: z
    .object({ max_storage: amount, max_storage_account: amount, max_storage_organization: amount })
    .optional(),
  metrics: z
    .object({ storage_used: amount, account: used, organization: used })
    .catch({ storage_used: null, account: { storage_used: null }, organization: { storage_used: null } }),
})

/**
 * What DeployCenter says of a mailbox and its organisation, in the flat form of [DC] or the structured one of [DC-NEW]
 * (docs/entitlements.md 8). Usage that it does not tell is the one that was pushed.
 */
export function readQuota(
  value: unknown,
  { organization, usage }: QuotaQuestion,
  now: number,
): Result<Quota> {
  const parsed = quotaBody.safeParse(value)
  if (!parsed.success) return { ok: false, failure: failureOfShape(value) }
  const { entitlements, metrics } = parsed.data
  const max = entitlements?.max_storage_account ?? entitlements?.max_storage ?? null
  const mailbox = gauge(metrics.account.storage_used ?? metrics.storage_used ?? usage.mailbox, max)
  const ofAll = metrics.organization.storage_used ?? usage.organization
  return ok({
    mailbox,
    organization: organization === null ? null : gauge(ofAll, entitlements?.max_storage_organization ?? null),
    answeredAt: now,
    stale: false,
  })
}

/** A limit without a known usage, and the 0 that means no limit, make no gauge: an empty one would be a lie. */
const gauge = (bytes: number | null, max: number | null): Quota['mailbox'] =>
  bytes === null ? { used: 0, max: null } : { used: bytes, max: max === 0 ? null : max }
