import {
  type Access,
  type Action,
  actions,
  type Person,
  type Role,
  roles,
  type Standing,
} from '../../preload/people-shapes.ts'
import type { PlatformAction } from '../../preload/session-shapes.ts'
import type { Standpoint } from '../session/standpoint.ts'

const viewer: readonly Action[] = ['domain.read', 'mailbox.read', 'access.read']
const administrator: readonly Action[] = [
  ...viewer,
  ...(['domain.check', 'domain.repair', 'mailbox.change', 'alias.change'] as const),
  ...(['access.grant', 'invitation.manage'] as const),
]

/** Who may do what about a domain: docs/dimail.md 8.7, where an administrator no longer touches an owner. */
const matrix: Record<Standing, readonly Action[]> = {
  none: [],
  viewer,
  administrator,
  owner: actions,
  support: actions,
}

export const may = (standing: Standing, action: Action): boolean => matrix[standing].includes(action)

/** What FEATURE_MAILDOMAIN_MANAGE_ACCESSES holds, whoever asks (docs/entitlements.md 7). */
const handlingAccesses: readonly Action[] = ['access.grant', 'access.grant-owner', 'invitation.manage']

/** What a standing allows here and now: an agent who is not proven reads, a closed flag closes for everybody. */
export function actionsOf(standing: Standing, { state, flags, lock }: Standpoint): Action[] {
  const changes = state === 'signed-in' && lock !== 'read-only'
  return matrix[standing].filter((action) => {
    if (action === 'domain.check') return state === 'signed-in'
    if (!changes && !viewer.includes(action)) return false
    return flags.manageAccesses || !handlingAccesses.includes(action)
  })
}

/** The roles that somebody may give and take: nobody handles an access above their own. */
export function grantableBy(allowed: readonly Action[]): Role[] {
  if (allowed.includes('access.grant-owner')) return [...roles]
  return allowed.includes('access.grant') ? ['viewer', 'administrator'] : []
}

/** What may be done that is about no domain yet. Provisioning knows no flag (docs/entitlements.md 7). */
export function platformActionsOf({ state, person, flags, lock }: Standpoint): PlatformAction[] {
  if (state !== 'signed-in') return []
  if (!person?.support) return ['fleet.refresh']
  if (lock === 'read-only') return ['fleet.refresh', 'mail.configure']
  const create: PlatformAction[] = flags.create ? ['domain.create'] : []
  return ['fleet.refresh', ...create, 'domain.provision', 'mail.configure']
}

/** What `person` is on a domain, from accesses among which theirs must be when they have one. */
export function standingOf(person: Person, domain: string, accesses: readonly Access[]): Standing {
  if (person.support) return 'support'
  return accesses.find((one) => one.domain === domain && one.person === person.id)?.role ?? 'none'
}
