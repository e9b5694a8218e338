import { unwrap } from '../../preload/failure.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import type { AppState, Locale } from '../../preload/shapes.ts'
import type { Handlers } from '../ipc.ts'
import type { Profiles } from '../profiles/profiles.ts'
import { suggestedFile } from '../profiles/transfer.ts'

type Calls = Extract<keyof Handlers, `profiles.${string}`>
export type ProfileDeps = {
  profiles: Profiles
  /** Everything the page needs to know, as it is after the call. */
  state: () => AppState
  locale: () => Locale
  /** The system's dialogs; null when nothing was chosen. */
  chooseProfile: (locale: Locale) => Promise<string | null>
  chooseProfileTarget: (suggestedName: string, locale: Locale) => Promise<string | null>
}

/** The environments that this console knows: docs/sign-in.md says who may change which. */
export function profileHandlers(deps: ProfileDeps): Pick<Handlers, Calls> {
  const { profiles, state, locale } = deps
  return {
    'profiles.test': async (input) => unwrap(await profiles.test(input)),
    'profiles.read': ({ id }) => profiles.read(id),
    'profiles.save': async (input) => {
      await profiles.save(input)
      return state()
    },
    'profiles.remove': async ({ id }) => {
      await profiles.remove(id)
      return state()
    },
    'profiles.export': async ({ id }) => {
      const profile: Profile = profiles.exportable(id)
      const path = await deps.chooseProfileTarget(suggestedFile(profile), locale())
      return path === null ? null : unwrap(await profiles.exportTo(id, path))
    },
    'profiles.import': async () => {
      const path = await deps.chooseProfile(locale())
      return path === null ? null : unwrap(await profiles.importFrom(path))
    },
    'profiles.open': async ({ id }) => {
      await profiles.open(id)
      return state()
    },
    'profiles.close': async () => {
      await profiles.close()
      return state()
    },
    'profiles.unlock': async ({ password }) => {
      await profiles.unlock(password)
      return profiles.opened().watch.read()
    },
  }
}
