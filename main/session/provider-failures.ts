import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client'
import { Expected, type Failure, failed } from '../../preload/failure.ts'

/** What was being asked of the provider: `sign-in` is the callback, the code's exchange and its ID token. */
export type Stage = 'discovery' | 'sign-in' | 'refresh' | 'userinfo'
export type Circumstances = { stage: Stage; issuer: string; skewS: number }

/** A difference between clocks that makes valid proofs fail (docs/faults.md 3). */
export const clockToleranceS = 30

const sentences = {
  'sign-in-acr': 'The provider did not confirm the level of assurance that this profile requires.',
  'sign-in-address': 'An address of the provider is not safe.',
  'sign-in-client': 'The provider does not accept this console: its identifier or its secret is wrong.',
  'sign-in-clock': 'The clocks of this computer and of the provider differ too much.',
  'sign-in-code': 'The provider did not accept the code of this sign-in.',
  'sign-in-expired': 'The proof that the provider gave is out of date.',
  'sign-in-issuer': 'The answer is not from the provider of this profile.',
  'sign-in-nonce': 'The proof of identity was made for another sign-in.',
  'sign-in-request': 'The provider did not accept the request to sign in as it is.',
  'sign-in-scope': 'The provider does not grant one of the scopes of this profile.',
  'sign-in-signature': 'A signature of the provider is missing or wrong.',
  'sign-in-subject': 'The provider does not name the person in a usable way, or names somebody else.',
  'sign-in-state': 'The answer belongs to another sign-in.',
  'sign-in-token': 'The proof of identity was made for another program.',
  'sign-in-userinfo': 'What the provider tells of this person cannot be relied upon.',
  'session-over': 'The provider ended the session.',
} as const
type Reason = keyof typeof sentences

export const refused = (reason: Reason, details: Failure['details'] = {}) =>
  failed('refused', reason, sentences[reason], details)

const refusal = (reason: Reason): Failure => refused(reason).failure
const unusable = (details: Failure['details'] = {}): Failure =>
  failed('bad-response', 'provider', 'The answer of the provider cannot be used.', details).failure
const failing = (): Failure =>
  failed('server-error', 'provider', 'The provider says that it cannot answer now.').failure

/**
 * What an error of openid-client means (docs/sign-in.md). Never its own words, nor the provider's: both may hold a
 * token. What is not foreseen is an unusable answer, since hostile data make the library throw in many ways.
 */
export function failureOfError(error: unknown, circumstances: Circumstances): Failure {
  const { stage, skewS } = circumstances
  const found = meaningOf(error, circumstances)
  if (skewS <= clockToleranceS) return found
  const isPerhapsTime =
    found.reason === 'sign-in-expired' || (found.reason === 'sign-in-code' && stage === 'sign-in')
  return isPerhapsTime
    ? refused('sign-in-clock', { skewS }).failure
    : { ...found, details: { ...found.details, skewS } }
}

function meaningOf(error: unknown, circumstances: Circumstances): Failure {
  if (error instanceof Expected) return error.failure
  if (error instanceof AuthorizationResponseError) return ofCode(error.error, circumstances.stage)
  if (error instanceof ResponseBodyError) return ofCode(error.error, circumstances.stage)
  if (error instanceof WWWAuthenticateChallengeError) return ofStatus(error.status, circumstances.stage)
  if (!(error instanceof ClientError)) return unusable()
  if (error.cause instanceof Expected) return error.cause.failure
  if (error.cause instanceof Response) return ofStatus(error.cause.status, circumstances.stage)
  return ofClientError(error, circumstances)
}

/** The registered codes of RFC 6749 4.1.2.1 and 5.2, and OpenID Connect Core 3.1.2.6; another is a bad request. */
function ofCode(code: string, stage: Stage): Failure {
  switch (code) {
    case 'access_denied':
      return failed('cancelled', 'sign-in-denied', 'The provider says that the sign-in was refused.').failure
    case 'invalid_grant':
      return refusal(stage === 'refresh' ? 'session-over' : 'sign-in-code')
    case 'invalid_client':
    case 'unauthorized_client':
      return refusal('sign-in-client')
    case 'invalid_scope':
      return refusal('sign-in-scope')
    case 'temporarily_unavailable':
    case 'server_error':
      return failing()
    default:
      return refusal('sign-in-request')
  }
}

function ofStatus(status: number, stage: Stage): Failure {
  if (status !== 401 && status !== 403) return unusable({ status })
  if (stage === 'userinfo') return refusal('sign-in-userinfo')
  return stage === 'discovery' ? unusable({ status }) : refusal('sign-in-client')
}

/** Told apart by the facts that oauth4webapi attaches to an error, since its sentences may change. */
function ofClientError(error: ClientError, circumstances: Circumstances): Failure {
  const facts = factsOf(error)
  switch (error.code) {
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return refusal('sign-in-expired')
    case 'OAUTH_KEY_SELECTION_FAILED':
      return refusal('sign-in-signature')
    case 'OAUTH_UNSUPPORTED_OPERATION':
      return 'alg' in facts || 'header' in facts ? refusal('sign-in-signature') : unusable()
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return refusal(differing(facts.claim ?? facts.attribute, circumstances.stage))
    case 'OAUTH_JWT_USERINFO_EXPECTED':
      return refusal('sign-in-userinfo')
    case 'OAUTH_HTTP_REQUEST_FORBIDDEN':
    case 'OAUTH_REQUEST_PROTOCOL_FORBIDDEN':
      return refusal('sign-in-address')
    case 'OAUTH_INVALID_RESPONSE':
      return ofInvalid(error, facts, circumstances)
    default:
      return unusable()
  }
}

function differing(claim: unknown, stage: Stage): Reason {
  if (stage === 'userinfo') return 'sign-in-userinfo'
  if (claim === 'nonce') return 'sign-in-nonce'
  if (claim === 'iss' || claim === 'issuer') return 'sign-in-issuer'
  return 'sign-in-token'
}

function ofInvalid(error: ClientError, facts: Facts, { stage, issuer }: Circumstances): Failure {
  if ('signature' in facts || 'header' in facts) return refusal('sign-in-signature')
  if (facts.parameters instanceof URLSearchParams) {
    if ('expected' in facts) return refusal(facts.expected === issuer ? 'sign-in-issuer' : 'sign-in-state')
    return facts.parameters.has('iss') ? unusable() : refusal('sign-in-issuer')
  }
  const isAlone = error.cause instanceof Error && error.cause.cause === undefined
  // A parameter of the callback given twice comes without facts.
  if (stage === 'sign-in' && isAlone) return refusal('sign-in-state')
  if (stage === 'userinfo') return refusal('sign-in-userinfo')
  const { claims } = facts
  if (typeof claims !== 'object' || claims === null) return unusable()
  return refusal(stage === 'sign-in' && !('nonce' in claims) ? 'sign-in-nonce' : 'sign-in-token')
}

type Facts = Readonly<Record<string, unknown>>

function factsOf({ cause }: ClientError): Facts {
  const facts = cause instanceof Error ? cause.cause : cause
  return typeof facts === 'object' && facts !== null ? { ...facts } : {}
}

/** Whether the provider did not know the access token, whichever way it says so. */
export function isUnauthorised(error: unknown): boolean {
  if (error instanceof WWWAuthenticateChallengeError) return error.status === 401
  return error instanceof ClientError && error.cause instanceof Response && error.cause.status === 401
}
