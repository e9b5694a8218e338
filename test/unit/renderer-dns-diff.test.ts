import { diffChars } from 'diff'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Difference, readable } from '../../renderer/dns/readable-diff.ts'

const difference = (before: string, after: string): Difference =>
  diffChars(before, after).map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }))

const told = (diff: Difference) =>
  diff
    .map(({ kind, text }) => (kind === 'added' ? `[+${text}]` : kind === 'removed' ? `[-${text}]` : text))
    .join('')

const sideOf = (diff: Difference, other: Difference[number]['kind']) =>
  diff
    .filter(({ kind }) => kind !== other)
    .map(({ text }) => text)
    .join('')

describe('a difference that a person can read', () => {
  test.each([
    [
      'a term that is inserted',
      'v=spf1 mx -all',
      'v=spf1 mx include:x.example -all',
      'v=spf1 mx [+include:x.example ]-all',
    ],
    ['another ending', 'v=spf1 mx ~all', 'v=spf1 mx -all', 'v=spf1 mx [-~all][+-all]'],
    ['a tag that goes', 'v=DKIM1; t=y; p=MIIB', 'v=DKIM1; p=MIIB', 'v=DKIM1; [-t=y; ]p=MIIB'],
    [
      'another host, which shares letters by chance alone',
      '10 mail.ancien-hebergeur.example',
      '10 mx.ox.numerique.example',
      '[-10 mail.ancien-hebergeur][+10 mx.ox.numerique].example',
    ],
    ['nothing in common', 'abcd', 'wxyz', '[-abcd][+wxyz]'],
    ['nothing that changes', 'same', 'same', 'same'],
  ])('field N3: %s', (_, before, after, said) => {
    expect(told(readable(difference(before, after)))).toBe(said)
  })

  test('field N3: another key is one piece out and one piece in', () => {
    const key = (seed: number) =>
      Array.from(
        { length: 380 },
        (_, at) => 'ABCDEFGHijklmnop0123'[(at * at * seed + at * 7 + seed) % 20],
      ).join('')
    const said = readable(difference(`v=DKIM1; p=${key(3)}`, `v=DKIM1; p=${key(11)}`))
    expect(said.length).toBeLessThan(12)
  })

  test('field N3: both values stay whole, whatever they are', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 40 })
    fc.assert(
      fc.property(text, text, (before, after) => {
        const said = readable(difference(before, after))
        expect(sideOf(said, 'added')).toBe(before)
        expect(sideOf(said, 'removed')).toBe(after)
      }),
    )
  })
})
