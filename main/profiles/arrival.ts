import type { Failure } from '../../preload/failure.ts'
import type { Person } from '../../preload/people-shapes.ts'
import type { Flags, ProfileScope } from '../../preload/profile-shapes.ts'
import type { Session } from '../../preload/session-shapes.ts'
import type { Answer } from '../entitlements/entitlements.ts'
import type { RightsSync } from '../entitlements/sync.ts'
import { claimAccesses } from '../rights/accesses.ts'
import { convertInvitations } from '../rights/invitations.ts'
import type { Identity } from '../session/identity.ts'
import type { Arrival } from '../session/session.ts'
import type { Desk } from '../store/desk.ts'

export type ReadFlags = (force: boolean) => Promise<{ flags: Flags; failure: Failure | null }>

/** Whether somebody works on every domain of a profile: by what the profile says, and by verified claims alone. */
export function isSupport(scope: ProfileScope, claims: Identity['claims']): boolean {
  if (scope.kind !== 'claim') return scope.kind === 'all'
  const told = claims[scope.claim]
  return told === scope.value || (Array.isArray(told) && told.includes(scope.value))
}

/**
 * What is found out about an agent who has just proved who they are, before they see anything: what DeployCenter says
 * of them (docs/entitlements.md 5), the flags, and what others gave to their address. An outage lets them in and
 * grants nothing; only DeployCenter's own "no" closes the console. `signal`: they have left, and nothing more is asked.
 */
export async function arriveAt(
  {
    desk,
    now,
    sync,
    readFlags,
  }: {
    desk: Desk
    now: () => number
    sync: Pick<RightsSync, 'arrive'>
    readFlags: ReadFlags
  },
  identity: Identity,
  person: Person,
  signal: AbortSignal,
): Promise<Arrival> {
  const { sub, issuer, name, emailVerified, claims } = identity
  // Nothing is told to the window: it reads everything once the agent is there.
  const keeping = { desk, now, person: () => person, rightsChanged: () => {} }
  await desk.people.put(sub, '', {
    id: sub,
    issuer,
    name,
    email: person.email,
    lastSeen: now(),
  })
  if (emailVerified) await claimAccesses(keeping, person)
  const [{ plan, answer }, known] = await Promise.all([
    sync.arrive({ sub, email: asWritten(person, identity), claims }, person, signal),
    readFlags(true),
  ])
  const refusal = refusalIn(answer)
  if (refusal === null && emailVerified && !signal.aborted) await convertInvitations(keeping, person)
  return { plan, refusal, flags: known.flags, flagsFailure: known.failure }
}

/**
 * The address as the provider writes it: DeployCenter compares what stands before the @ with its case
 * (docs/entitlements.md 2.6), and an address in lower case might be that of nobody.
 */
function asWritten({ email }: Person, { claims }: Identity): string | null {
  const told = typeof claims.email === 'string' ? claims.email.trim() : ''
  return told.toLowerCase() === email ? told : email
}

/** DeployCenter's own "no"; an outage says none, and neither does an answer that cannot be read. */
export function refusalIn(answer: Answer): Session['refusal'] {
  if (answer.kind === 'unavailable' || answer.canAccess !== false) return null
  const { reason, account, answeredAt } = answer
  return { reason, account, answeredAt }
}
