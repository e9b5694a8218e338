import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planCsv } from '../../main/csv/plan.ts'
import { ok, unwrap } from '../../preload/failure.ts'
import { folder } from '../fakes/folders.ts'
import { cellsOf, recordsOf } from './csv-records.ts'

const town = 'ville.example'
const going = new AbortController().signal

/** The plan of these bytes or lines, when every mailbox may be sent. */
async function plan(content: string | Uint8Array, name = 'liste.csv') {
  const path = join(folder(), name)
  writeFileSync(path, content)
  return planCsv(town, { path }, () => ok('send'), going)
}
async function linesOf(content: string | Uint8Array) {
  return unwrap(await plan(content)).lines.page(null, 0, 500).rows
}
const reasons = async (content: string | Uint8Array) =>
  (await linesOf(content)).map(({ verdict, failure }) => failure?.reason ?? verdict)

const encodings = {
  'utf-8': (text: string) => Buffer.from(text),
  'utf-8 with its mark': (text: string) => Buffer.from(`\uFEFF${text}`),
  'utf-16le': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'utf-16be': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  'windows-1252': (text: string) => Buffer.from(text.replace('€', '\x80').replace('Œ', '\x8c'), 'latin1'),
}
const headers = {
  french: ['Identifiant', 'Prénom', 'NOM', 'Adresse secondaire'],
  english: ['local_part', 'First name', 'surname', 'Secondary e-mail'],
  exact: ['address', 'givenName', 'surName', 'secondaryEmail'],
  none: null,
}
const corpus = Object.entries(encodings).flatMap(([encoding, encode]) =>
  [';', ',', '\t'].flatMap((delimiter) =>
    ['\n', '\r\n', '\r', 'mixed'].flatMap((end) =>
      Object.entries(headers).map(([header, cells]) => ({ encoding, encode, delimiter, end, header, cells })),
    ),
  ),
)

test(`faults 67: each of ${corpus.length} files is read alike: encoding x delimiter x end of line x header`, async () => {
  expect(corpus.length).toBeGreaterThanOrEqual(50)
  for (const { encoding, encode, delimiter, end, cells } of corpus) {
    const ends = end === 'mixed' ? ['\r\n', '\n', '\r'] : [end]
    const rows = [
      ...(cells ? [cells] : []),
      ['zoe.martin', 'Zoé', 'Martin', 'zoe@ailleurs.example'],
      [`"noel.roux@${town}"`, '"Noël"', `"L${delimiter}Œuf €"`, ''],
    ]
    const text = rows.map((row, place) => row.join(delimiter) + ends[place % ends.length]).join('')
    const read = unwrap(await plan(encode(text)))
    const at = cells ? 2 : 1
    const taken = { verdict: 'create', failure: null }
    expect(
      [read.encoding, read.delimiter, read.cut, read.lines.page(null, 0, 10).rows],
      `${encoding} ${JSON.stringify(delimiter)} ${JSON.stringify(end)} ${cells}`,
    ).toEqual([
      encoding.startsWith('utf-16') ? 'utf-16' : encoding.startsWith('utf-8') ? 'utf-8' : 'windows-1252',
      delimiter === '\t' ? 'tab' : delimiter,
      false,
      [
        {
          ...{ line: at, localPart: 'zoe.martin', givenName: 'Zoé', surName: 'Martin' },
          ...{ secondaryEmail: 'zoe@ailleurs.example', ...taken },
        },
        delimiter === '\t'
          ? {
              ...{ line: at + 1, localPart: `noel.roux@${town}`, givenName: 'Noël', surName: '' },
              ...{
                secondaryEmail: null,
                verdict: 'refused',
                failure: expect.objectContaining({ reason: 'line-control' }),
              },
            }
          : {
              ...{ line: at + 1, localPart: 'noel.roux', givenName: 'Noël', surName: `L${delimiter}Œuf €` },
              ...{ secondaryEmail: null, ...taken },
            },
      ],
    ])
  }
})

test('faults 67: any cells that are quoted come back as they were, whatever pieces the file is read in', async () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', '"', ';', ',', '\n', '\r', '\0', ' ', '\t', 'é', '💌'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), async (rows) => {
      const pad = 'x'.repeat(32 * 1024 - 9)
      const all = [['tête', pad], ...rows.map(([one, two]) => [`-${one}`, two])]
      const quoted = (row: readonly string[]) =>
        row.map((each) => `"${each.replaceAll('"', '""')}"`).join(';')
      expect(await cellsOf({ text: all.map(quoted).join('\r\n') })).toEqual(all)
    }),
    { numRuns: 200 },
  )
})

test('faults 67: any text at all is cut into the records that csv-parse sees, and never fails', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ';', '\n', '\r', '\0', ' '), maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(text, async (any) => {
      const records = await recordsOf({ text: `tête;b\n${any}` })
      expect(records[0]?.cells).toEqual(['tête', 'b'])
      expect(records.map(({ line }) => line)).toEqual(
        records.map(({ line }) => line).toSorted((a, b) => a - b),
      )
    }),
    { numRuns: 2000 },
  )
})

test('faults 67: any bytes at all get verdicts or one failure', async () => {
  const path = join(folder(), 'bytes.csv')
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      writeFileSync(path, bytes)
      const planned = await planCsv(town, { path }, () => ok('send'), going)
      if (planned.ok) expect(planned.value.lines.total()).toBeGreaterThan(0)
      else expect(planned.failure.code).toBe('invalid')
    }),
    { numRuns: 500 },
  )
})

test('faults 67: a formula, a NUL, a control character or an unreadable one refuses its line, and is not kept', async () => {
  const cells = [
    '=cmd|calc',
    '+33',
    '-1',
    '@SUM(A1)',
    ' =1',
    "'=1",
    '＝1',
    '\0=1',
    'a\0b',
    '"a\nb"',
    'a\uFFFDb',
  ]
  const rows = await linesOf(
    `login;nom;prénom\n${cells.map((cell, i) => `boite.${i};Nom${i};${cell}`).join('\n')}`,
  )
  expect(rows.map(({ failure, givenName }) => [failure?.reason, failure?.details.column, givenName])).toEqual(
    [
      ...cells.slice(0, 8).map(() => ['line-formula', 3, '']),
      ['line-control', 3, ''],
      ['line-control', 3, ''],
      ['line-unreadable', 3, ''],
    ],
  )
  expect(rows.at(-1)?.line).toBe(13)
})

test('faults 67: a cell that is too long, a line of 10^6 columns, a quote left open: one line is refused each', async () => {
  const long = `a;b;${'x'.repeat(500)}`
  const wide = `a.b;${';'.repeat(1_000_000)}`
  expect(
    await reasons([long, wide, `c${';'.repeat(1500)}`, 'd.e;Dé;É', 'f;"jamais\nfermé;'].join('\n')),
  ).toEqual(['line-cell-long', 'line-too-long', 'line-columns', 'create', 'line-quote'])
})

test('faults 67: a header of 10^6 columns is a line that is refused like another', async () => {
  const header = Array.from({ length: 1_000_000 }, (_, place) => `c${place}`).join(';')
  expect(await reasons(`${header}\na.b;A;B\n`)).toEqual(['line-too-long', 'create'])
})

test('faults 67: headers that say the same, or name no address, refuse the whole file', async () => {
  const failures = {
    'login;prénom;PRENOM\na;b;c': {
      reason: 'csv-headers-doubled',
      details: { first: 'prénom', second: 'PRENOM' },
    },
    'Adresse;E-mail;nom\na;b;c': {
      reason: 'csv-headers-doubled',
      details: { first: 'Adresse', second: 'E-mail' },
    },
    'login;nom;note;note\na;b;c': {
      reason: 'csv-headers-doubled',
      details: { first: 'note', second: 'note' },
    },
    'prénom;nom\na;b': { reason: 'csv-no-address' },
    'login;nom\n': { reason: 'csv-empty' },
    '': { reason: 'csv-empty' },
    '\n \n;;\n': { reason: 'csv-empty' },
    'PK\x03\x04 classeur': { reason: 'csv-workbook' },
  }
  for (const [text, failure] of Object.entries(failures))
    expect(await plan(text), text).toMatchObject({ ok: false, failure: { code: 'invalid', ...failure } })
})

test('faults 67: a file that turns out late not to be UTF-8 is read again from its start', async () => {
  const many = Array.from({ length: 20_000 }, (_, place) => `boite.${place};Prénom;Nom${place}\n`).join('')
  const planned = unwrap(
    await plan(Buffer.concat([Buffer.from(many), Buffer.from('fin;Zo\xe9;Fin\n', 'latin1')])),
  )
  expect([planned.encoding, planned.lines.total()]).toEqual(['windows-1252', 20_001])
  expect(planned.lines.page(null, 20_000, 1).rows).toMatchObject([{ localPart: 'fin', givenName: 'Zoé' }])
})

test('an address may be typed whole when it is of the domain, and is refused when it is of another', async () => {
  const text = `a.b@${town.toUpperCase()};A;B\nc@autre.example;C;D\nE.F;E;F\nà;G;H`
  expect(await linesOf(text)).toMatchObject([
    { localPart: 'a.b', verdict: 'create' },
    { failure: { reason: 'line-other-domain', details: { typed: 'c@autre.example', domain: town } } },
    { localPart: 'e.f', verdict: 'create' },
    { failure: { reason: 'local-characters' } },
  ])
})

test('the same address or display name twice is refused with the line that has it; a refused line has none', async () => {
  const text = 'a;;x\na;Ana;Roy\nA;Bob;Roy\nc;ANA;roy\nd;Dan;Roy'
  expect((await linesOf(text)).map(({ failure }) => [failure?.reason, failure?.details.line])).toEqual([
    ['given-name', undefined],
    [undefined, undefined],
    ['line-doubled', 2],
    ['line-name-doubled', 2],
    [undefined, undefined],
  ])
})

test('the line that Excel writes about its separator is not a mailbox, and counts as a line', async () => {
  expect(await linesOf('sep=,\r\nlogin,nom,prénom\r\na;b,B,A\r\na,B,A')).toMatchObject([
    { line: 3, failure: { reason: 'local-characters' } },
    { line: 4, verdict: 'create' },
  ])
})

test('a file that cannot be read is told with the word of the system', async () => {
  for (const [path, cause] of [
    [join(folder(), 'absent.csv'), 'ENOENT'],
    [folder(), 'EISDIR'],
  ])
    expect(await planCsv(town, { path: path ?? '' }, () => ok('send'), going)).toMatchObject({
      failure: { code: 'storage', reason: 'csv-unreadable', details: { cause } },
    })
})

test('reading stops when it is asked to', async () => {
  const stop = new AbortController()
  const judge = () => {
    stop.abort()
    return ok('send' as const)
  }
  expect(await planCsv(town, { text: 'a;A;B\nb;B;C\n' }, judge, stop.signal)).toMatchObject({
    failure: { code: 'cancelled' },
  })
})
