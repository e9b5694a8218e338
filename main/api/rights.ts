import { unwrap } from '../../preload/failure.ts'
import type { Rights } from '../../preload/people-shapes.ts'
import type { Handlers } from '../ipc.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { changeRole, removeAccess } from '../rights/accesses.ts'
import { grant, resendInvitation, revokeInvitation } from '../rights/invitations.ts'
import { knownDomain } from '../rights/known-domain.ts'
import { rightsOf } from '../rights/rights-of.ts'
import { namesOf } from './domains.ts'
import type { Permissions } from './permissions.ts'

type Calls = Extract<keyof Handlers, `rights.${string}` | `accesses.${string}` | `invitations.${string}`>
type Opened = Workspace & { permissions: Permissions }

export function rightsHandlers(opened: () => Opened): Pick<Handlers, Calls> {
  /** The profile, its domain by the name that dimail gives it, and the roles that the agent may give there. */
  async function at(text: string) {
    const profile = opened()
    const domain = unwrap(knownDomain(profile, text))
    const { grantable } = await profile.permissions.authority(domain)
    return { profile, domain, mine: grantable }
  }
  /** Read after the change, which may have taken the agent's own access and the domain out of the cache with it. */
  async function now({ profile, domain }: Awaited<ReturnType<typeof at>>): Promise<Rights> {
    const rights = await rightsOf(profile, domain, await profile.permissions.authority(domain))
    const named = await namesOf(profile.desk)
    const accesses = rights.accesses.map((access) => ({ ...access, by: named(access.by) ?? access.by }))
    return { ...rights, accesses }
  }

  return {
    'rights.read': async ({ domain }) => now(await at(domain)),
    'accesses.grant': async (input) => {
      const here = await at(input.domain)
      const { profile, domain, mine } = here
      const { outcome, mail } = unwrap(await grant(profile, mine, { ...input, domain }))
      return { outcome, mail, rights: await now(here) }
    },
    'accesses.change': async (input) => {
      const here = await at(input.domain)
      const { profile, domain, mine } = here
      unwrap(await changeRole(profile, mine, { ...input, domain }))
      return now(here)
    },
    'accesses.remove': async (input) => {
      const here = await at(input.domain)
      const { profile, domain, mine } = here
      unwrap(await removeAccess(profile, mine, { ...input, domain }))
      return now(here)
    },
    'invitations.resend': async (input) => {
      const here = await at(input.domain)
      const { profile, domain, mine } = here
      const { mail } = unwrap(await resendInvitation(profile, mine, { ...input, domain }))
      return { mail, rights: await now(here) }
    },
    'invitations.revoke': async (input) => {
      const here = await at(input.domain)
      const { profile, domain, mine } = here
      unwrap(await revokeInvitation(profile, mine, { ...input, domain }))
      return now(here)
    },
  }
}
