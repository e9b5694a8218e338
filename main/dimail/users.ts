import { failed, type Result } from '../../preload/failure.ts'
import type { Caller } from './caller.ts'
import { normaliseDomain, normaliseUser } from './names.ts'
import { pathOf } from './requests.ts'
import { readRows } from './rows.ts'
import { type Allow, allowAnswer, read, type User, userAnswer } from './schemas.ts'

export type NewUser = { name: string; password: string; isAdmin: boolean; perms: string[] }

/** The accounts of dimail and what each may touch (docs/dimail.md 2.2 to 2.6). */
export type UserCalls = {
  listUsers(signal?: AbortSignal): Promise<Result<{ users: User[]; rejected: number }>>
  readUser(name: string, signal?: AbortSignal): Promise<Result<User>>
  createUser(user: NewUser, signal?: AbortSignal): Promise<Result<User>>
  patchUser(
    name: string,
    patch: { password?: string; isAdmin?: boolean },
    signal?: AbortSignal,
  ): Promise<Result<User>>
  deleteUser(name: string, signal?: AbortSignal): Promise<Result<undefined>>
  listAllows(
    filter: { username?: string; domain?: string },
    signal?: AbortSignal,
  ): Promise<Result<{ allows: Allow[]; rejected: number }>>
  createAllow(allow: Allow, signal?: AbortSignal): Promise<Result<Allow>>
  deleteAllow(allow: Allow, signal?: AbortSignal): Promise<Result<undefined>>
}

const userCall = { auth: 'basic', pace: 'ordinary', subject: 'user' } as const
const nothing = { instead: undefined }

/** An answer about another account is not believed; names of accounts have a case (docs/dimail.md 1). */
const user = (name: string) => ({
  parse(value: unknown): Result<User> {
    const account = read(userAnswer, value)
    return !account.ok || account.value.name === name ? account : another
  },
})
const another = failed(
  'bad-response',
  'other-account',
  'dimail answered for another account than the one asked.',
)

export function createUsers({ call }: Caller): UserCalls {
  const one = '/users/{user}'
  return {
    async listUsers(signal) {
      const request = { ...userCall, method: 'GET', route: '/users/', path: '/users/', rule: 'read' } as const
      return call(request, { rows: userRows }, signal)
    },
    async readUser(text, signal) {
      const name = normaliseUser(text)
      if (!name.ok) return name
      const path = pathOf(one, { user: name.value })
      return call({ ...userCall, method: 'GET', route: one, path, rule: 'read' }, user(name.value), signal)
    },
    async createUser(account, signal) {
      const name = normaliseUser(account.name)
      if (!name.ok) return name
      const { password, isAdmin: is_admin, perms } = account
      const body = { name: name.value, password, is_admin, perms }
      const request = {
        ...userCall,
        method: 'POST',
        route: '/users/',
        path: '/users/',
        rule: 'create',
      } as const
      return call({ ...request, body, secret: true }, user(name.value), signal)
    },
    async patchUser(text, patch, signal) {
      const name = normaliseUser(text)
      if (!name.ok) return name
      const path = pathOf(one, { user: name.value })
      const body = { password: patch.password, is_admin: patch.isAdmin }
      const request = { ...userCall, method: 'PATCH', route: one, path, rule: 'set' } as const
      return call({ ...request, body, secret: true }, user(name.value), signal)
    },
    async deleteUser(text, signal) {
      const name = normaliseUser(text)
      if (!name.ok) return name
      const path = pathOf(one, { user: name.value })
      return call({ ...userCall, method: 'DELETE', route: one, path, rule: 'delete' }, nothing, signal)
    },
    async listAllows(filter, signal) {
      const query = new URLSearchParams(Object.entries(filter)).toString()
      const path = query === '' ? '/allows/' : `/allows/?${query}`
      const request = { ...userCall, method: 'GET', route: '/allows/', path, rule: 'read' } as const
      return call(request, { rows: allowRows }, signal)
    },
    async createAllow(allow, signal) {
      const pair = pairOf(allow)
      if (!pair.ok) return pair
      const request = {
        ...userCall,
        method: 'POST',
        route: '/allows/',
        path: '/allows/',
        rule: 'create',
      } as const
      const parse = (value: unknown) => {
        const answer = read(allowAnswer, value)
        const same = answer.ok && keyOf(answer.value) === keyOf(pair.value)
        return same || !answer.ok ? answer : another
      }
      return call({ ...request, subject: 'allow', body: pair.value }, { parse }, signal)
    },
    async deleteAllow(allow, signal) {
      const pair = pairOf(allow)
      if (!pair.ok) return pair
      const route = '/allows/{domain}/{user}'
      const path = pathOf(route, pair.value)
      const request = { ...userCall, method: 'DELETE', route, path, rule: 'delete' } as const
      return call({ ...request, subject: 'allow' }, nothing, signal)
    },
  }
}

const userRows = readRows(
  userAnswer,
  (user) => user.name,
  () => {
    const users: User[] = []
    return { keep: (user) => users.push(user), end: ({ rejected }) => ({ users, rejected }) }
  },
)
const keyOf = ({ user, domain }: Allow) => `${user} ${domain.toLowerCase()}`
const allowRows = readRows(allowAnswer, keyOf, () => {
  const allows: Allow[] = []
  return { keep: (allow) => allows.push(allow), end: ({ rejected }) => ({ allows, rejected }) }
})

function pairOf(allow: Allow): Result<Allow> {
  const name = normaliseUser(allow.user)
  if (!name.ok) return name
  const domain = normaliseDomain(allow.domain)
  return domain.ok ? { ok: true, value: { user: name.value, domain: domain.value } } : domain
}
