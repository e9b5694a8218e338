import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importProfile, suggestedFile } from '../../main/profiles/transfer.ts'
import { openConsole } from '../fakes/console.ts'
import { folder } from '../fakes/folders.ts'
import { deployCenter, draft, elsewhere, keptAs, noSecrets, signIn } from './profiles-draft.ts'

const whole = { ...draft, signIn, entitlements: deployCenter, lock: 'ask' as const }
const envelope = { format: 'dimail-console-profile', version: 1, profile: whole }
function fileOf(content: unknown): string {
  const file = join(folder(), 'profil.json')
  writeFileSync(
    file,
    Buffer.isBuffer(content) || typeof content === 'string' ? content : JSON.stringify(content),
  )
  return file
}

describe('a profile on its way to another seat', () => {
  test('leaves without its secrets and its identity, and arrives locked', async () => {
    const { input, password } = await elsewhere()
    const here = openConsole()
    const secrets = { ...input.secrets, deployCenterKey: 'clé-canari', clientSecret: 'secret-canari' }
    const client = { ...signIn, client: 'confidential' as const }
    await here.profiles.save({
      ...input,
      draft: { ...input.draft, signIn: client, entitlements: deployCenter },
      secrets,
    })
    const { id, kind: _kind, ...told } = keptAs(here, 'Production')
    here.chosen.target = join(folder(), 'profil.json')
    expect(await here.handlers['profiles.export']({ id })).toEqual({ file: here.chosen.target })
    const text = readFileSync(here.chosen.target, 'utf8')
    for (const secret of [password, 'canari', id]) expect(text).not.toContain(secret)
    expect(statSync(here.chosen.target).mode & 0o777).toBe(0o600)

    const there = openConsole()
    there.chosen.file = here.chosen.target
    const arrived = await there.handlers['profiles.import'](undefined)
    expect(keptAs(there, 'Production')).toEqual({ ...told, id: arrived?.id, kind: 'dimail' })
    expect(arrived?.id).not.toBe(id)
    expect(there.profiles.current()).toBeNull()
    expect((await there.profiles.read(arrived?.id ?? '')).known).toEqual({
      ...{ password: false, clientSecret: false, deployCenterKey: false, provisioningKey: false },
    })
  })

  test('without a sign-in is locked until its password is typed', async () => {
    const { input, password } = await elsewhere()
    const console = openConsole()
    console.chosen.file = fileOf({ ...envelope, profile: input.draft })
    const arrived = await console.handlers['profiles.import'](undefined)
    await console.profiles.open(arrived?.id ?? '')
    await console.profiles.awake()
    expect(console.profiles.opened().watch.read().state).toBe('locked')
    await console.profiles.unlock(password)
    expect(console.profiles.opened().watch.read().state).toBe('online')
  })

  test('goes nowhere when no file is chosen, and the sandbox stays where it is', async () => {
    const profile = { ...draft, id: 'given-1', kind: 'dimail' as const }
    const console = openConsole({ given: { profile, secrets: { ...noSecrets, password: 'canari' } } })
    expect(await console.handlers['profiles.import'](undefined)).toBeNull()
    expect(await console.handlers['profiles.export']({ id: 'given-1' })).toBeNull()
    await expect(console.handlers['profiles.export']({ id: 'sandbox' })).rejects.toThrow('profile-built-in')
    console.chosen.target = join(folder(), 'absent', 'profil.json')
    await expect(console.handlers['profiles.export']({ id: 'given-1' })).rejects.toThrow('storage/export')
  })

  test.each([
    [['Sandbox'], 'SANDBOX', 'SANDBOX (2)'],
    [['Fictif', 'fictif (2)'], 'Fictif', 'Fictif (3)'],
    [['Fictif'], 'Ｆictif', 'Ｆictif (2)'],
    [['Fictif'], 'Autre', 'Autre'],
    [['a'.repeat(80)], 'a'.repeat(80), `${'a'.repeat(70)} (2)`],
  ])('beside %j, %s is called %s', async (taken, name, expected) => {
    const read = await importProfile(fileOf({ ...envelope, profile: { ...whole, name } }), taken)
    expect(read).toMatchObject({ ok: true, value: { name: expected } })
  })

  test.each([
    ['Préfecture du Val', 'Prefecture-du-Val.json'],
    ['../../etc/passwd', 'etc-passwd.json'],
    ['«»', 'profile.json'],
  ])('%s is proposed as %s', (name, file) => {
    expect(suggestedFile({ ...draft, name, id: 'p', kind: 'dimail' })).toBe(file)
  })
})

describe('a file of somebody else', () => {
  test.each<[string, unknown, string]>([
    ['nothing', '', 'profile-file'],
    ['no JSON', '{', 'profile-file'],
    ['a list', [], 'profile-file'],
    ['another format', { ...envelope, format: 'autre' }, 'profile-file'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0xfd, 0x80]), 'profile-file'],
    ['a deep nest', `${'['.repeat(9000)}${']'.repeat(9000)}`, 'profile-file'],
    ['another version', { ...envelope, version: 2 }, 'profile-file-version'],
    ['no profile', { ...envelope, profile: null }, 'profile-file'],
    ['a profile without a name', { ...envelope, profile: { ...whole, name: ' ' } }, 'profile-file'],
    ['a lock that is none', { ...envelope, profile: { ...whole, lock: 'open' } }, 'profile-file'],
    [
      'a reserved claim',
      { ...envelope, profile: { ...whole, entitlements: { ...deployCenter, claims: ['account_email'] } } },
      'profile-file',
    ],
    [
      'a path that leads elsewhere',
      { ...envelope, profile: { ...whole, signIn: { ...signIn, path: '//evil.example@' } } },
      'profile-file',
    ],
    [
      'dimail in clear text',
      { ...envelope, profile: { ...whole, address: 'http://evil.example' } },
      'address-scheme',
    ],
    [
      'a provider in clear text',
      { ...envelope, profile: { ...whole, signIn: { ...signIn, issuer: 'http://evil.example' } } },
      'profile-issuer',
    ],
    [
      'a name that turns words around',
      { ...envelope, profile: { ...whole, name: 'a\u202eb' } },
      'profile-name',
    ],
    ['100 kB and more', `${JSON.stringify(envelope)}${' '.repeat(100_000)}`, 'profile-file-size'],
  ])('that holds %s is refused as a value, quoting nothing', async (_what, content, reason) => {
    const read = await importProfile(fileOf(content), [])
    expect(read).toMatchObject({ ok: false, failure: { code: 'invalid', reason } })
    expect(JSON.stringify(read)).not.toContain('evil')
  })

  test('is not read at all when it is a folder or a pipe, and said when it is not there', async () => {
    const path = folder()
    mkdirSync(join(path, 'dossier'))
    execFileSync('mkfifo', [join(path, 'tube')])
    for (const name of ['dossier', 'tube'])
      expect(await importProfile(join(path, name), [])).toMatchObject({ failure: { reason: 'profile-file' } })
    expect(await importProfile(join(path, 'absent'), [])).toMatchObject({
      failure: { code: 'storage', reason: 'import', details: { cause: 'ENOENT' } },
    })
  })

  test('gives no secret and no identity, even when it holds some', async () => {
    const text = JSON.stringify({
      ...envelope,
      profile: { ...whole, id: 'sandbox', kind: 'sandbox', password: 'canari' },
    })
    const read = await importProfile(
      fileOf(text.replace('"lock"', '"__proto__":{"kind":"sandbox"},"lock"')),
      [],
    )
    expect(read).toEqual({ ok: true, value: whole })
  })
})
