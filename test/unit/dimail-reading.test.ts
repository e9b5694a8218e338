import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { excerptOf, titleOf } from '../../main/dimail/excerpt.ts'
import { backoff, retryAfter, retryRules } from '../../main/dimail/retries.ts'
import { paces } from '../../main/dimail/timeouts.ts'
import { expiryOf } from '../../main/dimail/token.ts'
import { parseErrorBody, parseJson } from '../../main/http/json.ts'
import { decodeText } from '../../main/http/text.ts'
import { tokenOf } from '../fakes/dimail-client.ts'

const why = (result: ReturnType<typeof parseJson>) => (result.ok ? 'ok' : result.failure.reason)

describe('JSON', () => {
  test('faults 45: a depth of 100,000 is refused without overflowing the stack', () => {
    expect(why(parseJson('['.repeat(100_000) + ']'.repeat(100_000)))).toBe('shape')
    expect(why(parseJson('{"a":'.repeat(100_000)))).toBe('shape')
  })
  test.each(['{"__proto__":{"admin":true},"a":1}', '{"\\u005f_proto__":{"admin":true},"a":1}'])(
    'faults 45: %s touches no prototype, even merged',
    (text) => {
      const parsed = parseJson(text)
      expect(parsed).toEqual({ ok: true, value: { a: 1 } })
      if (parsed.ok) expect(Object.assign({}, parsed.value)).not.toHaveProperty('admin')
    },
  )
  test('faults 45: the last of duplicate keys wins', () => {
    expect(parseJson('{"a":1,"a":2}')).toEqual({ ok: true, value: { a: 2 } })
  })
  test.each([
    ['{"a": NaN}', 'not-json'],
    ["{'a': None}", 'not-json'],
    ['[1,2,]', 'not-json'],
    ['{"a":1', 'truncated'],
    ['{"a":"\\"', 'truncated'],
    ['  ', 'empty'],
    ['<html>', 'html'],
  ])('faults 45: %j is %s', (text, reason) => {
    expect(why(parseJson(text))).toBe(reason)
  })
  test('any JSON is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        fc.pre(!text.includes('__proto__') && text.trim() !== '')
        expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) })
      }),
      { numRuns: 500 },
    )
  })
  test('the Python literal of an error is understood, and French quotes are not spoilt by it', () => {
    expect(parseErrorBody("{'detail': 'Permission denied', 'x': None}")).toEqual({
      detail: 'Permission denied',
      x: null,
    })
    expect(parseErrorBody('{"detail":"L\'alias existe"}')).toEqual({ detail: "L'alias existe" })
  })
})

describe('text', () => {
  const accent = 'É€'
  test.each([
    ['utf-8, undeclared', Buffer.from(accent), undefined],
    [
      'utf-8 with a mark',
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(accent)]),
      'text/plain',
    ],
    ['utf-16le', Buffer.from(accent, 'utf16le'), 'application/json; charset="UTF-16LE"'],
    ['utf-16be by its mark', Buffer.from([0xfe, 0xff, 0x00, 0xc9, 0x20, 0xac]), 'text/plain; charset=utf-16'],
    ['windows-1252', Buffer.from([0xc9, 0x80]), 'text/plain; charset=latin1'],
  ])('faults 44: %s is decoded', (_, bytes, type) => {
    expect(decodeText(bytes, type)).toEqual({ ok: true, value: accent })
  })
  test.each([
    ['latin1 bytes said to be utf-8', Buffer.from([0x22, 0xe9, 0x22]), 'application/json; charset=utf-8'],
    ['half a utf-16 unit', Buffer.from([0x22, 0x00, 0x22]), 'text/plain; charset=utf-16le'],
    ['a charset that does not exist', Buffer.from('a'), 'text/plain; charset=klingon'],
    ['cut utf-8', Buffer.from(accent).subarray(0, 1), undefined],
  ])('faults 44: %s is an error, never a replacement character', (_, bytes, type) => {
    expect(decodeText(bytes, type)).toMatchObject({ failure: { code: 'bad-response', reason: 'charset' } })
  })
})

describe('an excerpt', () => {
  const secret = 'p@ss/w+rd €'
  const forms = [secret, encodeURIComponent(secret), btoa(`agent:${unescape(encodeURIComponent(secret))}`)]
  test.each([
    ...forms.map((form) => `before ${form} after`),
    JSON.stringify({ detail: secret }),
    `Authorization: Basic ${forms[2]}`,
    `Bearer ${tokenOf(1)}`,
    `{"access_token": "abcdefgh"}`,
    `{'password': 'abcdefgh'}`,
    '{"code":"abcdefgh"}',
    '{"password":"abcdefgh',
  ])('faults 70: nothing secret is left of text %#', (text) => {
    const kept = excerptOf(text, [secret, `agent:${secret}`])
    for (const form of [...forms, 'abcdefgh', tokenOf(1), 'c2lnbmF0dXJl']) expect(kept).not.toContain(form)
  })
  test('is one line of at most 200 characters without controls', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1000 }), (text) => {
        const kept = excerptOf(text, [])
        expect(kept.length).toBeLessThanOrEqual(200)
        expect(kept).not.toMatch(/\p{Cc}|\p{Cf}|\u2028/u)
      }),
    )
  })
  test('faults 42: of a page only the title is kept', () => {
    expect(titleOf('<!doctype html><TITLE lang="fr"> 502 Bad\nGateway </TITLE><p>Bonjour')).toBe(
      '502 Bad\nGateway',
    )
    expect(titleOf('<p>Bonjour')).toBe('')
  })
})

describe('retries', () => {
  const now = Date.UTC(2026, 10, 20, 12, 0, 0)
  test.each([
    ['3', 3],
    ['0', 0],
    ['1000000000', 1e9],
    ['Fri, 20 Nov 2026 12:00:07 GMT', 7],
    ['Friday, 20-Nov-26 12:00:07 GMT', 7],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('faults 36: Retry-After %j asks for %s seconds', (header, seconds) => {
    expect(retryAfter(header, now)).toBe(seconds)
  })
  test('faults 35: the pause is anywhere up to a ceiling that doubles', () => {
    expect([1, 2, 3].map((attempt) => backoff(attempt, () => 0.999))).toEqual([249, 499, 999])
    expect(backoff(20, () => 0.5)).toBe(1000)
    expect(backoff(1, () => 0)).toBe(0)
  })
  test('only reads and absolute writes are ever repeated', () => {
    const repeated = Object.entries(retryRules).filter(([, rule]) => rule.retries > 0)
    expect(repeated.map(([name]) => name)).toEqual(['read', 'token', 'set'])
  })
})

test('faults 40: the limits are those of the table', () => {
  expect(paces.ordinary).toEqual({ connect: 5_000, headers: 10_000, idle: 10_000, total: 30_000 })
  expect(paces.slow).toEqual({ ...paces.ordinary, headers: 25_000 })
  expect(paces.list).toEqual({ ...paces.ordinary, headers: 100_000, total: 120_000 })
})

test('the life of a token is read from it, or not at all', () => {
  expect(expiryOf(tokenOf(1_800_000_000))).toBe(1_800_000_000_000)
  for (const odd of ['', 'abc', 'a.b.c', `a.${btoa('{"exp":"soon"}')}.c`, `a.${btoa('null')}.c`])
    expect(expiryOf(odd)).toBeNull()
})
