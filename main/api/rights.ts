import { unwrap } from '../../preload/failure.ts'
import type { Rights } from '../../preload/people-shapes.ts'
import type { Handlers } from '../ipc.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { changeRole, removeAccess } from '../rights/accesses.ts'
import { grant, resendInvitation, revokeInvitation } from '../rights/invitations.ts'
import { knownDomain } from '../rights/known-domain.ts'
import { type Authority, rightsOf } from '../rights/rights-of.ts'
import type { Permissions } from './permissions.ts'

type Calls = Extract<keyof Handlers, `rights.${string}` | `accesses.${string}` | `invitations.${string}`>
type Opened = Workspace & { permissions: Permissions }

export function rightsHandlers(opened: () => Opened): Pick<Handlers, Calls> {
  /** The profile, its domain by the name that dimail gives it, and what the agent may do there. */
  async function at(text: string) {
    const profile = opened()
    const domain = unwrap(knownDomain(profile, text))
    const authority: Authority = await profile.permissions.authority(domain)
    return { profile, domain, authority, mine: authority.grantable }
  }
  /** Read after the change, which may have been about the agent's own access. */
  async function now(text: string): Promise<Rights> {
    const { profile, domain, authority } = await at(text)
    return rightsOf(profile, domain, authority)
  }

  return {
    'rights.read': ({ domain }) => now(domain),
    'accesses.grant': async (input) => {
      const { profile, domain, mine } = await at(input.domain)
      const { outcome, mail } = unwrap(await grant(profile, mine, { ...input, domain }))
      return { outcome, mail, rights: await now(domain) }
    },
    'accesses.change': async (input) => {
      const { profile, domain, mine } = await at(input.domain)
      unwrap(await changeRole(profile, mine, { ...input, domain }))
      return now(domain)
    },
    'accesses.remove': async (input) => {
      const { profile, domain, mine } = await at(input.domain)
      unwrap(await removeAccess(profile, mine, { ...input, domain }))
      return now(domain)
    },
    'invitations.resend': async (input) => {
      const { profile, domain, mine } = await at(input.domain)
      const { mail } = unwrap(await resendInvitation(profile, mine, { ...input, domain }))
      return { mail, rights: await now(domain) }
    },
    'invitations.revoke': async (input) => {
      const { profile, domain, mine } = await at(input.domain)
      unwrap(await revokeInvitation(profile, mine, { ...input, domain }))
      return now(domain)
    },
  }
}
