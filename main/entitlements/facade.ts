import { z } from 'zod'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type { EntitlementSettings } from '../../preload/profile-shapes.ts'
import { account, type Quota } from '../../preload/session-shapes.ts'
import { sha256 } from '../store/database.ts'
import type { DeployCenterSettings } from './deploycenter.ts'
import type { Answer, Backend, Entitlements } from './entitlements.ts'
import { createMemory, type Shelf, shortShelf } from './memory.ts'

/** The settings of a desk, where the last good answer outlives the program. */
export type Kept = {
  read(key: string): Promise<unknown>
  write(key: string, value: unknown): Promise<void>
}

type Given = Exclude<Answer, { kind: 'unavailable' }>
type Good = Exclude<Given, { kind: 'invalid' }>

/** Mailboxes whose quota is remembered at once: a long list that is scrolled through. */
const quotasKept = 1000

/**
 * A backend and what it said before (docs/entitlements.md 3). A copy is kept for each subject under a hash of it, and
 * holds neither the subject, their e-mail address nor their claims.
 */
export function openEntitlements(deps: {
  backend: Backend
  settings: EntitlementSettings
  kept: Kept
  now: () => number
}): Entitlements {
  const { backend, settings, kept, now } = deps
  const closed = new AbortController()
  if (settings.backend === 'local') return { ...backend, read: (who) => backend.read(who), close: () => {} }

  const times = { freshMs: settings.freshS * 1000, staleMs: settings.staleS * 1000, now }
  const answers = createMemory<Given>({ shelf: answerShelf(kept, settings), ...times })
  const quotas = createMemory<Quota | null>({ shelf: shortShelf(quotasKept), ...times })

  return {
    async read(subject, force, signal) {
      const coming = answers.read(keyOf(subject.sub), force, async () => {
        const answer = await backend.read(subject, closed.signal)
        return answer.kind === 'unavailable' ? { ok: false, failure: answer.trouble } : ok(answer)
      })
      const read = await orCancelled(coming, signal)
      if (!read.ok) return { kind: 'unavailable', trouble: read.failure }
      return { ...read.value.value, stale: read.value.stale }
    },
    async quota(question, signal) {
      const key = sha256(JSON.stringify([question.address, question.organization]))
      const coming = quotas.read(key, false, () => backend.quota(question, closed.signal))
      const read = await orCancelled(coming, signal)
      if (!read.ok) return read
      const { value, stale } = read.value
      return ok(value === null ? null : { ...value, stale: stale !== null })
    },
    close: () => closed.abort(),
  }
}

const keyOf = (sub: string): string => `entitlements ${sha256(sub)}`

/** One who no longer waits leaves the others their answer. */
async function orCancelled<T>(coming: Promise<Result<T>>, signal?: AbortSignal): Promise<Result<T>> {
  if (signal === undefined) return coming
  let stop = () => {}
  const stopped = new Promise<Result<T>>((resolve) => {
    stop = () => resolve(failed('cancelled', 'asked', 'The call was cancelled.'))
  })
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    return await Promise.race([coming, stopped])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

const told = {
  canAccess: z.boolean().nullable(),
  reason: z.string().nullable(),
  account,
  answeredAt: z.int().nonnegative(),
  stale: z.null(),
}
const good = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('list'),
    domains: z.array(z.string()),
    unreadable: z.int().nonnegative(),
    ...told,
  }),
  z.object({ kind: z.literal('empty-list'), ...told }),
  z.object({ kind: z.literal('not-provided'), ...told }),
]) satisfies z.ZodType<Good>
const row = z.object({ of: z.string(), at: z.number().nonnegative(), value: good })

/** `of` names the server and the service: what another one said is nobody's answer once a profile was changed. */
function answerShelf(kept: Kept, { address, serviceId }: DeployCenterSettings): Shelf<Given> {
  const of = sha256(JSON.stringify([address, serviceId]))
  return {
    async get(key) {
      const found = row.safeParse(await kept.read(key))
      return found.success && found.data.of === of ? found.data : null
    },
    async put(key, { value, at }) {
      // A list that is none says nothing worth keeping, and must not take the place of one that did.
      if (value.kind === 'invalid') return
      // A full disk must not keep anybody from signing in: the answer is there all the same.
      await kept.write(key, { of, at, value }).catch(() => {})
    },
    drop: (key) => kept.write(key, null),
  }
}
