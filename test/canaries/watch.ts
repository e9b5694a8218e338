import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type Kind, plant } from '../fakes/planted.ts'

/**
 * Plants every secret that this process sends or receives (docs/faults.md 70), whoever made it: loaded before the
 * console, or before a test, it looks at what Node's own HTTP and sockets carry. Nothing of the console knows of it.
 */

const largest = 256 * 1024
const inForms: Record<string, Kind> = {
  code: 'authorization code',
  code_verifier: 'PKCE verifier',
  refresh_token: 'refresh token',
  client_secret: 'client secret',
}
const inJson: Record<string, Kind> = {
  password: 'mailbox password',
  refresh_token: 'refresh token',
  id_token: 'ID token',
}
const jsonText = /"(password|access_token|refresh_token|id_token|code)"\s*:\s*("(?:[^"\\]|\\.)*")/g

/** What an `Authorization` header, or one that is read like it, holds. */
function lookAtCredentials(header: unknown, bearer: Kind): void {
  const [, scheme = '', parameter = ''] = /^(\w+) +(.+)$/.exec(String(header ?? '')) ?? []
  if (scheme.toLowerCase() === 'bearer') plant(bearer, Buffer.from(parameter, 'latin1').toString())
  if (scheme.toLowerCase() !== 'basic') return
  plant('Basic credentials', parameter)
  const credentials = Buffer.from(parameter, 'base64').toString()
  plant('dimail password', credentials.slice(credentials.indexOf(':') + 1))
}

const bearerAt = (path: string): Kind => {
  if (path.startsWith('/_sandbox/')) return 'sandbox key'
  if (path.includes('/provision')) return 'provisioning key'
  return /\/(userinfo|me)$/.test(path) ? 'access token' : 'dimail token'
}

/** Cookies as both headers write them: what they are good for comes after the first. */
function lookAtCookies(pairs: readonly string[]): void {
  for (const pair of pairs) plant('provider cookie', pair.slice(pair.indexOf('=') + 1))
}

/** An address that comes back from a provider. */
function lookAtReturn(address: string): void {
  const query = new URLSearchParams(address.split('?')[1] ?? '')
  const [code, state] = [query.get('code'), query.get('state')]
  if (state === null) return
  plant('state of a sign-in', state)
  if (code !== null) plant('authorization code', code)
}

function lookAtBody(path: string, type: string, text: string): void {
  if (type.includes('urlencoded')) {
    for (const [name, value] of new URLSearchParams(text)) {
      const kind = Object.hasOwn(inForms, name) ? inForms[name] : undefined
      if (kind !== undefined) plant(kind, value)
    }
    return
  }
  for (const [, name = '', value = '""'] of text.matchAll(jsonText)) {
    const kind = kindOf(name, path, text)
    if (kind !== undefined) plant(kind, unescaped(value))
  }
}

function kindOf(name: string, path: string, text: string): Kind | undefined {
  // A check of the DNS has codes too, that are none.
  if (name === 'code') return path.endsWith('/code') ? 'login code' : undefined
  if (name !== 'access_token') return inJson[name]
  return text.includes('"id_token"') || text.includes('"refresh_token"') ? 'access token' : 'dimail token'
}

function unescaped(json: string): string {
  try {
    return String(JSON.parse(json))
  } catch {
    return ''
  }
}

/** Keeps the pieces of a stream as they go by, and hands them over as one text at its end; of a large one, its beginning. */
function tee(whole: (text: string) => void) {
  const pieces: Buffer[] = []
  let size = 0
  return {
    piece(chunk: unknown) {
      if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return
      size += chunk.length
      if (size <= largest) pieces.push(Buffer.from(chunk))
    },
    end: () => whole(Buffer.concat(pieces.splice(0)).toString()),
  }
}

const pathOf = (url: string) => url.split('?')[0] ?? ''

function lookAtRequest(path: string, headers: IncomingHttpHeaders | ReturnType<ClientRequest['getHeaders']>) {
  lookAtCredentials(headers.authorization, bearerAt(path))
  lookAtCredentials(headers['x-service-auth'], 'DeployCenter key')
  if (typeof headers.cookie === 'string') lookAtCookies(headers.cookie.split(/; */))
}

// What is published there is Node's own: https://nodejs.org/api/diagnostics_channel.html#http
type Asking = { request: ClientRequest }
type Answered = Asking & { response: IncomingMessage }

function watchClient(): void {
  subscribe('http.client.request.created', (message) => {
    const { request } = message as Asking
    const path = pathOf(request.path)
    const typeOf = () => String(request.getHeader('content-type') ?? '')
    const body = tee((text) => lookAtBody(path, typeOf(), text))
    const { write, end } = request
    request.write = function (this: ClientRequest, ...given: Parameters<typeof write>) {
      body.piece(given[0])
      return Reflect.apply(write, this, given)
    } as typeof write
    request.end = function (this: ClientRequest, ...given: unknown[]) {
      body.piece(given[0])
      body.end()
      lookAtRequest(path, request.getHeaders())
      return Reflect.apply(end, this, given)
    } as typeof end
  })
  subscribe('http.client.response.finish', (message) => {
    const { request, response } = message as Answered
    const { headers } = response
    lookAtCookies((headers['set-cookie'] ?? []).map((one) => one.split(';')[0] ?? ''))
    if (headers.location !== undefined) lookAtReturn(headers.location)
    if (!String(headers['content-type']).includes('json')) return
    const body = tee((text) => lookAtBody(pathOf(request.path), 'json', text))
    const { push } = response
    response.push = function (this: IncomingMessage, ...given: Parameters<typeof push>) {
      if (given[0] === null) body.end()
      else body.piece(given[0])
      return Reflect.apply(push, this, given)
    }
  })
}

/** What comes in to the console's own servers: DeployCenter's notice, and the browser. */
function watchServer(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage }
    const url = request.url ?? ''
    lookAtRequest(pathOf(url), request.headers)
    lookAtReturn(url)
  })
}

/** `AUTH PLAIN` of a mail program (RFC 4616): who, as whom, password, in base64. */
function watchSockets(): void {
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket }
    const { write } = socket
    socket.write = function (this: Socket, ...given: unknown[]) {
      const text =
        typeof given[0] === 'string'
          ? given[0]
          : given[0] instanceof Uint8Array && given[0].length < 1024
            ? Buffer.from(given[0]).toString('latin1')
            : ''
      const [, parameter] = /^AUTH PLAIN (\S+)/i.exec(text) ?? []
      if (parameter !== undefined)
        plant('SMTP password', Buffer.from(parameter, 'base64').toString().split('\0').at(-1) ?? '')
      return Reflect.apply(write, this, given)
    } as typeof write
  })
}

const watching = Symbol.for('dimail-console.watching')
if (Reflect.get(globalThis, watching) !== true) {
  Reflect.set(globalThis, watching, true)
  watchClient()
  watchServer()
  watchSockets()
}
