import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Caller } from './caller.ts'
import { type ActivityField, type Mailbox, type MailboxRow, mailboxV1, mailboxV2 } from './mailbox-schemas.ts'
import { existingPart, normaliseDomain, normaliseLocalPart } from './names.ts'
import { pathOf, type Request } from './requests.ts'
import { type Leftovers, readRows } from './rows.ts'
import {
  type AddressUse,
  addressAnswer,
  codeAnswer,
  type LoginCode,
  type NewPassword,
  passwordAnswer,
  read,
} from './schemas.ts'

/** `doubled` names addresses. */
export type MailboxList = Leftovers & {
  mailboxes: Mailbox[]
  /** Of another domain of the same Open-Xchange context (docs/dimail.md 4.2). */
  foreign: Mailbox[]
  version: 1 | 2
  /** What to say to `setMailboxActive`: in which key this dimail tells activity, null when it tells none. */
  activityField: ActivityField
}
/** Display names are unique in an Open-Xchange context, not only in a domain (docs/dimail.md 7.6). */
export type PersonNames = { givenName: string; surName: string; displayName: string }

export type MailboxCalls = {
  /**
   * Asks the second version of the list, and the first when this dimail lacks it; or the one that `version` names: the
   * first shows the other domains of the context too (docs/dimail.md 4.2).
   */
  listMailboxes(domain: string, signal?: AbortSignal, version?: 1 | 2): Promise<Result<MailboxList>>
  readMailbox(domain: string, localPart: string, signal?: AbortSignal): Promise<Result<Mailbox>>
  /** The password comes once and is never repeated by dimail (docs/dimail.md 4.5). */
  createMailbox(
    domain: string,
    localPart: string,
    names: PersonNames,
    signal?: AbortSignal,
  ): Promise<Result<NewPassword>>
  /**
   * Lets a mailbox in or out, in the words of the dimail whose list told its activity in `field`; enabling needs the
   * names again, since disabling forgets them (docs/dimail.md 4.6). A success only says that dimail took the call: a
   * 2024 dimail answers 200 and changes nothing, so whoever asks reads again.
   */
  setMailboxActive(
    domain: string,
    localPart: string,
    active: boolean,
    names: PersonNames | null,
    field: ActivityField,
    signal?: AbortSignal,
  ): Promise<Result<undefined>>
  /** Gives a person other names; `field` as for `setMailboxActive`. `not-found` when Open-Xchange has nobody there. */
  setMailboxNames(
    domain: string,
    localPart: string,
    names: PersonNames,
    field: ActivityField,
    signal?: AbortSignal,
  ): Promise<Result<undefined>>
  /** After an unknown outcome, `not-found` means that it is done. */
  deleteMailbox(domain: string, localPart: string, signal?: AbortSignal): Promise<Result<undefined>>
  /** Where an address is used; `not-found` with reason `address` when nowhere (docs/dimail.md 4.8). */
  address(domain: string, localPart: string, signal?: AbortSignal): Promise<Result<AddressUse>>
  resetPassword(domain: string, localPart: string, signal?: AbortSignal): Promise<Result<NewPassword>>
  /** A code for the webmail, alive for `expiresIn` seconds and `maxUse` uses (docs/dimail.md 4.10). */
  loginCode(
    domain: string,
    localPart: string,
    life: { expiresIn: number; maxUse: number },
    signal?: AbortSignal,
  ): Promise<Result<LoginCode>>
}

type Target = { domain: string; local: string }

const mailboxCall = { auth: 'bearer', pace: 'ordinary', subject: 'mailbox' } as const
const nothing = { instead: undefined }

/** The calls about mailboxes. */
export function createMailboxes({ call }: Caller): MailboxCalls {
  const at = (target: Target, request: Omit<Request, 'path' | 'auth' | 'pace' | 'subject'>): Request => ({
    ...mailboxCall,
    ...request,
    path: pathOf(request.route, target),
  })

  async function list(domain: string, version: 1 | 2, signal: AbortSignal | undefined) {
    const route = version === 2 ? '/v2/domains/{domain}/mailboxes/' : '/domains/{domain}/mailboxes/'
    const request = { method: 'GET', route, path: pathOf(route, { domain }), auth: 'bearer' } as const
    const rows = mailboxRows(domain, version)
    return call({ ...request, rule: 'read', pace: 'list', subject: 'domain' }, { rows }, signal)
  }

  /** Absolute values only: it may be sent again. */
  async function patch(domain: string, localPart: string, change: Patch, signal: AbortSignal | undefined) {
    const target = targetOf(domain, localPart)
    if (!target.ok) return target
    return call(at(target.value, { method: 'PATCH', rule: 'set', ...change }), nothing, signal)
  }

  return {
    async listMailboxes(text, signal, version) {
      const domain = normaliseDomain(text)
      if (!domain.ok) return domain
      if (version !== undefined) return list(domain.value, version, signal)
      const second = await list(domain.value, 2, signal)
      const lacks = !second.ok && second.failure.code === 'not-found' && second.failure.reason === 'route'
      return lacks ? list(domain.value, 1, signal) : second
    },
    async readMailbox(domain, localPart, signal) {
      const target = targetOf(domain, localPart)
      if (!target.ok) return target
      const parse = (value: unknown) => {
        const row = read(mailboxV1, value)
        return row.ok ? aboutTarget(target.value, row.value.box.address, row.value.box) : row
      }
      const route = '/domains/{domain}/mailboxes/{local}'
      return call(at(target.value, { method: 'GET', route, rule: 'read' }), { parse }, signal)
    },
    async createMailbox(domain, localPart, names, signal) {
      const local = normaliseLocalPart(localPart)
      if (!local.ok) return local
      const target = targetOf(domain, local.value)
      if (!target.ok) return target
      const { givenName, surName, displayName } = names
      const body = { givenName, surName, displayName }
      const route = '/domains/{domain}/mailboxes/{local}'
      const request = at(target.value, { method: 'POST', route, rule: 'create', body, secret: true })
      return call(request, { parse: (value) => named(target.value, read(passwordAnswer, value)) }, signal)
    },
    setMailboxActive(domain, localPart, active, names, field, signal) {
      return patch(
        domain,
        localPart,
        activityPatch(active ? 'yes' : 'no', active ? names : null, field),
        signal,
      )
    },
    setMailboxNames(domain, localPart, names, field, signal) {
      const { givenName, surName, displayName } = names
      const body = field === 'imap_active' ? oxOf(names) : { givenName, surName, displayName }
      return patch(domain, localPart, { route: patchRoute(field), body }, signal)
    },
    async deleteMailbox(domain, localPart, signal) {
      const target = targetOf(domain, localPart)
      if (!target.ok) return target
      const route = '/domains/{domain}/mailboxes/{local}'
      return call(at(target.value, { method: 'DELETE', route, rule: 'delete' }), nothing, signal)
    },
    async address(domain, localPart, signal) {
      const target = targetOf(domain, localPart)
      if (!target.ok) return target
      const route = '/domains/{domain}/address/{local}/'
      const request = at(target.value, { method: 'GET', route, rule: 'read' })
      const parse = (value: unknown) => {
        const use = read(addressAnswer, value)
        return use.ok
          ? aboutTarget(target.value, `${use.value.username}@${use.value.domain}`, use.value)
          : use
      }
      return call({ ...request, subject: 'address' }, { parse }, signal)
    },
    async resetPassword(domain, localPart, signal) {
      const target = targetOf(domain, localPart)
      if (!target.ok) return target
      const route = '/domains/{domain}/mailboxes/{local}/reset_password/'
      const request = at(target.value, { method: 'POST', route, rule: 'reset', secret: true })
      return call(request, { parse: (value) => named(target.value, read(passwordAnswer, value)) }, signal)
    },
    async loginCode(domain, localPart, life, signal) {
      const target = targetOf(domain, localPart)
      if (!target.ok) return target
      const route = '/domains/{domain}/mailboxes/{local}/code'
      const body = { expires_in: life.expiresIn, maxuse: life.maxUse }
      const request = at(target.value, { method: 'POST', route, rule: 'create', body, secret: true })
      return call(request, { parse: (value) => named(target.value, read(codeAnswer, value)) }, signal)
    },
  }
}

function targetOf(domainText: string, localText: string): Result<Target> {
  const domain = normaliseDomain(domainText)
  if (!domain.ok) return domain
  const local = existingPart(localText)
  return local.ok ? ok({ domain: domain.value, local: local.value }) : local
}

function mailboxRows(domain: string, version: 1 | 2) {
  const schema = version === 2 ? mailboxV2 : mailboxV1
  const collect = () => {
    const mailboxes: Mailbox[] = []
    const foreign: Mailbox[] = []
    let activityField: ActivityField = null
    return {
      keep({ box, field }: MailboxRow) {
        if (box.domain === domain) mailboxes.push(box)
        else foreign.push(box)
        if (activityField !== 'imap_active') activityField = field ?? activityField
      },
      end: (leftovers: Leftovers): MailboxList => ({
        mailboxes,
        foreign,
        version,
        activityField,
        ...leftovers,
      }),
    }
  }
  return readRows(schema, (row: MailboxRow) => row.box.address, collect)
}

/** What is said of another mailbox must not be believed of the one asked: of a password, least of all. */
function aboutTarget<T>({ domain, local }: Target, address: string, value: T): Result<T> {
  const said = address.toLowerCase()
  if (said === `${local}@${domain}`.toLowerCase()) return ok(value)
  const reason = said.endsWith(`@${domain}`) ? 'other-mailbox' : 'other-domain'
  return failed('bad-response', reason, 'dimail answered for another mailbox than the one asked.')
}

const named = <T extends { email: string }>(target: Target, answer: Result<T>): Result<T> =>
  answer.ok ? aboutTarget(target, answer.value.email, answer.value) : answer

type Patch = { route: string; body: Record<string, unknown> }

const patchRoute = (field: ActivityField) =>
  field === 'imap_active' ? '/v2/domains/{domain}/mailboxes/{local}' : '/domains/{domain}/mailboxes/{local}'

const oxOf = ({ givenName, surName, displayName }: PersonNames) => ({
  extras: { ox: { given_name: givenName, sur_name: surName, display_name: displayName } },
})

function activityPatch(active: 'yes' | 'no', names: PersonNames | null, field: ActivityField): Patch {
  const route = patchRoute(field)
  if (field === 'imap_active') return { route, body: { imap_active: active, ...(names && oxOf(names)) } }
  if (names === null) return { route, body: { active } }
  const { givenName, surName, displayName } = names
  return { route, body: { active, givenName, surName, displayName } }
}
