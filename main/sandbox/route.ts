import type { z } from 'zod'
import type { Tokens } from './auth.ts'
import { validate } from './bodies.ts'
import type { Behaviour, Dialect } from './dialects.ts'
import type { LoginCodes } from './login-codes.ts'
import type { User, World } from './world.ts'

export type Answer = { status: number; json?: unknown }

/** What a handler is given: the whole simulated dimail, and who asks for what. */
export type Call = {
  world: World
  tokens: Tokens
  codes: LoginCodes
  behaviour: Behaviour
  /** Whether lists show the other domains of an OX context, and its technical user. */
  contextSharing: boolean
  user: User
  param(name: string): string
  query(name: string): string | undefined
}

type Common = {
  /** Names the route for latency: `domains.check`. */
  name: string
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  auth: 'basic' | 'bearer'
  /** Who passes authentication; without it, every user does. */
  admits?: (user: User, dialect: Dialect) => boolean
  /** The dialects that have it; all by default. */
  dialects?: readonly Dialect[]
  /** Its effect outlives the answer, so that losing the answer matters. */
  changes?: boolean
}

export type Route = Common & { hasBody: boolean; run(call: Call, json: unknown): Answer | Promise<Answer> }

/** A route whose body, if its schema is given, is validated after authentication (docs/dimail.md 1.2). */
export function route<S extends z.ZodType>(
  spec: Common & { body: S; handle(call: Call, body: z.output<S>): Answer | Promise<Answer> },
): Route
export function route(spec: Common & { handle(call: Call): Answer | Promise<Answer> }): Route
export function route(
  spec: Common & {
    body?: z.ZodType
    handle(call: Call, body?: unknown): Answer | Promise<Answer>
  },
): Route {
  const { body, handle, ...common } = spec
  if (body === undefined) return { ...common, hasBody: false, run: (call) => handle(call) }
  return { ...common, hasBody: true, run: (call, json) => handle(call, validate(body, json)) }
}

export const admin = (user: User): boolean => user.isAdmin

/** Admins, and since 2024 also the users who carry a permission (docs/dimail.md 1.3). */
export const adminOr =
  (perm: string) =>
  (user: User, dialect: Dialect): boolean =>
    user.isAdmin || (dialect !== '2024' && user.perms.includes(perm))

export const since2025: readonly Dialect[] = ['0.6.7', '0.6-late']
