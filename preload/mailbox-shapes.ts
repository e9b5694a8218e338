import { z } from 'zod'
import { failure } from './failure.ts'

const instant = z.int().nonnegative()
const address = z.string().max(320)

/** As dimail tells it (docs/dimail.md 4.1): `wait` is on its way; `unknown` also when it does not say. */
export const activities = ['yes', 'no', 'wait', 'unknown'] as const
export const activity = z.enum(activities)
export type Activity = z.infer<typeof activity>

export const mailboxStatuses = ['enabled', 'disabled', 'waiting', 'broken', 'unknown', 'gone'] as const
export const mailboxStatus = z.enum(mailboxStatuses)
export type MailboxStatus = z.infer<typeof mailboxStatus>

/** Why a mailbox has its status: the page's sentence is `mailboxes.reason.<reason>`. */
export const mailboxReasons = [
  'active',
  'inactive',
  'on-its-way',
  'half-made',
  'not-told',
  'not-listed',
] as const

/** A person of Open-Xchange, a mailbox without one, or the `oxadmin` of a context (docs/dimail.md 7.7, 7.8). */
export const mailboxKinds = ['person', 'functional', 'technical'] as const
export type MailboxKind = (typeof mailboxKinds)[number]

export const mailboxRow = z.object({
  address,
  localPart: z.string(),
  domain: z.string(),
  givenName: z.string(),
  surName: z.string(),
  displayName: z.string(),
  kind: z.enum(mailboxKinds),
  status: mailboxStatus,
  reason: z.enum(mailboxReasons),
  imap: activity,
  /** Null where this dimail does not tell it apart. */
  smtp: activity.nullable(),
  /** Where login links and passwords are mailed; known to this console alone. */
  secondaryEmail: z.string().nullable(),
  fetchedAt: instant,
})
export type MailboxRow = z.infer<typeof mailboxRow>

export const mailboxSorts = ['address', 'person', 'status', 'kind', 'secondary'] as const
export const mailboxFilter = z.strictObject({
  domain: z.string().max(260),
  /** Any part of the address or of the name, whatever case and accents. */
  text: z.string().max(320),
  show: z.enum(['all', 'enabled', 'disabled', 'functional', 'trouble']),
})
export type MailboxFilter = z.infer<typeof mailboxFilter>
export const mailboxQuery = mailboxFilter.extend({
  sort: z.enum(mailboxSorts),
  descending: z.boolean(),
  offset: z.int().min(0).max(10_000_000),
  limit: z.int().min(1).max(500),
})
export type MailboxQuery = z.infer<typeof mailboxQuery>

/** What an agent types of a mailbox; the local part and the domain never change afterwards. */
const named = {
  givenName: z.string().max(200),
  surName: z.string().max(200),
  /** Empty: the given name and the surname. */
  displayName: z.string().max(401),
  secondaryEmail: z.string().max(320).nullable(),
}
export const mailboxNames = z.strictObject(named)
export type MailboxNames = z.infer<typeof mailboxNames>
export const newMailbox = z.strictObject({
  domain: z.string().max(260),
  localPart: z.string().max(200),
  ...named,
})
export type NewMailbox = z.infer<typeof newMailbox>

/** A mailbox that is not at dimail yet: the desk holds the only copy of what was typed. */
export const waitingMailbox = z.object({
  /** Its address to be. */
  id: z.string(),
  domain: z.string(),
  localPart: z.string(),
  givenName: z.string(),
  surName: z.string(),
  displayName: z.string(),
  secondaryEmail: z.string().nullable(),
  /**
   * `waiting` goes out when its domain is enabled; `sending` is on the wire; `failed` needs the agent;
   * `unknown` is settled by reading before anything else.
   */
  state: z.enum(['waiting', 'sending', 'failed', 'unknown']),
  failure: failure.nullable(),
  by: z.string(),
  createdAt: instant,
  attemptedAt: instant.nullable(),
})
export type WaitingMailbox = z.infer<typeof waitingMailbox>

/** What became of a message: `none` when there was nobody to write to; `draft` when this profile has no SMTP. */
export const mailOutcome = z.object({
  state: z.enum(['none', 'sent', 'failed', 'draft']),
  /** The message as the desk keeps it, for "send again"; null for `none`. */
  id: z.string().nullable(),
  to: z.string().nullable(),
  failure: failure.nullable(),
  /** The message to copy or to open as `mailto:`, when it could not be sent from here. */
  draft: z.object({ to: z.string(), subject: z.string(), text: z.string() }).nullable(),
})
export type MailOutcome = z.infer<typeof mailOutcome>

/** A one-time password crosses here and nowhere else; nothing keeps it. */
export const creation = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('created'), address, password: z.string(), mail: mailOutcome }),
  /** The domain is not enabled: kept here, and sent when it is. */
  z.object({ outcome: z.literal('kept'), mailbox: waitingMailbox }),
])
export type Creation = z.infer<typeof creation>

export const passwordReset = z.object({ address, password: z.string(), mail: mailOutcome })
export type PasswordReset = z.infer<typeof passwordReset>
export const loginLink = z.object({
  address,
  link: z.string(),
  expiresAt: instant,
  maxUse: z.int(),
  mail: mailOutcome,
})
export type LoginLink = z.infer<typeof loginLink>

export const aliasRow = z.object({
  localPart: z.string(),
  domain: z.string(),
  destinations: z.array(
    z.object({ destination: z.string(), allowToSend: z.boolean().nullable(), fetchedAt: instant }),
  ),
  /** The same local part is also a mailbox (docs/dimail.md 5). */
  isMailbox: z.boolean(),
})
export type AliasRow = z.infer<typeof aliasRow>
export const aliasQuery = z.strictObject({
  domain: z.string().max(260),
  text: z.string().max(320),
  sort: z.enum(['alias', 'destinations']),
  descending: z.boolean(),
  offset: z.int().min(0).max(10_000_000),
  limit: z.int().min(1).max(500),
})
export type AliasQuery = z.infer<typeof aliasQuery>
export const aliasResult = z.object({ destination: z.string(), failure: failure.nullable() })
export type AliasResult = z.infer<typeof aliasResult>
/** `already-gone`: dimail no longer had it (404). */
export const aliasRemoval = z.object({
  outcome: z.enum(['removed', 'already-gone']),
  destinations: z.array(z.string()),
})
export type AliasRemoval = z.infer<typeof aliasRemoval>

/**
 * How dimail's list differs from what is known here. The last five are facts about dimail's own list: they are
 * told whether or not anything changed.
 */
export const differenceKinds = [
  'unknown-here',
  'unknown-at-dimail',
  'other-name',
  'other-activity',
  'alias-unknown-here',
  'alias-unknown-at-dimail',
  'alias-other-right',
  'functional',
  'technical',
  'foreign',
  'unparsable',
  'doubled',
] as const
export type DifferenceKind = (typeof differenceKinds)[number]
export const difference = z.object({
  kind: z.enum(differenceKinds),
  /** An address, `local -> destination` for an alias, or a redacted excerpt of a row that cannot be read. */
  subject: z.string(),
  here: z.string().nullable(),
  there: z.string().nullable(),
})
export type Difference = z.infer<typeof difference>
export const driftReport = z.object({
  id: z.int(),
  domain: z.string(),
  at: instant,
  /** Which version of the list dimail answered. */
  version: z.union([z.literal(1), z.literal(2)]),
  mailboxes: z.int(),
  aliases: z.int(),
  counts: z.partialRecord(z.enum(differenceKinds), z.int()),
  /** Differences that an import would write here; 0: nothing to import. */
  toImport: z.int(),
  /** More than a fifth of what is known here has disappeared: not believed without the agent (docs/faults.md 52). */
  shrunk: z.boolean(),
})
export type DriftReport = z.infer<typeof driftReport>
export const imported = z.object({
  added: z.int(),
  changed: z.int(),
  gone: z.int(),
  unchanged: z.int(),
  /** Rows left out, each told in the report. */
  skipped: z.int(),
})
export type Imported = z.infer<typeof imported>

export const lineVerdicts = ['create', 'keep', 'refused'] as const
/** One line of a CSV file, as it would be treated: sent at once, kept until the domain is enabled, or refused. */
export const csvLine = z.object({
  line: z.int(),
  localPart: z.string(),
  givenName: z.string(),
  surName: z.string(),
  secondaryEmail: z.string().nullable(),
  verdict: z.enum(lineVerdicts),
  failure: failure.nullable(),
})
export type CsvLine = z.infer<typeof csvLine>
export const csvPlan = z.object({
  id: z.int(),
  domain: z.string(),
  /** The file's name without its folder; null for pasted lines. */
  file: z.string().nullable(),
  encoding: z.enum(['utf-8', 'utf-16', 'windows-1252']),
  delimiter: z.enum([';', ',', 'tab']),
  total: z.int(),
  counts: z.record(z.enum(lineVerdicts), z.int()),
  /** The file has more lines than one import takes; those beyond are not read. */
  cut: z.boolean(),
})
export type CsvPlan = z.infer<typeof csvPlan>

export const found = z.object({
  mailboxes: z.array(mailboxRow),
  aliases: z.array(aliasRow),
})
export type Found = z.infer<typeof found>

/** The domain that an address, or a name, is of: what follows its last @. */
export const domainOf = (text: string): string => text.slice(text.lastIndexOf('@') + 1)
