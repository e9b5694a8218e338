import type { Readable } from 'node:stream'
import axios, { type AxiosInstance } from 'axios'
import { type BodyFault, keepUpTo, readBody, type Sink } from './body.ts'
import { type Connections, watchedTransport } from './connection.ts'

/** All in milliseconds. */
export type Timeouts = {
  /** Name resolution, TCP and TLS together. */
  connect: number
  /** From a ready connection to the last header of the answer. */
  headers: number
  /** Between two pieces of the body. */
  idle: number
  /** All attempts of one call and the pauses between them. */
  total: number
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
export type WireRequest = {
  method: Method
  url: string
  headers: Record<string, string>
  body: string | null
  /** Whether a connection left open by an earlier call may carry it. */
  reuse: boolean
  /** Where the body of a good answer goes instead of being kept. */
  into: ((contentType: string | undefined) => Sink) | null
}

/** A whole answer, or one whose body has a `fault` and is kept up to it. */
export type Answer = {
  status: number
  header: (name: string) => string | undefined
  bytes: Buffer
  fault: BodyFault | null
}
/** No answer. `left`: the connection was ready, so dimail may have received the request. */
export type Silence = {
  cause: 'connect' | 'headers' | 'idle' | 'total' | 'cancelled' | 'network'
  left: boolean
  /** Node's or OpenSSL's code, for `network`. */
  code: string
}
export type WireOutcome = { answer: Answer } | { silence: Silence }

/** Decoded bytes: of a good answer, and of an error's, of which an excerpt is all that is kept. */
export const bodyLimits = { good: 10_000_000, error: 64_000 }

export type Wire = (request: WireRequest, timeouts: Timeouts, cancel: AbortSignal) => Promise<WireOutcome>

/** Puts one request on the wire, exactly once: no redirect, no proxy, no retry. Never rejects. */
export function createWire(connections: Connections): Wire {
  const instance = axios.create({
    adapter: 'http',
    responseType: 'stream',
    maxRedirects: 0,
    proxy: false,
    decompress: false,
    validateStatus: () => true,
    transformRequest: [],
    headers: { 'User-Agent': 'dimail-console', 'Accept-Encoding': 'gzip, deflate, br' },
  })
  return (request, timeouts, cancel) => send(instance, connections, request, timeouts, cancel)
}

async function send(
  instance: AxiosInstance,
  connections: Connections,
  request: WireRequest,
  timeouts: Timeouts,
  cancel: AbortSignal,
): Promise<WireOutcome> {
  const stop = new AbortController()
  let cause: Silence['cause'] = 'network'
  let left = false
  const end = (why: Silence['cause']) => {
    cause = why
    stop.abort()
  }
  const cancelled = () => end('cancelled')
  const total = setTimeout(end, timeouts.total, 'total')
  let step = setTimeout(end, timeouts.connect, 'connect')
  const next = (ms: number, why: Silence['cause']) => {
    clearTimeout(step)
    step = setTimeout(end, ms, why)
  }
  cancel.addEventListener('abort', cancelled, { once: true })
  try {
    if (cancel.aborted) return { silence: { cause: 'cancelled', left, code: '' } }
    const response = await instance.request<Readable>({
      method: request.method,
      url: request.url,
      headers: headersOf(request),
      data: request.body === null ? undefined : Buffer.from(request.body),
      signal: stop.signal,
      transport: watchedTransport(() => {
        left = true
        next(timeouts.headers, 'headers')
      }),
      ...connections.agents(request.url, request.reuse),
    })
    next(timeouts.idle, 'idle')
    const header = (name: string) => {
      const value: unknown = response.headers[name]
      return typeof value === 'string' ? value : undefined
    }
    const good = response.status < 300
    const sink =
      good && request.into !== null
        ? request.into(header('content-type'))
        : keepUpTo(good ? bodyLimits.good : bodyLimits.error)
    const pulse = () => next(timeouts.idle, 'idle')
    const encoding = response.status === 204 ? '' : (header('content-encoding') ?? '')
    const fault = await readBody(response.data, encoding, sink, pulse, stop.signal)
    return { answer: { status: response.status, header, bytes: sink.bytes(), fault } }
  } catch (error) {
    return { silence: { cause, left, code: codeOf(error) } }
  } finally {
    clearTimeout(total)
    clearTimeout(step)
    cancel.removeEventListener('abort', cancelled)
  }
}

function headersOf(request: WireRequest): Record<string, string> {
  const headers = { Accept: 'application/json', ...request.headers }
  return request.body === null ? headers : { 'Content-Type': 'application/json', ...headers }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const inner = 'cause' in error && error.cause instanceof Error ? error.cause : error
  if ('code' in inner) return String(inner.code)
  return 'code' in error ? String(error.code) : ''
}
