import { z } from 'zod'
import { failure } from './failure.ts'
import { domainSetup } from './people-shapes.ts'
import { profile } from './profile-shapes.ts'
import { provisioned } from './provisioning-shapes.ts'
import { deployCenterModes } from './session-shapes.ts'

/** Milliseconds since 1970, UTC. */
const instant = z.int().nonnegative()

export const statuses = ['pending', 'enabled', 'action_required', 'failed', 'disabled'] as const
export const status = z.enum(statuses)
export type Status = z.infer<typeof status>

export const checkStates = ['ok', 'failing', 'unknown', 'not-tested'] as const
/** One check of a domain, read as docs/dimail.md 6 and 7 tell. */
export const check = z.object({
  key: z.string(),
  internal: z.boolean(),
  state: z.enum(checkStates),
  errors: z.array(z.object({ code: z.string(), detail: z.string() })),
})
export type Check = z.infer<typeof check>

/** Whether a check stands in the way: one whose answer cannot be read is no good news (docs/dimail.md L2). */
export const isFailing = ({ state }: Pick<Check, 'state'>): boolean =>
  state === 'failing' || state === 'unknown'

/** Why "Repair" can or cannot help now. */
export const repairStates = ['possible', 'nothing', 'external', 'disabled', 'unchecked', 'gone'] as const
export type RepairState = (typeof repairStates)[number]

export const domainRow = z.object({
  name: z.string(),
  status,
  /** The keys of the failing checks, external ones first. */
  failing: z.array(z.string()),
  repair: z.enum(repairStates),
  /** Since when this console has seen it in this status. */
  since: instant,
  /** False when it was already so at first sight: it has been so for longer than `since` tells. */
  sinceExact: z.boolean(),
  /** When dimail last answered a check asked from here. */
  checkedAt: instant.nullable(),
  /** The last attempt, when it came after `checkedAt` and failed. */
  attempt: z.object({ at: instant, failure }).nullable(),
  fetchedAt: instant,
  mailboxes: z.int().nullable(),
})
export type DomainRow = z.infer<typeof domainRow>

/** What a check or a repair found, small enough for a journal row. */
export const finding = z.object({ status, checks: z.array(check) })
export type Finding = z.infer<typeof finding>

export const repairEffects = ['repaired', 'partly', 'unchanged', 'revealed', 'worse'] as const
export type RepairEffect = (typeof repairEffects)[number]

export const repair = z.object({
  at: instant,
  state: z.enum(['running', 'done', 'failed', 'unknown']),
  before: finding,
  after: finding.nullable(),
  effect: z.enum(repairEffects).nullable(),
  failure: failure.nullable(),
})
export type Repair = z.infer<typeof repair>

export const expectedRecord = z.object({ target: z.string(), type: z.string(), value: z.string() })
export type ExpectedRecord = z.infer<typeof expectedRecord>

export const domain = domainRow.extend({
  checks: z.array(check),
  records: z.object({ fetchedAt: instant, items: z.array(expectedRecord) }).nullable(),
  statusSpans: z.array(z.object({ status, from: instant, to: instant })),
  checkSpans: z.array(z.object({ key: z.string(), state: z.enum(checkStates), from: instant, to: instant })),
  lastRepair: repair.nullable(),
  contextName: z.string().nullable(),
  /** The town's address for questions of mail; known to this console alone. */
  supportEmail: z.string().nullable(),
  /** A creation that is not finished. */
  setup: domainSetup.nullable(),
  /** What provisioning said of it. */
  provisioned: provisioned.nullable(),
  /** dimail's own answer, as pretty JSON. */
  raw: z.string(),
})
export type Domain = z.infer<typeof domain>

export const sorts = ['urgency', 'name', 'since', 'checked', 'mailboxes'] as const
/** Which domains: free text in the name, and a status, or those one call can repair. */
export const domainFilter = z.strictObject({
  text: z.string().max(253),
  status: z.enum([...statuses, 'repairable', 'all']),
})
export type DomainFilter = z.infer<typeof domainFilter>

export const domainQuery = domainFilter.extend({
  sort: z.enum(sorts),
  descending: z.boolean(),
  offset: z.int().min(0).max(10_000_000),
  limit: z.int().min(1).max(500),
})
export type DomainQuery = z.infer<typeof domainQuery>

export const counts = z.object({
  all: z.int(),
  pending: z.int(),
  enabled: z.int(),
  action_required: z.int(),
  failed: z.int(),
  disabled: z.int(),
  repairable: z.int(),
  fetchedAt: instant.nullable(),
})
export type Counts = z.infer<typeof counts>

export const jobKinds = [
  'check',
  'repair',
  'enable-mailboxes',
  'disable-mailboxes',
  'create-mailboxes',
  'provision',
  'diagnose',
] as const
export type JobKind = (typeof jobKinds)[number]
export const job = z.object({
  id: z.int(),
  kind: z.enum(jobKinds),
  /** `interrupted`: the program ended before the job did. */
  state: z.enum(['running', 'done', 'cancelled', 'interrupted']),
  total: z.int(),
  done: z.int(),
  failed: z.int(),
  startedAt: instant,
  endedAt: instant.nullable(),
})
export type Job = z.infer<typeof job>

export const jobRow = z.object({
  name: z.string(),
  /** `not-done`: cancelled or interrupted before it started. */
  state: z.enum(['waiting', 'running', 'done', 'failed', 'not-done']),
  status: status.nullable(),
  /** Of a diagnosis: how many expected records DNS does not give as they should be. */
  toCorrect: z.int().nonnegative().nullable(),
  failure: failure.nullable(),
  at: instant.nullable(),
})
export type JobRow = z.infer<typeof jobRow>

export const connectivity = z.object({
  state: z.enum(['unknown', 'online', 'offline', 'not-answering', 'locked']),
  since: instant,
  lastAnswerAt: instant.nullable(),
  failure: failure.nullable(),
})
export type Connectivity = z.infer<typeof connectivity>

export const locales = ['fr', 'en'] as const
export type Locale = (typeof locales)[number]
export const colorSchemes = ['auto', 'light', 'dark'] as const

export const keyrings = ['lasting', 'none', 'basic-text', 'unknown', 'unreadable'] as const
export type Keyring = (typeof keyrings)[number]

export const notice = z.object({
  id: z.int(),
  reason: z.string(),
  at: instant,
  details: z.record(z.string(), z.string()),
  failure: failure.nullable(),
})
export type Notice = z.infer<typeof notice>

export const appState = z.object({
  version: z.string(),
  standIn: z.boolean(),
  locale: z.enum(locales),
  colorScheme: z.enum(colorSchemes),
  profile: profile.nullable(),
  profiles: z.array(profile),
  /** `lasting`: the system's keyring keeps secrets. Else they live until the program ends, for this reason. */
  keyring: z.enum(keyrings),
  notices: z.array(notice),
})
export type AppState = z.infer<typeof appState>

export const domainsView = domainQuery
  .omit({ offset: true, limit: true })
  .extend({ open: z.string().max(253).nullable() })
export type DomainsView = z.infer<typeof domainsView>

export const journalActions = [
  'repair',
  'domain.create',
  'domain.adopt',
  'domain.provision',
  'mailbox.create',
  'mailbox.update',
  'mailbox.disable',
  'mailbox.enable',
  'mailbox.reset-password',
  'mailbox.login-link',
  'alias.create',
  'alias.delete',
  'alias.delete-all',
  'mailboxes.import',
  'access.grant',
  'access.change',
  'access.remove',
  'invitation.create',
  'invitation.renew',
  'invitation.revoke',
] as const
export type JournalAction = (typeof journalActions)[number]

export const journalEntry = z.object({
  id: z.int(),
  at: instant,
  action: z.enum(journalActions),
  /** The domain. */
  subject: z.string(),
  /** The mailbox, alias, person or address that it was about; null: the domain itself. */
  target: z.string().nullable(),
  /** The identity of who did it, and the name by which this console knows them. */
  actor: z.string(),
  actorName: z.string().nullable(),
  state: z.enum(['running', 'done', 'failed', 'unknown']),
  failure: failure.nullable(),
  /** Of a repair: the domain's status as it was found, and as it was left when that is known. */
  before: status.nullable(),
  after: status.nullable(),
  effect: z.enum(repairEffects).nullable(),
})
export type JournalEntry = z.infer<typeof journalEntry>

export const dialects = ['2024', '0.6.7', '0.6-late'] as const
export const sandboxQuirks = [
  'string-booleans',
  'json-errors',
  'conflict-as-409',
  'lose-answers',
  'short-tokens',
] as const
export const sandboxState = z.object({
  state: z.enum(['starting', 'running', 'stopped', 'failed']),
  address: z.string().nullable(),
  dialect: z.enum(dialects),
  latencyMs: z.int(),
  quirks: z.array(z.enum(sandboxQuirks)),
  deployCenter: z.enum(deployCenterModes),
})
export type SandboxState = z.infer<typeof sandboxState>
