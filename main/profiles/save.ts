import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Input } from '../../preload/contract.ts'
import { Expected, failed, type Result, unwrap } from '../../preload/failure.ts'
import { type Profile, type ProfileDraft, profileDraft } from '../../preload/profile-shapes.ts'
import type { Registry } from './registry.ts'
import { checkDraft } from './save-check.ts'
import type { SecretStore } from './secrets.ts'

export type SaveDeps = {
  registry: Registry
  secrets: SecretStore
  /** The profile of this name; throws `not-found/profile`, and `not-possible/profile-…` for one that is not kept here. */
  kept: (id: string) => Profile
  /** One token call at a dimail, with these credentials. */
  prove: (who: { address: string; username: string; password: string }) => Promise<Result<unknown>>
  /** Makes a change while that profile is closed; opens it again when it was open, or when it is to be. */
  whileClosed: (id: string, change: () => void, open: boolean) => Promise<void>
}

/**
 * Keeps a profile. A new one is proven first and then opened. The name and the colour of one that is known change
 * freely; anything else asks for dimail's password (`refused/password-needed`), proven at the address that is to be
 * used. A known secret stays for the server that it was given for, and goes to no other.
 */
export async function saveProfile(
  deps: SaveDeps,
  { id, draft, secrets: typed }: Input<'profiles.save'>,
): Promise<void> {
  const { registry, secrets, prove, whileClosed } = deps
  const before = id === null ? null : deps.kept(id)
  const isClientSecretKnown =
    before !== null && isSameClient(before, draft) && secrets.known(before).clientSecret
  const checked = unwrap(checkDraft(draft, typed.clientSecret !== null || isClientSecretKnown))
  const after: Profile = { ...checked, id: id ?? newId(), kind: 'dimail' }
  const place = () => {
    const { profiles } = registry.read()
    const next = before ? profiles.map((one) => (one.id === id ? after : one)) : [...profiles, after]
    registry.write({ profiles: next })
  }
  const isTyped = Object.values(typed).some((secret) => secret !== null)
  if (before && !isTyped && isSameBut(before, after)) {
    place()
    return
  }
  if (typed.password === null) throw passwordNeeded()
  unwrap(await prove({ address: after.address, username: after.username, password: typed.password }))
  const change = () => {
    if (before) dropOthers(secrets, before, after)
    secrets.keep(after, typed)
    place()
  }
  await whileClosed(after.id, change, before === null)
}

const newId = () => `p-${randomBytes(6).toString('hex')}`

/** Keeps a profile that a file gave, under an identity of its own, with no secret; says which. */
export function keepImported(registry: Registry, draft: ProfileDraft): string {
  const profile: Profile = { ...draft, id: newId(), kind: 'dimail' }
  registry.write({ profiles: [...registry.read().profiles, profile] })
  return profile.id
}

const passwordNeeded = () =>
  new Expected(
    failed('refused', 'password-needed', 'To change this, the password of dimail must be typed.').failure,
  )

/** What the profiles say of their servers and rights, whatever they are called. */
const isSameBut = (a: Profile, b: Profile): boolean => isDeepStrictEqual(draftless(a), draftless(b))
const draftless = ({ name: _name, colour: _colour, ...rest }: Profile) => rest

/** A secret that was given for one server must not be sent to another. */
function dropOthers(secrets: SecretStore, before: Profile, after: Profile): void {
  if (!isSameClient(before, after)) {
    secrets.drop(before, 'clientSecret')
    secrets.drop(before, 'session')
  }
  if (!isSameDeployCenter(before, after)) secrets.drop(before, 'deployCenterKey')
}

type Servers = Pick<ProfileDraft, 'address' | 'username' | 'signIn' | 'entitlements'>

export const isSameDimail = (a: Servers, b: Servers): boolean =>
  a.address === b.address && a.username === b.username

export const isSameClient = ({ signIn: a }: Servers, { signIn: b }: Servers): boolean =>
  a?.issuer === b?.issuer && a?.clientId === b?.clientId

export const isSameDeployCenter = ({ entitlements: a }: Servers, { entitlements: b }: Servers): boolean =>
  a.backend === 'deploycenter' &&
  b.backend === 'deploycenter' &&
  a.address === b.address &&
  a.serviceId === b.serviceId

/** What of a profile is typed and exported: neither its identity here, nor a secret. */
export const draftOf = (profile: Profile): ProfileDraft => profileDraft.parse(profile)
