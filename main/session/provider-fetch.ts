import type { CustomFetch, CustomFetchOptions } from 'openid-client'
import { Expected, type Failure, failed } from '../../preload/failure.ts'
import { failureOfFault, failureOfSilence } from '../dimail/failures.ts'
import { keepUpTo } from '../http/body.ts'
import type { Answer, Silence, Timeouts, Wire } from '../http/wire.ts'

/** Far above any discovery document, key set or userinfo, decompressed. */
const largest = 1_000_000

/**
 * What has become of a request without a good answer, and of the code or the token that it held: it has not left, it
 * was answered without being acted on, or it may have been acted on.
 */
export type Fate = 'unsent' | 'unused' | 'used'

/** A provider that did not answer, or not as one. */
export class NoAnswer extends Expected {
  readonly fate: Fate
  constructor(what: Failure, fate: Fate) {
    super(what)
    this.fate = fate
  }
}

/**
 * Whether an address may be asked, or opened, as a provider's: https, or http on the literal 127.0.0.1 for the sandbox;
 * no password in it.
 */
export function isProviderAddress(address: string, allowHttp: boolean): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, username, password } = new URL(address)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (allowHttp && protocol === 'http:' && hostname === '127.0.0.1')
}

export type ProviderFetchDeps = {
  wire: Wire
  timeouts: Timeouts
  allowHttp: boolean
  signal: AbortSignal
  /** The `Date` of an answer to a request that no cache answers. */
  dated: (date: string) => void
}

/**
 * All that openid-client sees of the network: one request on the wire for each, no redirect, the system's authorities.
 * Throws `NoAnswer` for what no OAuth answer is: silence, a cut or too large body, a redirect, 429 and 5xx.
 */
export function createProviderFetch(deps: ProviderFetchDeps): CustomFetch {
  const { wire, timeouts, allowHttp, signal, dated } = deps
  return async (url, options) => {
    if (!isProviderAddress(url, allowHttp)) throw new NoAnswer(clearText(), 'unsent')
    const isPost = options.method === 'POST'
    const request = {
      method: isPost ? ('POST' as const) : ('GET' as const),
      url,
      headers: headersOf(options),
      body: isPost ? String(options.body) : null,
      reuse: !isPost,
      into: () => keepUpTo(largest),
    }
    const outcome = await wire(request, timeouts, signal)
    if ('silence' in outcome) {
      const fate = outcome.silence.left ? 'used' : 'unsent'
      throw new NoAnswer(ofSilence(outcome.silence, timeouts), fate)
    }
    const { answer } = outcome
    const date = answer.header('date')
    if (isPost && date !== undefined) dated(date)
    return responseOf(answer)
  }
}

function headersOf({ headers }: CustomFetchOptions): Record<string, string> {
  const { 'user-agent': _library, ...rest } = headers
  return rest
}

function responseOf(answer: Answer): Response {
  const { status, header, bytes } = answer
  if (answer.fault !== null) throw new NoAnswer(ofFault(answer), 'used')
  if (status === 429 || status >= 500)
    // A gateway says 502 or 504 of an answer that it lost.
    throw new NoAnswer(ofServer(status), status === 502 || status === 504 ? 'used' : 'unused')
  if (status >= 300 && status < 400) throw new NoAnswer(redirected(status), 'unused')
  const headers = new Headers()
  for (const name of ['content-type', 'www-authenticate']) {
    const value = header(name)
    if (value !== undefined) headers.set(name, value)
  }
  const isEmpty = [101, 204, 205, 304].includes(status)
  return new Response(isEmpty ? null : new Uint8Array(bytes), { status, headers })
}

const fail = (...what: Parameters<typeof failed>): Failure => failed(...what).failure

const clearText = () =>
  fail('refused', 'sign-in-address', 'The provider would be asked in clear text, or with a password.')

const ofServer = (status: number) =>
  fail('server-error', 'provider', `The identity provider failed with status ${status}.`, { status })

const redirected = (status: number) =>
  fail('bad-response', 'provider-redirect', 'The identity provider sent the call elsewhere.', { status })

/** The codes of dimail's own table, for the words of another server. */
function ofSilence(silence: Silence, timeouts: Timeouts): Failure {
  const { code, reason, details } = failureOfSilence(silence, timeouts)
  switch (code) {
    case 'cancelled':
      return fail('cancelled', 'sign-in', 'The sign-in was cancelled.')
    case 'timeout':
      return fail('timeout', 'provider', 'The identity provider was too slow.', details)
    case 'offline':
      return reason === 'tls'
        ? fail('offline', 'provider-tls', 'The identity provider could not prove who it is.', details)
        : fail('offline', 'provider', 'The identity provider cannot be reached.', details)
    default:
      return fail('bad-response', 'provider', 'The answer of the identity provider is not proper HTTP.')
  }
}

function ofFault(answer: Answer): Failure {
  const { code, reason } = failureOfFault(answer)
  if (code === 'offline') return fail('offline', 'provider', 'The identity provider cut its answer short.')
  return fail('bad-response', 'provider', `The answer of the identity provider is unusable: ${reason}.`)
}
