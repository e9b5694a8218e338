import { z } from 'zod'
import { failure } from './failure.ts'

const instant = z.int().nonnegative()

export const roles = ['viewer', 'administrator', 'owner'] as const
export const role = z.enum(roles)
export type Role = z.infer<typeof role>

/**
 * What somebody may do about a domain (docs/dimail.md 8.7). `support` is not granted on a domain: it is who holds
 * dimail's credentials, and may do on every domain what an owner may.
 */
export const standings = ['none', ...roles, 'support'] as const
export const standing = z.enum(standings)
export type Standing = z.infer<typeof standing>

export const actions = [
  'domain.read',
  'domain.check',
  'domain.repair',
  'domain.setup',
  'mailbox.read',
  'mailbox.change',
  'alias.change',
  'access.read',
  'access.grant',
  'access.grant-owner',
  'invitation.manage',
] as const
export type Action = (typeof actions)[number]

/**
 * Somebody. `id` is the subject that the OpenID provider names them by, or the name of dimail's account where there is
 * no provider; `email` in lower case. `support`: works on every domain.
 */
export const person = z.object({
  id: z.string().max(320),
  name: z.string().max(200),
  email: z.string().max(320).nullable(),
  support: z.boolean(),
})
export type Person = z.infer<typeof person>

/** Who has signed in here, by subject: whom an e-mail address or a row of the journal means. */
export const seenPerson = z.object({
  id: z.string(),
  issuer: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  lastSeen: instant,
})
export type SeenPerson = z.infer<typeof seenPerson>

export const access = z.object({
  domain: z.string(),
  /** The subject of who has it; the e-mail address of somebody who has not signed in since it was given. */
  person: z.string(),
  name: z.string(),
  email: z.string().nullable().default(null),
  role,
  by: z.string(),
  at: instant,
})
export type Access = z.infer<typeof access>

/** An access as one agent sees it: what that agent may do with it. */
export const accessRow = access.extend({
  /** The roles it may be given; empty when it may not be changed. */
  mayBecome: z.array(role),
  mayRemove: z.boolean(),
  /** Why it cannot be removed or demoted, when that is not for want of rights. */
  lastOwner: z.boolean(),
})
export type AccessRow = z.infer<typeof accessRow>

export const invitation = z.object({
  id: z.string(),
  domain: z.string(),
  email: z.string(),
  role,
  by: z.string(),
  createdAt: instant,
  /** Seven days after it was created or last renewed. */
  expiresAt: instant,
})
export type Invitation = z.infer<typeof invitation>

export const rights = z.object({
  domain: z.string(),
  standing,
  may: z.array(z.enum(actions)),
  /** The roles that this agent may grant or invite to. */
  grantable: z.array(role),
  accesses: z.array(accessRow),
  invitations: z.array(invitation),
})
export type Rights = z.infer<typeof rights>

export const messageKinds = [
  'welcome',
  'password-reset',
  'login-link',
  'invitation',
  'status',
  'test',
  'dns',
] as const
/** A message as the desk keeps it: never its text, which may hold a login link or a password. */
export const message = z.object({
  id: z.string(),
  kind: z.enum(messageKinds),
  domain: z.string(),
  /** What it is about: a mailbox, an invitation's address, the domain itself. */
  about: z.string(),
  to: z.string(),
  locale: z.enum(['fr', 'en']),
  state: z.enum(['sent', 'failed', 'draft']),
  failure: failure.nullable(),
  at: instant,
  attempts: z.int(),
})
export type Message = z.infer<typeof message>

/** How this profile sends mail; the password is in the vault. */
export const mailSettings = z.object({
  host: z.string().max(253),
  port: z.int().min(1).max(65_535),
  /** `none` is allowed on this very computer only. */
  security: z.enum(['tls', 'starttls', 'none']),
  username: z.string().max(320),
  from: z.string().max(320),
})
export type MailSettings = z.infer<typeof mailSettings>
export const mailState = z.object({
  smtp: mailSettings.nullable(),
  /** Login links lead to `<webmail>/code/<code>` (docs/dimail.md 4.10). */
  webmail: z.string().nullable(),
  /** The language of messages, unless the agent chooses another. */
  locale: z.enum(['fr', 'en']),
  hasPassword: z.boolean(),
  /** The sandbox's own server: not for the agent to change. */
  builtIn: z.boolean(),
})
export type MailState = z.infer<typeof mailState>

/** A message that the sandbox's own mail server received. */
export const received = z.object({
  id: z.int(),
  at: instant,
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  /** The login link in it, when there is one. */
  link: z.string().nullable(),
})
export type Received = z.infer<typeof received>
/** What the sandbox's webmail answered to a login link. */
export const followed = z.object({
  outcome: z.enum(['signed-in', 'used-up', 'expired', 'unknown']),
  address: z.string().nullable(),
  left: z.int(),
})
export type Followed = z.infer<typeof followed>

/** What creating a domain comprises; a failure after the first leaves the rest to be finished. */
export const setupSteps = ['create', 'access', 'check', 'records'] as const
export type SetupStep = (typeof setupSteps)[number]
export const domainSetup = z.object({
  name: z.string(),
  supportEmail: z.string().nullable(),
  creator: z.string(),
  createdAt: instant,
  missing: z.array(z.enum(setupSteps)),
  /** Why the first of the missing steps failed. */
  failure: failure.nullable(),
  adopted: z.boolean(),
})
export type DomainSetup = z.infer<typeof domainSetup>

export const domainPreview = z.object({
  /** What dimail will be asked for: lower-case ASCII. */
  ascii: z.string(),
  unicode: z.string(),
  /** Known here already. */
  known: z.boolean(),
  failure: failure.nullable(),
})
export type DomainPreview = z.infer<typeof domainPreview>
