import { z } from 'zod'
import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import type { FlagSettings, Flags } from '../../preload/profile-shapes.ts'
import { readAddress } from '../http/address.ts'
import { askJson, type Trouble } from './ask.ts'
import type { BackendDeps } from './deploycenter.ts'
import { createMemory, shortShelf } from './memory.ts'

export type FlagSource = {
  /** `force`: the address is asked although it answered a moment ago. `failure`: why all flags are off. */
  read(force: boolean): Promise<{ flags: Flags; failure: Failure | null }>
}

const freshMs = 5 * 60_000
const timeoutS = 10
const closed: Flags = { create: false, manageAccesses: false }
const never = new AbortController().signal

/**
 * The feature flags of a profile (docs/entitlements.md 7): on only when literally `true`; off when the address that is
 * to tell them does not answer, whatever it said before (R8).
 */
export function createFlags(deps: Omit<BackendDeps, 'key'> & { settings: FlagSettings }): FlagSource {
  const { settings, wire, now, log } = deps
  if (settings.from === 'profile') {
    const { create, manageAccesses } = settings
    return { read: async () => ({ flags: { create, manageAccesses }, failure: null }) }
  }
  const memory = createMemory<Flags>({ shelf: shortShelf(1), freshMs, staleMs: 0, now })

  async function ask(address: string): Promise<Result<Flags>> {
    const read = readAddress(address)
    if ('fault' in read) return failed('invalid', 'flags-address', 'The address of the flags is not one.')
    const question = { method: 'GET' as const, url: read.url.href, headers: {}, body: null, timeoutS }
    const told = await askJson(wire, question, never)
    const result = 'trouble' in told ? failureOf(told.trouble) : readFlags(told.value)
    log('flags call', { outcome: result.ok ? 'ok' : `${result.failure.code}/${result.failure.reason}` })
    return result
  }

  return {
    async read(force) {
      const answer = await memory.read('flags', force, () => ask(settings.address))
      if (answer.ok) return { flags: answer.value.value, failure: null }
      // Otherwise the next reading would open them again for want of being forced.
      await memory.forget('flags')
      return { flags: closed, failure: answer.failure }
    },
  }
}

const on = z
  .unknown()
  .optional()
  .transform((said) => said === true)
const body = z.object({
  FEATURE_MAILDOMAIN_CREATE: on,
  FEATURE_MAILDOMAIN_MANAGE_ACCESSES: on,
})

function readFlags(value: unknown): Result<Flags> {
  const parsed = body.safeParse(value)
  if (!parsed.success) return unreadable('shape')
  const { FEATURE_MAILDOMAIN_CREATE, FEATURE_MAILDOMAIN_MANAGE_ACCESSES } = parsed.data
  return ok({ create: FEATURE_MAILDOMAIN_CREATE, manageAccesses: FEATURE_MAILDOMAIN_MANAGE_ACCESSES })
}

const unreadable = (cause: string) =>
  failed('bad-response', 'flags', 'The address of the flags answers something else.', { cause })

function failureOf(trouble: Trouble): { ok: false; failure: Failure } {
  switch (trouble.kind) {
    case 'cancelled':
      return failed('cancelled', 'asked', 'The call was cancelled.')
    case 'offline':
    case 'tls':
      return failed('offline', 'flags', 'The address of the flags could not be reached.', {
        cause: trouble.cause,
      })
    case 'timeout':
      return failed('timeout', 'flags', 'The address of the flags did not answer in time.', {
        limit: trouble.limit,
      })
    case 'status': {
      const { status } = trouble
      return status < 500
        ? failed('refused', 'flags-status', `The address of the flags answered ${status}.`, { status })
        : failed('server-error', 'flags', `The address of the flags failed with status ${status}.`, {
            status,
          })
    }
    case 'redirect':
    case 'size':
      return unreadable(trouble.kind)
    case 'unreadable':
      return unreadable(trouble.cause)
  }
}
