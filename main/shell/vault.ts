import { existsSync, readFileSync } from 'node:fs'
import { safeStorage } from 'electron'
import writeFileAtomic from 'write-file-atomic'
import type { Vault } from '../profiles/profiles.ts'

/**
 * Secrets, encrypted by the system's keyring. Where there is none, or only Electron's hard-coded `basic_text`,
 * they live in memory until the program ends and nothing is written (docs/faults.md 34). A blob that cannot be
 * decrypted is kept: the keyring may come back.
 */
export function openVault(file: string): Vault {
  const memory = new Map<string, string>()
  const lasting = hasKeyring()
  const blobs: Record<string, string> = existsSync(file) ? readBlobs(file) : {}
  return {
    lasting,
    read(name) {
      const known = memory.get(name)
      if (known !== undefined) return known
      const blob = blobs[name]
      return blob === undefined || !lasting ? null : decrypt(blob)
    },
    write(name, secret) {
      memory.set(name, secret)
      if (!lasting) return
      blobs[name] = safeStorage.encryptString(secret).toString('base64')
      writeFileAtomic.sync(file, JSON.stringify(blobs), { mode: 0o600 })
    },
  }
}

function hasKeyring(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false
  if (process.platform !== 'linux') return true
  return !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())
}

function decrypt(blob: string): string | null {
  try {
    return safeStorage.decryptString(Buffer.from(blob, 'base64'))
  } catch {
    return null
  }
}

function readBlobs(file: string): Record<string, string> {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const isObject = typeof found === 'object' && found !== null
    return isObject
      ? Object.fromEntries(Object.entries(found).filter(([, blob]) => typeof blob === 'string'))
      : {}
  } catch {
    return {}
  }
}
