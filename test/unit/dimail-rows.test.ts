import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { mailboxV1, mailboxV2 } from '../../main/dimail/mailbox-schemas.ts'
import { createRowScanner } from '../../main/dimail/row-scanner.ts'
import { readRows } from '../../main/dimail/rows.ts'

/** What a scanner makes of a text that comes in these pieces. */
function scan(pieces: readonly string[], limit = 64_000, deepest = 64) {
  const scanner = createRowScanner(limit, deepest)
  const rows = pieces.flatMap((piece) => [...scanner.rows(piece)])
  return { rows, fault: scanner.fault(), closed: scanner.closed() }
}

/** `text` cut at each of these places. */
function cutAt(text: string, places: readonly number[]): string[] {
  const ends = [...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length]
  return ends.map((end, at) => text.slice(ends[at - 1] ?? 0, end))
}

const spaces = fc.string({ unit: fc.constantFrom(' ', '\n', '\r', '\t'), maxLength: 3 })

describe('the rows of a JSON array', () => {
  test('are those of JSON.parse, however the text is cut and spaced', () => {
    const places = fc.array(fc.nat(), { maxLength: 20 })
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 5 })),
        spaces,
        places,
        fc.boolean(),
        (value, gap, at, pretty) => {
          const text = pretty
            ? `${JSON.stringify(value, null, 1)}${gap}`
            : `[${gap}${value.map((row) => JSON.stringify(row)).join(`${gap},${gap}`)}${gap}]${gap}`
          const found = scan(cutAt(text, at))
          expect(found).toMatchObject({ fault: null, closed: true })
          expect(found.rows.map((row) => JSON.parse(row))).toEqual(JSON.parse(text))
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('faults 45: no text is taken for a list that JSON.parse refuses, and none refused that it takes', () => {
    const odd = fc.string({ unit: fc.constantFrom(...'[]{},:"\\ 1a\u0000\ufeff'), maxLength: 12 })
    fc.assert(
      fc.property(odd, fc.array(fc.nat(), { maxLength: 5 }), (tail, at) => {
        const text = `[${tail}`
        const { rows, fault, closed } = scan(cutAt(text, at))
        const read = (texts: string[]) => texts.map((one) => JSON.parse(one))
        let expected: unknown
        try {
          expected = JSON.parse(text)
        } catch {
          const believed = fault === null && closed
          // Whether a row is JSON is for its own parser to say.
          if (believed) expect(() => read(rows)).toThrow()
          return
        }
        expect({ fault, closed }).toEqual({ fault: null, closed: true })
        expect(read(rows)).toEqual(expected)
      }),
      { numRuns: 5000 },
    )
  })

  test('faults 43: a list cut anywhere before its end is never closed', () => {
    const text = JSON.stringify([{ a: ']}"\\' }, [1, '\\"]'], 'b', 2, null, {}])
    for (let end = 1; end < text.length; end++)
      expect(scan([text.slice(0, end)]), text.slice(0, end)).toMatchObject({ closed: false })
    expect(scan([text])).toMatchObject({ closed: true, fault: null })
  })

  test.each([
    ['[1,2,]', 'not-json'],
    ['[,1]', 'not-json'],
    ['[1 2]', 'not-json'],
    ['["a""b"]', 'not-json'],
    ['[}', 'not-json'],
    ['[] x', 'not-json'],
    ['[1]]', 'not-json'],
    [`[${'['.repeat(63)}${']'.repeat(63)}]`, null],
    [`[${'['.repeat(64)}${']'.repeat(64)}]`, 'shape'],
  ])('faults 45: of %s, the fault is %s', (text, fault) => {
    expect(scan([text]).fault).toBe(fault)
  })

  test('faults 46: a row over its limit is cut before its end comes, in however small pieces', () => {
    const endless = ['[', '"', ...Array.from({ length: 200 }, () => 'a'.repeat(10))]
    expect(scan(endless, 1000)).toEqual({ rows: [], fault: 'too-large', closed: false })
    expect(scan([`["${'a'.repeat(998)}"]`], 1000)).toMatchObject({ fault: null, closed: true })
    expect(scan([`["${'a'.repeat(999)}"]`], 1000)).toMatchObject({ rows: [], fault: 'too-large' })
  })
})

test('faults 52: rows are told apart: kept, unreadable with an excerpt of the first hundred, doubled', () => {
  const kept: string[] = []
  const reading = readRows(
    z.object({ key: z.string() }),
    (row) => row.key,
    () => ({
      keep: (row) => kept.push(row.key),
      end: (leftovers) => leftovers,
    }),
  )
  const rows = reading((text) => `<${text}>`)
  for (const key of ['a', 'b', 'a', 'a']) rows.add({ key }, '')
  for (let at = 0; at < 150; at++) rows.add({ key: at }, String(at))
  const { unreadable, ...counts } = rows.end()
  expect(kept).toEqual(['a', 'b'])
  expect(counts).toEqual({ rejected: 150, repeats: 2, doubled: ['a'] })
  expect(unreadable).toHaveLength(100)
  expect(unreadable[99]).toBe('<99>')
})

describe('a mailbox', () => {
  const base = {
    address: 'jeanne.fictive@commune.example',
    domain: 'commune.example',
    localPart: 'jeanne.fictive',
    email: 'Jeanne.Fictive@commune.example',
    givenName: 'Jeanne',
    surName: 'Fictive',
    displayName: 'Jeanne Fictive',
    kind: 'person',
    imap: 'unknown',
    smtp: null,
    state: null,
  }
  const { email } = base
  const nobody = { givenName: '', surName: '', displayName: '', kind: 'functional' }
  const names = { givenName: 'Jeanne', surName: 'Fictive', displayName: 'Jeanne Fictive' }
  const ox = { given_name: 'Jeanne', sur_name: 'Fictive', display_name: 'Jeanne Fictive', company: 'x' }

  test.each([
    ['of 2024', { type: 'mailbox', status: 'ok', email, ...names }, { state: 'ok' }, null],
    [
      'of 2024 without Open-Xchange',
      { status: 'broken', email, givenName: null, surName: null, displayName: null },
      { ...nobody, state: 'broken' },
      null,
    ],
    ['that is active', { email, active: 'yes', ...names }, { imap: 'yes' }, 'active'],
    ['that is functional', { email, active: 'no' }, { ...nobody, imap: 'no' }, 'active'],
    ['of an odd activity', { email, active: true, ...names }, {}, 'active'],
  ])('%s, in the first version', (_, row, expected, field) => {
    expect(mailboxV1.parse(row)).toEqual({ box: { ...base, ...expected }, field })
  })

  test.each([
    ['that is active', { email, active: 'yes', extras: { ox } }, { imap: 'yes' }, 'active'],
    [
      'of 2026-07',
      { email, imap_active: 'wait', smtp_active: 'no', active: 'yes', extras: { ox } },
      { imap: 'wait', smtp: 'no' },
      'imap_active',
    ],
    [
      'that is functional',
      { email, active: 'no', extras: { ox: null } },
      { ...nobody, imap: 'no' },
      'active',
    ],
    ['that tells nothing', { email }, nobody, null],
  ])('%s, in the second version', (_, row, expected, field) => {
    expect(mailboxV2.parse(row)).toEqual({ box: { ...base, ...expected }, field })
  })

  test('dimail 7.7: called oxadmin is technical, whatever its case', () => {
    expect(mailboxV2.parse({ email: 'OxAdmin@commune.example', extras: { ox } }).box.kind).toBe('technical')
  })

  test.each([
    { email: 'a@b@commune.example' },
    { email: 'élodie@commune.example' },
    { email: ' a@commune.example' },
    { email: 'a' },
    { email: 1 },
    {},
    null,
    { email, type: 'alias' },
    { email, displayName: '\ud800', extras: { ox: { ...ox, display_name: '\ud800' } } },
  ])('faults 52: %j is no mailbox of either version', (row) => {
    expect(mailboxV1.safeParse(row).success).toBe(false)
    expect(mailboxV2.safeParse(row).success).toBe(false)
  })
})
