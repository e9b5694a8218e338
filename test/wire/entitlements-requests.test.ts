import { describe, expect, test } from 'vitest'
import type { Subject } from '../../main/entitlements/entitlements.ts'
import { entitlementSettings, reservedClaims } from '../../preload/profile-shapes.ts'
import {
  backendFor,
  listing,
  serviceKey,
  settingsOf,
  startDeployCenter,
  subject,
} from '../fakes/deploycenter.ts'
import { json } from '../fakes/http-server.ts'

const base = ['service_id', 'account_type', 'account_email']

/** The query of one reading, as DeployCenter sees it. */
async function queryOf(who: Partial<Subject>, claims: string[]) {
  const server = await startDeployCenter()
  server.says.respond = (_, response) => json(response, 200, listing())
  const { backend } = backendFor(server.endpoint, { claims })
  await backend.read({ ...subject, ...who })
  expect(server.requests).toHaveLength(1)
  return server.queries()[0] ?? new URLSearchParams()
}

describe('what is asked', () => {
  test('entitlements 1: one GET with the service, the type of account and the e-mail address', async () => {
    const server = await startDeployCenter()
    const { backend } = backendFor(server.endpoint, { claims: [] })
    await backend.read({ ...subject, email: 'user@mairie-fictive.example' })
    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      body: '',
      url: '/api/v1.0/entitlements/?service_id=42&account_type=user&account_email=user%40mairie-fictive.example',
    })
  })

  test('entitlements 2: the key in its own header, and no Authorization', async () => {
    const server = await startDeployCenter()
    await backendFor(server.endpoint).backend.read(subject)
    const headers = server.requests[0]?.headers
    expect(headers).toMatchObject({ 'x-service-auth': `Bearer ${serviceKey}` })
    expect(headers).not.toHaveProperty('authorization')
    expect(headers).not.toHaveProperty('cookie')
    expect(server.requests[0]?.url).not.toContain(serviceKey)
  })

  test('entitlements 3: the configured claims are sent, and no other', async () => {
    const query = await queryOf({}, ['siret', 'other_claim'])
    expect([...query.keys()]).toEqual([...base, 'siret', 'other_claim'])
    expect(query.get('siret')).toBe('21000000000017')
  })

  test('entitlements 4: a configured claim that userinfo lacks is not sent, and the call is made', async () => {
    expect([...(await queryOf({ claims: { ignored: 'x' } }, ['siret'])).keys()]).toEqual(base)
  })

  test('entitlements 5: without any userinfo only the base is sent', async () => {
    expect([...(await queryOf({ claims: {} }, ['siret', 'constructor'])).keys()]).toEqual(base)
  })

  test('entitlements 6: without configured claims nothing of a rich userinfo is sent', async () => {
    expect([...(await queryOf({}, [])).keys()]).toEqual(base)
  })

  test.each([null, '', '   ', ['a', 'b'], { a: 1 }, true, undefined, Number.NaN])(
    'entitlements 7: a claim that is %j is not sent as if somebody meant it',
    async (siret) => {
      expect([...(await queryOf({ claims: { siret } }, ['siret'])).keys()]).toEqual(base)
    },
  )

  test('entitlements 7: a claim that is a number is sent as it is written', async () => {
    expect((await queryOf({ claims: { siret: 21000000000017 } }, ['siret'])).get('siret')).toBe(
      '21000000000017',
    )
  })

  test.each(reservedClaims)('entitlements 8: a profile cannot name the claim %s', (name) => {
    const settings = settingsOf('https://deploycenter.example/api/v1.0/entitlements/')
    expect(entitlementSettings.safeParse(settings).success).toBe(true)
    expect(entitlementSettings.safeParse({ ...settings, claims: ['siret', name] }).success).toBe(false)
  })

  test('entitlements 8: nor does one that did all the same take the place of what is asked', async () => {
    const query = await queryOf({ claims: { service_id: '7', account_email: 'x@y.example' } }, [
      'service_id',
      'account_email',
    ])
    expect(query.getAll('service_id')).toEqual(['42'])
    expect(query.getAll('account_email')).toEqual([subject.email])
  })

  test('entitlements 9: the address is used as it is', async () => {
    const server = await startDeployCenter()
    for (const path of ['/api/v1.0/entitlements/', '/ailleurs', '/'])
      await backendFor(server.address + path).backend.read(subject)
    expect(server.requests.map(({ url }) => url.split('?')[0])).toEqual([
      '/api/v1.0/entitlements/',
      '/ailleurs',
      '/',
    ])
  })
})

describe('what is understood', () => {
  /** The answer to one body. */
  async function answerTo(body: unknown) {
    const server = await startDeployCenter()
    server.says.body = body
    return backendFor(server.endpoint).backend.read(subject)
  }

  test('entitlements 10: a list is read exactly', async () => {
    expect(await answerTo(listing('a.example', 'b.example'))).toEqual({
      kind: 'list',
      domains: ['a.example', 'b.example'],
      unreadable: 0,
      canAccess: true,
      reason: null,
      account: { organization: null, operator: null, potentialOperators: [] },
      answeredAt: 1_800_000_000_000,
      stale: null,
    })
    expect(await answerTo(listing())).toMatchObject({ kind: 'empty-list', canAccess: true })
  })

  test('entitlements 10: items that are no text are counted and left aside', async () => {
    expect(await answerTo(listing('a.example', 7, null, ['b.example'], { c: 1 }))).toMatchObject({
      kind: 'list',
      domains: ['a.example'],
      unreadable: 4,
    })
  })

  test('entitlements 11: empty entitlements give no access and no list', async () => {
    expect(await answerTo({ entitlements: {} })).toMatchObject({ kind: 'not-provided', canAccess: false })
  })

  test('entitlements 12: an empty object says the same', async () => {
    expect(await answerTo({})).toMatchObject({ kind: 'not-provided', canAccess: false })
  })

  test('entitlements 13: other keys do not disturb, and whom to ask is read', async () => {
    const answer = await answerTo({
      organization: { id: '6a0f', type: 'commune', name: 'Commune de Fiction', oidc_valid: null },
      operator: {
        id: '2c41',
        name: 'Opérateur Fictif',
        siret: '',
        url: 'https://operateur.example',
        config: { idps: [], support_email: 'aide@operateur.example' },
      },
      entitlements: {
        can_access: false,
        can_access_reason: 'not_activated',
        can_store: false,
        can_store_resolve_level: 'organization',
      },
      potentialOperators: [
        { name: 'Autre Opérateur', signupUrl: 'https://autre.example/inscription' },
        { name: 'Sans page', signupUrl: 'javascript:alert(1)' },
        { signupUrl: 'https://sans-nom.example' },
        'rien',
      ],
      metrics: { storage_used: 500.0 },
    })
    expect(answer).toMatchObject({
      kind: 'not-provided',
      canAccess: false,
      reason: 'not_activated',
      account: {
        organization: 'Commune de Fiction',
        operator: {
          name: 'Opérateur Fictif',
          url: 'https://operateur.example',
          supportEmail: 'aide@operateur.example',
        },
        potentialOperators: [
          { name: 'Autre Opérateur', signupUrl: 'https://autre.example/inscription' },
          { name: 'Sans page', signupUrl: null },
        ],
      },
    })
  })

  test('entitlements 13: an odd name beside the list costs no right', async () => {
    const answer = await answerTo({
      ...listing('a.example'),
      operator: 7,
      organization: [],
      potentialOperators: {},
    })
    expect(answer).toMatchObject({ kind: 'list', account: { organization: null, operator: null } })
  })

  test.each([
    [true, true],
    [false, false],
    ['true', null],
    [1, null],
    [null, null],
  ])('entitlements 10: can_access %j is read as %j', async (said, canAccess) => {
    const answer = await answerTo({ entitlements: { can_access: said, can_admin_maildomains: [] } })
    expect(answer).toMatchObject({ canAccess })
  })

  test.each([
    ['d.example', 'string'],
    [{ d: 1 }, 'object'],
    [7, 'number'],
    [true, 'boolean'],
  ])('entitlements 39: %j in place of a list is invalid, and only its type is logged', async (list, type) => {
    const server = await startDeployCenter()
    server.says.body = { entitlements: { can_access: true, can_admin_maildomains: list } }
    const { backend, lines } = backendFor(server.endpoint)
    expect(await backend.read(subject)).toMatchObject({ kind: 'invalid', type, canAccess: true })
    expect(lines.at(-1)).toEqual(['deploycenter list', { type }])
    expect(JSON.stringify(lines)).not.toContain('d.example')
  })
})
