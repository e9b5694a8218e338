import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../main/dimail/address.ts'
import {
  existingPart,
  normaliseDomain,
  normaliseEmail,
  normaliseLocalPart,
  normaliseUser,
} from '../../main/dimail/names.ts'
import { pathOf } from '../../main/dimail/requests.ts'

const reason = (result: ReturnType<typeof normaliseDomain>) =>
  result.ok ? result.value : result.failure.reason

describe('a domain name', () => {
  test.each([
    ['Example.ORG', 'example.org'],
    ['  mairie.example. ', 'mairie.example'],
    ['mairie-évry.example', 'xn--mairie-vry-h7a.example'],
    ['1und1.example', '1und1.example'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  ])('%s is read as %s', (text, name) => {
    expect(normaliseDomain(text)).toEqual({ ok: true, value: name })
  })

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['example', 'no-dot'],
    ['a..example', 'empty-label'],
    ['.example.org', 'empty-label'],
    ['.', 'empty-label'],
    ['..', 'empty-label'],
    ['-a.example', 'hyphen'],
    ['a-.example', 'hyphen'],
    [`${'a'.repeat(64)}.example`, 'label-too-long'],
    [`${'a.'.repeat(126)}example`, 'too-long'],
    ['a'.repeat(5000), 'too-long'],
    ['https://mairie.example', 'url'],
    ['a@mairie.example', 'email'],
    ['mairie.example/..', 'characters'],
    ['mairie.example?x', 'characters'],
    ['mairie.example#', 'characters'],
    ['a%2e%2e.example', 'characters'],
    ['a b.example', 'characters'],
    ['a_b.example', 'characters'],
    ['a\u0000.example', 'characters'],
    ['é\n.example', 'characters'],
    ['a\u037e.example', 'characters'],
    ['a\u1fefb.example', 'characters'],
    ['127.0.0.1', 'ip-address'],
    ['１２７.0.0.1', 'ip-address'],
  ])('%j is refused with its reason: %s', (text, why) => {
    expect(reason(normaliseDomain(text))).toBe(why)
  })

  test('dimail S1: whatever is typed, what goes in a path is one segment of letters, digits, hyphens and dots', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.domain(), fc.webUrl()), (text) => {
        const name = normaliseDomain(text)
        if (!name.ok) return
        expect(name.value).toMatch(/^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/)
        expect(normaliseDomain(name.value)).toEqual(name)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a local part', () => {
  test('is lower-cased', () => {
    expect(normaliseLocalPart('Jeanne.Fictive')).toEqual({ ok: true, value: 'jeanne.fictive' })
  })
  test.each([
    ['', 'empty'],
    ['.', 'dots'],
    ['..', 'dots'],
    ['../mailboxes/x?', 'characters'],
    ['a/b', 'characters'],
    ['a@b', 'characters'],
    ['é', 'characters'],
    ['a'.repeat(151), 'too-long'],
  ])('dimail S1: %j is refused with its reason: %s', (text, why) => {
    expect(reason(normaliseLocalPart(text))).toBe(why)
  })
})

describe('a part of an address that dimail holds', () => {
  test.each(['Jeanne.Fictive', 'a+b', 'a@b', "o'neil", 'élodie'])('%s is kept as it is', (text) => {
    expect(existingPart(text)).toEqual({ ok: true, value: text })
  })
  test.each([
    ['', 'empty'],
    ['..', 'dots'],
    ['../x', 'characters'],
    ['a?b', 'characters'],
    ['a#b', 'characters'],
    ['a\\b', 'characters'],
    ['%2e%2e', 'characters'],
    ['a\u0000b', 'characters'],
    ['\ud800', 'characters'],
    ['a'.repeat(321), 'too-long'],
  ])('dimail S1: %j is refused with its reason: %s', (text, why) => {
    expect(reason(existingPart(text))).toBe(why)
  })
})

describe('the destination of an alias', () => {
  test.each(['a.b@Example.ORG', 'devnull@devnull', 'root@localhost', "o'neil+tag@example.org"])(
    '%s is accepted',
    (text) => {
      expect(normaliseEmail(text).ok).toBe(true)
    },
  )
  test.each([
    ['a', 'email'],
    ['@example.org', 'email'],
    ['a@b@example.org', 'email'],
    ['a@example', 'no-dot'],
    ['a b@example.org', 'characters'],
    ['.a@example.org', 'characters'],
    [`${'a'.repeat(65)}@example.org`, 'too-long'],
  ])('%j is refused with its reason: %s', (text, why) => {
    expect(reason(normaliseEmail(text))).toBe(why)
  })
  test('dimail S1: its slash is encoded in the path', () => {
    expect(pathOf('/x/{to}', { to: 'a/../b?c#d@example.org' })).toBe('/x/a%2F..%2Fb%3Fc%23d%40example.org')
  })
})

test.each(['', '.', '..', 'a\nb', 'x'.repeat(201)])('the account name %j is refused', (text) => {
  expect(normaliseUser(text).ok).toBe(false)
})

describe('the address of a dimail', () => {
  test.each([
    ['https://dimail.example/', 'https://dimail.example'],
    ['https://DIMAIL.example/base/', 'https://dimail.example/base'],
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
    ['http://[::1]:8000', 'http://[::1]:8000'],
    ['http://localhost:8000', 'http://localhost:8000'],
  ])('%s is accepted', (text, base) => {
    expect(parseAddress(text)).toEqual({ ok: true, value: base })
  })
  test.each([
    ['dimail', 'address'],
    ['http://dimail.example', 'address-scheme'],
    ['http://127.0.0.1.evil.example', 'address-scheme'],
    ['ftp://127.0.0.1', 'address-scheme'],
    ['file:///etc/passwd', 'address-scheme'],
    ['https://user:secret@dimail.example', 'address-credentials'],
    ['https://dimail.example/?a=b', 'address'],
  ])('%s is refused with its reason: %s', (text, why) => {
    expect(reason(parseAddress(text))).toBe(why)
  })
})
