import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { type AppDeps, createApp } from './app.ts'
import { createTokens } from './auth.ts'
import { createControl } from './control.ts'
import { type Behaviour, type Dialect, dialects, type Quirk } from './dialects.ts'
import { createFaults, type Faults, type LoggedRequest } from './faults.ts'
import { seededFleet } from './fleet.ts'
import { createListener } from './listener.ts'
import { createLoginCodes, type LoginCodes } from './login-codes.ts'
import { type MailServer, startMailServer } from './mail-server.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createRequestLog } from './request-log.ts'
import { codePath, webmail } from './webmail.ts'
import { createWorld, type World } from './world.ts'

export type SandboxOptions = {
  /** 0, the default, lets the system choose. */
  port?: number
  domains?: number
  seed?: number
  dialect?: Dialect
  latencyMs?: number
  quirks?: readonly Quirk[]
  /** Opens the control routes; random by default. */
  key?: string
  /** Milliseconds by route name (`domains.check`), in place of `latencyMs`. */
  latency?: Record<string, number>
  /** 47 minutes by default, as dimail's (docs/dimail.md 2.1). */
  tokenLifetimeS?: number
  /** Whether the other slash form is redirected with 307; true by default. */
  redirects?: boolean
  /** Whether lists show what else is in the OX context; true by default. */
  contextSharing?: boolean
  /** The clock of tokens, login codes, the outbox and the request log, in milliseconds since 1970. */
  now?: () => number
}

export type Sandbox = {
  /** `http://127.0.0.1:PORT`, without a final slash. */
  url: string
  username: string
  password: string
  key: string
  world: World
  codes: LoginCodes
  /** What its mail server received; `mail` is that server. */
  outbox: Outbox
  mail: MailServer
  /** Changes at once, for the next request. */
  behaviour: Behaviour
  /** Every dimail request received, oldest first; the last 20,000. */
  requests: readonly LoggedRequest[]
  answerNext: Faults['answerNext']
  /** Starts again from the seed; users and credentials included. */
  reset(): void
  close(): Promise<void>
}

/**
 * A simulated dimail on 127.0.0.1, filled with the seeded fleet, with one admin.
 * @throws the error of `listen`, such as EADDRINUSE.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { now = Date.now, tokenLifetimeS = 47 * 60, key = randomBytes(32).toString('hex') } = options
  const behaviour: Behaviour = {
    dialect: options.dialect ?? '0.6.7',
    latencyMs: options.latencyMs ?? 0,
    quirks: new Set(options.quirks),
  }
  const world = createWorld()
  const codes = createLoginCodes(now)
  const outbox = createOutbox(now)
  const username = 'sandbox'
  const password = randomBytes(18).toString('base64url')

  function reset() {
    const { domains, seed } = options
    codes.clear()
    outbox.clear()
    world.users.clear()
    world.users.set(username, { name: username, password, isAdmin: true, uuid: randomUUID(), perms: [] })
    world.load(
      seededFleet({ ...(domains !== undefined && { domains }), ...(seed !== undefined && { seed }) }),
    )
  }
  reset()

  const lifetimeS = () => (behaviour.quirks.has('short-tokens') ? 2 : tokenLifetimeS)
  const { latency = {}, contextSharing = true, redirects = true } = options
  const tokens = createTokens({ now, lifetimeS })
  const deps: AppDeps = { world, tokens, codes, behaviour, latency, contextSharing, redirects }
  const apps = new Map(dialects.map((dialect) => [dialect, createApp(deps, dialect)]))
  const faults = createFaults()
  const { requests, record } = createRequestLog(now)
  const listener = createListener({
    behaviour,
    record,
    take: faults.take,
    answer: (request, exchange) => {
      const app = apps.get(behaviour.dialect)
      if (app === undefined) throw new Error(`No app for dialect ${behaviour.dialect}`)
      return app.fetch(request, { exchange })
    },
  })

  let port = 0
  const control = createControl({ world, behaviour, codes, outbox, key, port: () => port, reset })
  const server = createServer(
    // The globals of a test, or of the process around, are not ours to replace.
    getRequestListener(
      (request, { incoming, outgoing }) => {
        if (incoming.url?.startsWith('/_sandbox/')) return control.fetch(request)
        if (incoming.url?.startsWith(codePath)) return webmail(codes, request.method, incoming.url)
        const overHttp1 = incoming instanceof IncomingMessage && outgoing instanceof ServerResponse
        if (!overHttp1) throw new Error('Only HTTP/1.1 is served')
        return listener(request, { incoming, outgoing })
      },
      { overrideGlobalObjects: false },
    ),
  )
  server.keepAliveTimeout = 60_000
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('The server has no port')
  port = bound.port
  const mail = await startMailServer(outbox)

  async function close() {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await Promise.all([closed, mail.close()])
  }
  const { answerNext } = faults
  const url = `http://127.0.0.1:${port}`
  const told = { url, username, password, key }
  return { ...told, world, codes, outbox, mail, behaviour, requests, answerNext, reset, close }
}
