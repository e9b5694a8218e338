import type { Profile } from '../../preload/profile-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import type { Credentials } from '../dimail/client.ts'
import type { Entitlements } from '../entitlements/entitlements.ts'
import { openEntitlements } from '../entitlements/facade.ts'
import { backendOf } from '../entitlements/factory.ts'
import { createFlags } from '../entitlements/flags.ts'
import { createConnections } from '../http/connection.ts'
import { createWire } from '../http/wire.ts'
import type { Log } from '../log.ts'
import { createSignIn } from '../session/sign-in.ts'
import type { SignIn } from '../session/sign-in-types.ts'
import type { Desk } from '../store/desk.ts'
import type { ReadFlags } from './arrival.ts'
import { isOnThisComputer } from './save-check.ts'
import type { Secrets } from './secrets.ts'

export type OutsideDeps = {
  credentials: () => Credentials | null
  secrets: Secrets
  /** What proves the agent again: in the vault, or in memory. */
  keptSession: { read(): string | null; write(text: string | null): void }
  /** Opens a page of the provider in the system's browser, when it is of this origin. */
  openPage: (url: string, origin: string) => Promise<boolean>
  locale: () => Locale
  /** The clocks differ by this many seconds: a later proof may fail. */
  skewed: (skewS: number) => void
  log: Log
  now: () => number
}

/** The servers around dimail that a profile names: its OpenID provider, DeployCenter, the address of its flags. */
export type Outside = {
  entitlements: Entitlements
  readFlags: ReadFlags
  /** Null: nobody signs in. */
  client: SignIn | null
  close(): void
}

export function openOutside(profile: Profile, desk: Desk, deps: OutsideDeps): Outside {
  const { secrets, log, now } = deps
  const connections = createConnections(undefined)
  const wire = createWire(connections)
  const settings = profile.entitlements
  const entitlements = openEntitlements({
    backend: backendOf(settings, { key: secrets.deployCenterKey, wire, now, log: log.info }),
    settings,
    kept: { read: (key) => desk.readSetting(key), write: (key, value) => desk.writeSetting(key, value) },
    now,
  })
  const flags = createFlags({ settings: profile.flags, wire, now, log: log.info })
  const client =
    profile.signIn === null
      ? null
      : createSignIn({
          settings: profile.signIn,
          secret: secrets.clientSecret,
          kept: deps.keptSession,
          openPage: deps.openPage,
          now,
          // As when the profile is saved and its provider tested: a sandbox's own runs on this computer.
          allowHttp: isOnThisComputer(profile.address),
          locale: deps.locale,
          log,
          skewed: deps.skewed,
        })
  return {
    entitlements,
    readFlags: (force) => flags.read(force),
    client,
    close() {
      entitlements.close()
      connections.close()
    },
  }
}
