import type { IncomingMessage } from 'node:http'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Answered } from './answer.ts'
import { type Asking, isJsonType, readBody } from './body.ts'
import { type Refusal, refusalOf } from './gate.ts'

/** As Messages has it; without its final slash it is no route, since a redirect would lose the body of a POST. */
export const path = '/api/v1.0/provisioning/maildomains/'

/** Bytes in one body: a thousand names and their attributes are far below. */
export const bodyBytes = 1024 * 1024

export type AppDeps = {
  port: () => number
  /** Asked at each request; null: everybody is refused. */
  key: () => string | null
  /** Why nobody may provision now; null: they may. */
  hindrance: () => string | null
  answer(asking: Asking): Promise<Answered>
  /** A request that got no answer of its own, and why. */
  refused(why: Refusal | 'path' | 'method' | 'type' | 'size' | 'body' | 'hindrance'): void
  broke(error: unknown): void
}

type Environment = { Bindings: { incoming: IncomingMessage } }
type Why = Parameters<AppDeps['refused']>[0]

/**
 * Messages' provisioning route (docs/entitlements.md 6). Who is not let in learns nothing: neither which paths there
 * are nor whether a key is set (docs/entitlements.md 13, 53 to 56). No answer lets a page of another origin read it.
 */
export function createEndpointApp(deps: AppDeps): Hono<Environment> {
  const app = new Hono<Environment>()
  function turnAway(why: Why, status: number, body: unknown, headers: Record<string, string> = {}): Response {
    deps.refused(why)
    return json(body, status, headers)
  }

  app.use(async (c, next) => {
    const refusal = refusalOf(c.env.incoming, deps.port(), deps.key())
    if (refusal !== null) return turnAway(refusal, 403, forbidden)
    await next()
  })
  app.post(
    path,
    async (c, next) => {
      if (deps.hindrance() !== null)
        return turnAway('hindrance', 503, { detail: 'Provisioning is not possible now.' })
      if (!isJsonType(typeOf(c), c.req.header('content-encoding')))
        return turnAway('type', 415, { detail: 'Only application/json is read.' })
      await next()
    },
    bodyLimit({
      maxSize: bodyBytes,
      onError: () => turnAway('size', 413, { detail: 'The request is too large.' }),
    }),
    async (c) => {
      const asking = readBody(new Uint8Array(await c.req.arrayBuffer()), typeOf(c))
      if ('answer' in asking) return turnAway('body', 400, asking.answer)
      return json(await deps.answer(asking), 200)
    },
  )
  app.all(path, () => turnAway('method', 405, { detail: 'Only POST is allowed.' }, { allow: 'POST' }))
  app.notFound(() => turnAway('path', 404, { detail: 'Not found.' }))
  app.onError((error, c) => {
    // The caller is gone, or was too slow: there is nobody to answer.
    if (!c.env.incoming.complete) deps.refused('body')
    else deps.broke(error)
    return json({ detail: 'Internal error.' }, 500)
  })
  return app
}

const typeOf = (c: Context): string | undefined => c.req.header('content-type')
const forbidden = { detail: 'Forbidden.' }

/** What is answered to a request whose head cannot even be read. */
export const unreadable = (): Response => json(forbidden, 403)

function json(value: unknown, status: number, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // One request for each connection: nobody holds one of the few for longer.
      connection: 'close',
      ...headers,
    },
  })
}
