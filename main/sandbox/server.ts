import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Agents } from './agents.ts'
import { type AppDeps, createApp } from './app.ts'
import { createTokens } from './auth.ts'
import type { Flags } from './configuration.ts'
import { createControl } from './control.ts'
import type { Version } from './deploycenter/answers.ts'
import type { DeployCenter } from './deploycenter/index.ts'
import { type Behaviour, type Dialect, dialects, type Quirk } from './dialects.ts'
import { type Dns, type DnsPlace, startDns } from './dns/index.ts'
import { createFaults, type Faults, type LoggedRequest } from './faults.ts'
import { seededFleet } from './fleet.ts'
import { createListener } from './listener.ts'
import { createLoginCodes, type LoginCodes } from './login-codes.ts'
import { type MailServer, startMailServer } from './mail-server.ts'
import { createNeighbours, type Neighbours } from './neighbours.ts'
import type { OpenId } from './openid/index.ts'
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
  /** `new` by default: with quotas. */
  deployCenter?: Version
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
  /** Where its DNS listens. */
  dns: DnsPlace
  /** Its identity provider; a client that is confidential has a secret made for this run. */
  openid: ReturnType<OpenId['told']>
  /** Its DeployCenter; its mode changes at once. */
  deployCenter: DeployCenter
  /** What DeployCenter says of who signs in. */
  agents: Agents
  /** The address of the public configuration, and what it says of the two flags. */
  configuration: string
  flags: Flags
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
 * A simulated dimail on 127.0.0.1, filled with the seeded fleet, with one admin, and the servers that work with it:
 * an OpenID provider, DeployCenter, the configuration with the flags.
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
  let bound = 0
  const port = () => bound
  const neighbours = createNeighbours({ now, port, version: options.deployCenter ?? 'new' })
  const username = 'sandbox'
  const password = randomBytes(18).toString('base64url')

  function reset() {
    const { domains, seed } = options
    codes.clear()
    dns?.forget()
    outbox.clear()
    neighbours.reset()
    world.users.clear()
    world.users.set(username, { name: username, password, isAdmin: true, uuid: randomUUID(), perms: [] })
    world.load(
      seededFleet({ ...(domains !== undefined && { domains }), ...(seed !== undefined && { seed }) }),
    )
  }
  let dns: Dns | null = null
  reset()

  const tokens = createTokens({
    now,
    lifetimeS: () => (behaviour.quirks.has('short-tokens') ? 2 : tokenLifetimeS),
  })
  const faults = createFaults()
  const { requests, record } = createRequestLog(now)
  const dimail = createDimail({ world, tokens, codes, behaviour }, options, { record, take: faults.take })
  const control = createControl({ world, behaviour, codes, outbox, ...neighbours, key, port, reset })
  const server = serverOf({ control, codes, neighbours, dimail })
  // First, since every other port is whichever the system gives.
  bound = await listen(server, options.port ?? 0)
  try {
    dns = await startDns({ world, now, latencyMs: () => behaviour.latencyMs })
  } catch (error) {
    server.close()
    throw error
  }
  const { place } = dns
  const mail = await startMailServer(outbox)

  async function close() {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await Promise.all([closed, mail.close(), dns?.close()])
  }
  const { answerNext } = faults
  const { agents, deployCenter, flags } = neighbours
  return {
    ...{ url: `http://127.0.0.1:${bound}`, username, password, key },
    ...{
      openid: neighbours.openid.told(),
      deployCenter,
      agents,
      flags,
      configuration: neighbours.configuration(),
    },
    ...{ world, codes, outbox, mail, dns: place, behaviour, requests, answerNext, reset, close },
  }
}

type Served = {
  control: ReturnType<typeof createControl>
  codes: LoginCodes
  neighbours: Neighbours
  dimail: ReturnType<typeof createListener>
}

/** One port for all that is simulated here; whatever path is nobody else's is dimail's. */
function serverOf({ control, codes, neighbours, dimail }: Served): Server {
  const { openid } = neighbours
  const overHttp = getRequestListener(
    (request, { incoming, outgoing }) => {
      if (incoming.url?.startsWith('/_sandbox/')) return control.fetch(request)
      if (incoming.url?.startsWith(codePath)) return webmail(codes, request.method, incoming.url)
      const overHttp1 = incoming instanceof IncomingMessage && outgoing instanceof ServerResponse
      if (!overHttp1) throw new Error('Only HTTP/1.1 is served')
      const wire = { incoming, outgoing }
      return neighbours.answer(request, wire) ?? dimail(request, wire)
    },
    // The globals of a test, or of the process around, are not ours to replace.
    { overrideGlobalObjects: false },
  )
  return createServer((incoming, outgoing) => {
    if (!openid.owns(incoming.url)) return void overHttp(incoming, outgoing)
    openid.serve(incoming, outgoing).catch((error: unknown) => {
      console.error(error)
      outgoing.destroy()
    })
  })
}

type Listened = Parameters<typeof createListener>[0]

/** The dimail of whichever dialect is spoken at the moment. */
function createDimail(
  parts: Pick<AppDeps, 'world' | 'tokens' | 'codes' | 'behaviour'>,
  { latency = {}, contextSharing = true, redirects = true }: SandboxOptions,
  wires: Pick<Listened, 'record' | 'take'>,
): ReturnType<typeof createListener> {
  const deps: AppDeps = { ...parts, latency, contextSharing, redirects }
  const apps = new Map(dialects.map((dialect) => [dialect, createApp(deps, dialect)]))
  const { behaviour } = parts
  return createListener({
    ...wires,
    behaviour,
    answer: (request, exchange) => {
      const app = apps.get(behaviour.dialect)
      if (app === undefined) throw new Error(`No app for dialect ${behaviour.dialect}`)
      return app.fetch(request, { exchange })
    },
  })
}

/** The port that it listens on, on loopback. */
async function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = 60_000
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return address.port
}
