import type { RequestListener, Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import PQueue from 'p-queue'
import type { EndpointState } from '../../preload/provisioning-shapes.ts'
import type { Log } from '../log.ts'
import { answerTo, type Provision } from './answer.ts'
import { type AppDeps, createEndpointApp, path, unreadable } from './endpoint-app.ts'
import { closeServer, listenOn, portOf } from './server.ts'

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

/**
 * The provisioning endpoint of a profile, on the literal 127.0.0.1 (docs/entitlements.md 6, docs/faults.md 28 to 31).
 * A port that is taken is a state, told and tried again at the next start.
 */
export function openEndpoint(deps: EndpointDeps): Endpoint {
  const { port, key, log, patienceMs = 10_000 } = deps
  const hindrance = deps.hindrance ?? (() => null)
  const tally = createTally(deps, () => deps.changed(endpoint.state()))
  let is: Pick<EndpointState, 'state' | 'why'> = { state: 'off', why: whyNot() }
  let server: Server | null = null
  // One at a time: each looks at what the one before left.
  const steps = new PQueue({ concurrency: 1 })
  const answering = createAnswering(deps, tally)

  function whyNot(): EndpointState['why'] {
    if (port === null) return 'no-port'
    return key() === null ? 'no-key' : hindrance()
  }
  function state(): EndpointState {
    const address = server && `http://127.0.0.1:${portOf(server)}${path}`
    return { ...is, address, ...tally.read() }
  }
  function become(now: EndpointState['state'], why: EndpointState['why']): void {
    is = { state: now, why }
    deps.changed(endpoint.state())
  }

  async function listen(wanted: number): Promise<void> {
    const bound = await listenOn(wanted, patienceMs, (mine) =>
      answering.listener({ key, hindrance, port: () => portOf(mine) }, () => server !== mine),
    )
    if (bound.ok) {
      server = bound.value
      become('listening', null)
      return
    }
    log.warn('provisioning cannot listen', { port: wanted, cause: String(bound.failure.details.cause) })
    become('failed', 'port-busy')
  }
  async function close(): Promise<void> {
    const mine = server
    server = null
    if (mine) await closeServer(mine, answering.quiet)
  }

  const endpoint: Endpoint = {
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
  return endpoint
}

/** Refusals come as fast as anybody likes; the log hears of one a minute. */
const refusalToldMs = 60_000

type Tally = ReturnType<typeof createTally>

function createTally({ log, now }: Pick<EndpointDeps, 'log' | 'now'>, changed: () => void) {
  const counts = { calls: 0, refused: 0, lastAt: null as number | null }
  let toldAt: number | null = null
  return {
    read: () => ({ ...counts }),
    answered(): void {
      counts.calls++
      counts.lastAt = now()
      changed()
    },
    refused(why: Parameters<AppDeps['refused']>[0]): void {
      counts.refused++
      changed()
      if (toldAt !== null && now() - toldAt < refusalToldMs) return
      toldAt = now()
      log.warn('provisioning refused a request', { why, refused: counts.refused })
    },
  }
}

/** Requests are answered one after the other, whichever server took them. */
function createAnswering({ provision, log }: EndpointDeps, tally: Tally) {
  const turns = new PQueue({ concurrency: 1 })
  return {
    /** Resolves when no request is being answered. */
    quiet: () => turns.onIdle(),
    /** `isOver`: the server that took a request is closing. */
    listener(asked: Pick<AppDeps, 'key' | 'hindrance' | 'port'>, isOver: () => boolean): RequestListener {
      const app = createEndpointApp({
        ...asked,
        refused: tally.refused,
        broke: (error) => log.error('provisioning failed', error),
        answer: (asking) =>
          turns.add(async () => {
            const answered = await answerTo(asking, provision, log, isOver)
            const { created, existing, errors } = answered
            tally.answered()
            const counts = { created: created.length, existing: existing.length, errors: errors.length }
            log.info('provisioning answered', counts)
            return answered
          }),
      })
      return getRequestListener((request, env) => app.fetch(request, env), {
        overrideGlobalObjects: false,
        errorHandler() {
          tally.refused('host')
          return unreadable()
        },
      })
    },
  }
}
