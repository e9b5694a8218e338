import { expect, test } from 'vitest'
import { mixesAlphabets, visible, visibleLines } from '../../renderer/parts/external-text.ts'

const shown: [title: string, from: string, to: string][] = [
  ['a right-to-left override', 'a\u202Egpj.exe', 'a‹U+202E›gpj.exe'],
  ['an isolate', '\u2067abc\u2069', '‹U+2067›abc‹U+2069›'],
  ['a zero-width space', 'mai\u200Brie', 'mai‹U+200B›rie'],
  ['a soft hyphen', 'mai\u00ADrie', 'mai‹U+00AD›rie'],
  ['a line feed', 'a\nb', 'a‹U+000A›b'],
  ['a NUL', 'a\0b', 'a‹U+0000›b'],
  ['an ANSI escape', '\u001B[31mred', '‹U+001B›[31mred'],
  ['a Hangul filler, which looks like nothing', 'a\u3164b', 'a‹U+3164›b'],
  ['a byte order mark', '\uFEFFa', '‹U+FEFF›a'],
  ['a tag character beyond the first plane', 'a\u{E0041}', 'a‹U+E0041›'],
  ['French with its accents and no-break spaces', 'Où est-ce\u202F?', 'Où est-ce\u202F?'],
  ['decomposed accents', 'e\u0301te\u0301', 'e\u0301te\u0301'],
]
test.each(shown)('faults 11: %s is shown as what it is', (_title, from, to) => {
  expect(visible(from)).toBe(to)
})

test('faults 11: a heap of combining marks is cut before it covers its neighbours', () => {
  expect(visible(`a${'\u0301'.repeat(100_000)}b`)).toBe(`a${'\u0301'.repeat(4)}…b`)
})

test('the line feeds of a text of several lines stay', () => {
  expect(visibleLines('{\n  "a": "\u202E"\n}')).toBe('{\n  "a": "‹U+202E›"\n}')
})

test.each([
  ['Claude Radis', false],
  ['Сергей Иванов', false],
  ['Γιώργος', false],
  ['Claude Rаdis', true],
  ['аdmin', true],
  ['Πierre', true],
  ['Anna Иванова', false],
])('faults 11: letters of two alphabets in one word of %j: %s', (text, expected) => {
  expect(mixesAlphabets(text)).toBe(expected)
})
