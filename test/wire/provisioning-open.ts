import http from 'node:http'
import net from 'node:net'
import { onTestFinished } from 'vitest'
import type { Provision } from '../../main/provisioning/answer.ts'
import { type Asked, type Provisioning, provisionDomain } from '../../main/provisioning/apply.ts'
import { type Endpoint, type EndpointDeps, openEndpoint } from '../../main/provisioning/endpoint.ts'
import { path } from '../../main/provisioning/endpoint-app.ts'
import type { EndpointState, Provisioned } from '../../preload/provisioning-shapes.ts'
import { type OpenWorkspace, openWorkspace } from '../fakes/workspace.ts'

export const key = 'Clé-canari 42/+='

export type Town = OpenWorkspace & Provisioning & { mirrored: Provisioned[] }

/** A workspace that remembers what the cache was told of attributes. */
export async function openTown(...options: Parameters<typeof openWorkspace>): Promise<Town> {
  const mirrored: Provisioned[] = []
  return Object.assign(await openWorkspace(...options), {
    mirrored,
    attributesChanged: (one: Provisioned) => void mirrored.push(one),
  })
}

export const provision = (town: Provisioning, name: string, more: Partial<Asked> = {}) =>
  provisionDomain(town, {
    name,
    attributes: {},
    oidcAutojoin: true,
    identitySync: false,
    by: 'agent-fictif',
    ...more,
  })

export type Line = { level: 'info' | 'warn' | 'error'; event: string; facts: unknown }
export type Running = {
  endpoint: Endpoint
  state: EndpointState
  port: number
  log: Line[]
  states: EndpointState[]
}

/** An endpoint that listens, stopped with the test. */
export async function listening(deps: Partial<EndpointDeps> & { provision: Provision }): Promise<Running> {
  const log: Line[] = []
  const states: EndpointState[] = []
  const write = (level: Line['level']) => (event: string, facts?: unknown, more?: unknown) =>
    void log.push({ level, event, facts: more ?? (facts instanceof Error ? facts.message : facts) })
  const endpoint = openEndpoint({
    port: 0,
    key: () => key,
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    now: Date.now,
    changed: (state) => void states.push(state),
    ...deps,
  })
  onTestFinished(() => endpoint.stop())
  const state = await endpoint.start()
  return { endpoint, state, port: Number(new URL(state.address ?? 'http://127.0.0.1:1').port), log, states }
}

export type Answer = { status: number; headers: http.IncomingHttpHeaders; text: string; body: unknown }
type Sent = {
  method?: string
  path?: string
  headers?: Record<string, string | string[] | undefined>
  body?: unknown
}

/** Sends the body as JSON, with the key, as DeployCenter would; a header undefined is left out. */
export function send(
  port: number,
  { method = 'POST', headers = {}, body, ...more }: Sent = {},
): Promise<Answer> {
  // In one string with a body, Node would encode the head as UTF-8 too.
  const bytes = Buffer.from(
    typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body ?? {}),
  )
  const all = {
    authorization: Buffer.from(`Bearer ${key}`).toString('latin1'),
    'content-type': 'application/json',
    ...headers,
  }
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port,
        method,
        path: more.path ?? path,
        headers: sent as http.OutgoingHttpHeaders,
        agent: false,
      },
      async (response) => {
        const pieces: Buffer[] = []
        for await (const piece of response) pieces.push(Buffer.from(piece))
        const text = Buffer.concat(pieces).toString()
        const { statusCode: status = 0, headers } = response
        resolve({ status, headers, text, body: text.startsWith('{') ? JSON.parse(text) : text })
      },
    )
    request.on('error', reject)
    if (method === 'POST') request.end(bytes)
    else request.end()
  })
}

/** What comes back for these very bytes until the other side closes, and how long that took. */
export function raw(port: number, bytes: string): Promise<{ text: string; ms: number }> {
  return new Promise((resolve) => {
    const from = performance.now()
    let text = ''
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    socket.on('data', (piece) => {
      text += piece.toString('latin1')
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve({ text, ms: performance.now() - from }))
  })
}
