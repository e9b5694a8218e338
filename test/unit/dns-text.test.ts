import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, textOf } from '../../main/dns/wire/text.ts'

test.each([
  ['v=spf1 include:dimail.example -all', 'v=spf1 include:dimail.example -all'],
  ['déjà', 'déjà'],
  [Buffer.from([0x61, 0xff, 0x62]), 'a\\255b'],
  [Buffer.from([0xc3]), '\\195'],
  [Buffer.from('a\r\n\tb\x7f'), 'a\\013\\010\\009b\\127'],
  [Buffer.from('\u0085'), '\\194\\133'],
  // An overlong slash, and a surrogate half, are no UTF-8.
  [Buffer.from([0xc0, 0xaf]), '\\192\\175'],
  [Buffer.from([0xed, 0xa0, 0x80]), '\\237\\160\\128'],
  [Buffer.from([0xf0, 0x9f, 0x92, 0x8c, 0x80]), '💌\\128'],
  ['a\\b', 'a\\b'],
  ['a\\065', 'a\\092065'],
  ['\\999', '\\092999'],
])('field 2.1: the octets %s are read as %s, and nothing of them is lost', (bytes, text) => {
  expect(textOf(Buffer.from(bytes))).toBe(text)
  expect(bytesOf(text)).toEqual(Buffer.from(bytes))
})

test('field 2.1: whatever the octets, the text has no control character and leads back to them', () => {
  const backslashes = fc.stringMatching(/^[\\0-9é\n]*$/u).map((text) => Uint8Array.from(Buffer.from(text)))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), backslashes), (octets) => {
      const text = textOf(Buffer.from(octets))
      expect(text).not.toMatch(/\p{Cc}/u)
      expect(bytesOf(text)).toEqual(Buffer.from(octets))
    }),
    { numRuns: 1000 },
  )
})
