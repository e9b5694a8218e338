import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { type Profile, plainProfile, profile } from '../../preload/profile-shapes.ts'
import { colorSchemes, dialects, locales, sandboxQuirks } from '../../preload/shapes.ts'

/** The one profile that is always there: a whole dimail of its own, on this computer. */
export const sandboxProfile: Profile = {
  id: 'sandbox',
  name: 'Sandbox',
  kind: 'sandbox',
  colour: 'yellow',
  address: '',
  username: '',
  ...plainProfile,
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

const isKept = (parsed: object, key: string, value: unknown) =>
  !(key in parsed) || isDeepStrictEqual(Reflect.get(parsed, key), value)

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
