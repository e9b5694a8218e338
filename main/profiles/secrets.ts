import type { KnownSecrets, Profile, ProfileSecrets } from '../../preload/profile-shapes.ts'
import type { Keyring } from '../../preload/shapes.ts'
import type { Sandbox } from './sandbox.ts'

/** Where secrets live: the system's keyring, or memory when there is none that lasts. */
export type Vault = {
  readonly state: Keyring
  /** Whether what is written outlives the program. */
  readonly lasting: boolean
  read(name: string): string | null
  /** Null removes it; from memory alone while the vault does not last. Never throws for want of a keyring or disk. */
  write(name: string, secret: string | null): void
}

/** What this profile may use now; each is null while it is not known. */
export type Secrets = { [S in keyof ProfileSecrets]: () => string | null }

/** A profile given on the command line, with its secrets: they are never written. */
export type Given = { profile: Profile; secrets: ProfileSecrets }

/** Under which name the vault keeps what. */
export const vaultNames = {
  password: (id: string) => id,
  clientSecret: (id: string) => `${id} client-secret`,
  deployCenterKey: (id: string) => `${id} deploycenter`,
  provisioningKey: (id: string) => `${id} provisioning`,
  /** The refresh token and the ID token of the agent who is signed in. */
  session: (id: string) => `${id} session`,
  /** The password of the profile's mail server. */
  smtp: (id: string) => `${id}:smtp`,
} as const

const typed = ['password', 'clientSecret', 'deployCenterKey', 'provisioningKey'] as const

export type SecretStore = {
  /** The sandbox's are its process's own; a given profile's come from its file; any other's from the vault. */
  secretsOf(profile: Profile): Secrets
  /** What proves the agent of this profile again; of a given one, in memory. */
  sessionOf(profile: Profile): { read(): string | null; write(text: string | null): void }
  known(profile: Profile): KnownSecrets
  /** Keeps those that were typed, where this profile's live. */
  keep(profile: Profile, secrets: Partial<ProfileSecrets>): void
  /** Removes one that was meant for another server. */
  drop(profile: Profile, name: 'clientSecret' | 'deployCenterKey' | 'provisioningKey' | 'session'): void
  /** Removes everything that the vault keeps for a profile. */
  forget(profile: Profile): void
}

export function createSecretStore(deps: {
  vault: Vault
  sandbox: Pick<Sandbox, 'credentials' | 'deployCenterKey'>
  given: Given | null
}): SecretStore {
  const { vault, sandbox, given } = deps
  const ofGiven: ProfileSecrets | null = given && { ...given.secrets }
  const sessionOfGiven = inMemory()
  // Its provider forgets everybody when it ends, with the program.
  const sessionOfSandbox = inMemory()
  const isGiven = (profile: Profile) => profile.id === given?.profile.id

  function secretsOf(profile: Profile): Secrets {
    if (profile.kind === 'sandbox')
      return {
        password: () => sandbox.credentials().password,
        clientSecret: () => null,
        deployCenterKey: () => sandbox.deployCenterKey(),
        provisioningKey: () => null,
      }
    const read = (name: keyof ProfileSecrets) => () =>
      ofGiven && isGiven(profile) ? ofGiven[name] : vault.read(vaultNames[name](profile.id))
    return {
      password: read('password'),
      clientSecret: read('clientSecret'),
      deployCenterKey: read('deployCenterKey'),
      provisioningKey: read('provisioningKey'),
    }
  }

  return {
    secretsOf,
    sessionOf(profile) {
      const name = vaultNames.session(profile.id)
      if (isGiven(profile)) return sessionOfGiven
      if (profile.kind === 'sandbox') return sessionOfSandbox
      return { read: () => vault.read(name), write: (text) => vault.write(name, text) }
    },
    known(profile) {
      const { password, clientSecret, deployCenterKey, provisioningKey } = secretsOf(profile)
      return {
        password: password() !== null,
        clientSecret: clientSecret() !== null,
        deployCenterKey: deployCenterKey() !== null,
        provisioningKey: provisioningKey() !== null,
      }
    },
    keep(profile, secrets) {
      for (const name of typed) {
        const secret = secrets[name] ?? null
        if (secret === null) continue
        if (ofGiven && isGiven(profile)) ofGiven[name] = secret
        else vault.write(vaultNames[name](profile.id), secret)
      }
    },
    drop: (profile, name) => vault.write(vaultNames[name](profile.id), null),
    forget(profile) {
      for (const nameOf of Object.values(vaultNames)) vault.write(nameOf(profile.id), null)
    },
  }
}

function inMemory() {
  let kept: string | null = null
  return {
    read: () => kept,
    write(text: string | null) {
      kept = text
    },
  }
}
