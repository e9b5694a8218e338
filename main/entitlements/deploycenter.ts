import { failed, ok, type Result } from '../../preload/failure.ts'
import type { EntitlementSettings } from '../../preload/profile-shapes.ts'
import { readAddress } from '../http/address.ts'
import type { Wire } from '../http/wire.ts'
import type { Facts } from '../log.ts'
import { askJson, type Question } from './ask.ts'
import { readAnswer, readQuota } from './deploycenter-answer.ts'
import { failureOf } from './deploycenter-failures.ts'
import type { Backend, QuotaQuestion } from './entitlements.ts'

export type DeployCenterSettings = Extract<EntitlementSettings, { backend: 'deploycenter' }>
export type BackendDeps = {
  wire: Wire
  /** Asked at each call and never kept; null while nobody has given it. */
  key: () => string | null
  now: () => number
  /** One line per call: never an e-mail address, a subject or an address with its query. */
  log: (event: string, facts: Facts) => void
}

type Account = { type: 'user' | 'mailbox'; email: string | null; claims: Readonly<Record<string, unknown>> }
type Sent = Pick<Question, 'method' | 'body'>
const never = new AbortController().signal

/**
 * DeployCenter as it is on the wire (docs/entitlements.md 2 and 8): one attempt a call, whose failures say what is
 * wrong and who can mend it.
 */
export function createDeployCenter(deps: BackendDeps & { settings: DeployCenterSettings }): Backend {
  const { settings, wire, key, now, log } = deps

  async function ask<T>(
    account: Account,
    sent: Sent,
    signal: AbortSignal,
    read: (value: unknown) => Result<T>,
  ): Promise<Result<T>> {
    const start = performance.now()
    const question = questionOf(settings, key(), account, sent)
    if (!question.ok) return question
    const told = await askJson(wire, question.value, signal)
    const result =
      'trouble' in told ? { ok: false as const, failure: failureOf(told.trouble) } : read(told.value)
    const outcome = result.ok ? 'ok' : `${result.failure.code}/${result.failure.reason}`
    log('deploycenter call', {
      about: account.type,
      outcome,
      status: statusOf(told),
      ms: Math.round(performance.now() - start),
    })
    return result
  }

  return {
    async read({ email, claims }, signal = never) {
      const forwarded = Object.fromEntries(
        settings.claims.filter((name) => Object.hasOwn(claims, name)).map((name) => [name, claims[name]]),
      )
      const account: Account = { type: 'user', email, claims: forwarded }
      const sent: Sent = { method: 'GET', body: null }
      const answer = await ask(account, sent, signal, (value) => readAnswer(value, now()))
      if (!answer.ok) return { kind: 'unavailable', trouble: answer.failure }
      // docs/entitlements.md 13, 39: the type, and nothing of the value.
      if (answer.value.kind === 'invalid') log('deploycenter list', { type: answer.value.type })
      return answer.value
    },
    async quota(question, signal = never) {
      const { address, organization } = question
      const claims = { [settings.organizationClaim]: organization }
      const account: Account = { type: 'mailbox', email: address, claims }
      const sent: Sent = { method: 'POST', body: JSON.stringify(pushed(settings, question)) }
      const answer = await ask(account, sent, signal, (value) => readQuota(value, question, now()))
      // [DC] knows no POST here: no gauge, and nothing to mend (docs/entitlements.md 13, 89).
      const unknown = !answer.ok && answer.failure.details.status === 405
      return unknown ? ok(null) : answer
    },
  }
}

const statusOf = (told: Awaited<ReturnType<typeof askJson>>): number =>
  'trouble' in told ? ('status' in told.trouble ? told.trouble.status : 0) : told.status

/** The request, or why there is none to send. */
function questionOf(
  settings: DeployCenterSettings,
  key: string | null,
  { type, email, claims }: Account,
  sent: Sent,
): Result<Question> {
  const address = readAddress(settings.address)
  if ('fault' in address)
    return failed('invalid', 'deploycenter-address', 'The address of DeployCenter is not an https address.')
  if (email === null || email.trim() === '')
    return failed('invalid', 'deploycenter-email', 'There is no e-mail address to ask DeployCenter about.')
  if (key === null) return failed('refused', 'deploycenter-no-key', 'The key of DeployCenter is not known.')
  // Anything else is not a header, and makes the real server fail (docs/entitlements.md 2.4).
  if (!/^[\x21-\x7e]+$/.test(key))
    return failed('invalid', 'deploycenter-key', 'The key of DeployCenter holds letters that no key holds.')
  const { url } = address
  url.searchParams.set('service_id', settings.serviceId)
  url.searchParams.set('account_type', type)
  url.searchParams.set('account_email', email)
  for (const [name, value] of Object.entries(claims)) {
    const text = claimText(value)
    // No claim takes the place of what is asked (docs/entitlements.md 4).
    if (text !== null && !url.searchParams.has(name)) url.searchParams.set(name, text)
  }
  const headers = { 'X-Service-Auth': `Bearer ${key}` }
  return ok({ ...sent, url: url.href, headers, timeoutS: settings.timeoutS })
}

/** A claim as it is sent, or null: `null` or `a,b` would be answered as if somebody had meant it. */
function claimText(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

/** docs/entitlements.md 8: only usage that somebody measured, since a 0 would be kept as if it were true. */
function pushed(settings: DeployCenterSettings, { address, organization, usage }: QuotaQuestion) {
  const claim = organization === null ? {} : { [settings.organizationClaim]: organization }
  const item = (account: Record<string, string>, bytes: number) => ({
    account,
    metrics: { storage_used: bytes },
    ...claim,
  })
  const metrics: ReturnType<typeof item>[] = []
  if (usage.mailbox !== null) metrics.push(item({ type: 'mailbox', email: address }, usage.mailbox))
  if (usage.organization !== null && organization !== null)
    metrics.push(item({ type: 'organization' }, usage.organization))
  return { usage_metrics: metrics }
}
