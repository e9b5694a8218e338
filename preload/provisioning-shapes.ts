import { z } from 'zod'

/** Custom attributes are flat: what Messages' documentation wants (docs/entitlements.md 6.3). */
export const attributeValue = z.union([z.string().max(1000), z.number(), z.boolean()])
export const attributes = z.record(z.string().min(1).max(100), attributeValue)
export type Attributes = z.infer<typeof attributes>

/** What provisioning keeps of a domain: replaced as a whole, never merged. */
export const provisioned = z.object({
  domain: z.string(),
  attributes,
  oidcAutojoin: z.boolean(),
  identitySync: z.boolean(),
  at: z.int().nonnegative(),
})
export type Provisioned = z.infer<typeof provisioned>

/** `unchanged`: known, with these very attributes. `replaced`: known, with others. */
export const provisionVerdicts = ['created', 'replaced', 'unchanged', 'error'] as const
export type ProvisionVerdict = (typeof provisionVerdicts)[number]

/** Errors of a line: stable codes, no detail (docs/entitlements.md 10, R7). */
export const provisionErrors = ['invalid_name', 'invalid_attributes', 'duplicate', 'conflict'] as const

export const provisionLine = z.object({
  /** Its place in what was given, from 1. */
  line: z.int().positive(),
  /** As it was given. */
  given: z.string().max(1000),
  domain: z.string().nullable(),
  verdict: z.enum(provisionVerdicts),
  error: z.enum(provisionErrors).nullable(),
  before: attributes.nullable(),
  after: attributes,
})
export type ProvisionLine = z.infer<typeof provisionLine>

export const provisionPlan = z.object({
  id: z.int(),
  counts: z.record(z.enum(provisionVerdicts), z.int()),
  /** The names of the attributes, in the order in which they came. */
  columns: z.array(z.string()),
  /** The file that was read; null: what was pasted. */
  file: z.string().nullable(),
})
export type ProvisionPlan = z.infer<typeof provisionPlan>

/** The loopback endpoint: `off` without a port or a key, or under a lock of the profile. */
export const endpointState = z.object({
  state: z.enum(['off', 'listening', 'failed']),
  why: z.enum(['no-port', 'no-key', 'locked', 'signed-out', 'port-busy']).nullable(),
  address: z.string().nullable(),
  calls: z.int(),
  refused: z.int(),
  lastAt: z.int().nullable(),
})
export type EndpointState = z.infer<typeof endpointState>
