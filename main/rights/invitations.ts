import { randomUUID } from 'node:crypto'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import type { Invitation, Person, Role } from '../../preload/people-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { beyond, ensureAccess, type Grantable } from './accesses.ts'
import { journalled, type Keeping } from './journal.ts'
import { accessKey, invitationKey, personAddress } from './keys.ts'
import { inTurn } from './turns.ts'

const lastsMs = 7 * 24 * 60 * 60_000
const noMail: MailOutcome = { state: 'none', id: null, to: null, failure: null, draft: null }

type Granting = Keeping & Pick<Workspace, 'post'>
export type Granted = { outcome: 'access' | 'invitation'; mail: MailOutcome }

/**
 * Gives somebody a role: at once when they are known here, else through an invitation of seven days, which a
 * second granting renews. Fails with `conflict/access-exists` when they have an access already.
 */
export async function grant(
  workspace: Granting,
  mine: Grantable,
  { domain, email, role, locale }: { domain: string; email: string; role: Role; locale?: Locale | undefined },
): Promise<Result<Granted>> {
  const address = personAddress(email)
  if (!address.ok) return address
  if (!mine.includes(role)) return beyond()
  const { desk, person } = workspace
  const granted = await inTurn(desk, domain, async (): Promise<Result<Invitation | null>> => {
    const known = await knownAs(workspace, address.value)
    if (await desk.accesses.get(accessKey(domain, known?.id ?? address.value)))
      return failed('conflict', 'access-exists', 'This person has an access to the domain already.')
    const was = await desk.invitations.get(invitationKey(domain, address.value))
    if (was && !mine.includes(was.role)) return beyond()
    if (known === null) {
      const fresh = { id: randomUUID(), domain, email: address.value, createdAt: workspace.now() }
      return ok(await invite(workspace, was, { ...(was ?? fresh), role, by: person().id }))
    }
    await ensureAccess(workspace, accessOf(domain, known, role, person().id))
    if (was) await converted(workspace, was)
    return ok(null)
  })
  return granted.ok ? ok(await told(workspace, granted.value, locale)) : granted
}

/**
 * Renews an invitation and sends it again; somebody who is known by now gets the access instead. It is looked
 * up on its own domain alone (docs/dimail.md 9, S3). `message` is the one that this sends again.
 */
export async function resendInvitation(
  workspace: Granting,
  mine: Grantable,
  asked: { domain: string; id: string; locale?: Locale | undefined; message?: string | undefined },
): Promise<Result<Granted>> {
  const { domain, id, locale, message } = asked
  const renewed = await inTurn(workspace.desk, domain, async (): Promise<Result<Invitation | null>> => {
    const was = await toHandle(workspace, mine, domain, id)
    if (!was.ok) return was
    const { email, role, by } = was.value
    const known = await knownAs(workspace, email)
    if (known === null) return ok(await invite(workspace, was.value, was.value))
    await ensureAccess(workspace, accessOf(domain, known, role, by))
    await converted(workspace, was.value)
    return ok(null)
  })
  return renewed.ok ? ok(await told(workspace, renewed.value, locale, message)) : renewed
}

export function revokeInvitation(
  keeping: Keeping,
  mine: Grantable,
  { domain, id }: { domain: string; id: string },
): Promise<Result<void>> {
  return inTurn(keeping.desk, domain, async () => {
    const was = await toHandle(keeping, mine, domain, id)
    if (!was.ok) return was
    const { email } = was.value
    const about = {
      action: 'invitation.revoke',
      domain,
      target: email,
      was: was.value,
      wanted: null,
    } as const
    await journalled(keeping, about, () => keeping.desk.invitations.remove(invitationKey(domain, email)))
    return ok(undefined)
  })
}

/**
 * Somebody signs in: every invitation to their address that has not expired becomes an access, and goes. Who
 * has a higher role keeps it. A kill in between leaves what a second call finishes.
 */
export async function convertInvitations(keeping: Keeping, person: Person): Promise<void> {
  const { desk, now } = keeping
  const theirs = (await desk.invitations.list(null)).filter(({ email }) => email === person.email)
  for (const { domain, email } of theirs) {
    await inTurn(desk, domain, async () => {
      const invitation = await desk.invitations.get(invitationKey(domain, email))
      if (!invitation || invitation.expiresAt <= now()) return
      const { role, by } = invitation
      await ensureAccess(keeping, accessOf(domain, person, role, by))
      await converted(keeping, invitation)
    })
  }
}

async function toHandle(
  { desk }: Keeping,
  mine: Grantable,
  domain: string,
  id: string,
): Promise<Result<Invitation>> {
  const found = (await desk.invitations.list(domain)).find((one) => one.id === id)
  if (!found) return failed('not-found', 'invitation', 'There is no such invitation on this domain.')
  return mine.includes(found.role) ? ok(found) : beyond()
}

/** Writes an invitation for seven days from now. */
async function invite(
  keeping: Keeping,
  was: Invitation | null,
  { id, domain, email, role, by, createdAt }: Omit<Invitation, 'expiresAt'>,
): Promise<Invitation> {
  const expiresAt = keeping.now() + lastsMs
  const wanted: Invitation = { id, domain, email, role, by, createdAt, expiresAt }
  const action = was ? 'invitation.renew' : 'invitation.create'
  await journalled(keeping, { action, domain, target: email, was, wanted }, () =>
    keeping.desk.invitations.put(invitationKey(domain, email), domain, wanted),
  )
  return wanted
}

/** The journal's row is the access that it became. */
async function converted({ desk, rightsChanged }: Keeping, { domain, email }: Invitation): Promise<void> {
  await desk.invitations.remove(invitationKey(domain, email))
  rightsChanged(domain)
}

type Known = Pick<Person, 'id' | 'name' | 'email'>

/** Somebody who has signed in here, or has an access anywhere; null: unknown. */
async function knownAs({ desk, person }: Keeping, email: string): Promise<Known | null> {
  if (person().email === email) return person()
  // An address may have passed to somebody else: it is who was last seen with it.
  const [seen] = (await desk.people.list(null))
    .filter((one) => one.email === email)
    .sort((a, b) => b.lastSeen - a.lastSeen)
  if (seen) return seen
  const access = (await desk.accesses.list(null)).find((one) => one.person === email)
  return access ? { id: email, name: access.name, email } : null
}

const accessOf = (domain: string, { id, name, email }: Known, role: Role, by: string) => ({
  domain,
  person: id,
  name,
  email,
  role,
  by,
})

async function told(
  { post, person }: Granting,
  invitation: Invitation | null,
  locale: Locale | undefined,
  message?: string,
): Promise<Granted> {
  if (invitation === null) return { outcome: 'access', mail: noMail }
  const { domain, email, role, expiresAt } = invitation
  const facts = { role, by: person().name, expiresAt }
  const letter = { kind: 'invitation', domain, about: email, to: email, locale, facts } as const
  return { outcome: 'invitation', mail: await post.send(letter, message) }
}
