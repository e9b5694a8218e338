import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { type Profile, plainProfile, profile } from '../../preload/profile-shapes.ts'
import { colorSchemes, dialects, locales, sandboxQuirks } from '../../preload/shapes.ts'

/**
 * The one profile that is always there: a whole dimail of its own, on this computer, with its OpenID provider and its
 * DeployCenter. Where they listen is known once it is opened: `sandboxProfileAt`.
 */
export const sandboxProfile: Profile = {
  ...plainProfile,
  id: 'sandbox',
  name: 'Sandbox',
  kind: 'sandbox',
  colour: 'yellow',
  address: '',
  username: 'sandbox',
  signIn: {
    issuer: '',
    clientId: 'dimail-console',
    client: 'public',
    pkce: true,
    ports: Array.from({ length: 10 }, (_, index) => 47_610 + index),
    path: '/callback',
    scopes: 'openid given_name usual_name email siret',
    algorithm: 'ES256',
    userinfo: 'json',
    acr: [],
    acrRequest: 'none',
  },
  entitlements: {
    backend: 'deploycenter',
    address: '',
    serviceId: '42',
    claims: ['siret'],
    timeoutS: 10,
    freshS: 300,
    staleS: 86_400,
    organizationClaim: 'siret',
  },
  scope: { kind: 'claim', claim: 'roles', value: 'support' },
  flags: { from: 'address', address: '' },
  // The sandbox's own two: nobody outside of it knows its domains.
  dns: { resolvers: ['192.0.2.53', '192.0.2.54'] },
}

/** The sandbox with the addresses of this run: all of it is on the one port that it keeps. */
export async function sandboxProfileAt(sandbox: { address(): Promise<string> }): Promise<Profile> {
  const address = await sandbox.address()
  const { signIn, entitlements } = sandboxProfile
  return {
    ...sandboxProfile,
    address,
    signIn: signIn && { ...signIn, issuer: `${address}/openid` },
    entitlements:
      entitlements.backend === 'local'
        ? entitlements
        : { ...entitlements, address: `${address}/deploycenter/api/v1.0/entitlements/` },
    flags: { from: 'address', address: `${address}/messages/api/v1.0/config/` },
  }
}

const settings = z.object({
  locale: z.enum(locales).catch('fr'),
  colorScheme: z.enum(colorSchemes).catch('auto'),
  current: z.string().nullable().catch(null),
  profiles: z.array(profile.nullable().catch(null)).catch([]),
  sandbox: z
    .object({
      stopped: z.boolean(),
      dialect: z.enum(dialects),
      latencyMs: z.int().min(0).max(60_000),
      quirks: z.array(z.enum(sandboxQuirks)),
    })
    .catch({ stopped: false, dialect: '0.6.7', latencyMs: 0, quirks: [] }),
})
export type Settings = Omit<z.infer<typeof settings>, 'profiles'> & { profiles: Profile[] }

export type Registry = {
  read(): Settings
  write(change: Partial<Settings>): Settings
  /** The file that could not be read and was put aside, when there was one. */
  aside: string | null
}

/**
 * Settings that are not a profile's own, and the list of profiles: never a secret. A file that cannot be read is
 * put aside and what can be understood of it is kept (docs/faults.md 61). Writes are atomic and flushed.
 */
export function openRegistry(file: string, systemLocale: string, now: () => number): Registry {
  const { found, aside } = readFile(file, now)
  const fresh = { locale: systemLocale.toLowerCase().startsWith('en') ? 'en' : 'fr' }
  const parsed = settings.parse({ ...fresh, ...found })
  const isUnderstood =
    aside !== null || Object.entries(found).every(([key, value]) => isKept(parsed, key, value))
  // The next write replaces the file: what could not be understood of it stays in the copy.
  const copy = isUnderstood ? aside : `${file}.damaged-${now()}`
  if (copy !== aside && copy !== null) copyFileSync(file, copy)
  let current: Settings = { ...parsed, profiles: parsed.profiles.filter((one) => one !== null) }
  return {
    aside: copy,
    read: () => current,
    write(change) {
      current = { ...current, ...change }
      writeFileAtomic.sync(file, `${JSON.stringify(current, null, 2)}\n`, { mode: 0o600 })
      return current
    },
  }
}

/** A key that this version does not know is another's; one that the file lacks was filled. */
const isKept = (parsed: object, key: string, value: unknown) =>
  !(key in parsed) || isWithin(value, Reflect.get(parsed, key))

/** Whether everything of a part of the file was understood as it stands. */
function isWithin(written: unknown, understood: unknown): boolean {
  if (Array.isArray(written))
    return (
      Array.isArray(understood) &&
      written.length === understood.length &&
      written.every((one, index) => isWithin(one, understood[index]))
    )
  if (typeof written !== 'object' || written === null) return written === understood
  if (typeof understood !== 'object' || understood === null) return false
  return Object.entries(written).every(
    ([key, value]) => key in understood && isWithin(value, Reflect.get(understood, key)),
  )
}

function readFile(file: string, now: () => number): { found: object; aside: string | null } {
  if (!existsSync(file)) return { found: {}, aside: null }
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
    if (typeof found === 'object' && found !== null && !Array.isArray(found)) return { found, aside: null }
  } catch {
    // Told to the agent through `aside`, below.
  }
  const aside = `${file}.damaged-${now()}`
  renameSync(file, aside)
  return { found: {}, aside }
}
