import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvOf } from '../../main/csv/export.ts'
import { folder } from '../fakes/folders.ts'
import { cellsOf } from './csv-records.ts'

test('faults 68: the exact form comes back exactly as it was', async () => {
  const cell = fc.string({ unit: 'binary', maxLength: 30 })
  const path = join(folder(), 'exact.csv')
  const row = fc.array(cell, { minLength: 2, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 6 }), async (rows) => {
      const all = rows.map((cells) => ['a.b@ville.example', ...cells])
      const file = csvOf({ what: 'mailboxes', exact: true, locale: 'fr' }, all)
      writeFileSync(path, Buffer.concat(await file.map((piece) => Buffer.from(piece)).toArray()))
      expect((await cellsOf({ path })).slice(1)).toEqual(all)
    }),
    { numRuns: 300 },
  )
})

test('faults 68: in the form for people no cell starts as a formula does, and each is otherwise as it was', async () => {
  const start = fc.string({
    unit: fc.constantFrom(' ', '\t', '\r', '\n', '\0', '\u00a0', '\u200b', '\ufeff'),
    maxLength: 3,
  })
  const sign = fc.constantFrom('=', '+', '-', '@', '＝', '＋', '－', '＠', '', '"', "'", ';', 'a')
  const cell = fc
    .tuple(start, sign, fc.string({ unit: 'binary', maxLength: 8 }))
    .map((parts) => parts.join(''))
  const path = join(folder(), 'human.csv')
  const harmful = /^[\t\r\n\0]|^[\s\0\u200b]*[=+\-@＝＋－＠]/u
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (rows) => {
      const all = rows.map((cells) => ['a.b@ville.example', ...cells])
      const file = csvOf({ what: 'aliases', exact: false, locale: 'fr' }, all)
      const bytes = Buffer.concat(await file.map((piece) => Buffer.from(piece)).toArray())
      expect(String(bytes)).toMatch(/^\uFEFFAlias;Destination;Peut envoyer\r\n/)
      writeFileSync(path, bytes)
      const back = (await cellsOf({ path })).slice(1)
      for (const [at, cells] of all.entries())
        for (const [place, written] of cells.entries()) {
          const seen = back[at]?.[place]
          expect(seen).not.toMatch(harmful)
          expect([written, `'${written}`]).toContain(seen)
          expect(seen === written).toBe(
            !harmful.test(written) && !/^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u.test(written),
          )
        }
    }),
    { numRuns: 500 },
  )
})
