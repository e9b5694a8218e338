import type { Access, AccessRow, Action, Rights, Standing } from '../../preload/people-shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { type Grantable, isLastOwner } from './accesses.ts'

/** What the agent is on a domain and may do there, as main/api/permissions.ts decides it. */
export type Authority = { standing: Standing; may: Action[]; grantable: Grantable }

/** Who may do what on a domain, and what the agent may change of it; nobody, for an agent who may not read it. */
export async function rightsOf(
  { desk }: Pick<Workspace, 'desk'>,
  domain: string,
  { standing, may, grantable }: Authority,
): Promise<Rights> {
  const isReadable = may.includes('access.read')
  const accesses = isReadable ? await desk.accesses.list(domain) : []
  return {
    domain,
    standing,
    may,
    grantable: [...grantable],
    accesses: accesses.map((access) => rowOf(access, accesses, grantable)),
    invitations: isReadable ? await desk.invitations.list(domain) : [],
  }
}

function rowOf(access: Access, all: readonly Access[], grantable: Grantable): AccessRow {
  const lastOwner = isLastOwner(access, all)
  const mayRemove = grantable.includes(access.role) && !lastOwner
  const mayBecome = mayRemove ? grantable.filter((role) => role !== access.role) : []
  return { ...access, mayBecome, mayRemove, lastOwner }
}
