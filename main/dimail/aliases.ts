import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Caller } from './caller.ts'
import { existingPart, normaliseDomain, normaliseEmail, normaliseLocalPart } from './names.ts'
import { pathOf } from './requests.ts'
import { type Alias, aliasAnswer, read, readRows } from './schemas.ts'

export type AliasList = { aliases: Alias[]; foreign: Alias[]; rejected: number }

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
      const parse = (value: unknown) => aliasesOf(domain.value, value)
      return call({ ...aliasCall, method: 'GET', route, path, rule: 'read', pace: 'list' }, { parse }, signal)
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
      const body = alias.allowToSend === undefined ? pair : { ...pair, allow_to_send: alias.allowToSend }
      const parse = (value: unknown) => read(aliasAnswer, value)
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

function aliasesOf(domain: string, value: unknown): Result<AliasList> {
  const list = readRows(aliasAnswer, value)
  if (!list.ok) return list
  const { rows, rejected } = list.value
  return ok({
    aliases: rows.filter((alias) => alias.domain === domain),
    foreign: rows.filter((alias) => alias.domain !== domain),
    rejected,
  })
}
