import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isSame } from '../http/same.ts'

/**
 * What the browser is shown: `done` and `failed` (the provider answered `error`) for the one valid callback, `over`
 * once it has come, `mismatched` for a callback of another attempt, `refused` for what is no callback at all.
 */
export const callbackPages = ['done', 'failed', 'mismatched', 'over', 'refused'] as const
export type CallbackPage = (typeof callbackPages)[number]

/** `query` is there for a callback with the state of this attempt, and for no other request. */
export type Judged = { status: number; page: CallbackPage; query: URLSearchParams | null }

/** The callback that is waited for; `host` is `127.0.0.1:<port>`. */
export type Expectation = { host: string; path: string; state: string }

/**
 * Whether a request is the provider sending the browser back, and what to answer when it is not. Nothing of the
 * request but its query is ever used, and its target is never resolved against its own `Host`: an absolute target
 * or one that begins with `//` is simply not the path (docs/faults.md 22, 28, 29; RFC 8252 7.3 and 8.9).
 */
export function judgeRequest(request: IncomingMessage, { host, path, state }: Expectation): Judged {
  const { method, url = '', httpVersion, headers } = request
  const hosts = request.headersDistinct.host ?? []
  if (httpVersion !== '1.1' || hosts.length !== 1) return refused(400)
  if (hosts[0] !== host || !isNavigation(method, headers)) return refused(403)
  if (method !== 'GET') return refused(405)
  if (hasBody(headers)) return refused(400)
  const mark = url.indexOf('?')
  if ((mark === -1 ? url : url.slice(0, mark)) !== path) return refused(404)
  return judgeCallback(new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)), state)
}

const refused = (status: number): Judged => ({ status, page: 'refused', query: null })

/**
 * A whole page opened in the browser, or a program that says nothing of where it comes from: the provider is itself
 * another site, so that what tells its redirect from a script, a frame or a socket is how it is fetched.
 */
function isNavigation(method: string | undefined, headers: IncomingHttpHeaders): boolean {
  if (headers.upgrade !== undefined) return false
  const isTold = Object.keys(headers).some((name) => name.startsWith('sec-fetch-'))
  const isPage = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  // Some browsers keep the Origin of the form that the provider answered with its redirect.
  if (headers.origin !== undefined) return isPage && method === 'GET'
  return isPage || !isTold
}

const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

function judgeCallback(query: URLSearchParams, state: string): Judged {
  const states = query.getAll('state')
  const answers = [...query.getAll('code'), ...query.getAll('error')]
  const isOurs = states.length === 1 && isSame(states[0] ?? '', state)
  if (!isOurs || answers.length !== 1 || answers[0] === '')
    return { status: 400, page: 'mismatched', query: null }
  return { status: 200, page: query.has('code') ? 'done' : 'failed', query }
}
