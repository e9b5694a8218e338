import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkDraft } from '../../main/profiles/save-check.ts'
import type { ProfileDraft } from '../../preload/profile-shapes.ts'
import { openConsole } from '../fakes/console.ts'
import { filesOf } from '../fakes/folders.ts'
import { deployCenter, draft, elsewhere, keptAs, noSecrets, signIn } from './profiles-draft.ts'

/** A console on a profile that was just saved. */
async function saved(more: Partial<ProfileDraft> = {}, secrets = {}) {
  const { dimail, input, password } = await elsewhere()
  const console = openConsole()
  await console.profiles.save({
    ...input,
    draft: { ...input.draft, ...more },
    secrets: { ...input.secrets, ...secrets },
  })
  const { id, kind: _kind, ...before } = keptAs(console, input.draft.name)
  const save = (change: Partial<ProfileDraft>, typed = {}) =>
    console.profiles.save({ id, draft: { ...before, ...change }, secrets: { ...noSecrets, ...typed } })
  return { console, dimail, id, before, password, save }
}

describe('a profile that is changed', () => {
  test('takes another name and colour at once, open as it is, and asks nobody', async () => {
    const { console, dimail, id, save } = await saved()
    await console.profiles.awake()
    const open = console.profiles.opened()
    const asked = dimail.requests.length
    await save({ name: 'Autre nom', colour: 'violet' })
    expect(console.profiles.opened()).toBe(open)
    expect(dimail.requests).toHaveLength(asked)
    const state = await console.handlers['app.read'](undefined)
    expect(state.profile).toMatchObject({ id, name: 'Autre nom', colour: 'violet' })
    expect(state.profiles.map(({ name }) => name)).toEqual(['Sandbox', 'Autre nom'])
  })

  const changes: [string, Partial<ProfileDraft>, object?][] = [
    ['its dimail', { address: 'https://autre.example' }],
    ['its account', { username: 'autre' }],
    ['its lock', { lock: 'ask' }],
    ['its sign-in', { signIn }],
    ['its entitlements', { entitlements: deployCenter }],
    ['its scope', { signIn, entitlements: deployCenter, scope: { kind: 'entitled' } }],
    ['its flags', { flags: { from: 'profile', create: true, manageAccesses: true } }],
    ['its provisioning', { provisioning: { port: 8071 } }],
    ['a secret', {}, { deployCenterKey: 'clé' }],
  ]
  test.each(changes)(
    'asks for the password of dimail to change %s, and changes nothing without',
    async (...row) => {
      const [, change, typed] = row
      const { console, before, save, password } = await saved()
      await expect(save(change, typed)).rejects.toThrow('refused/password-needed')
      await expect(save(change, { ...typed, password: 'faux' })).rejects.toThrow(
        /refused\/credentials|offline\//,
      )
      expect(keptAs(console, before.name)).toMatchObject(before)
      const { id } = keptAs(console, before.name)
      expect([console.vault.read(id), console.vault.read(`${id} deploycenter`)]).toEqual([password, null])
    },
  )

  test('is closed and opened again on its new settings when it is open', async () => {
    const { console, id, save, password } = await saved()
    const first = console.profiles.opened()
    await save({ lock: 'read-only' }, { password })
    expect(first.closed.aborted).toBe(true)
    expect(console.profiles.opened().profile).toMatchObject({ id, lock: 'read-only' })
  })

  test('stays closed when it is not', async () => {
    const { console, save, password } = await saved()
    await console.profiles.close()
    await save({ lock: 'ask' }, { password })
    expect(console.profiles.current()).toBeNull()
    expect(keptAs(console, 'Production').lock).toBe('ask')
  })

  test('keeps its secrets for the servers that they were given for, and sends them to no other', async () => {
    const confidential = { ...signIn, client: 'confidential' as const }
    const secrets = {
      clientSecret: 'secret-canari',
      deployCenterKey: 'clé-canari',
      provisioningKey: 'p-canari',
    }
    const { console, id, save, password } = await saved(
      { signIn: confidential, entitlements: deployCenter },
      secrets,
    )
    const { vault } = console
    const known = () =>
      ['client-secret', 'deploycenter', 'provisioning', 'session'].map((name) => vault.read(`${id} ${name}`))
    vault.write(`${id} session`, 'jeton-canari')
    await save({ signIn: confidential, entitlements: deployCenter, lock: 'ask' }, { password })
    expect(known()).toEqual(['secret-canari', 'clé-canari', 'p-canari', 'jeton-canari'])
    const elsewhereNow = { ...deployCenter, address: 'https://autre.example/' }
    await save({ signIn: confidential, entitlements: elsewhereNow }, { password })
    expect(known()).toEqual(['secret-canari', null, 'p-canari', 'jeton-canari'])
    const other = { ...confidential, issuer: 'https://autre.example' }
    await expect(save({ signIn: other }, { password })).rejects.toThrow('invalid/profile-client-secret')
    await save({ signIn: other }, { password, clientSecret: 'autre' })
    expect(known()).toEqual(['autre', null, 'p-canari', null])
  })
})

describe('what is told of a profile', () => {
  test('is never a secret: only which are known', async () => {
    const { console, id } = await saved({ entitlements: deployCenter }, { deployCenterKey: 'clé-canari' })
    const told = await console.handlers['profiles.read']({ id })
    expect(told.known).toEqual({
      ...{ password: true, clientSecret: false, deployCenterKey: true, provisioningKey: false },
    })
    expect(JSON.stringify([told, console.pushes])).not.toContain('canari')
    for (const [file, bytes] of filesOf(console.path))
      expect([file, bytes.includes('canari')]).toEqual([file, false])
  })

  test('has the addresses of this run when it is the sandbox', async () => {
    const console = openConsole()
    const { profile } = await console.profiles.read('sandbox')
    const address = await console.deps.sandbox.address()
    expect(profile).toMatchObject({ address, signIn: { issuer: `${address}/openid` } })
    await expect(console.profiles.read('absent')).rejects.toThrow('not-found/profile')
  })
})

describe('a profile that is removed', () => {
  test('is closed, and its secrets are gone; its folder stays', async () => {
    const { console, id } = await saved({ entitlements: deployCenter }, { deployCenterKey: 'clé' })
    for (const name of [`${id} session`, `${id}:smtp`]) console.vault.write(name, 'secret')
    await console.profiles.remove(id)
    expect([console.profiles.current(), console.registry.read().current]).toEqual([null, null])
    expect(console.registry.read().profiles).toEqual([])
    const names = [
      id,
      ...['client-secret', 'deploycenter', 'provisioning', 'session'].map((of) => `${id} ${of}`),
    ]
    expect([...names, `${id}:smtp`].map((name) => console.vault.read(name))).toEqual(Array(6).fill(null))
    expect(existsSync(join(console.path, 'profiles', id, 'desk.db'))).toBe(true)
  })

  test('is neither the sandbox, nor that of a file, nor one that is not there', async () => {
    const profile = { ...draft, id: 'given-1', kind: 'dimail' as const }
    const console = openConsole({ given: { profile, secrets: { ...noSecrets, password: 'x' } } })
    const { profiles } = console
    await expect(profiles.remove('sandbox')).rejects.toThrow('not-possible/profile-built-in')
    await expect(profiles.remove('given-1')).rejects.toThrow('not-possible/profile-given')
    await expect(profiles.remove('absent')).rejects.toThrow('not-found/profile')
    const save = (id: string) => profiles.save({ id, draft, secrets: noSecrets })
    await expect(save('sandbox')).rejects.toThrow('not-possible/profile-built-in')
    await expect(save('given-1')).rejects.toThrow('not-possible/profile-given')
  })
})

describe('a draft', () => {
  const confidential = { ...signIn, client: 'confidential' as const }
  const claim = { kind: 'claim' as const, claim: 'roles', value: 'support' }
  test.each<[string, Partial<ProfileDraft>, string | null]>([
    ['that is plain', {}, null],
    [
      'with everything',
      { signIn, entitlements: deployCenter, scope: claim, provisioning: { port: 8071 } },
      null,
    ],
    [
      'of a sandbox of this computer',
      { address: 'http://127.0.0.1:1', signIn: { ...signIn, issuer: 'http://127.0.0.1:1/openid' } },
      null,
    ],
    ['of dimail in clear text', { address: 'http://dimail.example' }, 'address-scheme'],
    ['with an invisible character in its name', { name: 'Prod\u202euction' }, 'profile-name'],
    [
      'with a provider in clear text',
      { signIn: { ...signIn, issuer: 'http://identite.example' } },
      'profile-issuer',
    ],
    [
      'with a provider in clear text here, and dimail elsewhere',
      { signIn: { ...signIn, issuer: 'http://127.0.0.1:1' } },
      'profile-issuer',
    ],
    [
      'with a password in the provider’s address',
      { signIn: { ...signIn, issuer: 'https://a:b@identite.example' } },
      'profile-issuer',
    ],
    ['with a provider that is no address', { signIn: { ...signIn, issuer: 'identite' } }, 'profile-issuer'],
    ['with a public client without PKCE', { signIn: { ...signIn, pkce: false } }, 'profile-pkce'],
    ['with a confidential client without PKCE', { signIn: { ...confidential, pkce: false } }, null],
    ['without openid', { signIn: { ...signIn, scopes: 'email' } }, 'profile-scopes'],
    ['that asks for no level in particular', { signIn: { ...signIn, acrRequest: 'claims' } }, 'profile-acr'],
    ['with one port twice', { signIn: { ...signIn, ports: [47_620, 47_620] } }, 'profile-ports'],
    ['with the port of provisioning twice', { signIn, provisioning: { port: 47_620 } }, 'profile-ports'],
    [
      'with DeployCenter in clear text',
      { entitlements: { ...deployCenter, address: 'http://dc.example/' } },
      'profile-deploycenter-address',
    ],
    [
      'with the flags in clear text',
      { flags: { from: 'address', address: 'http://messages.example/' } },
      'profile-flags-address',
    ],
    ['by claim, without a sign-in', { scope: claim, entitlements: deployCenter }, 'profile-scope-sign-in'],
    [
      'by entitlements, without DeployCenter',
      { scope: { kind: 'entitled' }, signIn },
      'profile-scope-entitlements',
    ],
    ['with a schema that is no JSON', { attributesSchema: '{' }, 'profile-attributes-schema'],
    ['with a schema that is a list', { attributesSchema: '[]' }, 'profile-attributes-schema'],
  ])('%s', (_what, change, reason) => {
    const checked = checkDraft({ ...draft, ...change }, true)
    expect(checked.ok ? null : checked.failure.reason).toBe(reason)
  })

  test('of a confidential client needs its secret, typed or known', () => {
    const of = (has: boolean | null) => checkDraft({ ...draft, signIn: confidential }, has)
    expect([of(true).ok, of(null).ok]).toEqual([true, true])
    expect(of(false)).toMatchObject({ failure: { code: 'invalid', reason: 'profile-client-secret' } })
  })
})
