import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { identityOf } from '../../main/session/identity.ts'
import { kindOf } from '../wire/sign-in-console.ts'

const idToken = { iss: 'https://identite.example', sub: 'sujet-fictif-1' }
const told = (userinfo: Record<string, unknown>) => {
  const result = identityOf(idToken, userinfo)
  return result.ok ? result.value : expect.unreachable()
}

describe('the name', () => {
  const names: [string, Record<string, unknown>, string][] = [
    ['of ProConnect', { given_name: 'Eden', usual_name: 'Rutabaga', name: 'x' }, 'Eden Rutabaga'],
    ['of Keycloak', { given_name: 'Eden', family_name: 'Rutabaga' }, 'Eden Rutabaga'],
    ['with both surnames', { given_name: 'Eden', usual_name: 'A', family_name: 'B' }, 'Eden A'],
    ['whole', { name: 'Eden Rutabaga', given_name: 'Eden' }, 'Eden Rutabaga'],
    ['of a surname alone', { usual_name: 'Rutabaga' }, 'Rutabaga'],
    ['of an address', { email: 'Eden@villeneuve.example' }, 'eden@villeneuve.example'],
    ['of a subject', {}, 'sujet-fictif-1'],
    ['of no text', { given_name: ['Eden'], usual_name: 7, name: { a: 1 } }, 'sujet-fictif-1'],
    ['of spaces', { name: ' \t\n ' }, 'sujet-fictif-1'],
    ['of 10 kB', { name: 'x'.repeat(10_000), email: 'e@v.example' }, 'e@v.example'],
    ['of 10 kB of address', { email: `${'x'.repeat(10_000)}@v.example` }, 'sujet-fictif-1'],
    ['with lines', { name: 'Eden\r\nRutabaga\u0000' }, 'Eden Rutabaga'],
    ['turned round', { name: 'Eden \u202egnp.exe' }, 'Eden gnp.exe'],
  ]
  test.each(names)('%s', (_name, userinfo, expected) => {
    expect(told(userinfo).name).toBe(expected)
  })
})

describe('the address', () => {
  const addresses: [string, unknown, string | null][] = [
    ['in capitals', 'EDEN@Villeneuve.EXAMPLE', 'eden@villeneuve.example'],
    ['with spaces', ' eden@v.example ', 'eden@v.example'],
    ['absent', undefined, null],
    ['of a list', ['eden@v.example'], null],
    ['of two', 'eden@v.example,x@v.example', null],
    ['with a line', 'eden@v.example\nBcc: x@v.example', null],
    ['of no domain', 'eden@', null],
  ]
  test.each(addresses)('%s', (_name, email, expected) => {
    expect(told({ email }).email).toBe(expected)
  })

  const verified: [unknown, boolean][] = [
    [undefined, true],
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
    [null, false],
    [0, false],
    [['true'], false],
  ]
  test.each(verified)('said to be verified by %j', (email_verified, expected) => {
    expect(told({ email: 'eden@v.example', email_verified }).emailVerified).toBe(expected)
  })

  test('that is none is not verified', () => {
    expect(told({ email: 'none', email_verified: true }).emailVerified).toBe(false)
  })
})

describe('the subject', () => {
  const subjects: [string, unknown][] = [
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
    ['a number', 7],
    ['a list', ['sujet']],
    ['absent', undefined],
    ['null', null],
    ['of two lines', 'a\nb'],
    ['of spaces', '  '],
  ]
  test.each(subjects)('%s is refused', (_name, sub) => {
    expect(kindOf(identityOf({ ...idToken, sub }, {}))).toBe('refused/sign-in-subject')
  })
  test('of 255 characters is one', () => {
    expect(kindOf(identityOf({ ...idToken, sub: 'x'.repeat(255) }, {}))).toBe('ok')
  })
  test('of no issuer is refused', () => {
    expect(kindOf(identityOf({ sub: 'a' }, {}))).toBe('refused/sign-in-subject')
  })
})

test('all claims are kept but one that would become a prototype', () => {
  const userinfo: unknown = JSON.parse('{"sub":"a","siret":"0","__proto__":{"support":true},"roles":["x"]}')
  const claims = told({ ...Object(userinfo) }).claims
  expect(claims).toEqual({ sub: 'a', siret: '0', roles: ['x'] })
  expect(Object.hasOwn(claims, '__proto__')).toBe(false)
})

test('whatever a provider tells, a person is shown in one short line or refused', () => {
  const anything = fc.dictionary(
    fc.constantFrom('given_name', 'usual_name', 'family_name', 'name', 'email', 'email_verified', 'x'),
    fc.anything(),
  )
  const text = fc.dictionary(
    fc.constantFrom('given_name', 'usual_name', 'name', 'email'),
    fc.string({ unit: 'binary', maxLength: 400 }),
  )
  fc.assert(
    fc.property(fc.oneof(anything, text), (userinfo) => {
      const { name, email } = told(userinfo)
      expect(name).toMatch(/^[^\p{C}]{1,200}$/u)
      if (email !== null) expect(email).toMatch(/^[^\s\p{Lu}]+@[^\s\p{Lu}]+$/u)
    }),
  )
})

describe('a subject that is written as an address', () => {
  const as = (sub: string, userinfo: Record<string, unknown>) => identityOf({ ...idToken, sub }, userinfo)

  test('is somebody when it is their own proven address, and nobody otherwise: others may hold rights under it', () => {
    const email = 'eden@villeneuve.example'
    expect(as('Eden@villeneuve.example', { email })).toMatchObject({ ok: true })
    for (const userinfo of [{}, { email: 'ange@villeneuve.example' }, { email, email_verified: false }])
      expect(as(email, userinfo)).toMatchObject({ failure: { code: 'refused', reason: 'sign-in-subject' } })
  })
})
