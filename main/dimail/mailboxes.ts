import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Caller } from './caller.ts'
import { type Mailbox, mailboxV1, mailboxV2 } from './mailbox-schemas.ts'
import { existingPart, normaliseDomain, normaliseLocalPart } from './names.ts'
import { pathOf, type Request } from './requests.ts'
import {
  type AddressUse,
  addressAnswer,
  codeAnswer,
  type LoginCode,
  type NewPassword,
  passwordAnswer,
  read,
  readRows,
} from './schemas.ts'

export type MailboxList = {
  mailboxes: Mailbox[]
  /** Of another domain of the same Open-Xchange context (docs/dimail.md 4.2). */
  foreign: Mailbox[]
  rejected: number
  version: 1 | 2
}
/** Display names are unique in an Open-Xchange context, not only in a domain (docs/dimail.md 7.6). */
export type PersonNames = { givenName: string; surName: string; displayName: string }
export type MailboxPatch = Partial<PersonNames> & { active?: 'yes' | 'no' }
/** The first versions of v2 know `active`, the later ones `imapActive` (docs/dimail.md 4.1). */
export type MailboxPatchV2 = { active?: 'yes' | 'no'; imapActive?: 'yes' | 'no'; names?: PersonNames }

export type MailboxCalls = {
  /** Asks the second version of the list, and the first when this dimail lacks it. */
  listMailboxes(domain: string, signal?: AbortSignal): Promise<Result<MailboxList>>
  readMailbox(domain: string, localPart: string, signal?: AbortSignal): Promise<Result<Mailbox>>
  /** The password comes once and is never repeated by dimail (docs/dimail.md 4.5). */
  createMailbox(
    domain: string,
    localPart: string,
    names: PersonNames,
    signal?: AbortSignal,
  ): Promise<Result<NewPassword>>
  /** Absolute values only: it may be sent again. A 2024 dimail ignores `active` (docs/dimail.md 4.6). */
  patchMailbox(
    domain: string,
    localPart: string,
    patch: MailboxPatch,
    signal?: AbortSignal,
  ): Promise<Result<undefined>>
  patchMailboxV2(
    domain: string,
    localPart: string,
    patch: MailboxPatchV2,
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
    const parse = (value: unknown) => mailboxesOf(domain, version, value)
    return call({ ...request, rule: 'read', pace: 'list', subject: 'domain' }, { parse }, signal)
  }

  return {
    async listMailboxes(text, signal) {
      const domain = normaliseDomain(text)
      if (!domain.ok) return domain
      const second = await list(domain.value, 2, signal)
      const lacks = !second.ok && second.failure.code === 'not-found' && second.failure.reason === 'route'
      return lacks ? list(domain.value, 1, signal) : second
    },
    async readMailbox(domain, localPart, signal) {
      const target = targetOf(domain, localPart)
      if (!target.ok) return target
      const parse = (value: unknown) => sameMailbox(target.value, read(mailboxV1, value))
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
      return call(request, { parse: (value) => read(passwordAnswer, value) }, signal)
    },
    async patchMailbox(domain, localPart, patch, signal) {
      const target = targetOf(domain, localPart)
      if (!target.ok) return target
      const route = '/domains/{domain}/mailboxes/{local}'
      return call(at(target.value, { method: 'PATCH', route, rule: 'set', body: patch }), nothing, signal)
    },
    async patchMailboxV2(domain, localPart, patch, signal) {
      const target = targetOf(domain, localPart)
      if (!target.ok) return target
      const route = '/v2/domains/{domain}/mailboxes/{local}'
      const body = bodyV2(patch)
      return call(at(target.value, { method: 'PATCH', route, rule: 'set', body }), nothing, signal)
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
      const parse = (value: unknown) => read(addressAnswer, value)
      return call({ ...request, subject: 'address' }, { parse }, signal)
    },
    async resetPassword(domain, localPart, signal) {
      const target = targetOf(domain, localPart)
      if (!target.ok) return target
      const route = '/domains/{domain}/mailboxes/{local}/reset_password/'
      const request = at(target.value, { method: 'POST', route, rule: 'reset', secret: true })
      return call(request, { parse: (value) => read(passwordAnswer, value) }, signal)
    },
    async loginCode(domain, localPart, life, signal) {
      const target = targetOf(domain, localPart)
      if (!target.ok) return target
      const route = '/domains/{domain}/mailboxes/{local}/code'
      const body = { expires_in: life.expiresIn, maxuse: life.maxUse }
      const request = at(target.value, { method: 'POST', route, rule: 'create', body, secret: true })
      return call(request, { parse: (value) => read(codeAnswer, value) }, signal)
    },
  }
}

function targetOf(domainText: string, localText: string): Result<Target> {
  const domain = normaliseDomain(domainText)
  if (!domain.ok) return domain
  const local = existingPart(localText)
  return local.ok ? ok({ domain: domain.value, local: local.value }) : local
}

function mailboxesOf(domain: string, version: 1 | 2, value: unknown): Result<MailboxList> {
  const list = readRows(version === 2 ? mailboxV2 : mailboxV1, value)
  if (!list.ok) return list
  const byAddress = new Map<string, Mailbox>()
  for (const box of list.value.rows) if (!byAddress.has(box.address)) byAddress.set(box.address, box)
  const boxes = [...byAddress.values()]
  return ok({
    mailboxes: boxes.filter((box) => box.domain === domain),
    foreign: boxes.filter((box) => box.domain !== domain),
    rejected: list.value.rejected + list.value.rows.length - boxes.length,
    version,
  })
}

function sameMailbox({ domain, local }: Target, box: Result<Mailbox>): Result<Mailbox> {
  if (!box.ok || box.value.address === `${local}@${domain}`.toLowerCase()) return box
  const same = box.value.domain === domain
  const message = 'dimail answered for another mailbox than the one asked.'
  return failed('bad-response', same ? 'other-mailbox' : 'other-domain', message)
}

function bodyV2({ active, imapActive: imap_active, names }: MailboxPatchV2): Record<string, unknown> {
  const activity = { active, imap_active }
  if (names === undefined) return activity
  const ox = { given_name: names.givenName, sur_name: names.surName, display_name: names.displayName }
  return { ...activity, extras: { ox } }
}
