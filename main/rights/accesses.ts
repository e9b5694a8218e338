import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Access, Person, Role } from '../../preload/people-shapes.ts'
import { journalled, type Keeping } from './journal.ts'
import { accessKey } from './keys.ts'
import { inTurn } from './turns.ts'

/** The roles that the agent may give and take (main/api/permissions.ts): an access beyond them is left alone. */
export type Grantable = readonly Role[]

export const beyond = () => failed('refused', 'role', 'Your role does not allow this.')
const lastOwner = () =>
  failed('not-possible', 'last-owner', 'A domain keeps an owner: name another one first.')

export const isLastOwner = (access: Access, all: readonly Access[]): boolean =>
  access.role === 'owner' && all.filter(({ role }) => role === 'owner').length === 1

/** The access, when the agent may handle it and the domain keeps an owner without it. */
async function toChange(
  { desk }: Keeping,
  mine: Grantable,
  domain: string,
  person: string,
  staysOwner: boolean,
): Promise<Result<Access>> {
  const all = await desk.accesses.list(domain)
  const access = all.find((one) => one.person === person)
  if (!access) return failed('not-found', 'access', 'This person has no access to the domain.')
  if (!mine.includes(access.role)) return beyond()
  return !staysOwner && isLastOwner(access, all) ? lastOwner() : ok(access)
}

/** Gives somebody another role. Fails with `not-possible/last-owner` when nobody else would own the domain. */
export function changeRole(
  keeping: Keeping,
  mine: Grantable,
  { domain, person, role }: { domain: string; person: string; role: Role },
): Promise<Result<void>> {
  return inTurn(keeping.desk, domain, async () => {
    const access = await toChange(keeping, mine, domain, person, role === 'owner')
    if (!access.ok) return access
    if (!mine.includes(role)) return beyond()
    const { value: was } = access
    if (was.role !== role) {
      const wanted = { ...was, role, by: keeping.person().id }
      await write(keeping, 'access.change', was, wanted)
    }
    return ok(undefined)
  })
}

/** Takes an access away; the last owner stays. */
export function removeAccess(
  keeping: Keeping,
  mine: Grantable,
  { domain, person }: { domain: string; person: string },
): Promise<Result<void>> {
  return inTurn(keeping.desk, domain, async () => {
    const access = await toChange(keeping, mine, domain, person, false)
    if (!access.ok) return access
    const { value: was } = access
    const about = { action: 'access.remove', domain, target: was.person, was, wanted: null } as const
    await journalled(keeping, about, () => keeping.desk.accesses.remove(accessKey(domain, was.person)))
    return ok(undefined)
  })
}

/** Writes an access with its row of the journal. */
function write(
  keeping: Keeping,
  action: 'access.grant' | 'access.change',
  was: Access | null,
  to: Omit<Access, 'at'>,
): Promise<void> {
  const { domain, person } = to
  const wanted = { ...to, at: keeping.now() }
  return journalled(keeping, { action, domain, target: person, was, wanted }, () =>
    keeping.desk.accesses.put(accessKey(domain, person), domain, wanted),
  )
}

/**
 * Somebody signs in: what was given to their e-mail address before this console had seen them becomes theirs. Who has
 * a higher role keeps it. A kill in between leaves what a second call finishes.
 */
export async function claimAccesses(keeping: Keeping, { id, name, email }: Person): Promise<void> {
  const { desk, rightsChanged } = keeping
  if (email === null || email === id) return
  const given = (await desk.accesses.list(null)).filter((one) => one.person === email)
  for (const { domain } of given) {
    await inTurn(desk, domain, async () => {
      const [was, own] = await Promise.all(
        [email, id].map((one) => desk.accesses.get(accessKey(domain, one))),
      )
      if (!was) return
      const higher = own && rank[own.role] >= rank[was.role] ? own : was
      const wanted = { ...higher, person: id, name, email }
      await desk.accesses.move(accessKey(domain, email), accessKey(domain, id), domain, wanted)
    })
    rightsChanged(domain)
  }
}

const rank: Record<Role, number> = { viewer: 0, administrator: 1, owner: 2 }

/**
 * Gives somebody at least this role on a domain: who has a higher one keeps it. To be called in the domain's
 * turn, or before anybody else knows the domain.
 */
export async function ensureAccess(keeping: Keeping, wanted: Omit<Access, 'at'>): Promise<void> {
  const was = await keeping.desk.accesses.get(accessKey(wanted.domain, wanted.person))
  if (was && rank[was.role] >= rank[wanted.role]) return
  await write(keeping, was ? 'access.change' : 'access.grant', was, wanted)
}
