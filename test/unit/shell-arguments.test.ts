import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readArguments, readProfileFile } from '../../main/shell/arguments.ts'
import { plainProfile } from '../../preload/profile-shapes.ts'
import { folder } from '../fakes/folders.ts'

const nothing = { userData: null, profileFile: null, headless: false, once: false }

describe('the command line', () => {
  test.each<[string[], Partial<ReturnType<typeof readArguments>>]>([
    [[], {}],
    [['--headless', '--once'], { headless: true, once: true }],
    [['--user-data', '/tmp/a', '--profile=p.json'], { userData: '/tmp/a', profileFile: 'p.json' }],
    [['.', '--no-sandbox', '--remote-debugging-port=0', '--once'], { once: true }],
    [['dimail-console://open?user-data=/etc', '/etc/passwd'], {}],
    [['--user-data'], {}],
    [['--user-data='], {}],
    [['--profile', '--once'], { profileFile: '--once' }],
    [['--once=non'], {}],
    [['--', '--once'], {}],
    [['--__proto__=1', '--constructor', 'x'], {}],
    [['--user-data', '/a', '--user-data', '/b'], { userData: '/b' }],
  ])('%j is read as it says', (argv, expected) => {
    expect(readArguments(argv)).toEqual({ ...nothing, ...expected })
  })

  test('faults 17: whatever a stranger passes is either one of the four options or nothing', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('--once', '--profile', '--user-data', '--', '-'),
    )
    fc.assert(
      fc.property(fc.array(word), (argv) => {
        const { userData, profileFile, headless, once, ...others } = readArguments(argv)
        expect(others).toEqual({})
        expect([typeof headless, typeof once]).toEqual(['boolean', 'boolean'])
        for (const text of [userData, profileFile])
          expect(text === null || argv.some((one) => one.includes(text))).toBe(true)
      }),
      { numRuns: 1000 },
    )
    expect(Object.prototype).not.toHaveProperty('once')
  })
})

describe('a profile given as a file', () => {
  const given = { name: 'Essai', address: 'https://dimail.example/', username: 'agent', password: 'canari' }
  function fileOf(content: unknown): string {
    const file = join(folder(), 'profile.json')
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    return file
  }

  test('is a profile, and its password apart', () => {
    const { profile, secrets } = readProfileFile(fileOf(given))
    expect(profile).toEqual({
      ...plainProfile,
      id: expect.stringMatching(/^given-[0-9a-f]{12}$/),
      kind: 'dimail',
      name: 'Essai',
      colour: 'violet',
      address: 'https://dimail.example',
      username: 'agent',
    })
    const others = { clientSecret: null, deployCenterKey: null, provisioningKey: null }
    expect(secrets).toEqual({ password: 'canari', ...others })
  })

  const signIn = {
    ...{ issuer: 'https://identite.example', clientId: 'console', client: 'confidential', pkce: true },
    ...{ ports: [47_610], path: '/callback', scopes: 'openid email', algorithm: 'RS256', userinfo: 'jwt' },
    ...{ acr: [], acrRequest: 'none' },
  }

  test('may say who signs in, with a secret kept apart like the password', () => {
    const more = { lock: 'ask', signIn, clientSecret: 'canari-client', deployCenterKey: 'canari-clé' }
    const { profile, secrets } = readProfileFile(fileOf({ ...given, ...more }))
    expect(profile).toMatchObject({ lock: 'ask', signIn, scope: { kind: 'all' } })
    expect(JSON.stringify(profile)).not.toContain('canari')
    expect(secrets).toMatchObject({ clientSecret: 'canari-client', deployCenterKey: 'canari-clé' })
  })

  test.each<[string, unknown]>([
    ['an address in clear text', { ...given, address: 'http://dimail.example' }],
    ['an address with a password', { ...given, address: 'https://a:b@dimail.example' }],
    ['no password', { ...given, password: '' }],
    ['a colour that is none', { ...given, colour: 'fuchsia' }],
    ['a key too many', { ...given, admin: true }],
    ['a provider in clear text', { ...given, signIn: { ...signIn, issuer: 'http://127.0.0.1:1/' } }],
    ['a confidential client without a secret', { ...given, signIn }],
    ['a lock that is none', { ...given, lock: 'closed' }],
    ['a list', []],
    ['no JSON', '{'],
    ['JSON that breaks beside the password', '{"password":"canari'],
  ])('is refused with %s, in words that quote nothing of it', (_what, content) => {
    let said = ''
    try {
      readProfileFile(fileOf(content))
    } catch (error) {
      said = String(error)
    }
    expect(said).toMatch(/profile file|address|secret/i)
    expect(said).not.toContain('canari')
  })

  test('has its own data for each dimail and each account', () => {
    const id = (change: object) => readProfileFile(fileOf({ ...given, ...change })).profile.id
    const ids = [id({}), id({ address: 'https://autre.example' }), id({ username: 'autre' })]
    expect(new Set(ids).size).toBe(3)
    expect(id({ name: 'Autre nom', password: 'autre' })).toBe(ids[0])
  })
})
