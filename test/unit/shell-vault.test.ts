import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { loadWithElectron } from '../fakes/electron.ts'
import { folder } from '../fakes/folders.ts'

const system = { available: true, backend: 'gnome_libsecret', key: 'a' }
beforeEach(() => void Object.assign(system, { available: true, backend: 'gnome_libsecret', key: 'a' }))

const { openVault }: typeof import('../../main/shell/vault.ts') = loadWithElectron(
  {
    safeStorage: {
      isEncryptionAvailable: () => system.available,
      getSelectedStorageBackend: () => system.backend,
      encryptString: (text: string) => Buffer.from(`${system.key}:${Buffer.from(text).toString('base64')}`),
      decryptString: (blob: Buffer) => {
        const [key, text = ''] = blob.toString().split(':')
        if (key !== system.key) throw new Error('Error while decrypting the ciphertext')
        return Buffer.from(text, 'base64').toString()
      },
    },
  },
  join(import.meta.dirname, '../../main/shell/vault.ts'),
)
const secret = 'Mot-de-passe-canari'

describe('the vault', () => {
  test('keeps a secret encrypted, for the next start', () => {
    const file = join(folder(), 'vault.json')
    openVault(file).write('p-1', secret)
    expect(readFileSync(file, 'utf8')).not.toContain(secret)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const again = openVault(file)
    expect([again.lasting, again.read('p-1'), again.read('p-2')]).toEqual([true, secret, null])
  })

  test.each([
    { available: false, backend: 'gnome_libsecret' },
    { available: true, backend: 'basic_text' },
    { available: true, backend: 'unknown' },
  ])('faults 34: with %j writes nothing, and knows the secret until the program ends', (keyring) => {
    Object.assign(system, keyring)
    const file = join(folder(), 'vault.json')
    const vault = openVault(file)
    vault.write('p-1', secret)
    expect([vault.lasting, vault.read('p-1'), existsSync(file)]).toEqual([false, secret, false])
    expect(openVault(file).read('p-1')).toBeNull()
  })

  test('faults 34: keeps a blob that it cannot decrypt today, beside a new one', () => {
    const file = join(folder(), 'vault.json')
    openVault(file).write('p-1', secret)
    system.key = 'b'
    const other = openVault(file)
    expect(other.read('p-1')).toBeNull()
    other.write('p-2', 'autre')
    system.key = 'a'
    expect(openVault(file).read('p-1')).toBe(secret)
  })

  test.each(['', 'null', '[]', '{', '{"p-1":12}', '"texte"'])('starts with a file that holds %j', (text) => {
    const file = join(folder(), 'vault.json')
    writeFileSync(file, text)
    const vault = openVault(file)
    expect(vault.read('p-1')).toBeNull()
    vault.write('p-1', secret)
    expect(openVault(file).read('p-1')).toBe(secret)
  })
})
