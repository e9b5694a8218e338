import type { Call } from '../../preload/channels.ts'
import type { Input } from '../../preload/contract.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { domainOf } from '../../preload/mailbox-shapes.ts'
import type { Access, Action, Person, Role, Standing } from '../../preload/people-shapes.ts'
import type { Flags } from '../../preload/profile-shapes.ts'
import type { JobKind } from '../../preload/shapes.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Approvals } from '../session/approvals.ts'
import type { Standpoint } from '../session/standpoint.ts'
import type { Collection } from '../store/collection.ts'
import { actionsOf, grantableBy, may, standingOf } from './standings.ts'
import { type Touch, touchOf } from './touches.ts'

/**
 * What a call needs. `anybody`: it is about the program, or about the person alone. `support`: it is about the
 * whole platform. `narrowed`: its handler shows only what may be read. Else an action on each domain that its
 * input names; no domain: narrowed. `own`: the address of whom a viewer may be to do it all the same.
 */
type Rule<C extends Call> =
  | 'anybody'
  | 'support'
  | 'narrowed'
  | {
      action: (input: Input<C>) => Action
      domains: (input: Input<C>) => readonly string[]
      own: (input: Input<C>) => string | null
    }

type Names<C extends Call> = (input: Input<C>) => string | null
const nobody = () => null

const on = <C extends Call>(action: Action, domain: Names<C>, own: Names<C> = nobody): Rule<C> => ({
  action: () => action,
  domains: (input) => [domain(input)].filter((name) => name !== null),
  own,
})

/** Giving or naming the role of owner is for owners. */
const granting = <C extends 'accesses.grant' | 'accesses.change'>(): Rule<C> => ({
  action: ({ role }) => (role === 'owner' ? 'access.grant-owner' : 'access.grant'),
  domains: ({ domain }) => [domain],
  own: nobody,
})

const named = ({ name }: { name: string }) => name
const inDomain = ({ domain }: { domain: string }) => domain
const ofAddress = ({ address }: { address: string }) => domainOf(address)
const address = (input: { address: string }) => input.address

/** What the rows of a job need: to start it, and to stop it. */
export const jobNeeds: Record<JobKind, Action> = {
  check: 'domain.check',
  repair: 'domain.repair',
  'enable-mailboxes': 'mailbox.change',
  'disable-mailboxes': 'mailbox.change',
  'create-mailboxes': 'mailbox.change',
  // Of domains that nobody has a right on yet: support alone passes, whatever it is.
  provision: 'domain.setup',
  diagnose: 'domain.check',
}

/**
 * Every call with its rule; one without does not compile. Domains are created and taken up by support alone:
 * DNS proves who holds a name only afterwards, and dimail would take any (docs/dimail.md 9, S6).
 */
const needOf: { [C in Call]: Rule<C> } = {
  'app.read': 'anybody',
  'app.configure': 'anybody',
  'app.dismiss': 'anybody',
  'app.painted': 'anybody',
  'profiles.test': 'anybody',
  'profiles.read': 'anybody',
  'profiles.save': 'anybody',
  'profiles.remove': 'anybody',
  'profiles.export': 'anybody',
  'profiles.import': 'anybody',
  'profiles.open': 'anybody',
  'profiles.close': 'anybody',
  'profiles.unlock': 'anybody',

  'fleet.refresh': 'narrowed',
  'domains.list': 'narrowed',
  'domains.counts': 'narrowed',
  'domains.names': 'narrowed',
  'domains.read': on('domain.read', named),
  'domains.check': on('domain.check', named),
  'domains.repair': on('domain.repair', named),
  'domains.fetchRecords': on('domain.check', named),
  'dns.read': on('domain.read', named),
  'dns.diagnose': on('domain.read', named),
  'dns.rehearse': on('domain.read', named),
  'dns.export': on('domain.read', named),
  'dns.save': on('domain.read', named),
  'dns.letter': on('domain.read', named),
  'dns.saveLetter': on('domain.read', named),
  'dns.composeLetter': on('domain.read', named),
  'dns.sendLetter': on('domain.setup', named),
  'dns.watch': on('domain.check', named),
  'dns.unwatch': on('domain.check', named),
  'dns.watches': 'narrowed',
  'codes.unknown': 'support',
  'domains.preview': 'support',
  'domains.create': 'support',
  'domains.adopt': 'support',
  'domains.finish': on('domain.setup', named),
  'domains.setSupportEmail': on('domain.setup', named),

  'mailboxes.list': on('mailbox.read', inDomain),
  'mailboxes.addresses': on('mailbox.read', inDomain),
  'mailboxes.read': on('mailbox.read', ofAddress),
  'mailboxes.waiting': on('mailbox.read', inDomain),
  'mailboxes.passwords': on('mailbox.change', inDomain),
  'mailboxes.create': on('mailbox.change', inDomain),
  'mailboxes.edit': on('mailbox.change', inDomain),
  'mailboxes.retry': on('mailbox.change', inDomain),
  'mailboxes.remove': on('mailbox.change', inDomain),
  'mailboxes.update': on('mailbox.change', ofAddress, address),
  'mailboxes.disable': on('mailbox.change', ofAddress),
  'mailboxes.enable': on('mailbox.change', ofAddress),
  'mailboxes.resetPassword': on('mailbox.change', ofAddress),
  'mailboxes.loginLink': on('mailbox.change', ofAddress, address),

  'aliases.list': on('mailbox.read', inDomain),
  'aliases.create': on('alias.change', inDomain),
  'aliases.remove': on('alias.change', inDomain, ({ destination }) => destination),
  'aliases.removeAll': on('alias.change', inDomain),

  'drift.compare': on('domain.check', inDomain),
  'drift.list': on('mailbox.read', inDomain),
  'drift.import': on('mailbox.change', inDomain),

  'csv.preview': on('mailbox.change', inDomain),
  'csv.read': on('mailbox.change', inDomain),
  'csv.run': on('mailbox.change', inDomain),
  'csv.passwords': on('mailbox.change', inDomain),
  'csv.export': on('mailbox.read', inDomain),

  'search.find': 'narrowed',

  'session.read': 'anybody',
  'session.signIn': 'anybody',
  'session.cancel': 'anybody',
  'session.signOut': 'anybody',
  'session.approve': 'anybody',
  'entitlements.plan': 'anybody',
  'entitlements.apply': 'anybody',
  'entitlements.decline': 'anybody',
  'quota.read': on('mailbox.read', ofAddress),
  'provisioning.preview': 'support',
  'provisioning.read': 'support',
  'provisioning.run': 'support',
  'provisioning.endpoint': 'support',
  'rights.read': on('access.read', inDomain),
  'accesses.grant': granting(),
  'accesses.change': granting(),
  'accesses.remove': on('access.grant', inDomain),
  'invitations.resend': on('invitation.manage', inDomain),
  'invitations.revoke': on('invitation.manage', inDomain),

  'mail.read': 'anybody',
  'mail.configure': 'support',
  'mail.test': 'support',
  'mail.list': on('domain.read', ({ domain }) => domain),
  'mail.compose': 'anybody',
  // A trial message is of no domain: whoever is not support has sent none.
  'mail.resend': on('mailbox.change', inDomain),
  'outbox.list': 'anybody',
  'outbox.follow': 'anybody',

  'view.read': 'anybody',
  'view.write': 'anybody',
  'jobs.start': {
    action: ({ kind }) => jobNeeds[kind],
    domains: ({ names }) => names.map(domainOf),
    own: nobody,
  },
  'jobs.cancel': 'anybody',
  'jobs.list': 'anybody',
  'jobs.read': 'anybody',
  'connectivity.read': 'anybody',
  'connectivity.retry': 'anybody',
  'journal.list': on('domain.read', ({ subject }) => subject),

  'sandbox.read': 'anybody',
  // Without it nobody could sign in.
  'sandbox.start': 'anybody',
  'sandbox.stop': 'support',
  'sandbox.reset': 'support',
  'sandbox.populate': 'support',
  'sandbox.configure': 'support',
  'sandbox.heal': 'support',
  'sandbox.zone': 'support',
  'sandbox.publish': 'support',
  'sandbox.agents': 'anybody',
  'sandbox.entitle': 'anybody',
  'sandbox.deployCenter': 'anybody',

  'links.open': 'anybody',
  'clipboard.write': 'anybody',
}

/** The flag that holds a call for everybody, support included (docs/entitlements.md 7). */
function flagFailure(call: Call, { create, manageAccesses }: Flags): Result<void> {
  if (!create && (call === 'domains.create' || call === 'domains.adopt'))
    return failed('refused', 'flag-create', 'Creating domains is switched off for this profile.')
  if (!manageAccesses && (call.startsWith('accesses.') || call.startsWith('invitations.')))
    return failed('refused', 'flag-manage-accesses', 'Handling accesses is switched off for this profile.')
  return ok(undefined)
}

/** What the session itself refuses, before anybody's role. */
function sessionFailure({ state }: Standpoint, touch: Touch): Result<void> {
  if (touch === 'open' || state === 'signed-in') return ok(undefined)
  if (state === 'refused') return failed('refused', 'no-access', 'DeployCenter says that you have no access.')
  if (state !== 'known') return failed('refused', 'signed-out', 'Nobody is signed in.')
  if (touch === 'read') return ok(undefined)
  return failed('refused', 'not-proven', 'Sign in again first: until then what is here is only read.')
}

export type Permissions = {
  /**
   * Whether the person at the console may make this call, here and now: else `refused/…`, or `not-found/domain`. Under
   * the lock `ask` a call that changes something is refused as `refused/ask-first` until it is approved.
   */
  permit<C extends Call>(call: C, input: Input<C>): Promise<Result<void>>
  /** The domains on which this may be done; null: every one. */
  domainsFor(action: Action): Promise<readonly string[] | null>
  /** The domains that may be read; null: every one. */
  readable(): Promise<readonly string[] | null>
  /** What the person is on a domain, may do there, and the roles that they may give. */
  authority(domain: string): Promise<{ standing: Standing; may: Action[]; grantable: Role[] }>
}

/** The lock of a profile, for calls here and for requests at the barrier (main/profiles/front.ts). */
export const readOnly = () =>
  failed('refused', 'read-only', 'This profile is locked: nothing is changed through it.')
export const refused = () => failed('refused', 'role', 'Your role does not allow this.')
/** The very words of a domain that does not exist: who may not read one does not learn that it is there. */
const unknown = (name: string) => failed('not-found', 'domain', `${name} is not known here.`)

/** The one place that decides who may do what. Everything is asked at each call; for support no access is read. */
export function createPermissions(from: {
  standpoint: () => Standpoint
  accesses: () => Pick<Collection<Access>, 'list'>
  approvals: Pick<Approvals, 'pass'>
}): Permissions {
  const { standpoint, accesses, approvals } = from

  async function standing(domain: string): Promise<Standing> {
    const who = standpoint().person
    if (who === null) return 'none'
    return standingOf(who, domain, who.support ? [] : await accesses().list(domain))
  }

  async function domainsFor(action: Action): Promise<readonly string[] | null> {
    const who = standpoint().person
    if (who === null) return []
    if (who.support) return null
    const mine = (await accesses().list(null)).filter((one) => one.person === who.id)
    return mine.filter(({ role }) => may(role, action)).map(({ domain }) => domain)
  }

  async function judge<C extends Call>(
    rule: Exclude<Rule<C>, string>,
    input: Input<C>,
    who: Person,
  ): Promise<Result<void>> {
    const names = [...new Set(rule.domains(input))]
    const [only] = names
    const known = await accesses().list(names.length === 1 && only !== undefined ? domainName(only) : null)
    const own = who.email !== null && rule.own(input)?.trim().toLowerCase() === who.email
    let verdict: Result<void> = ok(undefined)
    for (const text of names) {
      const name = normaliseDomain(text)
      if (!name.ok) return name
      const is = standingOf(who, name.value, known)
      if (!may(is, 'domain.read')) return unknown(name.value)
      if (!may(is, rule.action(input)) && !own) verdict = refused()
    }
    return verdict
  }

  async function allowed<C extends Call>(
    call: C,
    input: Input<C>,
    who: Person | null,
  ): Promise<Result<void>> {
    const rule: Rule<C> = needOf[call]
    if (rule === 'anybody' || rule === 'narrowed' || who?.support) return ok(undefined)
    return rule === 'support' || who === null ? refused() : judge(rule, input, who)
  }

  return {
    async permit(call, input) {
      const at = standpoint()
      const touch = touchOf(call, input)
      const session = sessionFailure(at, touch)
      if (!session.ok) return session
      const role = await allowed(call, input, at.person)
      if (!role.ok) return role
      const flag = flagFailure(call, at.flags)
      if (!flag.ok || touch !== 'write' || at.lock === 'none') return flag
      if (at.lock === 'ask') return approvals.pass(call, input)
      return readOnly()
    },
    domainsFor,
    readable: () => domainsFor('domain.read'),
    async authority(domain) {
      const is = await standing(domain)
      const may = actionsOf(is, standpoint())
      return { standing: is, may, grantable: grantableBy(may) }
    },
  }
}

/** As accesses name it; a text that is no name has none. */
function domainName(text: string): string {
  const name = normaliseDomain(text)
  return name.ok ? name.value : text
}
