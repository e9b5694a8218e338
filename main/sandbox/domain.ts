import { type Alias, seedAliases } from './aliases.ts'
import { type Check, type Findings, runChecks } from './checks.ts'
import { type Published, zoneAsFound } from './dns/published.ts'
import type { ServerMode } from './dns/servers.ts'
import type { Faults } from './internal.ts'
import { type Mailbox, seedMailboxes } from './mailboxes.ts'
import { platformRecords, rightRecords, type Wanted } from './records.ts'
import type { FindZone, Zone } from './zone.ts'

export const features = ['webmail', 'mailbox', 'alias'] as const
export type Feature = (typeof features)[number]

/** The console's statuses, as the fleet declares them. */
export const statuses = ['pending', 'enabled', 'action_required', 'failed', 'disabled'] as const
export type Status = (typeof statuses)[number]

/** A domain not built yet: small, so that a fleet of 100,000 costs nothing before it is looked at. */
export type Plan = {
  name: string
  contextName: string
  /** The console's status after one check in the default dialect, without repair. */
  expects: Status
  mailboxes: number
  /** Its place among the domains of its OX context, from 0: keeps its people apart from theirs. */
  place: number
  seed: string
  /** Makes the domain, right in everything, what the plan wants of it. */
  shape(domain: Domain): void
}

/** One domain of the simulated dimail; tests and control routes edit it freely. */
export type Domain = {
  readonly name: string
  contextName: string | null
  features: Feature[]
  delivery: string
  transport: string | null
  active: boolean
  mailboxDomain: string | null
  webmailDomain: string | null
  imapDomains: string[] | null
  smtpDomains: string[] | null
  wanted: Wanted
  zone: Zone
  /** How some of its name servers treat it, by their names; the others are right. */
  servers: Map<string, ServerMode>
  /** What its name servers were last seen to publish; null: nobody has asked them. */
  published: Published | null
  /** `broken`: a validating resolver refuses what it says. */
  dnssec: 'unsigned' | 'signed' | 'broken'
  faults: Faults
  foreign: Map<string, Check>
  /** What the last check found; null: never checked. */
  stored: Findings | null
  readonly mailboxes: Mailbox[]
  readonly aliases: Alias[]
}

/** What a domain holds, made when first asked for: a fleet of 100,000 would not validate otherwise. */
export type Contents = { mailboxes(): Mailbox[]; aliases(): Alias[] }

/** A domain with all features, its right records published and nothing broken, never checked. */
export function createDomain(name: string, contextName: string | null, contents: Contents): Domain {
  const wanted = platformRecords(name)
  let mailboxes: Mailbox[] | null = null
  let aliases: Alias[] | null = null
  return {
    name,
    contextName,
    features: ['webmail', 'mailbox', 'alias'],
    delivery: 'virtual',
    transport: null,
    active: true,
    mailboxDomain: null,
    webmailDomain: null,
    imapDomains: null,
    smtpDomains: null,
    wanted,
    zone: { delegated: true, failure: null, records: rightRecords(wanted) },
    servers: new Map(),
    published: null,
    dnssec: 'unsigned',
    faults: new Map(),
    foreign: new Map(),
    stored: null,
    get mailboxes() {
      mailboxes ??= contents.mailboxes()
      return mailboxes
    },
    get aliases() {
      aliases ??= contents.aliases()
      return aliases
    },
  }
}

/** Builds what a plan says, with the result of an earlier check unless it is still pending. */
export function grow(plan: Plan, find: FindZone): Domain {
  const domain = createDomain(plan.name, plan.contextName, {
    mailboxes: () => seedMailboxes(plan),
    aliases: () => seedAliases(plan),
  })
  plan.shape(domain)
  const itself: FindZone = (name) => (name === plan.name.toLowerCase() ? zoneAsFound(domain) : find(name))
  if (plan.expects !== 'pending') domain.stored = runChecks(domain, itself, '0.6.7')
  return domain
}
