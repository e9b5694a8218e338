import { request } from 'node:http'
import { onTestFinished } from 'vitest'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../main/sandbox/server.ts'

export type Reply = {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  /** The body as JSON; undefined when it is not. */
  json: unknown
}
export type Ask = {
  /** The value of `Authorization`. */
  as?: string
  /** Sent as JSON; a string goes as it is. */
  body?: unknown
  headers?: Record<string, string>
}

/** One request with its path untouched and no redirect followed. Rejects when the connection breaks. */
export function send(url: string, method: string, path: string, ask: Ask = {}): Promise<Reply> {
  const { hostname, port } = new URL(url)
  const body = ask.body === undefined || typeof ask.body === 'string' ? ask.body : JSON.stringify(ask.body)
  const headers = {
    ...(ask.as !== undefined && { authorization: ask.as }),
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }),
    ...ask.headers,
  }
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: parsed(text) })
      })
    })
    call.on('error', reject)
    call.end(body)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const basic = (name: string, password: string) =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`

/** A sandbox that ends with the test, and how to speak to it as its admin, as somebody else or as nobody. */
export async function open(options: SandboxOptions = {}) {
  const sandbox = await startSandbox(options)
  onTestFinished(() => sandbox.close())
  const admin = basic(sandbox.username, sandbox.password)
  const ask = (method: string, path: string, how: Ask = {}) => send(sandbox.url, method, path, how)
  const token = async (as = admin) =>
    `Bearer ${String(field(await ask('GET', '/token/', { as }), 'access_token'))}`
  const control = (method: string, path: string, body?: unknown) =>
    ask(method, `/_sandbox/${path}`, { as: `Bearer ${sandbox.key}`, body })

  /** A user who is no admin, allowed on these domains; answers its Basic credentials. */
  function addUser(name: string, domains: string[] = [], perms: string[] = []) {
    sandbox.world.users.set(name, { name, password: 'pw', isAdmin: false, uuid: 'u', perms })
    for (const domain of domains) sandbox.world.allows.push({ user: name, domain })
    return basic(name, 'pw')
  }
  return { sandbox, admin, ask, token, control, addUser }
}

/** One key of an answer's JSON object. */
export function field(reply: { json: unknown }, key: string): unknown {
  return typeof reply.json === 'object' && reply.json !== null ? Reflect.get(reply.json, key) : undefined
}

/** The domain of a sandbox by name; fails when there is none. */
export function domainOf(sandbox: Sandbox, name: string) {
  const domain = sandbox.world.domain(name)
  if (domain === undefined) throw new Error(`No domain ${name} in this sandbox`)
  return domain
}

/** The console's status of a domain answer (docs/dimail.md 8.2), told apart from the sandbox's own code. */
export function statusOf(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return 'none'
  if (Reflect.get(answer, 'active') === false) return 'disabled'
  const state = Reflect.get(answer, 'state')
  if (state !== 'broken') return state === 'ok' ? 'enabled' : 'pending'
  const external = failing(answer).some(({ internal }) => !internal)
  return external ? 'action_required' : 'failed'
}

/** The failing checks of a domain answer, as key and whether internal. */
export function failing(answer: unknown): { key: string; internal: boolean; codes: unknown[] }[] {
  return Object.entries(answer ?? {}).flatMap(([key, check]) => {
    if (typeof check !== 'object' || check === null || Reflect.get(check, 'ok') !== false) return []
    const errors: unknown = Reflect.get(check, 'errors')
    const codes = Array.isArray(errors) ? errors.map((error) => Reflect.get(Object(error), 'code')) : []
    return [{ key, internal: Reflect.get(check, 'internal') === true, codes }]
  })
}
