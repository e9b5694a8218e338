import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Kind, kinds, plantedSecrets, plantFrom, register, searchForPlanted } from '../fakes/planted.ts'
import { formsOf } from './forms.ts'
import { searcherFor, searchFile } from './search.ts'

/** As test/tools/canaries.mjs says them. */
const { [register]: told = '', WRITTEN_BY_SUITE: written = '', LEVELS_OF_SUITE: levels = '' } = process.env

let secrets: ReadonlyMap<string, Kind>
const place = mkdtempSync(join(tmpdir(), 'on-purpose-'))
beforeAll(() => {
  if (told === '' || written === '')
    throw new Error('Run `npm test`: this searches what the other levels wrote.')
  // What is written on purpose here is told to nobody.
  delete process.env[register]
  plantFrom(told)
  secrets = plantedSecrets()
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

test(`faults 70: none of the ${kinds.length} kinds of planted secrets is in what the suite wrote`, () => {
  const absent = kinds.filter((kind) => ![...secrets.values()].includes(kind))
  // Each of them goes over a wire of that level: without it, little is planted.
  if (levels.split(' ').includes('wire')) expect(absent).toEqual([])
  expect(secrets.size).toBeGreaterThan(0)
  expect(written.split(delimiter).flatMap(searchForPlanted)).toEqual([])
})

test('faults 70: the search finds each of them where it is written on purpose', () => {
  const all = [...secrets.keys()]
  const searcher = searcherFor(all.map((secret, at) => [secret, String(at)]))
  const file = join(place, 'all')
  writeFileSync(file, all.join('\n'))
  const found = searchFile(file, searcher)
  expect(all.filter((_, at) => !found.has(`${at}, as it is`))).toHaveLength(0)
})

test.each(kinds)('faults 70: in each of its forms the search finds the planted %s', (kind) => {
  const [secret] = [...secrets].find(([, one]) => one === kind) ?? [`une clé & des "signes" <${kind}>/+`]
  const forms = formsOf(secret)
  const folder = join(place, kind)
  mkdirSync(folder)
  for (const [form, bytes] of forms)
    writeFileSync(join(folder, form), Buffer.concat([Buffer.from('{"'), bytes]))
  const searcher = searcherFor([[secret, kind]])
  for (const form of forms.keys())
    expect([form, searchFile(join(folder, form), searcher).size > 0]).toEqual([form, true])
  expect(readFileSync(join(folder, 'as it is')).includes(secret)).toBe(true)
})
