import { z } from 'zod'
import type { Call, Push } from './channels.ts'
import { dnsCalls } from './dns-calls.ts'
import { type Failure, failure } from './failure.ts'
import * as boxes from './mailbox-shapes.ts'
import * as people from './people-shapes.ts'
import * as profiles from './profile-shapes.ts'
import * as provisioning from './provisioning-shapes.ts'
import * as sessions from './session-shapes.ts'
import * as shapes from './shapes.ts'

const nothing = z.undefined()
const done = z.void()
const name = z.strictObject({ name: z.string().min(1).max(260) })
const names = z.array(z.string().min(1).max(260)).min(1).max(100_000)
const domain = z.string().min(1).max(260)
const mailbox = z.string().min(3).max(320)
const email = z.string().min(3).max(320)
const id = z.string().min(1).max(80)
/** The language of a message that the call may send; absent: the profile's. */
const locale = z.enum(shapes.locales).optional()
/** A waiting mailbox is named by its address. */
const waiting = z.string().min(3).max(470)
const page = { offset: z.int().min(0).max(10_000_000), limit: z.int().min(1).max(500) }
/** What the agent saw when deciding: a mailbox that has changed since is not touched (docs/faults.md 78). */
const seen = z.strictObject({ status: boxes.mailboxStatus, displayName: z.string().max(401) })
/** Every call, with what goes in and what comes out; main/ipc.ts checks the first, the wire tests both. */
export const contract = {
  'app.read': { input: nothing, output: shapes.appState },
  'app.configure': {
    input: z.strictObject({
      locale: z.enum(shapes.locales).optional(),
      colorScheme: z.enum(shapes.colorSchemes).optional(),
    }),
    output: shapes.appState,
  },
  /** The page says that it has painted a view: the way to know when a picture of it is worth taking. */
  'app.painted': {
    input: z.strictObject({ view: z.string().max(40), rows: z.int().min(0) }),
    output: done,
  },
  'app.dismiss': { input: z.strictObject({ id: z.int() }), output: shapes.appState },

  /** Asks one server of a profile that is being written. `id`: the profile whose secrets stand in for those not typed. */
  'profiles.test': {
    input: z.strictObject({
      server: z.enum(profiles.profileServers),
      id: z.string().max(60).nullable(),
      draft: profiles.profileDraft,
      secrets: profiles.profileSecrets,
    }),
    output: profiles.serverTest,
  },
  'profiles.read': {
    input: z.strictObject({ id: z.string().max(60) }),
    output: z.object({ profile: profiles.profile, known: profiles.knownSecrets }),
  },
  /** `id` null: a new profile, which is then opened. To change servers or rights asks for dimail's password. */
  'profiles.save': {
    input: z.strictObject({
      id: z.string().max(60).nullable(),
      draft: profiles.profileDraft,
      secrets: profiles.profileSecrets,
    }),
    output: shapes.appState,
  },
  /** Forgets the profile and its secrets; its data stay in their folder. */
  'profiles.remove': { input: z.strictObject({ id: z.string().max(60) }), output: shapes.appState },
  /** Without secrets; null when the agent chose no file. */
  'profiles.export': {
    input: z.strictObject({ id: z.string().max(60) }),
    output: z.object({ file: z.string() }).nullable(),
  },
  /** The identity of the profile that a file gave; null when the agent chose none. */
  'profiles.import': { input: nothing, output: z.object({ id: z.string() }).nullable() },
  'profiles.open': { input: z.strictObject({ id: z.string().max(60) }), output: shapes.appState },
  'profiles.close': { input: nothing, output: shapes.appState },
  'profiles.unlock': {
    input: z.strictObject({ password: z.string().min(1).max(500) }),
    output: shapes.connectivity,
  },

  'fleet.refresh': {
    input: z.strictObject({ acceptShrink: z.boolean() }),
    output: z.object({ total: z.int(), added: z.int(), gone: z.int(), rejected: z.int() }),
  },
  'domains.list': {
    input: shapes.domainQuery,
    output: z.object({ rows: z.array(shapes.domainRow), total: z.int() }),
  },
  'domains.counts': { input: nothing, output: shapes.counts },
  'domains.names': { input: shapes.domainFilter, output: z.array(z.string()) },
  'domains.read': { input: name, output: shapes.domain },
  'domains.check': { input: name, output: shapes.domain },
  'domains.repair': { input: name, output: shapes.repair },
  'domains.fetchRecords': { input: name, output: shapes.domain },

  ...dnsCalls,

  /** Local validation while a name is typed: nothing leaves. */
  'domains.preview': { input: z.strictObject({ name: z.string().max(1000) }), output: people.domainPreview },
  'domains.create': {
    input: z.strictObject({ name: z.string().max(1000), supportEmail: z.string().max(320).nullable() }),
    output: people.domainSetup,
  },
  /** Takes up a domain that exists at dimail but not here. */
  'domains.adopt': {
    input: z.strictObject({ name: z.string().max(1000), supportEmail: z.string().max(320).nullable() }),
    output: people.domainSetup,
  },
  /** Does what is missing of a creation, and nothing else. */
  'domains.finish': { input: name, output: people.domainSetup },
  'domains.setSupportEmail': {
    input: z.strictObject({ name: domain, email: z.string().max(320).nullable() }),
    output: shapes.domain,
  },

  'mailboxes.list': {
    input: boxes.mailboxQuery,
    output: z.object({
      rows: z.array(boxes.mailboxRow),
      total: z.int(),
      /** All of the domain, whatever the filter; null: never read. */
      all: z.int().nullable(),
      /** When dimail last listed them. */
      fetchedAt: z.int().nullable(),
    }),
  },
  'mailboxes.addresses': { input: boxes.mailboxFilter, output: z.array(z.string()) },
  'mailboxes.read': {
    input: z.strictObject({ address: mailbox }),
    output: z.object({ mailbox: boxes.mailboxRow, journal: z.array(shapes.journalEntry) }),
  },
  'mailboxes.waiting': {
    input: z.strictObject({ domain, ...page }),
    output: z.object({
      rows: z.array(boxes.waitingMailbox),
      total: z.int(),
      /** Passwords of mailboxes that went out by themselves, which nobody has been told yet. */
      passwords: z.int(),
    }),
  },
  /** Those passwords: told once. */
  'mailboxes.passwords': {
    input: z.strictObject({ domain }),
    output: z.array(z.object({ address: z.string(), password: z.string() })),
  },
  'mailboxes.create': { input: boxes.newMailbox.extend({ locale }), output: boxes.creation },
  'mailboxes.edit': {
    input: boxes.newMailbox.extend({ id: waiting }),
    output: boxes.waitingMailbox,
  },
  'mailboxes.retry': { input: z.strictObject({ domain, id: waiting, locale }), output: boxes.creation },
  'mailboxes.remove': { input: z.strictObject({ domain, id: waiting }), output: done },
  'mailboxes.update': {
    input: boxes.mailboxNames.extend({ address: mailbox, seen }),
    output: boxes.mailboxRow,
  },
  'mailboxes.disable': { input: z.strictObject({ address: mailbox, seen }), output: boxes.mailboxRow },
  'mailboxes.enable': { input: z.strictObject({ address: mailbox, seen }), output: boxes.mailboxRow },
  'mailboxes.resetPassword': {
    input: z.strictObject({ address: mailbox, locale }),
    output: boxes.passwordReset,
  },
  'mailboxes.loginLink': { input: z.strictObject({ address: mailbox, locale }), output: boxes.loginLink },

  'aliases.list': {
    input: boxes.aliasQuery,
    output: z.object({
      rows: z.array(boxes.aliasRow),
      total: z.int(),
      all: z.int().nullable(),
      fetchedAt: z.int().nullable(),
    }),
  },
  'aliases.create': {
    input: z.strictObject({
      domain,
      localPart: z.string().max(320),
      destinations: z.array(z.string().max(320)).min(1).max(100),
      allowToSend: z.boolean(),
    }),
    output: z.object({ results: z.array(boxes.aliasResult) }),
  },
  'aliases.remove': {
    input: z.strictObject({ domain, localPart: z.string().max(320), destination: z.string().max(320) }),
    output: boxes.aliasRemoval,
  },
  'aliases.removeAll': {
    /** The destinations that the agent saw: others have come since when they differ. */
    input: z.strictObject({
      domain,
      localPart: z.string().max(320),
      destinations: z.array(z.string().max(320)).max(1000),
    }),
    output: boxes.aliasRemoval,
  },

  'drift.compare': { input: z.strictObject({ domain }), output: boxes.driftReport },
  'drift.list': {
    input: z.strictObject({
      domain,
      report: z.int(),
      kind: z.enum(boxes.differenceKinds).nullable(),
      ...page,
    }),
    output: z.object({ rows: z.array(boxes.difference), total: z.int() }),
  },
  'drift.import': {
    input: z.strictObject({ domain, report: z.int(), acceptShrink: z.boolean() }),
    output: boxes.imported,
  },

  /** Reads lines without sending anything; `text` null asks the agent for a file. Null when none was chosen. */
  'csv.preview': {
    input: z.strictObject({ domain, text: z.string().max(2_000_000).nullable() }),
    output: boxes.csvPlan.nullable(),
  },
  'csv.read': {
    input: z.strictObject({ domain, plan: z.int(), verdict: z.enum(boxes.lineVerdicts).nullable(), ...page }),
    output: z.object({ rows: z.array(boxes.csvLine), total: z.int() }),
  },
  'csv.run': { input: z.strictObject({ domain, plan: z.int(), locale }), output: shapes.job },
  /** The passwords of the mailboxes that a bulk creation made without a secondary address: told once. */
  'csv.passwords': {
    input: z.strictObject({ domain, job: z.int() }),
    output: z.array(z.object({ address: z.string(), password: z.string() })),
  },
  /** Writes a file that the agent chooses; null when none was chosen. `exact` is for machines. */
  'csv.export': {
    input: z.strictObject({ domain, what: z.enum(['mailboxes', 'aliases']), exact: z.boolean() }),
    output: z.object({ file: z.string(), rows: z.int() }).nullable(),
  },

  'search.find': {
    input: z.strictObject({ text: z.string().max(320), limit: z.int().min(1).max(50) }),
    output: boxes.found,
  },

  'session.read': { input: nothing, output: sessions.session },
  /** Opens the provider's page in the system's browser, and answers when the agent is back, or not. */
  'session.signIn': { input: nothing, output: sessions.session },
  'session.cancel': { input: nothing, output: sessions.session },
  'session.signOut': { input: nothing, output: sessions.signedOut },
  /** Lets the one call pass that was refused with `refused/ask-first`, whose details named `ask`. */
  'session.approve': { input: z.strictObject({ ask: z.string().max(80) }), output: done },

  /** Reads this person's rights at DeployCenter and says what would change; nothing is written. */
  'entitlements.plan': { input: nothing, output: sessions.rightsPlan },
  /** Writes a plan: the one just shown, or the one that asks. */
  'entitlements.apply': { input: z.strictObject({ plan: z.int() }), output: sessions.rightsPlan },
  /** Leaves the rights as they are for this session. */
  'entitlements.decline': { input: z.strictObject({ plan: z.int() }), output: sessions.rightsPlan },
  /** Null: unknown, or this DeployCenter does not tell. */
  'quota.read': { input: z.strictObject({ address: mailbox }), output: sessions.quota.nullable() },

  /** Reads names, CSV or JSON without sending anything; `text` null asks the agent for a file. */
  'provisioning.preview': {
    input: z.strictObject({
      text: z.string().max(2_000_000).nullable(),
      oidcAutojoin: z.boolean(),
      identitySync: z.boolean(),
    }),
    output: provisioning.provisionPlan.nullable(),
  },
  'provisioning.read': {
    input: z.strictObject({
      plan: z.int(),
      verdict: z.enum(provisioning.provisionVerdicts).nullable(),
      ...page,
    }),
    output: z.object({ rows: z.array(provisioning.provisionLine), total: z.int() }),
  },
  'provisioning.run': { input: z.strictObject({ plan: z.int() }), output: shapes.job },
  'provisioning.endpoint': { input: nothing, output: provisioning.endpointState },

  'rights.read': { input: z.strictObject({ domain }), output: people.rights },
  'accesses.grant': {
    input: z.strictObject({ domain, email, role: people.role, locale }),
    output: z.object({
      /** Somebody known gets the access at once; anybody else is invited. */
      outcome: z.enum(['access', 'invitation']),
      rights: people.rights,
      mail: boxes.mailOutcome,
    }),
  },
  'accesses.change': {
    input: z.strictObject({ domain, person: z.string().max(320), role: people.role }),
    output: people.rights,
  },
  'accesses.remove': {
    input: z.strictObject({ domain, person: z.string().max(320) }),
    output: people.rights,
  },
  'invitations.resend': {
    input: z.strictObject({ domain, id, locale }),
    output: z.object({ rights: people.rights, mail: boxes.mailOutcome }),
  },
  'invitations.revoke': { input: z.strictObject({ domain, id }), output: people.rights },

  'mail.read': { input: nothing, output: people.mailState },
  'mail.configure': {
    input: z.strictObject({
      smtp: people.mailSettings.nullable(),
      webmail: z.string().max(500).nullable(),
      locale: z.enum(shapes.locales),
      /** Null: the one already known stays. */
      password: z.string().max(500).nullable(),
    }),
    output: people.mailState,
  },
  'mail.test': { input: z.strictObject({ to: email }), output: boxes.mailOutcome },
  'mail.list': {
    input: z.strictObject({ domain: domain.nullable(), limit: z.int().min(1).max(500) }),
    output: z.array(people.message),
  },
  /** Of no domain, an empty one: a trial message. */
  'mail.resend': { input: z.strictObject({ domain: z.string().max(260), id }), output: boxes.mailOutcome },
  /** Opens the agent's own mail program on a message that this profile cannot send. */
  'mail.compose': {
    input: z.strictObject({ to: email, subject: z.string().max(300), text: z.string().max(5_000) }),
    output: done,
  },
  'outbox.list': { input: nothing, output: z.array(people.received) },
  'outbox.follow': { input: z.strictObject({ id: z.int() }), output: people.followed },

  'view.read': { input: nothing, output: shapes.domainsView },
  'view.write': { input: shapes.domainsView, output: done },

  /** Provisioning has a plan, and a call of its own. */
  'jobs.start': {
    input: z.strictObject({ kind: z.enum(shapes.jobKinds).exclude(['provision']), names }),
    output: shapes.job,
  },
  'jobs.cancel': { input: z.strictObject({ id: z.int() }), output: shapes.job },
  'jobs.list': { input: nothing, output: z.array(shapes.job) },
  'jobs.read': {
    input: z.strictObject({ id: z.int(), offset: z.int().min(0), limit: z.int().min(1).max(500) }),
    output: z.object({ job: shapes.job, rows: z.array(shapes.jobRow) }),
  },

  'connectivity.read': { input: nothing, output: shapes.connectivity },
  'connectivity.retry': { input: nothing, output: shapes.connectivity },
  'journal.list': {
    input: z.strictObject({ subject: z.string().max(260).nullable(), limit: z.int().min(1).max(500) }),
    output: z.array(shapes.journalEntry),
  },

  'sandbox.read': { input: nothing, output: shapes.sandboxState },
  'sandbox.start': { input: nothing, output: shapes.sandboxState },
  'sandbox.stop': { input: nothing, output: shapes.sandboxState },
  'sandbox.reset': { input: nothing, output: shapes.sandboxState },
  'sandbox.populate': { input: nothing, output: shapes.sandboxState },
  'sandbox.configure': {
    input: z.strictObject({
      dialect: z.enum(shapes.dialects),
      latencyMs: z.int().min(0).max(60_000),
      quirks: z.array(z.enum(shapes.sandboxQuirks)).max(20),
    }),
    output: shapes.sandboxState,
  },
  /** Publishes exactly the records that the domain should have, as a town would. */
  'sandbox.heal': { input: z.strictObject({ domain }), output: shapes.sandboxState },

  /** Who can sign in at the sandbox's provider, with what its DeployCenter says of them. */
  'sandbox.agents': { input: nothing, output: z.array(sessions.sandboxAgent) },
  'sandbox.entitle': {
    input: z.strictObject({
      id,
      domains: z.array(z.string().max(260)).max(1000),
      subscription: sessions.sandboxAgent.shape.subscription,
    }),
    output: z.array(sessions.sandboxAgent),
  },
  'sandbox.deployCenter': {
    input: z.strictObject({ mode: z.enum(sessions.deployCenterModes) }),
    output: shapes.sandboxState,
  },

  'links.open': { input: z.strictObject({ url: z.string().max(2000) }), output: done },
  /** `secret`: a password or a login link, taken away again after a minute. */
  'clipboard.write': {
    input: z.strictObject({ text: z.string().max(2_000_000), secret: z.boolean().optional() }),
    output: done,
  },
} satisfies Record<Call, { input: z.ZodType; output: z.ZodType }>

export const pushed = {
  'app.changed': shapes.appState,
  /** The names that changed; empty: read everything again. */
  'domains.changed': z.object({ names: z.array(z.string()) }),
  'job.progress': z.object({ job: shapes.job, rows: z.array(shapes.jobRow) }),
  'connectivity.changed': shapes.connectivity,
  'sandbox.changed': shapes.sandboxState,
  /** The domain whose mailboxes, aliases or waiting mailboxes changed; null: any. */
  'mailboxes.changed': z.object({ domain: z.string().nullable() }),
  'rights.changed': z.object({ domain: z.string().nullable() }),
  'session.changed': sessions.session,
  'provisioning.changed': provisioning.endpointState,
  'mail.changed': z.object({}),
  /** The domain whose diagnosis or watch changed. */
  'dns.changed': z.object({ domain: z.string() }),
  /** The agent clicked what the system told of this domain. */
  'domains.open': z.object({ domain: z.string() }),
} satisfies Record<Push, z.ZodType>

export type Input<C extends Call> = z.infer<(typeof contract)[C]['input']>
export type Output<C extends Call> = z.infer<(typeof contract)[C]['output']>
export type Pushed<P extends Push> = z.infer<(typeof pushed)[P]>

export const reply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), failure }),
])
export type Reply<T> = { ok: true; value: T } | { ok: false; failure: Failure }

/** What the page finds at `window.bridge`. */
export type Bridge = {
  [C in Call]: (...input: undefined extends Input<C> ? [] : [Input<C>]) => Promise<Reply<Output<C>>>
} & { on<P extends Push>(push: P, listener: (value: Pushed<P>) => void): () => void }
