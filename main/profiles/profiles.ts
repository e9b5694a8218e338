import { join } from 'node:path'
import type { Call } from '../../preload/channels.ts'
import type { Input, Output } from '../../preload/contract.ts'
import { Expected, failed, type Result, unwrap } from '../../preload/failure.ts'
import type { Profile, ServerTest } from '../../preload/profile-shapes.ts'
import type { Log } from '../log.ts'
import { type OpenDeps, type OpenProfile, openProfile } from './open-profile.ts'
import { type Registry, sandboxProfile, sandboxProfileAt } from './registry.ts'
import type { Sandbox } from './sandbox.ts'
import { keepImported, type SaveDeps, saveProfile } from './save.ts'
import { createSecretStore, type Given, type Vault } from './secrets.ts'
import { proveDimail, testServer } from './server-tests.ts'
import { exportProfile, importProfile } from './transfer.ts'

export type { Vault } from './secrets.ts'

export type Profiles = {
  list(): Profile[]
  current(): OpenProfile | null
  /** The open profile; fails with `not-possible/no-profile` when there is none. */
  opened(): OpenProfile
  /** Whether the person at the console may make this call; anybody may make those that need no open profile. */
  permit<C extends Call>(call: C, input: Input<C>): Promise<Result<void>>
  open(id: string): Promise<void>
  /** Resolves when the profile just opened has its sandbox, if any, and has heard from dimail or failed to. */
  awake(): Promise<void>
  close(): Promise<void>
  /** Closes what is open; the next start opens it again. */
  end(): Promise<void>
  /** A profile with the addresses of this run, and which of its secrets are known; never a secret. */
  read(id: string): Promise<Output<'profiles.read'>>
  /** Asks one server of a profile that is being written; nothing is saved. */
  test(input: Input<'profiles.test'>): Promise<Result<ServerTest>>
  /** Keeps a new profile and opens it, or changes one: `saveProfile`. */
  save(input: Input<'profiles.save'>): Promise<void>
  /** Forgets a profile and its secrets, and closes it; its folder stays. */
  remove(id: string): Promise<void>
  /** A profile that may be written to a file; the sandbox is in every console: `not-possible/profile-built-in`. */
  exportable(id: string): Profile
  /** Writes a profile to a file, without secrets. */
  exportTo(id: string, path: string): Promise<Result<{ file: string }>>
  /** Keeps the profile of a file; it has no password yet, and is not opened. */
  importFrom(path: string): Promise<Result<{ id: string }>>
  unlock(password: string): Promise<void>
}

export function createProfiles(deps: {
  folder: string
  registry: Registry
  vault: Vault
  sandbox: Sandbox
  log: Log
  given: Given | null
  /** Nobody sits at the console: a profile is worked on as dimail's account, where no agent of it could be asked. */
  unattended: boolean
  changed: () => void
  /** The profile that was open is closed: what was still to be told of it must not be told of the next. */
  left: () => void
  open: Omit<OpenDeps, 'folder' | 'credentials' | 'secrets' | 'keptSession' | 'log' | 'vault' | 'sandbox'>
}): Profiles {
  const { registry, vault, sandbox, given, log } = deps
  const secrets = createSecretStore(deps)
  let current: OpenProfile | null = null
  let waking: Promise<void> = Promise.resolve()
  let turn: Promise<void> = Promise.resolve()

  const list = () => [sandboxProfile, ...(given ? [given.profile] : []), ...registry.read().profiles]
  function found(id: string): Profile {
    const profile = list().find((one) => one.id === id)
    if (profile) return profile
    throw new Expected(failed('not-found', 'profile', 'There is no such profile.').failure)
  }
  function exportable(id: string): Profile {
    const profile = found(id)
    if (profile.kind !== 'sandbox') return profile
    throw new Expected(failed('not-possible', 'profile-built-in', 'The sandbox is what it is.').failure)
  }
  /** One that is changed and removed here. */
  function kept(id: string): Profile {
    const profile = exportable(id)
    if (id !== given?.profile.id) return profile
    throw new Expected(failed('not-possible', 'profile-given', 'This profile is that of a file.').failure)
  }
  /** With the addresses of this run. */
  const placed = async (profile: Profile) =>
    profile.kind === 'sandbox' ? sandboxProfileAt(sandbox) : profile

  /** Who started the console unattended holds the sandbox, or the secrets of the file; others are kept for an agent. */
  function attended(profile: Profile): Profile {
    if (!deps.unattended || profile.signIn === null) return profile
    if (profile.kind === 'sandbox' || profile.id === given?.profile.id) return { ...profile, signIn: null }
    throw new Expected(
      failed('not-possible', 'unattended', 'This profile needs an agent who signs in.').failure,
    )
  }

  async function close(): Promise<void> {
    const closing = current
    current = null
    await closing?.close()
    deps.left()
    if (closing?.profile.kind === 'sandbox') await sandbox.end()
  }

  function opened(): OpenProfile {
    if (!current) throw new Expected(failed('not-possible', 'no-profile', 'No profile is open.').failure)
    return current
  }

  /** One after the other: two openings at once would leave open a profile that nobody closes. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  const open = (id: string) => inTurn(() => openNow(id))

  async function openNow(id: string): Promise<void> {
    const chosen = found(id)
    await close()
    const profile = attended(await placed(chosen))
    const opened = await openProfile(profile, {
      ...deps.open,
      folder: join(deps.folder, 'profiles', profile.id),
      log,
      vault,
      sandbox,
      secrets: secrets.secretsOf(profile),
      keptSession: secrets.sessionOf(profile),
      credentials() {
        if (profile.kind === 'sandbox') return sandbox.credentials()
        const password = secrets.secretsOf(profile).password()
        return password === null ? null : { username: profile.username, password }
      },
    })
    // The profile before is closed already: the page must know, whatever comes of this one.
    if (!opened.ok) deps.changed()
    current = unwrap(opened)
    if (chosen.id !== given?.profile.id) registry.write({ current: id })
    deps.changed()
    // The window shows the cache at once; the sandbox and dimail are awaited behind it.
    waking = wake(current, profile.kind === 'sandbox' && !registry.read().sandbox.stopped)
    waking.catch((error: unknown) => log.error('waking failed', error))
  }

  async function wake(profile: OpenProfile, startSandbox: boolean): Promise<void> {
    try {
      if (startSandbox) await sandbox.start()
    } finally {
      // A sandbox that could not start is seen not to answer, like any dimail.
      if (profile === current) await Promise.all([profile.watch.probe(), profile.session.resume()])
    }
  }

  /** In this order: what is open never works with the settings or the secrets of another moment. */
  const whileClosed: SaveDeps['whileClosed'] = (id, change, isToOpen) =>
    inTurn(async () => {
      const isOpen = current?.profile.id === id
      if (isOpen) await close()
      change()
      if (isOpen || isToOpen) await openNow(id)
      else deps.changed()
    })

  return {
    list,
    current: () => current,
    opened,
    permit: async (call, input) => current?.permissions.permit(call, input) ?? { ok: true, value: undefined },
    open,
    awake: () => waking,
    end: () => inTurn(close),
    close: () =>
      inTurn(async () => {
        await close()
        if (!given) registry.write({ current: null })
        deps.changed()
      }),
    async read(id) {
      const profile = await placed(found(id))
      return { profile, known: secrets.known(profile) }
    },
    async test(input) {
      const profile = input.id === null ? null : await placed(found(input.id))
      const before = profile && { profile, secrets: secrets.secretsOf(profile) }
      return testServer({ before, now: deps.open.now, log }, input)
    },
    async save(input) {
      await saveProfile({ registry, secrets, kept, prove: proveDimail, whileClosed }, input)
      deps.changed()
    },
    async remove(id) {
      const profile = kept(id)
      await inTurn(async () => {
        if (current?.profile.id === id) await close()
        secrets.forget(profile)
        const { profiles, current: last } = registry.read()
        const rest = profiles.filter((one) => one.id !== id)
        registry.write({ profiles: rest, current: last === id ? null : last })
        deps.changed()
      })
    },
    exportable,
    exportTo: async (id, path) => exportProfile(exportable(id), path),
    async importFrom(path) {
      const draft = await importProfile(
        path,
        list().map(({ name }) => name),
      )
      if (!draft.ok) return draft
      const id = keepImported(registry, draft.value)
      deps.changed()
      return { ok: true, value: { id } }
    },
    async unlock(password) {
      const { profile, watch } = opened()
      const { address, username } = profile
      unwrap(await proveDimail({ address, username, password }))
      secrets.keep(profile, { password })
      await watch.probe()
    },
  }
}
