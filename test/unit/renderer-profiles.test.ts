import { describe, expect, test } from 'vitest'
import type { Bridge } from '../../preload/contract.ts'
import { type Failure, failed, ok } from '../../preload/failure.ts'
import { type ProfileDraft, profileDraft } from '../../preload/profile-shapes.ts'
import { fieldOf } from '../../renderer/profiles/failure-field.ts'
import { withPreset } from '../../renderer/profiles/presets.ts'
import { createProfileStore, questionOf, signOf } from '../../renderer/profiles/store.ts'
import {
  draftOf,
  draftToTest,
  newDraft,
  type ProfileValues,
  redirectUris,
  secretsOf,
  valuesOf,
  wrongFields,
  wrongIn,
} from '../../renderer/profiles/values.ts'

const plain: ProfileDraft = {
  ...newDraft,
  name: 'Essai',
  address: 'https://dimail.example',
  username: 'support',
}
const whole: ProfileDraft = {
  ...plain,
  lock: 'ask',
  signIn: {
    issuer: 'https://oidc.example/realms/essai',
    clientId: 'console',
    client: 'confidential',
    pkce: false,
    ports: [28_765, 28_766],
    path: '/callback',
    scopes: 'openid email',
    algorithm: 'RS256',
    userinfo: 'jwt',
    acr: ['eidas1'],
    acrRequest: 'acr_values',
  },
  entitlements: {
    backend: 'deploycenter',
    address: 'https://deploycenter.example/api/v1.0/entitlements/',
    serviceId: '42',
    claims: ['siret'],
    timeoutS: 10,
    freshS: 300,
    staleS: 86_400,
    organizationClaim: 'siret',
  },
  scope: { kind: 'claim', claim: 'roles', value: 'support' },
  flags: { from: 'address', address: 'https://messages.example/api/v1.0/config/' },
  provisioning: { port: 28_780 },
  attributesSchema: '{"type":"object"}',
}
const typed = (change: Partial<ProfileValues>): ProfileValues => ({ ...valuesOf(whole), ...change })

describe('what is typed of a profile', () => {
  test.each([
    ['a plain one', plain],
    ['one with everything', whole],
  ])('of %s is saved as it was read when nothing is changed', (_what, draft) => {
    expect(draftOf(valuesOf(draft))).toStrictEqual(draft)
    expect(profileDraft.safeParse(draftOf(valuesOf(draft))).success).toBe(true)
    expect(wrongIn(draft)).toEqual({})
  })

  test('is not lost when a part is switched off, and not sent either', () => {
    const off = typed({
      signIn: { ...valuesOf(whole).signIn, on: false },
      provisioning: { on: false, port: 28_780 },
      entitlements: { ...valuesOf(whole).entitlements, backend: 'local' },
      secrets: { password: '', clientSecret: 'c', deployCenterKey: 'd', provisioningKey: 'p' },
    })
    expect(draftOf(off)).toMatchObject({
      signIn: null,
      provisioning: null,
      entitlements: { backend: 'local' },
    })
    expect(secretsOf(off)).toEqual({
      password: null,
      clientSecret: null,
      deployCenterKey: null,
      provisioningKey: null,
    })
    const on = { ...off, signIn: { ...off.signIn, on: true } }
    expect(draftOf(on).signIn).toEqual(whole.signIn)
    expect(secretsOf(on).clientSecret).toBe('c')
  })

  test('keeps PKCE of a public client, whatever was said while it was confidential', () => {
    const { signIn } = valuesOf(whole)
    expect(draftOf(typed({ signIn: { ...signIn, client: 'public', pkce: false } })).signIn?.pkce).toBe(true)
    expect(draftOf(typed({ signIn })).signIn?.pkce).toBe(false)
  })

  test.each<[string, Partial<ProfileValues>, string, string]>([
    ['a name', { name: ' ' }, 'name', 'name'],
    ['the address of dimail', { address: '' }, 'address', 'address'],
    ['the issuer', { signIn: { ...valuesOf(whole).signIn, issuer: '' } }, 'signIn.issuer', 'issuer'],
    ['a port', { signIn: { ...valuesOf(whole).signIn, ports: ['80'] } }, 'signIn.ports', 'ports'],
    ['a port in words', { signIn: { ...valuesOf(whole).signIn, ports: ['x'] } }, 'signIn.ports', 'ports'],
    [
      'the number of the service',
      { entitlements: { ...valuesOf(whole).entitlements, serviceId: 'douze' } },
      'entitlements.serviceId',
      'serviceId',
    ],
    [
      'an emptied time, which is no zero',
      { entitlements: { ...valuesOf(whole).entitlements, freshS: '' } },
      'entitlements.freshS',
      'freshS',
    ],
    [
      'the value of the claim',
      { scope: { kind: 'claim', claim: 'roles', value: '' } },
      'scope.value',
      'value',
    ],
    ['the port of the endpoint', { provisioning: { on: true, port: '' } }, 'provisioning.port', 'port'],
    ['a schema that is no JSON', { attributesSchema: '{' }, 'attributesSchema', 'attributesSchema'],
    ['a schema that is a list', { attributesSchema: '[]' }, 'attributesSchema', 'attributesSchema'],
  ])('is told wrong at its own field: %s', (_what, change, path, field) => {
    expect(wrongIn(draftOf(typed(change)))).toEqual({ [path]: field })
    expect(wrongFields).toContain(field)
  })

  test('entitlements 8: a claim named service_id is told wrong at the claims', () => {
    const entitlements = { ...valuesOf(whole).entitlements, claims: ['siret', 'service_id'] }
    expect(wrongIn(draftOf(typed({ entitlements })))).toEqual({ 'entitlements.claims': 'claims' })
  })

  test('is tried server by server, whatever is missing of the others', () => {
    const empty = valuesOf(newDraft)
    const withProvider = { ...empty, signIn: valuesOf(whole).signIn }
    expect(wrongIn(draftToTest(withProvider, 'provider'))).toEqual({})
    expect(draftToTest(withProvider, 'provider')).toMatchObject({
      signIn: whole.signIn,
      entitlements: { backend: 'local' },
    })
    expect(wrongIn(draftToTest(withProvider, 'dimail'))).toEqual({ address: 'address', username: 'username' })
  })
})

test('the redirect addresses are literal ones of this computer, one for each port', () => {
  expect(redirectUris({ ports: ['28765', '28766'], path: '/callback' })).toEqual([
    'http://127.0.0.1:28765/callback',
    'http://127.0.0.1:28766/callback',
  ])
})

test.each([
  ['keycloak', { client: 'public', pkce: true, userinfo: 'json' }],
  ['proconnect', { client: 'confidential', pkce: false, userinfo: 'jwt', acrRequest: 'acr_values' }],
] as const)('the preset %s fills in what is known and leaves what was typed', (name, known) => {
  const before = { ...valuesOf(newDraft).signIn, issuer: 'https://oidc.example', clientId: 'console' }
  const after = withPreset(before, name)
  expect(after).toMatchObject({ ...known, on: true, issuer: before.issuer, clientId: before.clientId })
  expect(after.ports).toEqual(before.ports)
})

describe('the store of a profile', () => {
  const password = failed('refused', 'password-needed', 'Type it.')
  type Test = Awaited<ReturnType<Bridge['profiles.test']>>

  function fakeMain(saved: Failure | null = null) {
    const waiting: ((reply: Test) => void)[] = []
    const asked: { saves: unknown[]; removed: string[] } = { saves: [], removed: [] }
    const store = createProfileStore(
      {
        'profiles.read': async () => password,
        'profiles.test': () => new Promise((answer) => waiting.push(answer)),
        'profiles.export': async () => ok(null),
      },
      {
        async saveProfile(input) {
          asked.saves.push(input)
          return saved
        },
        async removeProfile(id) {
          asked.removed.push(id)
          return null
        },
      },
    )
    return { store, waiting, asked }
  }
  const dimailSays = (address: string): Test => ok({ server: 'dimail' as const, facts: { address } })

  test('shows what a server said of the latest question only', async () => {
    const { store, waiting } = fakeMain()
    const first = store.getState().test('dimail', null, valuesOf(plain))
    const other = { ...valuesOf(plain), address: 'https://other.example' }
    const second = store.getState().test('dimail', null, other)
    waiting[1]?.(dimailSays('https://other.example'))
    await second
    waiting[0]?.(dimailSays('https://dimail.example'))
    await first
    expect(store.getState().trials.dimail).toMatchObject({
      state: 'told',
      facts: { address: 'https://other.example' },
      question: signOf(questionOf('dimail', null, other)),
    })
  })

  test('an answer says nothing of another password, nor of another server', () => {
    const sign = (values: ProfileValues) => signOf(questionOf('dimail', 'p-1', values))
    const before = valuesOf(whole)
    expect(sign({ ...before, secrets: { ...before.secrets, password: 'x' } })).not.toBe(sign(before))
    expect(sign({ ...before, flags: { ...before.flags, address: 'https://x.example' } })).toBe(sign(before))
  })

  test('a refused saving leaves what was typed and says whose field it is', async () => {
    const { store, asked } = fakeMain(password.failure)
    const values = typed({ secrets: { ...valuesOf(whole).secrets, clientSecret: 's' } })
    expect(await store.getState().save('p-1', values)).toBe(false)
    expect(asked.saves).toEqual([{ id: 'p-1', draft: whole, secrets: secretsOf(values) }])
    expect(store.getState()).toMatchObject({ busy: null, failure: password.failure })
    expect(fieldOf(password.failure)).toBe('secrets.password')
  })

  test('a saving that succeeds takes the earlier refusal away', async () => {
    const { store } = fakeMain()
    store.setState({ failure: password.failure })
    expect(await store.getState().save(null, valuesOf(plain))).toBe(true)
    expect(store.getState().failure).toBeNull()
  })

  test('a profile that cannot be read says why, and a file that was not chosen is no failure', async () => {
    const { store } = fakeMain()
    await store.getState().open('p-1')
    expect(store.getState()).toMatchObject({ read: null, readFailure: password.failure })
    expect(await store.getState().export('p-1')).toBeNull()
    expect(store.getState().failure).toBeNull()
  })
})

test.each([
  ['invalid', 'address-scheme', 'address'],
  ['invalid', 'profile-issuer', 'signIn.issuer'],
  ['invalid', 'profile-scope-sign-in', 'scope.kind'],
  ['refused', 'credentials', 'secrets.password'],
  ['conflict', 'address', null],
  ['offline', 'dns', null],
] as const)('the failure %s/%s belongs to the field %s', (code, reason, field) => {
  expect(fieldOf(failed(code, reason, '').failure)).toBe(field)
})
