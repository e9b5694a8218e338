import { z } from 'zod'
import { failure } from './failure.ts'
import { person } from './people-shapes.ts'
import { flags, profileLock } from './profile-shapes.ts'

const instant = z.int().nonnegative()

/**
 * `signed-out`: nobody, and nothing is shown. `signing-in`: a browser page is awaited. `signed-in`: proven.
 * `known`: an agent of an earlier sign-in who reads what is here and changes nothing, until it is proven again.
 * `refused`: proven, but DeployCenter says that this person has no access.
 */
export const sessionStates = ['signed-out', 'signing-in', 'signed-in', 'known', 'refused'] as const
export type SessionState = (typeof sessionStates)[number]

/** What may be done that is about no domain yet; `main/api/permissions.ts` decides. */
export const platformActions = [
  'fleet.refresh',
  'domain.create',
  'domain.provision',
  'mail.configure',
] as const
export type PlatformAction = (typeof platformActions)[number]

/** Whom to ask, as DeployCenter tells it: shown as text, and opened only when the link is one of ours. */
export const account = z.object({
  organization: z.string().nullable(),
  operator: z
    .object({ name: z.string(), url: z.string().nullable(), supportEmail: z.string().nullable() })
    .nullable(),
  potentialOperators: z.array(z.object({ name: z.string(), signupUrl: z.string().nullable() })),
})
export type Account = z.infer<typeof account>

/** What DeployCenter's list means: docs/entitlements.md 5. Only the first two can take rights away. */
export const answerKinds = ['list', 'empty-list', 'not-provided', 'invalid', 'unavailable'] as const
export type AnswerKind = (typeof answerKinds)[number]

/**
 * What a reading of DeployCenter changes, or would change, of the rights of this person.
 * `applied`: written; `unchanged`: nothing to write; `asks`: it would take everything away, and waits for the agent;
 * `planned`: shown before being applied; `kept`: the answer changes nothing, `trouble` says why;
 * `failed`: the desk could not write it, and nothing of it is written.
 */
export const rightsPlan = z.object({
  id: z.int(),
  at: instant,
  state: z.enum(['applied', 'unchanged', 'asks', 'planned', 'kept', 'failed']),
  answer: z.enum(answerKinds),
  /** DeployCenter's own reason, when it gives no list. */
  reason: z.string().max(200).nullable(),
  /** Why there is no answer, or only an old one; or why it was not written. */
  trouble: failure.nullable(),
  /** When DeployCenter said it; null: it said nothing. */
  answeredAt: instant.nullable(),
  /** The answer is an earlier one, shown because none came: it changes nothing. */
  stale: z.boolean(),
  add: z.array(z.string()),
  remove: z.array(z.string()),
  /** Entitled, and not known at dimail: never created. */
  unknown: z.array(z.string()),
  /** Entitled, and dimail could not be asked whether they exist: looked at again when it answers. */
  unchecked: z.array(z.string()),
  /** The same domain, written otherwise. */
  differs: z.array(z.object({ given: z.string(), known: z.string() })),
  /** How many entries are no domain names. */
  unreadable: z.int(),
  account: account.nullable(),
})
export type RightsPlan = z.infer<typeof rightsPlan>

export const session = z.object({
  state: z.enum(sessionStates),
  /** `account`: this profile has no provider, and who holds dimail's credentials is support. */
  by: z.enum(['account', 'provider']),
  person: person.nullable(),
  since: instant,
  /** Of `known` and `signed-out`: why, when it is not for want of a first sign-in. */
  failure: failure.nullable(),
  /** Of `refused`: DeployCenter's own reason, and whom it names. */
  refusal: z.object({ reason: z.string().nullable(), account, answeredAt: instant }).nullable(),
  may: z.array(z.enum(platformActions)),
  lock: profileLock,
  flags,
  /** Why the flags are closed, when their address did not answer. */
  flagsFailure: failure.nullable(),
  /** The latest reading of this person's rights; null: none in this run. */
  plan: rightsPlan.nullable(),
})
export type Session = z.infer<typeof session>

/** Whether the provider was told of a sign-out; `offline`: it could not be, and the console is signed out all the same. */
export const signedOut = z.object({ session, provider: z.enum(['told', 'offline', 'none']) })
export type SignedOut = z.infer<typeof signedOut>

const gauge = z.object({ used: z.number().nonnegative(), max: z.number().nonnegative().nullable() })
/** Bytes, decimal units; `max` null: no known limit, and no gauge. */
export const quota = z.object({
  mailbox: gauge,
  organization: gauge.nullable(),
  answeredAt: instant,
  stale: z.boolean(),
})
export type Quota = z.infer<typeof quota>

/** How the sandbox's DeployCenter behaves. */
export const deployCenterModes = [
  'normal',
  'unauthorized',
  'failing',
  'html',
  'array',
  'null',
  'huge',
  'silent',
  'down',
] as const
export type DeployCenterMode = (typeof deployCenterModes)[number]

/** An account of the sandbox's OpenID provider, and what its DeployCenter says of it. */
export const sandboxAgent = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  domains: z.array(z.string()),
  subscription: z.enum(['active', 'inactive', 'none']),
})
export type SandboxAgent = z.infer<typeof sandboxAgent>
