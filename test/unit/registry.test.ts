import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  openRegistry,
  type Settings,
  sandboxProfile,
  sandboxProfileAt,
} from '../../main/profiles/registry.ts'
import { type Profile, plainProfile } from '../../preload/profile-shapes.ts'
import { folder } from '../fakes/folders.ts'

const profile: Profile = {
  ...plainProfile,
  id: 'p-1',
  name: "Val d'Ésère",
  kind: 'dimail',
  colour: 'red',
  address: 'https://dimail.example',
  username: 'agent',
}
const open = (file: string, locale = 'fr-FR') => openRegistry(file, locale, () => 42)
const chosen: Partial<Settings> = { locale: 'en', colorScheme: 'dark', current: 'p-1', profiles: [profile] }

function written(): { file: string; text: string } {
  const file = join(folder(), 'console.json')
  open(file).write(chosen)
  return { file, text: readFileSync(file, 'utf8') }
}

describe('the settings', () => {
  test('of a first start follow the system, and write nothing', () => {
    const file = join(folder(), 'console.json')
    expect(open(file, 'en-GB').read()).toMatchObject({
      locale: 'en',
      colorScheme: 'auto',
      current: null,
      profiles: [],
    })
    expect(open(file, 'FR').read().locale).toBe('fr')
    expect([open(file).aside, existsSync(file)]).toEqual([null, false])
  })

  test('are read again as they were written, by the agent alone', () => {
    const { file } = written()
    const again = open(file)
    expect(again.read()).toMatchObject(chosen)
    expect(again.aside).toBeNull()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(file, '..'))).toEqual(['console.json'])
  })

  test('keep what was not changed', () => {
    const { file } = written()
    open(file).write({ colorScheme: 'light' })
    expect(open(file).read()).toMatchObject({ ...chosen, colorScheme: 'light' })
  })

  test('faults 61: cut anywhere, the file is put aside and the program starts', () => {
    const { text } = written()
    const cuts = Array.from({ length: Math.ceil(text.length / 64) }, (_, index) => index * 64)
    expect(cuts.length).toBeGreaterThan(5)
    for (const cut of cuts) {
      const file = join(folder(), 'console.json')
      writeFileSync(file, text.slice(0, cut))
      const registry = open(file)
      expect(registry.aside).toBe(`${file}.damaged-42`)
      expect(readFileSync(`${file}.damaged-42`, 'utf8')).toBe(text.slice(0, cut))
      expect(registry.read().profiles).toEqual([])
      registry.write({ locale: 'en' })
      expect(open(file)).toMatchObject({ aside: null })
    }
  })

  test('faults 61: a byte order mark costs nothing', () => {
    const { file, text } = written()
    writeFileSync(file, `\uFEFF${text}`)
    expect(open(file).read()).toMatchObject(chosen)
    expect(open(file).aside).toBeNull()
  })

  test.each(['', 'null', '[]', '12', '"texte"', 'NaN', '\0\0\0\0', "{'locale': 'en'}"])(
    'faults 61: a file that holds %j is put aside',
    (text) => {
      const file = join(folder(), 'console.json')
      writeFileSync(file, text)
      expect(open(file).aside).toBe(`${file}.damaged-42`)
      expect(existsSync(file)).toBe(false)
    },
  )

  test.each<[string, object, Partial<Settings>]>([
    ['a language that is none', { locale: 'de' }, { locale: 'fr' }],
    ['a scheme of another type', { colorScheme: 3 }, { colorScheme: 'auto' }],
    ['profiles that are none', { profiles: 'p-1' }, { profiles: [] }],
    ['one profile that is none', { profiles: [null, { id: 3 }, profile] }, { profiles: [profile] }],
    ['a sandbox of another shape', { sandbox: { dialect: '1.0' } }, {}],
    ['a profile without its colour', { profiles: [{ ...profile, colour: 'fuchsia' }] }, { profiles: [] }],
  ])(
    'faults 61: with %s, the rest is kept and the file copied before it is replaced',
    (_what, odd, expected) => {
      const { file, text } = written()
      const spoilt = JSON.stringify({ ...JSON.parse(text), ...odd })
      writeFileSync(file, spoilt)
      const registry = open(file)
      expect(registry.read()).toMatchObject({ ...chosen, ...expected })
      expect(registry.aside).toBe(`${file}.damaged-42`)
      registry.write({ current: null })
      expect(readFileSync(`${file}.damaged-42`, 'utf8')).toBe(spoilt)
    },
  )

  test('faults 61: a key of a later version is no damage', () => {
    const { file, text } = written()
    writeFileSync(file, JSON.stringify({ ...JSON.parse(text), tray: true }))
    expect(open(file).aside).toBeNull()
  })

  test('of a version without sign-in are read as before, and nothing is put aside', () => {
    const file = join(folder(), 'console.json')
    const { id, name, kind, colour, address, username } = profile
    const old = { locale: 'fr', current: 'p-1', profiles: [{ id, name, kind, colour, address, username }] }
    writeFileSync(file, JSON.stringify(old))
    expect(open(file)).toMatchObject({ aside: null })
    expect(open(file).read().profiles).toEqual([profile])
  })

  test.each<[string, object]>([
    ['a lock that is none', { lock: 'closed' }],
    ['a sign-in without a port', { signIn: { ...sandboxProfile.signIn, ports: [] } }],
    ['a reserved claim', { entitlements: { ...sandboxProfile.entitlements, claims: ['account_email'] } }],
    ['a service that is no number', { entitlements: { ...sandboxProfile.entitlements, serviceId: 'x' } }],
    ['a scope of another kind', { scope: { kind: 'some' } }],
    ['a key that it does not know', { colourBlind: true }],
  ])('faults 61: one profile with %s loses no other, and the file is copied', (_what, odd) => {
    const { file, text } = written()
    const other = { ...profile, id: 'p-2', name: 'Autre' }
    writeFileSync(file, JSON.stringify({ ...JSON.parse(text), profiles: [other, { ...profile, ...odd }] }))
    const registry = open(file)
    expect(registry.read().profiles[0]).toEqual(other)
    expect(registry.aside).toBe(`${file}.damaged-42`)
  })

  test('keep every field of a profile', () => {
    const whole: Profile = {
      ...sandboxProfile,
      ...{ id: 'p-1', kind: 'dimail', address: 'https://dimail.example' },
      ...{ lock: 'ask', provisioning: { port: 8071 }, attributesSchema: '{"type":"object"}' },
    }
    const file = join(folder(), 'console.json')
    open(file).write({ profiles: [whole] })
    expect(open(file).read().profiles).toEqual([whole])
    expect(open(file).aside).toBeNull()
  })
})

test('everything of the sandbox is on the port that it keeps', async () => {
  const address = 'http://127.0.0.1:4000'
  const at = await sandboxProfileAt({ address: async () => address })
  expect(at).toMatchObject({
    address,
    signIn: { issuer: `${address}/openid` },
    entitlements: { address: `${address}/deploycenter/api/v1.0/entitlements/`, serviceId: '42' },
    flags: { from: 'address', address: `${address}/messages/api/v1.0/config/` },
  })
  expect(sandboxProfile.address).toBe('')
})
