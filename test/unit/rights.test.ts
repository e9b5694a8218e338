import { describe, expect, test } from 'vitest'
import { actionsOf, grantableBy } from '../../main/api/standings.ts'
import type { Letter } from '../../main/mail/letters.ts'
import { changeRole, claimAccesses, ensureAccess, removeAccess } from '../../main/rights/accesses.ts'
import {
  convertInvitations,
  grant,
  resendInvitation,
  revokeInvitation,
} from '../../main/rights/invitations.ts'
import { settleRightsDoubts } from '../../main/rights/journal.ts'
import { accessKey, invitationKey } from '../../main/rights/keys.ts'
import { rightsOf } from '../../main/rights/rights-of.ts'
import type { Standpoint } from '../../main/session/standpoint.ts'
import { unwrap } from '../../preload/failure.ts'
import type { Person, Role, Standing } from '../../preload/people-shapes.ts'
import { openDeskIn } from '../fakes/stores.ts'

const domain = 'valmont.example'
const other = 'autre.example'
const day = 24 * 60 * 60_000
const support: Person = { id: 'sujet-du-support', name: 'Support', email: null, support: true }
/** Here and now, with nothing in the way: what the roles alone allow. */
const at: Standpoint = {
  state: 'signed-in',
  person: support,
  flags: { create: true, manageAccesses: true },
  lock: 'none',
}
const all = grantableBy(actionsOf('support', at))
const asAdministrator = grantableBy(actionsOf('administrator', at))
/** People as they sign in: by their subject, with the address that they were given rights under. */
const called = (id: string, name: string, email: string): Person & { email: string } => ({
  ...{ id, name, email, support: false },
})
const lou = called('sujet-de-lou', 'Lou Panais', 'lou.panais@valmont.example')
const ange = called('sujet-d-ange', 'Ange Navet', 'ange.navet@valmont.example')

function openRights(desk = openDeskIn()) {
  const letters: Letter[] = []
  const told: (string | null)[] = []
  const clock = { at: 1_000 }
  const keeping = {
    desk,
    now: () => clock.at,
    person: () => support,
    rightsChanged: (name: string | null) => void told.push(name),
    post: {
      async send(letter: Letter) {
        letters.push(letter)
        return { state: 'sent' as const, id: 'm', to: letter.to, failure: null, draft: null }
      },
    },
  }
  const give = ({ id, name, email }: Person, role: Role, where = domain) =>
    ensureAccess(keeping, { domain: where, person: id, name, email, role, by: support.id })
  /** Somebody has signed in here once. */
  const see = ({ id, name, email }: Person) =>
    desk.people.put(id, '', { id, issuer: 'https://identite.example', name, email, lastSeen: 1 })
  const roles = async (where = domain) =>
    Object.fromEntries((await desk.accesses.list(where)).map(({ person, role }) => [person, role]))
  const journal = async (subject = domain) =>
    (await desk.journal({ subject, limit: 20 }))
      .map(({ action, target, state }) => `${action} ${target} ${state}`)
      .reverse()
  const invited = async (where = domain) => await desk.invitations.list(where)
  return { keeping, desk, letters, told, clock, give, see, roles, journal, invited }
}

const invite = (
  work: ReturnType<typeof openRights>,
  email = lou.email,
  role: Role = 'viewer',
  where = domain,
) => grant(work.keeping, all, { domain: where, email, role })

test('an address that has passed to somebody else means who was last seen with it', async () => {
  const { keeping, desk, roles } = openRights()
  for (const [id, lastSeen] of [
    ['ancien-sujet', 1],
    ['nouveau-sujet', 2],
  ] as const)
    await desk.people.put(id, '', {
      id,
      issuer: 'https://identite.example',
      name: id,
      email: lou.email,
      lastSeen,
    })
  unwrap(await grant(keeping, all, { domain, email: lou.email, role: 'viewer' }))
  expect(await roles()).toEqual({ 'nouveau-sujet': 'viewer' })
})

describe('somebody known', () => {
  test('gets the access at once by their subject, without a message', async () => {
    const work = openRights()
    await work.see(lou)
    const granted = await grant(work.keeping, all, {
      domain,
      email: ' Lou.Panais@Valmont.example ',
      role: 'owner',
    })
    expect(unwrap(granted)).toMatchObject({ outcome: 'access', mail: { state: 'none' } })
    expect(await work.desk.accesses.list(domain)).toEqual([
      {
        domain,
        person: lou.id,
        name: 'Lou Panais',
        email: lou.email,
        role: 'owner',
        by: support.id,
        at: 1_000,
      },
    ])
    expect(await work.journal()).toEqual([`access.grant ${lou.id} done`])
    expect(work.letters).toEqual([])
    expect(work.told).toContain(domain)
  })

  test('who never signed in here, and has an access elsewhere, gets it under their address meanwhile', async () => {
    const work = openRights()
    await work.give({ ...lou, id: lou.email }, 'viewer', other)
    expect(unwrap(await invite(work, lou.email, 'administrator'))).toMatchObject({ outcome: 'access' })
    expect(await work.roles()).toEqual({ [lou.email]: 'administrator' })
    await claimAccesses(work.keeping, lou)
    expect([await work.roles(), await work.roles(other)]).toEqual([
      { [lou.id]: 'administrator' },
      { [lou.id]: 'viewer' },
    ])
  })

  test('who has an access to this domain is told so, and nothing is sent', async () => {
    const work = openRights()
    await work.see(lou)
    await work.give(lou, 'viewer')
    await work.give({ ...ange, id: ange.email }, 'viewer')
    for (const { email } of [lou, ange])
      expect(await invite(work, email, 'owner')).toMatchObject({
        failure: { code: 'conflict', reason: 'access-exists' },
      })
    expect(await work.roles()).toEqual({ [lou.id]: 'viewer', [ange.email]: 'viewer' })
    expect(work.letters).toEqual([])
  })

  test('by another address than that of their access is not taken for somebody else who has it', async () => {
    const work = openRights()
    await work.see(lou)
    await work.give(lou, 'owner')
    expect(unwrap(await invite(work, ange.email))).toMatchObject({ outcome: 'invitation' })
    expect(await work.roles()).toEqual({ [lou.id]: 'owner' })
  })
})

describe('somebody unknown', () => {
  test('is invited for seven days, by a message', async () => {
    const work = openRights()
    expect(unwrap(await invite(work))).toMatchObject({ outcome: 'invitation', mail: { state: 'sent' } })
    expect(await work.invited()).toMatchObject([
      { email: lou.email, role: 'viewer', by: support.id, createdAt: 1_000, expiresAt: 1_000 + 7 * day },
    ])
    expect(work.letters).toMatchObject([
      { kind: 'invitation', domain, to: lou.email, facts: { role: 'viewer', expiresAt: 1_000 + 7 * day } },
    ])
    expect(await work.journal()).toEqual([`invitation.create ${lou.email} done`])
  })

  test('who is invited again has one invitation, with the last role and seven new days', async () => {
    const work = openRights()
    unwrap(await invite(work))
    const [first] = await work.invited()
    work.clock.at += day
    unwrap(await invite(work, 'LOU.panais@valmont.example', 'administrator'))
    const invitations = await work.invited()
    expect(invitations).toMatchObject([{ id: first?.id, role: 'administrator', expiresAt: 1_000 + 8 * day }])
    expect(await work.journal()).toEqual([
      `invitation.create ${lou.email} done`,
      `invitation.renew ${lou.email} done`,
    ])
  })

  test('invited twice at once has one invitation', async () => {
    const work = openRights()
    await Promise.all([invite(work), invite(work, lou.email, 'owner')])
    expect(await work.invited()).toHaveLength(1)
  })

  test.each(['', 'pas une adresse', 'lou@localhost', 'devnull@devnull', 'a@b@c.example'])(
    'cannot be invited as "%s"',
    async (email) => {
      const work = openRights()
      expect(await invite(work, email)).toMatchObject({
        failure: { code: 'invalid', reason: 'person-email' },
      })
      expect(work.letters).toEqual([])
    },
  )
})

describe('an administrator', () => {
  test('cannot invite to a role above their own, nor handle such an invitation', async () => {
    const work = openRights()
    const refused = { failure: { code: 'refused', reason: 'role' } }
    const asked = { domain, email: lou.email, role: 'owner' } as const
    expect(await grant(work.keeping, asAdministrator, asked)).toMatchObject(refused)
    unwrap(await invite(work, lou.email, 'owner'))
    const [invitation] = await work.invited()
    const one = { domain, id: invitation?.id ?? '' }
    expect(await resendInvitation(work.keeping, asAdministrator, one)).toMatchObject(refused)
    expect(await revokeInvitation(work.keeping, asAdministrator, one)).toMatchObject(refused)
    // Inviting the same person to less would have taken the greater invitation away.
    expect(await grant(work.keeping, asAdministrator, { ...asked, role: 'viewer' })).toMatchObject(refused)
    expect(await work.invited()).toMatchObject([{ role: 'owner' }])
  })

  test('dimail S2: neither removes nor demotes an owner, nor makes one', async () => {
    const work = openRights()
    await work.give(lou, 'owner')
    await work.give(ange, 'owner')
    await work.give({ ...lou, id: 'noa.radis@valmont.example' }, 'viewer')
    const refused = { failure: { code: 'refused', reason: 'role' } }
    const before = await work.roles()
    expect(await removeAccess(work.keeping, asAdministrator, { domain, person: lou.id })).toMatchObject(
      refused,
    )
    expect(
      await changeRole(work.keeping, asAdministrator, { domain, person: lou.id, role: 'viewer' }),
    ).toMatchObject(refused)
    expect(
      await changeRole(work.keeping, asAdministrator, {
        domain,
        person: 'noa.radis@valmont.example',
        role: 'owner',
      }),
    ).toMatchObject(refused)
    expect(await work.roles()).toEqual(before)
  })

  test('changes and removes viewers and administrators', async () => {
    const work = openRights()
    await work.give(lou, 'viewer')
    unwrap(await changeRole(work.keeping, asAdministrator, { domain, person: lou.id, role: 'administrator' }))
    expect(await work.roles()).toEqual({ [lou.id]: 'administrator' })
    unwrap(await removeAccess(work.keeping, asAdministrator, { domain, person: lou.id }))
    expect(await work.roles()).toEqual({})
    expect(await work.journal()).toEqual(
      ['grant', 'change', 'remove'].map((act) => `access.${act} ${lou.id} done`),
    )
  })
})

describe('the last owner', () => {
  const lastOwner = { failure: { code: 'not-possible', reason: 'last-owner' } }

  test('is neither removed nor demoted, by support either', async () => {
    const work = openRights()
    await work.give(lou, 'owner')
    await work.give(ange, 'administrator')
    expect(await removeAccess(work.keeping, all, { domain, person: lou.id })).toMatchObject(lastOwner)
    const demotion = { domain, person: lou.id, role: 'administrator' } as const
    expect(await changeRole(work.keeping, all, demotion)).toMatchObject(lastOwner)
    expect(await work.roles()).toMatchObject({ [lou.id]: 'owner' })
  })

  test('stays when two owners are removed at once', async () => {
    const work = openRights()
    await work.give(lou, 'owner')
    await work.give(ange, 'owner')
    const both = await Promise.all(
      [lou, ange].map(({ id }) => removeAccess(work.keeping, all, { domain, person: id })),
    )
    expect(both.map(({ ok }) => ok)).toEqual([true, false])
    expect(both[1]).toMatchObject(lastOwner)
    expect(Object.values(await work.roles())).toEqual(['owner'])
  })

  test('stays when one is demoted while the other is removed', async () => {
    const work = openRights()
    await work.give(lou, 'owner')
    await work.give(ange, 'owner')
    await Promise.all([
      changeRole(work.keeping, all, { domain, person: lou.id, role: 'viewer' }),
      removeAccess(work.keeping, all, { domain, person: ange.id }),
    ])
    expect(Object.values(await work.roles())).toContain('owner')
  })
})

test('an access that nobody has is told as such', async () => {
  const work = openRights()
  expect(await removeAccess(work.keeping, all, { domain, person: lou.id })).toMatchObject({
    failure: { code: 'not-found', reason: 'access' },
  })
})

describe('what was given to an address', () => {
  test.each([
    ['viewer', 'owner', 'owner'],
    ['owner', 'viewer', 'owner'],
  ] as const)(
    'as %s, to somebody who is %s by their subject, leaves them one access: %s',
    async (role, has, stays) => {
      const work = openRights()
      await work.give({ ...lou, id: lou.email }, role)
      await work.give(lou, has)
      await claimAccesses(work.keeping, lou)
      expect(await work.roles()).toEqual({ [lou.id]: stays })
      expect(work.told).toContain(domain)
    },
  )

  test('is of who has that address, and of nobody else who signs in', async () => {
    const work = openRights()
    await work.give({ ...lou, id: lou.email }, 'owner')
    await claimAccesses(work.keeping, ange)
    await claimAccesses(work.keeping, { ...ange, email: null })
    expect(await work.roles()).toEqual({ [lou.email]: 'owner' })
  })

  test('is moved once, when two sign-ins claim it at the same moment', async () => {
    const work = openRights()
    await work.give({ ...lou, id: lou.email }, 'owner')
    await Promise.all([claimAccesses(work.keeping, lou), claimAccesses(work.keeping, lou)])
    expect(await work.roles()).toEqual({ [lou.id]: 'owner' })
  })
})

describe('an invitation', () => {
  test('becomes an access when that person signs in, whatever the case of the address', async () => {
    const work = openRights()
    unwrap(await invite(work, 'LOU.Panais@valmont.example', 'administrator'))
    unwrap(await invite(work, lou.email, 'viewer', other))
    unwrap(await invite(work, ange.email, 'viewer'))
    await convertInvitations(work.keeping, lou)
    expect(await work.roles()).toEqual({ [lou.id]: 'administrator' })
    expect(await work.roles(other)).toEqual({ [lou.id]: 'viewer' })
    expect(await work.desk.accesses.get(accessKey(domain, lou.id))).toMatchObject({
      ...{ name: 'Lou Panais', email: lou.email },
    })
    expect((await work.desk.invitations.list(null)).map(({ email }) => email)).toEqual([ange.email])
    expect(await work.journal()).toContain(`access.grant ${lou.id} done`)
  })

  test.each([
    ['viewer', 'owner', 'owner'],
    ['owner', 'viewer', 'owner'],
  ] as const)('to %s, for somebody who is %s by then, leaves them %s', async (role, has, stays) => {
    const work = openRights()
    unwrap(await invite(work, lou.email, role))
    await work.give(lou, has)
    await convertInvitations(work.keeping, lou)
    expect(await work.roles()).toEqual({ [lou.id]: stays })
    expect(await work.invited()).toEqual([])
  })

  test('that has expired never becomes an access', async () => {
    const work = openRights()
    unwrap(await invite(work))
    work.clock.at += 7 * day
    await convertInvitations(work.keeping, lou)
    expect(await work.roles()).toEqual({})
    expect(await work.invited()).toHaveLength(1)
  })

  test('dimail D9: sent again lives seven days from then, and converts after its first date', async () => {
    const work = openRights()
    unwrap(await invite(work))
    const [first] = await work.invited()
    work.clock.at += 6 * day
    unwrap(await resendInvitation(work.keeping, all, { domain, id: first?.id ?? '' }))
    expect(await work.invited()).toMatchObject([{ id: first?.id, expiresAt: 1_000 + 13 * day }])
    expect(work.letters).toHaveLength(2)
    work.clock.at += 5 * day
    await convertInvitations(work.keeping, lou)
    expect(await work.roles()).toEqual({ [lou.id]: 'viewer' })
  })

  test('dimail D9: that has expired converts once it was sent again', async () => {
    const work = openRights()
    unwrap(await invite(work))
    work.clock.at += 30 * day
    const [expired] = await work.invited()
    unwrap(await resendInvitation(work.keeping, all, { domain, id: expired?.id ?? '' }))
    await convertInvitations(work.keeping, lou)
    expect(await work.roles()).toEqual({ [lou.id]: 'viewer' })
  })

  test('dimail S3: is neither sent again nor revoked through another domain', async () => {
    const work = openRights()
    unwrap(await invite(work, lou.email, 'viewer', other))
    const [there] = await work.invited(other)
    const through = { domain, id: there?.id ?? '' }
    const absent = { failure: { code: 'not-found', reason: 'invitation' } }
    work.clock.at += day
    expect(await resendInvitation(work.keeping, all, through)).toMatchObject(absent)
    expect(await revokeInvitation(work.keeping, all, through)).toMatchObject(absent)
    expect(await work.invited(other)).toEqual([there])
    expect(work.letters).toHaveLength(1)
  })

  test('sent again to somebody known by then becomes the access', async () => {
    const work = openRights()
    unwrap(await invite(work, lou.email, 'administrator'))
    await work.see(lou)
    const [invitation] = await work.invited()
    const again = await resendInvitation(work.keeping, all, { domain, id: invitation?.id ?? '' })
    expect(unwrap(again)).toMatchObject({ outcome: 'access', mail: { state: 'none' } })
    expect(await work.roles()).toEqual({ [lou.id]: 'administrator' })
    expect(await work.invited()).toEqual([])
  })

  test('that is revoked is gone, and the journal says who did it', async () => {
    const work = openRights()
    unwrap(await invite(work))
    const [invitation] = await work.invited()
    unwrap(await revokeInvitation(work.keeping, all, { domain, id: invitation?.id ?? '' }))
    await convertInvitations(work.keeping, lou)
    expect(await work.roles()).toEqual({})
    expect(await work.journal()).toEqual(
      ['create', 'revoke'].map((act) => `invitation.${act} ${lou.email} done`),
    )
  })
})

describe('the rights of a domain', () => {
  const offered = (standing: Standing) => {
    const may = actionsOf(standing, at)
    return { may, grantable: grantableBy(may) }
  }
  async function seenAs(standing: 'viewer' | 'administrator' | 'owner' | 'support') {
    const work = openRights()
    await work.give(lou, 'owner')
    await work.give(ange, 'viewer')
    unwrap(await invite(work, 'noa.radis@valmont.example', 'administrator'))
    return rightsOf(work.keeping, domain, { standing, ...offered(standing) })
  }

  test.each([
    ['viewer', { lou: [], ange: [] }, false],
    ['administrator', { lou: [], ange: ['administrator'] }, true],
    ['owner', { lou: [], ange: ['administrator', 'owner'] }, true],
    ['support', { lou: [], ange: ['administrator', 'owner'] }, true],
  ] as const)(
    'as a %s sees them, tell what that agent may do with each',
    async (standing, become, removes) => {
      const rights = await seenAs(standing)
      expect(rights.accesses).toMatchObject([
        { person: lou.id, mayBecome: become.lou, mayRemove: false, lastOwner: true },
        { person: ange.id, mayBecome: become.ange, mayRemove: removes, lastOwner: false },
      ])
      expect(rights).toMatchObject({ standing, ...offered(standing) })
      expect(rights.invitations).toHaveLength(1)
    },
  )
})

describe('a kill', () => {
  test('before a change was written leaves it told as failed', async () => {
    const work = openRights()
    const { desk } = work
    const { id: person, name, email } = lou
    const wanted = { domain, person, name, email, role: 'owner', by: support.id, at: 1 } as const
    const before = { was: null, wanted }
    const intent = { subject: domain, target: lou.id, actor: support.id, before, at: 1 }
    await desk.intend({ action: 'access.grant', ...intent })
    await desk.settleAbandoned(2)
    await settleRightsDoubts(work.keeping)
    expect(await work.journal()).toEqual([`access.grant ${lou.id} failed`])
    expect(await desk.inDoubt()).toEqual([])
  })

  test('after it was written leaves it told as done', async () => {
    const work = openRights()
    const { desk } = work
    unwrap(await invite(work))
    const [was] = await work.invited()
    await desk.invitations.remove(invitationKey(domain, lou.email))
    const before = { was, wanted: null }
    const intent = { subject: domain, target: lou.email, actor: support.id, before, at: 1 }
    await desk.intend({ action: 'invitation.revoke', ...intent })
    await desk.settleAbandoned(2)
    await settleRightsDoubts(work.keeping)
    expect(await work.journal()).toContain(`invitation.revoke ${lou.email} done`)
    expect(await desk.inDoubt()).toEqual([])
  })

  test('between an access and the end of its invitation is made good at the next sign-in', async () => {
    const work = openRights()
    unwrap(await invite(work, lou.email, 'administrator'))
    await work.give(lou, 'administrator')
    await convertInvitations(work.keeping, lou)
    expect(await work.roles()).toEqual({ [lou.id]: 'administrator' })
    expect(await work.invited()).toEqual([])
  })
})
