import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs'
import { safeStorage } from 'electron'
import writeFileAtomic from 'write-file-atomic'
import type { Keyring } from '../../preload/shapes.ts'
import type { Vault } from '../profiles/secrets.ts'

/** Tells the agent: `vault-memory` and `vault-none` (why, file), `vault-kept` (file) or `vault-not-written` (file, cause). */
type Tell = (reason: string, details: Record<string, string>) => void
export type OpenVault = Vault & {
  /** The file that could not be read and was put aside, when there was one. */
  aside: string | null
}

/**
 * Secrets, encrypted by the system's keyring. Without one, with Electron's hard-coded `basic_text`, with one that it
 * cannot name, or once one refuses, they live in memory until the program ends: from then on nothing is written, and
 * what the file holds stays as it is, since the keyring may come back (docs/faults.md 34). A secret removed meanwhile
 * is gone for this run alone, and `tell` says so.
 *
 * On purpose not with safeStorage's promises, though its typings now prefer them: credentials are read in the middle
 * of a request, and what a write could not keep must be known before its caller goes on.
 */
export function openVault(file: string, now: () => number, tell: Tell): OpenVault {
  /** What this run knows; null: removed in this run. */
  const memory = new Map<string, string | null>()
  const { blobs, aside } = readBlobs(file, now)
  let state: Keyring = keyringNow()
  let isTold = false

  /** A keyring that went away does not come back in this run: half of the secrets would then be lost at its end. */
  function isLasting(): boolean {
    if (state === 'lasting') lose(keyringNow())
    return state === 'lasting'
  }
  function lose(next: Keyring): void {
    if (next === state) return
    state = next
    tellWhy()
  }
  /** Once in a run, when a secret is first concerned: who keeps none here has nothing to be told. */
  function tellWhy(): void {
    if (isTold) return
    isTold = true
    // Nothing of an earlier keyring is there to be kept: only what this means is told.
    tell(blobs.size > 0 ? 'vault-memory' : 'vault-none', { why: state, file })
  }
  function decrypted(blob: string): string | null {
    try {
      return safeStorage.decryptString(Buffer.from(blob, 'base64'))
    } catch {
      lose('unreadable')
      return null
    }
  }
  function save(): void {
    try {
      writeFileAtomic.sync(file, JSON.stringify(Object.fromEntries(blobs)), { mode: 0o600 })
    } catch (error) {
      // It stays known until the program ends, and the next write tries this one again.
      const cause = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      tell('vault-not-written', { file, cause })
    }
  }
  function keep(name: string, secret: string): void {
    let blob: Buffer
    try {
      blob = safeStorage.encryptString(secret)
    } catch {
      lose('unreadable')
      return
    }
    blobs.set(name, blob.toString('base64'))
    save()
  }

  return {
    aside,
    get state() {
      return state
    },
    get lasting() {
      return state === 'lasting'
    },
    read(name) {
      const known = memory.get(name)
      if (known !== undefined) return known
      const blob = blobs.get(name)
      if (blob === undefined) return null
      if (!isLasting()) tellWhy()
      const secret = isLasting() ? decrypted(blob) : null
      // What was read once stays known: a keyring that goes away must not lock the profile that is open.
      if (secret !== null) memory.set(name, secret)
      return secret
    },
    write(name, secret) {
      const wasKnown = memory.get(name)
      memory.set(name, secret)
      const lasts = isLasting()
      if (secret !== null) {
        if (lasts) keep(name, secret)
        else tellWhy()
        return
      }
      if (!blobs.has(name)) return
      if (!lasts) {
        if (wasKnown !== null) tell('vault-kept', { file })
        return
      }
      blobs.delete(name)
      save()
    },
  }
}

function keyringNow(): Keyring {
  if (process.platform === 'linux') {
    const backend = safeStorage.getSelectedStorageBackend()
    if (backend === 'basic_text') return 'basic-text'
    if (backend === 'unknown') return 'unknown'
  }
  return safeStorage.isEncryptionAvailable() ? 'lasting' : 'none'
}

/** A file that is not understood is put aside; one of which a part is, is copied before the rest is written again. */
function readBlobs(file: string, now: () => number): { blobs: Map<string, string>; aside: string | null } {
  const nothing = new Map<string, string>()
  if (!existsSync(file)) return { blobs: nothing, aside: null }
  const aside = `${file}.damaged-${now()}`
  const found = parsed(file)
  if (found === null) {
    renameSync(file, aside)
    return { blobs: nothing, aside }
  }
  const blobs = found.flatMap(([name, blob]): [string, string][] =>
    typeof blob === 'string' ? [[name, blob]] : [],
  )
  if (blobs.length < found.length) copyFileSync(file, aside)
  return { blobs: new Map(blobs), aside: blobs.length < found.length ? aside : null }
}

function parsed(file: string): [string, unknown][] | null {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const isObject = typeof found === 'object' && found !== null && !Array.isArray(found)
    return isObject ? Object.entries(found) : null
  } catch {
    return null
  }
}
