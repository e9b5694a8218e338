import { failed, type Result } from '../../preload/failure.ts'
import type { Caller } from './caller.ts'
import { existingPart, normaliseDomain, normaliseEmail, normaliseLocalPart } from './names.ts'
import { pathOf } from './requests.ts'
import { type Leftovers, readRows } from './rows.ts'
import { type Alias, aliasAnswer, read } from './schemas.ts'

/** `doubled` names pairs as `local@domain -> destination`. */
export type AliasList = Leftovers & { aliases: Alias[]; foreign: Alias[] }

/** The calls about aliases (docs/dimail.md 5); new local parts obey the rule of mailboxes (docs/dimail.md 9, S1). */
export type AliasCalls = {
  listAliases(domain: string, signal?: AbortSignal): Promise<Result<AliasList>>
  createAlias(
    domain: string,
    alias: { localPart: string; destination: string; allowToSend?: boolean },
    signal?: AbortSignal,
  ): Promise<Result<Alias>>
  deleteAlias(
    domain: string,
    localPart: string,
    destination: string,
    signal?: AbortSignal,
  ): Promise<Result<undefined>>
  /** All destinations of one local part. */
  deleteAllAliases(domain: string, localPart: string, signal?: AbortSignal): Promise<Result<undefined>>
}

const aliasCall = { auth: 'bearer', pace: 'ordinary', subject: 'alias' } as const
const nothing = { instead: undefined }

export function createAliases({ call }: Caller): AliasCalls {
  return {
    async listAliases(text, signal) {
      const domain = normaliseDomain(text)
      if (!domain.ok) return domain
      const route = '/domains/{domain}/aliases/'
      const path = pathOf(route, { domain: domain.value })
      const request = { ...aliasCall, method: 'GET', route, path, rule: 'read', pace: 'list' } as const
      return call(request, { rows: aliasRows(domain.value) }, signal)
    },
    async createAlias(text, alias, signal) {
      const domain = normaliseDomain(text)
      if (!domain.ok) return domain
      const local = normaliseLocalPart(alias.localPart)
      if (!local.ok) return local
      const destination = normaliseEmail(alias.destination)
      if (!destination.ok) return destination
      const route = '/domains/{domain}/aliases/'
      const path = pathOf(route, { domain: domain.value })
      const pair = { user_name: local.value, destination: destination.value }
      const wanted = { domain: domain.value, localPart: local.value, destination: destination.value }
      const body = alias.allowToSend === undefined ? pair : { ...pair, allow_to_send: alias.allowToSend }
      const parse = (value: unknown) => sameAlias(wanted, read(aliasAnswer, value))
      return call({ ...aliasCall, method: 'POST', route, path, rule: 'create', body }, { parse }, signal)
    },
    async deleteAlias(text, localPart, to, signal) {
      const domain = normaliseDomain(text)
      if (!domain.ok) return domain
      const local = existingPart(localPart)
      if (!local.ok) return local
      // The word `all` in its place would delete every destination.
      if (!to.includes('@')) return failed('invalid', 'email', 'This is not an e-mail address.')
      const destination = existingPart(to)
      if (!destination.ok) return destination
      const route = '/domains/{domain}/aliases/{local}/{destination}'
      const segments = { domain: domain.value, local: local.value, destination: destination.value }
      const path = pathOf(route, segments)
      return call({ ...aliasCall, method: 'DELETE', route, path, rule: 'delete' }, nothing, signal)
    },
    async deleteAllAliases(text, localPart, signal) {
      const domain = normaliseDomain(text)
      if (!domain.ok) return domain
      const local = existingPart(localPart)
      if (!local.ok) return local
      const route = '/domains/{domain}/aliases/{local}/all'
      const path = pathOf(route, { domain: domain.value, local: local.value })
      return call({ ...aliasCall, method: 'DELETE', route, path, rule: 'delete' }, nothing, signal)
    },
  }
}

const keyOf = ({ domain, localPart, destination }: Omit<Alias, 'allowToSend'>) =>
  `${localPart}@${domain} -> ${destination}`

function aliasRows(domain: string) {
  return readRows(aliasAnswer, keyOf, () => {
    const aliases: Alias[] = []
    const foreign: Alias[] = []
    return {
      keep: (alias) => (alias.domain === domain ? aliases : foreign).push(alias),
      end: (leftovers): AliasList => ({ aliases, foreign, ...leftovers }),
    }
  })
}

/** An answer about another alias must not be believed: the one asked may not exist. */
function sameAlias(wanted: Omit<Alias, 'allowToSend'>, alias: Result<Alias>): Result<Alias> {
  if (!alias.ok || keyOf(alias.value).toLowerCase() === keyOf(wanted).toLowerCase()) return alias
  return failed('bad-response', 'other-mailbox', 'dimail answered for another alias than the one asked.')
}
