import { randomBytes } from 'node:crypto'
import { sign, verify } from 'hono/jwt'
import { Crash, Refusal } from './errors.ts'
import type { User, World } from './world.ts'

/** Signs and reads the tokens of docs/dimail.md 2.1: HS256, with `sub` and `exp` only. */
export function createTokens(deps: { now: () => number; lifetimeS: () => number }) {
  const secret = randomBytes(32).toString('hex')
  const nowS = () => Math.floor(deps.now() / 1000)
  return {
    issue: (name: string) => sign({ sub: name, exp: nowS() + deps.lifetimeS() }, secret, 'HS256'),
    /** The user name in a token, or null for one that is forged, broken or expired. */
    async read(token: string): Promise<string | null> {
      try {
        const { sub, exp } = await verify(token, secret, { alg: 'HS256', exp: false })
        return typeof sub === 'string' && typeof exp === 'number' && exp > nowS() ? sub : null
      } catch {
        return null
      }
    },
  }
}
export type Tokens = ReturnType<typeof createTokens>

const denied = () => new Refusal(403, 'Permission denied')

/**
 * Who asks, by `Authorization: Basic` (docs/dimail.md 1.3). While there is no user at all, anybody is admin.
 * @throws Refusal 401 without readable credentials, 403 with wrong ones.
 */
export function basicUser(header: string | undefined, world: World): User {
  const challenge = { 'www-authenticate': 'Basic' }
  const [scheme, parameter] = split(header)
  if (scheme.toLowerCase() !== 'basic') throw new Refusal(401, 'Not authenticated', challenge)
  const credentials = decode(parameter)
  const colon = credentials?.indexOf(':') ?? -1
  if (credentials === null || colon < 0) {
    throw new Refusal(401, 'Invalid authentication credentials', challenge)
  }
  const name = credentials.slice(0, colon)
  if (world.users.size === 0) return { name: 'FAKE', password: '', isAdmin: true, uuid: '', perms: [] }
  const user = world.users.get(name)
  if (user === undefined || user.password !== credentials.slice(colon + 1)) throw denied()
  return user
}

/**
 * Who asks, by `Authorization: Bearer` (docs/dimail.md 1.3).
 * @throws Refusal 403 in every case but one: another spelling of the scheme than `Bearer` is a Crash.
 */
export async function bearerUser(header: string | undefined, world: World, tokens: Tokens): Promise<User> {
  const [scheme, parameter] = split(header)
  if (scheme === '' || parameter === '') throw new Refusal(403, 'Not authenticated')
  if (scheme.toLowerCase() !== 'bearer') throw new Refusal(403, 'Invalid authentication credentials')
  if (scheme !== 'Bearer') throw new Crash('AssertionError: the scheme is not Bearer')
  const name = await tokens.read(parameter)
  const user = name === null ? undefined : world.users.get(name)
  if (user === undefined) throw denied()
  return user
}

/** Whether a user may act on a domain: one right per domain, no read/write split. */
export const mayUse = (user: User, domain: string, world: World): boolean =>
  user.isAdmin || world.allows.some((allow) => allow.user === user.name && allow.domain === domain)

function split(header = ''): [scheme: string, parameter: string] {
  const space = header.indexOf(' ')
  return space < 0 ? [header, ''] : [header.slice(0, space), header.slice(space + 1).trim()]
}

function decode(base64: string): string | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) return null
  const bytes = Buffer.from(base64, 'base64')
  return bytes.some((byte) => byte > 127) ? null : bytes.toString('ascii')
}
