import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Call } from '../../preload/channels.ts'
import type { Input } from '../../preload/contract.ts'
import { Expected, failed, type Result, unwrap } from '../../preload/failure.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import { parseAddress } from '../dimail/address.ts'
import { type Credentials, createDimail } from '../dimail/client.ts'
import type { Log } from '../log.ts'
import { type OpenDeps, type OpenProfile, openProfile } from './open-profile.ts'
import { type Registry, sandboxProfile } from './registry.ts'
import type { Sandbox } from './sandbox.ts'

/** Where secrets live: the system's keyring, or memory when there is none. */
export type Vault = {
  /** Whether what is written outlives the program. */
  lasting: boolean
  read(name: string): string | null
  write(name: string, secret: string): void
}

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
  /** Proves an address and credentials with one token call; nothing is saved. */
  test(input: Input<'profiles.test'>): Promise<Result<{ address: string }>>
  add(input: Input<'profiles.add'>): Promise<void>
  unlock(password: string): Promise<void>
}

export function createProfiles(deps: {
  folder: string
  registry: Registry
  vault: Vault
  sandbox: Sandbox
  log: Log
  /** A profile given on the command line, with its password: neither is ever written. */
  given: { profile: Profile; password: string } | null
  changed: () => void
  /** The profile that was open is closed: what was still to be told of it must not be told of the next. */
  left: () => void
  open: Omit<OpenDeps, 'folder' | 'credentials' | 'log' | 'vault' | 'sandbox'>
}): Profiles {
  const { registry, vault, sandbox, given, log } = deps
  let current: OpenProfile | null = null
  let waking: Promise<void> = Promise.resolve()
  let turn: Promise<void> = Promise.resolve()
  let givenPassword = given?.password ?? null

  const list = () => [sandboxProfile, ...(given ? [given.profile] : []), ...registry.read().profiles]

  function credentialsOf(profile: Profile): Credentials | null {
    if (profile.kind === 'sandbox') return sandbox.credentials()
    const password = profile.id === given?.profile.id ? givenPassword : vault.read(profile.id)
    return password === null ? null : { username: profile.username, password }
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
    const chosen = list().find((profile) => profile.id === id)
    if (!chosen) throw new Expected(failed('not-found', 'profile', 'There is no such profile.').failure)
    await close()
    const isSandbox = chosen.kind === 'sandbox'
    const profile = isSandbox ? { ...chosen, address: await sandbox.address(), username: 'sandbox' } : chosen
    const folder = join(deps.folder, 'profiles', profile.id)
    const opened = await openProfile(profile, {
      ...deps.open,
      folder,
      log,
      vault,
      sandbox,
      credentials: () => credentialsOf(chosen),
    })
    // The profile before is closed already: the page must know, whatever comes of this one.
    if (!opened.ok) deps.changed()
    current = unwrap(opened)
    if (chosen.id !== given?.profile.id) registry.write({ current: id })
    deps.changed()
    // The window shows the cache at once; the sandbox and dimail are awaited behind it.
    waking = wake(current, isSandbox && !registry.read().sandbox.stopped)
    waking.catch((error: unknown) => log.error('waking failed', error))
  }

  async function wake(profile: OpenProfile, startSandbox: boolean): Promise<void> {
    try {
      if (startSandbox) await sandbox.start()
    } finally {
      // A sandbox that could not start is seen not to answer, like any dimail.
      if (profile === current) await profile.watch.probe()
    }
  }

  async function test({
    address,
    username,
    password,
  }: Input<'profiles.test'>): Promise<Result<{ address: string }>> {
    const base = parseAddress(address)
    if (!base.ok) return base
    const dimail = createDimail({ address: base.value, credentials: () => ({ username, password }) })
    try {
      const token = await dimail.token()
      return token.ok ? { ok: true, value: { address: base.value } } : token
    } finally {
      dimail.close()
    }
  }

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
    test,
    async add({ name, colour, ...input }) {
      const { address } = unwrap(await test(input))
      const id = `p-${randomBytes(6).toString('hex')}`
      const profile: Profile = { id, name, kind: 'dimail', colour, address, username: input.username }
      vault.write(id, input.password)
      registry.write({ profiles: [...registry.read().profiles, profile] })
      await open(id)
    },
    async unlock(password) {
      const { profile, watch } = opened()
      const { address, username } = profile
      unwrap(await test({ address, username, password }))
      if (profile.id === given?.profile.id) givenPassword = password
      else vault.write(profile.id, password)
      await watch.probe()
    },
  }
}
