import { type Failure, failed } from '../../preload/failure.ts'
import type { Person } from '../../preload/people-shapes.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import type { Session } from '../../preload/session-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import { createPermissions, type Permissions, readOnly } from '../api/permissions.ts'
import { platformActionsOf } from '../api/standings.ts'
import type { Dimail } from '../dimail/client.ts'
import { isUnknownDomain } from '../dimail/failures.ts'
import type { Entitlements } from '../entitlements/entitlements.ts'
import { createRightsSync, type RightsSync } from '../entitlements/sync.ts'
import type { Log } from '../log.ts'
import { type Approvals, createApprovals } from '../session/approvals.ts'
import { type OpenSession, openSession } from '../session/session.ts'
import type { SignIn } from '../session/sign-in-types.ts'
import type { Cache } from '../store/cache.ts'
import type { Desk } from '../store/desk.ts'
import { arriveAt, isSupport, type ReadFlags } from './arrival.ts'

/** Who is at the console of a profile, and what they may do. */
export type Front = {
  session: OpenSession
  permissions: Permissions
  approvals: Approvals
  rights: RightsSync
  close(): void
}

/**
 * What must not leave for dimail now, whoever asks: anything while nobody is proven, and under the lock `read-only`
 * whatever changes something. Null: nothing stands in the way.
 */
export function barrier(session: OpenSession | null, changes: boolean): Failure | null {
  // Cancelled, and not refused: it is no news of dimail.
  if (!session?.mayAsk()) return failed('cancelled', 'signed-out', 'Nobody is signed in.').failure
  if (!changes || session.standpoint().lock !== 'read-only') return null
  return readOnly().failure
}

/** Opens the front of a profile: session, permissions, rights. `arrived` and `left` follow who is there. */
export async function openFront(deps: {
  profile: Profile
  desk: Desk
  cache: Pick<Cache, 'read'>
  dimail: () => Pick<Dimail, 'readDomain'>
  entitlements: Entitlements
  readFlags: ReadFlags
  client: SignIn | null
  arrived: (person: Person) => Promise<void>
  left: (person: Person) => Promise<void>
  rightsWritten: () => void
  changed: (session: Session) => void
  now: () => number
  locale: () => Locale
  log: Log
}): Promise<Front> {
  const { profile, desk, cache, now, log } = deps
  const broke = (error: unknown) => log.error('the session failed', error)
  const approvals = createApprovals(now)
  const rights = createRightsSync({
    entitlements: deps.entitlements,
    desk,
    async whereIs(name, signal) {
      const known = cache.read(name)
      if (known && !known.gone) return 'here'
      const found = await deps.dimail().readDomain(name, signal)
      if (found.ok) return 'here'
      return isUnknownDomain(found.failure) ? 'unknown' : 'unchecked'
    },
    now,
    written: deps.rightsWritten,
    broke,
  })
  const session = await openSession({
    profile,
    desk,
    now,
    client: deps.client,
    isSupport: ({ claims }) => isSupport(profile.scope, claims),
    arrive: (identity, person, signal) =>
      arriveAt({ desk, now, sync: rights, readFlags: deps.readFlags }, identity, person, signal),
    flags: deps.readFlags,
    arrived: deps.arrived,
    async left(person) {
      rights.leave()
      approvals.leave()
      await deps.left(person)
    },
    changed: deps.changed,
    may: platformActionsOf,
    broke,
  })
  const permissions = createPermissions({
    standpoint: session.standpoint,
    accesses: () => desk.accesses,
    approvals,
  })
  return { session, permissions, approvals, rights, close: session.close }
}
