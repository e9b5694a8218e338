import { setTimeout as delay } from 'node:timers/promises'
import { type Context, Hono } from 'hono'
import { basicUser, bearerUser, type Tokens } from './auth.ts'
import { readJson } from './bodies.ts'
import type { Behaviour, Dialect } from './dialects.ts'
import { Crash, Refusal } from './errors.ts'
import type { LoginCodes } from './login-codes.ts'
import type { Route } from './route.ts'
import { aliasRoutes } from './routes/aliases.ts'
import { allowRoutes } from './routes/allows.ts'
import { domainRoutes } from './routes/domains.ts'
import { mailboxExtraRoutes } from './routes/mailbox-extras.ts'
import { mailboxRoutes } from './routes/mailboxes.ts'
import { mailboxRoutesV2 } from './routes/mailboxes-v2.ts'
import { userRoutes } from './routes/users.ts'
import type { World } from './world.ts'

/** Set while a request is answered: whether something was done that losing the answer would hide. */
export type Exchange = { changed: boolean }
type Environment = { Bindings: { exchange: Exchange } }

export type AppDeps = {
  world: World
  tokens: Tokens
  codes: LoginCodes
  behaviour: Behaviour
  /** Milliseconds by route name, in place of the general latency. */
  latency: Readonly<Record<string, number>>
  contextSharing: boolean
  /** Whether the other slash form of a path is redirected; otherwise it is unknown. */
  redirects: boolean
}

const routes: Route[] = [
  ...[userRoutes, allowRoutes, domainRoutes, mailboxRoutes, mailboxRoutesV2],
  ...[mailboxExtraRoutes, aliasRoutes],
].flat()

/** The dimail of one dialect, as a function from a request to its answer. */
export function createApp(deps: AppDeps, dialect: Dialect): Hono<Environment> {
  const { behaviour } = deps
  const app = new Hono<Environment>()
  const spoken = routes.filter((route) => route.dialects?.includes(dialect) ?? true)
  for (const route of spoken) app.on(route.method, route.path, (c) => serve(c, route, deps))
  const paths = new Set(spoken.map((route) => route.path))
  for (const path of paths) app.all(path, () => json({ detail: 'Method Not Allowed' }, 405))
  for (const path of deps.redirects ? paths : []) app.all(otherForm(path), redirect)
  app.notFound(() => json({ detail: 'Not Found' }, 404))
  app.onError((error) => failure(error, behaviour))
  return app
}

const otherForm = (path: string) => (path.endsWith('/') ? path.slice(0, -1) : `${path}/`)

// Behind a proxy that ends TLS the server believes itself on http, and says so (docs/dimail.md 1.1).
function redirect(c: Context): Response {
  const [path = '', query] = (c.req.raw.url.split(/^https?:\/\/[^/]+/)[1] ?? '').split('?')
  const host = c.req.header('host') ?? ''
  const location = `http://${host}${otherForm(path)}${query === undefined ? '' : `?${query}`}`
  return new Response(null, { status: 307, headers: { location, 'content-length': '0' } })
}

async function serve(c: Context<Environment>, route: Route, deps: AppDeps): Promise<Response> {
  if (c.req.method === 'HEAD') return json({ detail: 'Method Not Allowed' }, 405)
  const { world, tokens, codes, behaviour, contextSharing } = deps
  const latency = deps.latency[route.name] ?? behaviour.latencyMs
  if (latency > 0) await delay(latency, undefined, { ref: false })
  const body = route.hasBody ? readJson(await c.req.text(), c.req.header('content-type')) : undefined
  const header = c.req.header('authorization')
  const user = await (route.auth === 'basic' ? basicUser(header, world) : bearerUser(header, world, tokens))
  if (route.admits?.(user, behaviour.dialect) === false) throw new Refusal(403, 'Permission denied')
  const param = (name: string) => c.req.param(name) ?? ''
  const query = (name: string) => c.req.query(name)
  const call = { world, tokens, codes, behaviour, contextSharing, user, param, query }
  const answer = await route.run(call, body)
  if (route.changes) c.env.exchange.changed = true
  if (answer.status === 204) return new Response(null, { status: 204 })
  return json(answer.json, answer.status, {}, behaviour)
}

function json(value: unknown, status: number, headers: Record<string, string> = {}, behaviour?: Behaviour) {
  const text = JSON.stringify(value, behaviour?.quirks.has('string-booleans') ? asStrings : undefined)
  return new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } })
}

/** The newest mock writes booleans, and the null of `webmail`, between quotes (docs/dimail.md 7.1). */
function asStrings(key: string, value: unknown) {
  return typeof value === 'boolean' || (key === 'webmail' && value === null) ? String(value) : value
}

function failure(error: Error, behaviour: Behaviour): Response {
  if (error instanceof Refusal) return json({ detail: error.detail }, error.status, error.headers)
  // A bug of the sandbox itself must not pass for a simulated one.
  if (!(error instanceof Crash)) console.error(error)
  if (behaviour.quirks.has('json-errors')) return json({ detail: 'Internal server error' }, 500)
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  return new Response('Internal Server Error', { status: 500, headers })
}
