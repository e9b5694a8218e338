import { createServer } from 'node:net'
import type { z } from 'zod'
import type { Input } from '../../preload/contract.ts'
import type { SandboxZone } from '../../preload/dns-shapes.ts'
import { Expected, type Failure, failed, ok, type Result, unwrap } from '../../preload/failure.ts'
import { type Followed, followed, type Received } from '../../preload/people-shapes.ts'
import type { DeployCenterMode, SandboxAgent } from '../../preload/session-shapes.ts'
import type { SandboxState } from '../../preload/shapes.ts'
import type { Credentials } from '../dimail/client.ts'
import type { Registry } from './registry.ts'
import {
  agentsAnswer,
  askSandbox,
  deployCenterAnswer,
  type Listening,
  orderSandbox,
  outboxAnswer,
  type SandboxDns,
  type SandboxProcess,
  type SandboxSmtp,
  zoneAnswer,
} from './sandbox-control.ts'

export type Sandbox = {
  read(): SandboxState
  /** The port that this run keeps, so that a sandbox stopped and started again is the same dimail. */
  address(): Promise<string>
  credentials(): Credentials
  /** Its mail server and its webmail (without a final slash); null while it is stopped. */
  smtp(): SandboxSmtp | null
  webmail(): string | null
  /** Where its DNS listens; null while it is stopped: nobody is asked in its place. */
  dns(): SandboxDns | null
  /** The key of its DeployCenter, made for this run; null while it is stopped. */
  deployCenterKey(): string | null
  /** Who can sign in at its OpenID provider, with what its DeployCenter says of them. */
  agents(): Promise<SandboxAgent[]>
  /** What its DeployCenter says of somebody from now on; fails with `not-found/agent`. */
  entitle(change: Pick<SandboxAgent, 'id' | 'domains' | 'subscription'>): Promise<SandboxAgent[]>
  /** How its DeployCenter behaves, until it is started again. */
  setDeployCenter(mode: DeployCenterMode): Promise<SandboxState>
  /** What its mail server received, latest first. */
  outbox(): Promise<Received[]>
  /** Follows the login link of a received message, as its reader would; fails with `not-found/message`. */
  follow(id: number): Promise<Followed>
  /** What is published of a domain; fails with `not-found/domain`. */
  zone(domain: string): Promise<SandboxZone>
  /** Publishes something else; fails with `invalid` for a record that no zone can hold, too. */
  publish(wanted: Input<'sandbox.publish'>): Promise<SandboxZone>
  /** Publishes the right DNS records of a domain, as if its owner had. */
  heal(domain: string): Promise<SandboxState>
  start(): Promise<SandboxState>
  stop(): Promise<SandboxState>
  /** Stops without remembering it: the profile or the program closes. */
  end(): Promise<void>
  order(order: string, body?: unknown): Promise<SandboxState>
  configure(change: Pick<SandboxState, 'dialect' | 'latencyMs' | 'quirks'>): Promise<SandboxState>
}

/** The built-in dimail: its own process, started with the Sandbox profile and ended with it. */
export function createSandbox(deps: {
  process: SandboxProcess
  registry: Registry
  changed: (state: SandboxState) => void
}): Sandbox {
  const { process, registry, changed } = deps
  let port: Promise<number> | null = null
  let letGo = async () => {}
  let listening: Listening | null = null
  let state: SandboxState['state'] = 'stopped'
  let deployCenter: DeployCenterMode = 'normal'
  let attempt = 0
  let ending: Promise<void> = Promise.resolve()
  process.onEnd(() => become(state === 'stopped' ? 'stopped' : 'failed', null))

  function read(): SandboxState {
    const { dialect, latencyMs, quirks } = registry.read().sandbox
    return { state, address: listening?.url ?? null, dialect, latencyMs, quirks, deployCenter }
  }
  function become(next: SandboxState['state'], at: Listening | null): SandboxState {
    state = next
    // Another process knows nothing of the trouble that was asked of this one.
    if (at !== listening) deployCenter = 'normal'
    listening = at
    const told = read()
    changed(told)
    return told
  }
  function halt(): Promise<void> {
    attempt++
    state = 'stopped'
    ending = process.stop()
    return ending
  }
  const remember = (stopped: boolean) => registry.write({ sandbox: { ...registry.read().sandbox, stopped } })

  /** Nobody else takes the port between its choice and the start; one that stays stopped refuses connections. */
  async function choosePort(): Promise<number> {
    const held = await holdPort()
    letGo = held.letGo
    if (registry.read().sandbox.stopped) await letGo()
    return held.port
  }
  function ownPort(): Promise<number> {
    // Two who ask at once are given the same. When the system gives none, the next is not told so for ever.
    port ??= choosePort().catch((error: unknown) => {
      port = null
      throw error
    })
    return port
  }

  async function start(): Promise<SandboxState> {
    if (state === 'running' || state === 'starting') return read()
    const mine = ++attempt
    become('starting', null)
    try {
      return await startAs(mine)
    } catch (error) {
      // Else it would start for ever, and nobody could try again.
      if (mine === attempt && read().state === 'starting') become('failed', null)
      throw error
    }
  }

  async function startAs(mine: number): Promise<SandboxState> {
    const at = await ownPort()
    // It keeps its port: the one before must have let go of it.
    await ending
    await letGo()
    const { dialect, latencyMs, quirks } = registry.read().sandbox
    const started: Result<Listening> = await process.start({ port: at, dialect, latencyMs })
    const wanted = { dialect, latencyMs, quirks }
    const trouble = started.ok ? await failureToTell(started.value, wanted) : started.failure
    // Stopped while it started, and perhaps started again: that was the last wish.
    if (mine !== attempt) return read()
    if (started.ok && trouble === null) return become('running', started.value)
    await process.stop()
    become('failed', null)
    if (trouble) throw new Expected(trouble)
    return read()
  }

  function running(): Listening {
    if (listening) return listening
    throw new Expected(failed('not-possible', 'sandbox-stopped', 'The sandbox is stopped.').failure)
  }
  async function order(what: string, body: unknown = {}): Promise<SandboxState> {
    const told = unwrap(await askSandbox(running(), what, deployCenterAnswer, body))
    if (told.deployCenter === deployCenter) return read()
    // A sandbox that is reset behaves again.
    deployCenter = told.deployCenter
    return become(state, listening)
  }

  return {
    read,
    smtp: () => listening?.smtp ?? null,
    webmail: () => listening?.url ?? null,
    dns: () => listening?.dns ?? null,
    deployCenterKey: () => listening?.deployCenter.key ?? null,
    agents: async () => unwrap(await askSandbox(running(), 'agents', agentsAnswer, null)).agents,
    async entitle(change) {
      const told = await askSandbox(running(), 'entitle', agentsAnswer, change)
      const isUnknown = !told.ok && told.failure.details.status === 404
      return unwrap(isUnknown ? failed('not-found', 'agent', 'The sandbox has no such agent.') : told).agents
    },
    setDeployCenter: (mode) => order('deploycenter', { mode }),
    outbox: async () => unwrap(await askSandbox(running(), 'outbox', outboxAnswer, null)).messages,
    async follow(id) {
      const told = await askSandbox(running(), 'follow', followed, { id })
      const isGone = !told.ok && told.failure.details.status === 404
      return unwrap(isGone ? failed('not-found', 'message', 'The outbox no longer has it.') : told)
    },
    zone: async (domain) => unwrap(zoneOf(await askSandbox(running(), 'records', zoneAnswer, { domain }))),
    publish: async (wanted) => unwrap(zoneOf(await askSandbox(running(), 'publish', zoneAnswer, wanted))),
    heal: (domain) => order('heal', { domain }),
    async address() {
      return `http://127.0.0.1:${await ownPort()}`
    },
    // A stopped sandbox is an address where nobody listens, like any dimail that is away: it is asked all the same.
    credentials: () =>
      listening
        ? { username: listening.username, password: listening.password }
        : { username: 'sandbox', password: 'stopped' },
    start() {
      remember(false)
      return start()
    },
    async stop() {
      remember(true)
      await halt()
      // Started again meanwhile: that was the last wish.
      return state === 'stopped' ? become('stopped', null) : read()
    },
    async end() {
      await halt()
      if (state === 'stopped') listening = null
    },
    order,
    async configure(change) {
      registry.write({ sandbox: { ...registry.read().sandbox, ...change } })
      if (listening) unwrap(await orderSandbox(listening, 'configure', change))
      return become(state, listening)
    },
  }
}

const refusals = {
  'record-type': 'The sandbox publishes no record of this type.',
  'record-name': 'A record has a name that no zone can hold.',
  'record-value': 'A record has a value that its type cannot hold.',
  'name-server': 'The domain has no name server of this name.',
} as const

function zoneOf(told: Result<z.infer<typeof zoneAnswer>>): Result<SandboxZone> {
  if (!told.ok) {
    return told.failure.details.status === 404
      ? failed('not-found', 'domain', 'The sandbox has no such domain.')
      : told
  }
  if (!('refused' in told.value)) return ok(told.value)
  const { reason, place, name } = told.value.refused
  const row = place === null ? {} : { row: place + 1 }
  return failed('invalid', reason, refusals[reason], { name: name.slice(0, 260) || '@', ...row })
}

/** What kept the sandbox from taking its quirks; null when it has them. */
async function failureToTell(at: Listening, wanted: Pick<SandboxState, 'quirks'>): Promise<Failure | null> {
  const told = wanted.quirks.length > 0 ? await orderSandbox(at, 'configure', wanted) : null
  return told === null || told.ok ? null : told.failure
}

/** A port that the system gives, kept from others until it is let go of. */
async function holdPort(): Promise<{ port: number; letGo: () => Promise<void> }> {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The system gave no port')
  server.unref()
  const letGo = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { port: address.port, letGo }
}
