import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { loadWithElectron } from '../fakes/electron.ts'
import { filesOf, folder } from '../fakes/folders.ts'
import { plant } from '../fakes/planted.ts'

const good = { available: true, backend: 'gnome_libsecret', key: 'a', refuses: false }
const system = { ...good }
beforeEach(() => void Object.assign(system, good))

/** The double's cipher, both ways: what it gives is the encoding of nothing that anybody can read. */
const hidden = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x5c))

const { openVault }: typeof import('../../main/shell/vault.ts') = loadWithElectron(
  {
    safeStorage: {
      isEncryptionAvailable: () => system.available,
      getSelectedStorageBackend: () => system.backend,
      encryptString(text: string) {
        if (system.refuses) throw new Error('Error while encrypting the text provided to safeStorage')
        return Buffer.from([...Buffer.from(`${system.key}:`), ...hidden(Buffer.from(text))])
      },
      decryptString(blob: Buffer) {
        const head = `${system.key}:`
        if (!blob.toString('latin1').startsWith(head))
          throw new Error('Error while decrypting the ciphertext')
        return hidden(blob.subarray(head.length)).toString()
      },
    },
  },
  join(import.meta.dirname, '../../main/shell/vault.ts'),
)
const secret = 'Mot-de-passe-canari'
plant('dimail password', secret)
const inClear = [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]

function place() {
  const path = folder()
  const file = join(path, 'vault.json')
  const told: { reason: string; details: Record<string, string> }[] = []
  const open = () =>
    openVault(
      file,
      () => 42,
      (reason, details) => told.push({ reason, details }),
    )
  return { path, file, told, open }
}
/** A file that an earlier run left, with one secret under `p-1`. */
function left() {
  const here = place()
  here.open().write('p-1', secret)
  return { ...here, blobs: readFileSync(here.file, 'utf8') }
}
/** None of the secrets may stand in any file, as it is or in the encodings that anybody can read. */
function nothingInClear(path: string) {
  for (const [file, bytes] of filesOf(path))
    for (const text of inClear) expect([file, bytes.includes(text)]).toEqual([file, false])
}

describe('the vault', () => {
  test('faults 34: keeps a secret encrypted, for the next start and the agent alone', () => {
    const { path, file, open, told } = left()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(path)).toEqual(['vault.json'])
    const again = open()
    expect([again.state, again.lasting, again.read('p-1'), again.read('p-2')]).toEqual([
      ...(['lasting', true, secret, null] as const),
    ])
    nothingInClear(path)
    expect(told).toEqual([])
  })

  test('forgets a secret that is removed, and no other', () => {
    const { file, open } = left()
    const vault = open()
    vault.write('p-2', 'autre')
    vault.write('p-1', null)
    vault.write('absent', null)
    expect([vault.read('p-1'), open().read('p-1'), open().read('p-2')]).toEqual([null, null, 'autre'])
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual(['p-2'])
  })

  const absent = [
    { keyring: { available: false }, why: 'none' },
    { keyring: { available: true, backend: 'basic_text' }, why: 'basic-text' },
    { keyring: { available: false, backend: 'basic_text' }, why: 'basic-text' },
    { keyring: { available: true, backend: 'unknown' }, why: 'unknown' },
  ] as const

  test.each(absent)('faults 34: with $keyring writes nothing, and knows the secret until the end', (row) => {
    Object.assign(system, row.keyring)
    const { path, file, open, told } = place()
    const vault = open()
    expect([vault.read('p-1'), told]).toEqual([null, []])
    vault.write('p-1', secret)
    vault.write('p-2', 'autre')
    expect(told).toEqual([{ reason: 'vault-none', details: { why: row.why, file } }])
    expect([vault.state, vault.lasting, vault.read('p-1'), existsSync(file)]).toEqual([
      ...([row.why, false, secret, false] as const),
    ])
    expect(open().read('p-1')).toBeNull()
    nothingInClear(path)
  })

  test.each(absent)('faults 34: with $keyring leaves what an earlier run kept as it was', (row) => {
    const { file, open, blobs, told } = left()
    Object.assign(system, row.keyring)
    const vault = open()
    expect(vault.read('p-1')).toBeNull()
    expect(told).toEqual([{ reason: 'vault-memory', details: { why: row.why, file } }])
    vault.write('p-1', 'nouveau')
    vault.write('p-2', 'autre')
    expect(readFileSync(file, 'utf8')).toBe(blobs)
    Object.assign(system, good)
    expect(open().read('p-1')).toBe(secret)
  })

  test.each([...absent, { keyring: { refuses: true }, why: 'unreadable' }])(
    'faults 34: a keyring that becomes $keyring in the middle of a run is told once, and nothing is lost',
    (row) => {
      const { path, file, open, told, blobs } = left()
      const vault = open()
      expect(vault.read('p-1')).toBe(secret)
      Object.assign(system, row.keyring)
      vault.write('p-2', `${secret}-2`)
      vault.write('p-3', `${secret}-3`)
      expect(told).toEqual([{ reason: 'vault-memory', details: { why: row.why, file } }])
      expect([vault.state, vault.lasting]).toEqual([row.why, false])
      expect(['p-1', 'p-2', 'p-3'].map((name) => vault.read(name))).toEqual([
        ...[secret, `${secret}-2`, `${secret}-3`],
      ])
      expect(readFileSync(file, 'utf8')).toBe(blobs)
      nothingInClear(path)
    },
  )

  test('faults 34: a keyring that comes back in the middle of a run is used from the next start', () => {
    const { file, open, told, blobs } = left()
    system.backend = 'basic_text'
    const vault = open()
    system.backend = 'kwallet6'
    vault.write('p-2', 'autre')
    expect([vault.state, vault.read('p-2')]).toEqual(['basic-text', 'autre'])
    expect(readFileSync(file, 'utf8')).toBe(blobs)
    expect(told).toEqual([{ reason: 'vault-memory', details: { why: 'basic-text', file } }])
    expect(open().read('p-1')).toBe(secret)
  })

  test('faults 34: another keyring cannot read the blob: memory alone from then on, and the blob stays', () => {
    const { path, file, open, told, blobs } = left()
    Object.assign(system, { backend: 'kwallet6', key: 'b' })
    const vault = open()
    expect(vault.state).toBe('lasting')
    expect(vault.read('p-1')).toBeNull()
    expect([vault.state, told]).toEqual([
      'unreadable',
      [{ reason: 'vault-memory', details: { why: 'unreadable', file } }],
    ])
    vault.write('p-1', 'retapé')
    vault.write('p-2', secret)
    expect([vault.read('p-1'), vault.read('p-2'), readFileSync(file, 'utf8')]).toEqual([
      'retapé',
      secret,
      blobs,
    ])
    nothingInClear(path)
    system.key = 'a'
    expect(open().read('p-1')).toBe(secret)
  })

  test('faults 34: removing without a keyring holds for this run, and is said once: the blob stays', () => {
    const { file, open, told, blobs } = left()
    system.available = false
    const vault = open()
    vault.write('p-1', null)
    vault.write('p-1', null)
    vault.write('never-kept', null)
    expect([vault.read('p-1'), readFileSync(file, 'utf8')]).toEqual([null, blobs])
    expect(told).toEqual([{ reason: 'vault-kept', details: { file } }])
    system.available = true
    expect(open().read('p-1')).toBe(secret)
  })

  test('a disk that refuses is told; the secret stays known, and the next write tries it again', () => {
    const { file, told, open } = place()
    const vault = open()
    // Whoever runs the test, no file takes the place of a folder that holds something.
    mkdirSync(join(file, 'occupied'), { recursive: true })
    vault.write('p-1', secret)
    expect(told).toEqual([{ reason: 'vault-not-written', details: { file, cause: expect.any(String) } }])
    expect([vault.state, vault.read('p-1')]).toEqual(['lasting', secret])
    rmSync(file, { recursive: true })
    vault.write('p-2', 'autre')
    expect([open().read('p-1'), open().read('p-2')]).toEqual([secret, 'autre'])
  })

  test.each(['', 'null', '[]', '{', '"texte"'])('a file that holds %j is put aside, and not lost', (text) => {
    const { file, open } = place()
    writeFileSync(file, text)
    const vault = open()
    expect([vault.aside, vault.read('p-1')]).toEqual([`${file}.damaged-42`, null])
    expect(readFileSync(`${file}.damaged-42`, 'utf8')).toBe(text)
    vault.write('p-1', secret)
    expect(open()).toMatchObject({ aside: null })
    expect(open().read('p-1')).toBe(secret)
  })

  test('a file of which a part is understood keeps that part, and is copied first', () => {
    const { file, open, blobs } = left()
    const odd = JSON.stringify({ ...JSON.parse(blobs), 'p-2': 12, 'p-3': null })
    writeFileSync(file, odd)
    const vault = open()
    expect([vault.aside, vault.read('p-1'), vault.read('p-2')]).toEqual([`${file}.damaged-42`, secret, null])
    vault.write('p-4', 'autre')
    expect(readFileSync(`${file}.damaged-42`, 'utf8')).toBe(odd)
    expect(open().read('p-1')).toBe(secret)
  })

  test('a name such as __proto__ is a name like any other', () => {
    const { open } = place()
    const vault = open()
    vault.write('__proto__', secret)
    expect([open().read('__proto__'), open().read('toString')]).toEqual([secret, null])
  })
})
