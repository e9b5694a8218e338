import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import PQueue from 'p-queue'
import type { EndpointState } from '../../preload/provisioning-shapes.ts'
import { systemCode } from '../csv/system-code.ts'
import type { Log } from '../log.ts'
import { answerTo, type Provision } from './answer.ts'
import { type AppDeps, createEndpointApp, path, unreadable } from './endpoint-app.ts'

export type EndpointDeps = {
  /** Null: none is chosen; 0, in tests: the system chooses. */
  port: number | null
  /** The key that callers must hold; asked at each request. */
  key: () => string | null
  /** Why nobody may provision now, whatever key they hold; null or absent: they may. */
  hindrance?: () => 'locked' | 'signed-out' | null
  provision: Provision
  log: Log
  now: () => number
  changed(state: EndpointState): void
  /** How long a request may take to arrive whole, in milliseconds; ten seconds. */
  patienceMs?: number
}

export type Endpoint = {
  state(): EndpointState
  /** Listens when there is a port, a key and nothing in the way; else says why not. To be called again when one changes. */
  start(): Promise<EndpointState>
  /** Takes nothing more, waits for the domain under way, and closes every connection. */
  stop(): Promise<void>
}

/** Connections at once; more are closed unheard (docs/faults.md 31). */
const connections = 10

/** Refusals come as fast as anybody likes; the log hears of one a minute. */
const refusalToldMs = 60_000

/**
 * The provisioning endpoint of a profile, on the literal 127.0.0.1 (docs/entitlements.md 6, docs/faults.md 28 to 31).
 * Requests are answered one after the other. A port that is taken is a state, told and tried again at the next start.
 */
export function openEndpoint(deps: EndpointDeps): Endpoint {
  const { port, key, provision, log, now, patienceMs = 10_000 } = deps
  const hindrance = deps.hindrance ?? (() => null)
  const tally = { calls: 0, refused: 0, lastAt: null as number | null }
  let is: Pick<EndpointState, 'state' | 'why'> = { state: 'off', why: whyNot() }
  let server: Server | null = null
  let refusalToldAt = 0
  const turns = new PQueue({ concurrency: 1 })
  // Starting and stopping, one at a time: each looks at what the one before left.
  const steps = new PQueue({ concurrency: 1 })

  function whyNot(): EndpointState['why'] {
    if (port === null) return 'no-port'
    return key() === null ? 'no-key' : hindrance()
  }
  const state = (): EndpointState => ({ ...is, address: server ? addressOf(server) : null, ...tally })
  function become(state: EndpointState['state'], why: EndpointState['why']): void {
    is = { state, why }
    tell()
  }
  const tell = () => deps.changed(state())

  const asked: Omit<AppDeps, 'answer' | 'port'> = {
    key,
    hindrance,
    refused(why) {
      tally.refused++
      tell()
      if (refusalToldAt !== 0 && now() - refusalToldAt < refusalToldMs) return
      refusalToldAt = now()
      log.warn('provisioning refused a request', { why, refused: tally.refused })
    },
    broke: (error) => log.error('provisioning failed', error),
  }

  /** What a server needs to know of its own end: a later one must not be stopped with it. */
  function listener(bound: () => number, isOver: () => boolean) {
    const app = createEndpointApp({
      ...asked,
      port: bound,
      answer: (asking) =>
        turns.add(async () => {
          const answered = await answerTo(asking, provision, log, isOver)
          const { created, existing, errors } = answered
          tally.calls++
          tally.lastAt = now()
          tell()
          const counts = { created: created.length, existing: existing.length, errors: errors.length }
          log.info('provisioning answered', counts)
          return answered
        }),
    })
    return getRequestListener((request, env) => app.fetch(request, env), {
      overrideGlobalObjects: false,
      errorHandler() {
        asked.refused('host')
        return unreadable()
      },
    })
  }

  async function listen(wanted: number): Promise<void> {
    const mine: Server = createServer(
      {
        requestTimeout: patienceMs,
        headersTimeout: Math.min(patienceMs, 5_000),
        connectionsCheckingInterval: Math.min(patienceMs, 1_000),
        maxHeaderSize: 16 * 1024,
      },
      listener(
        () => portOf(mine),
        () => server !== mine,
      ),
    )
    mine.maxConnections = connections
    // No second request behind the first: ten connections are then ten bodies at most.
    mine.maxRequestsPerSocket = 1
    try {
      mine.listen(wanted, '127.0.0.1')
      await once(mine, 'listening')
    } catch (error) {
      const cause = systemCode(error)
      if (cause === null) throw error
      log.warn('provisioning cannot listen', { port: wanted, cause })
      become('failed', 'port-busy')
      return
    }
    server = mine
    become('listening', null)
  }

  async function close(): Promise<void> {
    const mine = server
    if (!mine) return
    server = null
    const closed = once(mine, 'close')
    mine.close()
    await turns.onIdle()
    // What was answered in the last turn is still on its way out.
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 100))])
    mine.closeAllConnections()
    await closed
  }

  return {
    state,
    start: () =>
      steps.add(async () => {
        const why = whyNot()
        if (why !== null || port === null) {
          await close()
          become('off', why)
        } else if (!server) await listen(port)
        return state()
      }),
    stop: () =>
      steps.add(async () => {
        await close()
        become('off', whyNot())
      }),
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') return 0
  return address.port
}

const addressOf = (server: Server): string => `http://127.0.0.1:${portOf(server)}${path}`
