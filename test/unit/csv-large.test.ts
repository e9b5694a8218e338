import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lineLimit, planCsv } from '../../main/csv/plan.ts'
import { ok, unwrap } from '../../preload/failure.ts'
import { folder } from '../fakes/folders.ts'

const town = 'ville.example'
const megabyte = 1024 * 1024

/** A file written piece by piece: none of these is ever whole in memory. */
function fileOf(pieces: Iterable<string>): string {
  const path = join(folder(), 'grand.csv')
  const file = openSync(path, 'w')
  for (const piece of pieces) writeSync(file, piece)
  closeSync(file)
  return path
}

function* repeated(piece: string, times: number): Generator<string> {
  for (let done = 0; done < times; done++) yield piece
}

/** Plans a file and tells how far memory grew meanwhile, in MB, and how often other work had its turn. */
async function measured(path: string) {
  const before = process.memoryUsage.rss()
  let [highest, turns, isDone] = [before, 0, false]
  const watch = () => {
    turns++
    highest = Math.max(highest, process.memoryUsage.rss())
    if (!isDone) setImmediate(watch)
  }
  setImmediate(watch)
  const planned = await planCsv(town, { path }, () => ok('send'), new AbortController().signal)
  isDone = true
  return { ...unwrap(planned), turns, grown: (highest - before) / megabyte }
}

const line = (place: number) => `boite.${place};Prénom;Nom${place};boite.${place}@ailleurs.example\n`

test('faults 67: 100,000 lines get a verdict each, those beyond are said to be cut, within 200 MB', async () => {
  function* lines(): Generator<string> {
    for (let start = 0; start < lineLimit + 1000; start += 1000)
      yield Array.from({ length: 1000 }, (_, i) => line(start + i)).join('')
  }
  const { lines: read, cut, grown, turns } = await measured(fileOf(lines()))
  expect([read.total(), read.counts().create, cut]).toEqual([lineLimit, lineLimit, true])
  expect(grown).toBeLessThanOrEqual(200)
  // At most 50 lines without a turn for the window.
  expect(turns).toBeGreaterThanOrEqual(lineLimit / 50)
})

test('faults 67: exactly as many lines as one import takes are not cut', async () => {
  const { lines, cut } = await measured(fileOf(repeated(';nom\n', lineLimit)))
  expect([lines.total(), lines.counts().refused, cut]).toEqual([lineLimit, lineLimit, false])
})

test('faults 67: a cell of 10 MB and a line of 100 MB are one refused line each, and the next lines are read', async () => {
  function* pieces(): Generator<string> {
    yield 'login;prénom;nom\na.b;A;B\nlong;"'
    yield* repeated('x\n'.repeat(megabyte / 2), 10)
    yield '";C\nc.d;C;D\nlarge;'
    yield* repeated('y;'.repeat(megabyte / 2), 100)
    yield '\ne.f;E;F\n'
  }
  const { lines, grown, turns } = await measured(fileOf(pieces()))
  expect(lines.page(null, 0, 10).rows.map(({ verdict, failure }) => failure?.reason ?? verdict)).toEqual([
    'create',
    'line-too-long',
    'create',
    'line-too-long',
    'create',
  ])
  expect(lines.page('create', 2, 1).rows).toMatchObject([{ line: 6 + 10 * (megabyte / 2), localPart: 'e.f' }])
  expect(grown).toBeLessThanOrEqual(200)
  expect(turns).toBeGreaterThan(110 * 10)
})

test('faults 67: a file of 500 MB stops at the cap of lines, within 200 MB', async () => {
  const thousand = Array.from({ length: 1000 }, (_, i) => line(i)).join('')
  const block = thousand.repeat(Math.ceil((5 * megabyte) / thousand.length))
  const { lines, cut, grown } = await measured(fileOf(repeated(block, 100)))
  expect([lines.total(), lines.counts().create, cut]).toEqual([lineLimit, 1000, true])
  expect(grown).toBeLessThanOrEqual(200)
})

test('faults 67: 500 MB without one end of line are one refused line, within 200 MB', async () => {
  const { lines, grown } = await measured(fileOf(repeated('z'.repeat(5 * megabyte), 100)))
  expect(lines.page(null, 0, 10).rows).toMatchObject([{ line: 1, failure: { reason: 'line-too-long' } }])
  expect(grown).toBeLessThanOrEqual(200)
})

test('faults 67: lines whose cells are all as long as they may be are cut before they fill the memory', async () => {
  const cells = ['é'.repeat(300), 'é'.repeat(190), 'é'.repeat(190), 'é'.repeat(300)].join(';')
  const block = `${cells}\n`.repeat(500)
  const { lines, cut, grown } = await measured(fileOf(repeated(block, 200)))
  expect(cut).toBe(true)
  expect(lines.total()).toBeGreaterThan(10_000)
  expect(grown).toBeLessThanOrEqual(200)
})
