import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAttributes } from '../../main/provisioning/attributes.ts'
import { fitsOf } from '../../main/provisioning/attributes-schema.ts'
import type { Known } from '../../main/provisioning/known.ts'
import { planProvisioning } from '../../main/provisioning/plan.ts'
import { characterLimit, readGiven } from '../../main/provisioning/read.ts'
import { unwrap } from '../../preload/failure.ts'
import type { Attributes, Provisioned } from '../../preload/provisioning-shapes.ts'
import { folder } from '../fakes/folders.ts'

const usual = { oidcAutojoin: true, identitySync: false }
const going = new AbortController().signal
const everythingFits = () => null
const read = (text: string) => readGiven({ text }, usual, going)
const given = async (text: string) => unwrap(await read(text)).given
const said = async (text: string) => (await given(text)).map(({ name, attributes }) => [name, attributes])
const reason = async (text: string) => {
  const done = await read(text)
  return done.ok ? 'read' : `${done.failure.code}/${done.failure.reason}`
}

describe('names', () => {
  test.each([
    ['one a line', 'a.example\r\nb.example\n\n c.example \r'],
    ['between commas', 'a.example, b.example,c.example,'],
    ['between semicolons and blanks', '\uFEFFa.example;b.example c.example'],
    ['in quotes', '"a.example"\n\'b.example\'\n"c.example"'],
    ['as a JSON list', ' ["a.example", "b.example", "c.example"]'],
    ['as the body of Messages', '{"domains": "a.example, b.example, c.example,"}'],
    ['as a column of CSV', 'Domaine\na.example\n\nb.example\nc.example'],
  ])('%s are read alike, each with its place', async (_how, text) => {
    const names = await given(text)
    expect(names.map(({ name }) => name)).toEqual(['a.example', 'b.example', 'c.example'])
    expect(new Set(names.map(({ line }) => line)).size).toBe(3)
    expect(names.every(({ attributes }) => JSON.stringify(attributes) === '{}')).toBe(true)
  })

  test('of a file are read in the encoding of the file', async () => {
    const path = join(folder(), 'liste.csv')
    writeFileSync(path, Buffer.from('domaine;ville\r\na.example;Orl\xe9ans', 'latin1'))
    const { given, file } = unwrap(await readGiven({ path }, usual, going))
    expect(file).toBe('liste.csv')
    expect(given[0]).toMatchObject({ name: 'a.example', attributes: { ville: 'Orléans' }, line: 2 })
  })

  test('of a file that is a workbook, too large or not there are refused as a whole', async () => {
    const path = join(folder(), 'liste.xlsx')
    writeFileSync(path, Buffer.from('504b030400', 'hex'))
    expect(await readGiven({ path }, usual, going)).toMatchObject({ failure: { reason: 'csv-workbook' } })
    writeFileSync(path, Buffer.alloc(characterLimit + 1, 'a'))
    expect(await readGiven({ path }, usual, going)).toMatchObject({ failure: { reason: 'provision-large' } })
    expect(await readGiven({ path: join(folder(), 'absent') }, usual, going)).toMatchObject({
      failure: { code: 'storage', reason: 'csv-unreadable', details: { cause: 'ENOENT' } },
    })
  })
})

describe('attributes', () => {
  test('are the other columns of CSV: texts, and nothing where the cell is empty', async () => {
    expect(await said('nom;Domaine;siret\nVilleneuve;a.example;00012\n;b.example;\n')).toEqual([
      ['a.example', { nom: 'Villeneuve', siret: '00012' }],
      ['b.example', {}],
    ])
    expect(await said('name,siret\na.example,"1,2"')).toEqual([['a.example', { siret: '1,2' }]])
  })

  test('and flags come from JSON: for all, or for each', async () => {
    expect(
      await given('{"domains": ["a.example"], "custom_attributes": {"n": 1}, "oidc_autojoin": false}'),
    ).toMatchObject([{ attributes: { n: 1 }, oidcAutojoin: false, identitySync: false }])
    expect(
      await given(
        '[{"domain": "a.example", "custom_attributes": {"n": true}, "identity_sync": true}, "b.example"]',
      ),
    ).toMatchObject([
      { name: 'a.example', attributes: { n: true }, oidcAutojoin: true, identitySync: true },
      { name: 'b.example', attributes: {}, oidcAutojoin: true, identitySync: false },
    ])
  })

  test.each<[string, unknown]>([
    ['nested', { a: { b: 1 } }],
    ['a list', { a: [1] }],
    ['null', { a: null }],
    ['no object', ['a']],
    ['a number that JSON has not', { a: Number.POSITIVE_INFINITY }],
    ['a control character', { a: 'x\u0000' }],
    ['half a character', { a: '\uD800' }],
    ['a text without end', { a: 'x'.repeat(1001) }],
    ['a name without end', { ['x'.repeat(101)]: 1 }],
    ['an empty name', { '': 1 }],
    ['__proto__', JSON.parse('{"__proto__": "x"}')],
    ['more than a hundred', Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`a${n}`, n]))],
  ])('that are %s are refused', (_what, value) => {
    expect(readAttributes(value, everythingFits)).toMatchObject({
      failure: { code: 'invalid', reason: 'attributes' },
    })
  })

  test('that are plain are kept as they are', () => {
    const plain = { siret: '00012', places: 3, 'en ligne': true, constructor: 'x' }
    expect(readAttributes(plain, everythingFits)).toEqual({ ok: true, value: plain })
    expect(readAttributes({ a: -0 }, everythingFits)).toEqual({ ok: true, value: { a: 0 } })
  })
})

describe('hostile input is refused as a value:', () => {
  const manyNames = Array.from({ length: 10_001 }, (_, n) => `d${n}.example`)
  test.each<[string, string, string]>([
    ['nothing', ' \n\uFEFF', 'invalid/csv-empty'],
    ['only separators', ',,;', 'invalid/csv-empty'],
    ['an empty list', '[]', 'invalid/csv-empty'],
    ['too many names', manyNames.join('\n'), 'invalid/provision-many'],
    ['too many names in JSON', JSON.stringify(manyNames), 'invalid/provision-many'],
    ['too many lines of CSV', `domaine;a\n${manyNames.join(';1\n')}`, 'invalid/provision-many'],
    ['a million columns', `domaine${',a'.repeat(1_000_000)}`, 'invalid/provision-many'],
    [
      '5,000 columns',
      `domaine${Array.from({ length: 5000 }, (_, n) => `;${n}`).join('')}`,
      'invalid/provision-columns',
    ],
    ['two columns alike', 'domaine;siret;SIRET\na.example;1;2', 'invalid/csv-headers-doubled'],
    ['two columns of names', 'domain;domain\na.example;b.example', 'invalid/csv-headers-doubled'],
    ['a column __proto__', 'domaine;__proto__\na.example;1', 'invalid/provision-header'],
    ['a column with NUL', 'domaine;a\u0000\na.example;1', 'invalid/provision-header'],
    ['JSON cut short', '{"domains": ["a.example"', 'invalid/provision-json'],
    ['JSON of another kind', '{"domain": "a.example"}', 'invalid/provision-json'],
    ['a misspelt field', '{"domains": ["a.example"], "custom_atributes": {}}', 'invalid/provision-json'],
    ['names that are an object', '{"domains": {}}', 'invalid/provision-json'],
    ['JSON a million deep', '['.repeat(1_000_000), 'invalid/provision-json'],
    [
      '__proto__ in JSON',
      '[{"domain": "a.example", "custom_attributes": {"__proto__": 1}}]',
      'invalid/provision-json',
    ],
    [
      '__proto__ in disguise',
      '[{"domain": "a.example", "custom_attributes": {"\\u005f_proto__": 1}}]',
      'invalid/provision-json',
    ],
  ])('%s', async (_what, text, expected) => {
    expect(await reason(text)).toBe(expected)
  })

  test('whatever is typed, reading and judging it neither throws nor pollutes', async () => {
    const pieces = fc.constantFrom(
      'domaine',
      ';',
      ',',
      '\n',
      '"',
      '{',
      '[',
      ']',
      '}',
      ':',
      '__proto__',
      'a.example',
      '\u0000',
      '\uFEFF',
      'é',
      ' ',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 40 }),
        async (parts) => {
          const done = await read(parts.join(''))
          if (done.ok) planProvisioning(done.value.given, () => unknownYet, everythingFits)
          expect(Reflect.ownKeys(Object.prototype)).not.toContain('domaine')
        },
      ),
      { numRuns: 1000 },
    )
  })
})

const unknownYet: Known = { isKnown: false, provisioned: null }
const saidOf = (domain: string, attributes: Attributes): Provisioned => ({
  domain,
  attributes,
  ...usual,
  at: 1,
})

describe('a plan', () => {
  const known: Record<string, Known> = {
    'connu.example': { isKnown: true, provisioned: saidOf('connu.example', { siret: 'old', x: 1 }) },
    'pareil.example': { isKnown: true, provisioned: saidOf('pareil.example', { siret: 'new' }) },
    'muet.example': { isKnown: true, provisioned: null },
    'parti.example': { isKnown: false, provisioned: saidOf('parti.example', { siret: 'old' }) },
  }
  const planOf = async (text: string, fits = everythingFits as (a: Attributes) => string | null) =>
    unwrap(planProvisioning(await given(text), (name) => known[name] ?? unknownYet, fits))

  test('says of each line what would become of it, and which attributes vanish', async () => {
    const { lines, columns, counts } = await planOf(
      [
        'domaine;siret',
        'Neuf.Example;new',
        'connu.example;new',
        'pareil.example;new',
        'muet.example;',
        'parti.example;new',
        'INVALID DOMAIN!;new',
        'ville.example;a\u0007',
      ].join('\n'),
    )
    expect(
      lines.map(({ verdict, error, domain, before, after }) => [domain, error ?? verdict, before, after]),
    ).toEqual([
      ['neuf.example', 'created', null, { siret: 'new' }],
      ['connu.example', 'replaced', { siret: 'old', x: 1 }, { siret: 'new' }],
      ['pareil.example', 'unchanged', { siret: 'new' }, { siret: 'new' }],
      ['muet.example', 'unchanged', {}, {}],
      ['parti.example', 'created', null, { siret: 'new' }],
      [null, 'invalid_name', null, {}],
      ['ville.example', 'invalid_attributes', null, {}],
    ])
    expect(columns).toEqual(['siret'])
    expect(counts).toEqual({ created: 2, replaced: 1, unchanged: 2, error: 2 })
  })

  test('tells a flag that changes as a replacement', async () => {
    const { lines } = await planOf(
      '{"domains": ["pareil.example"], "custom_attributes": {"siret": "new"}, "identity_sync": true}',
    )
    expect(lines[0]).toMatchObject({ verdict: 'replaced', before: { siret: 'new' }, after: { siret: 'new' } })
  })

  test('takes the first of two lines that agree, and neither of two that do not', async () => {
    const { lines } = await planOf(
      'domaine;n\na.example;1\nb.example;1\nA.EXAMPLE.;1\nb.example;2\nb.example;1',
    )
    expect(lines.map(({ error, verdict }) => error ?? verdict)).toEqual([
      'created',
      'conflict',
      'duplicate',
      'conflict',
      'conflict',
    ])
  })

  test('shows what is no text as JSON, cut short', async () => {
    const { lines } = await planOf(
      JSON.stringify([5, null, { domaine: 'x'.repeat(300) }, { domain: 'a.example', attributes: {} }]),
    )
    expect(lines.map(({ given, error }) => [given.length, error])).toEqual([
      [1, 'invalid_name'],
      [4, 'invalid_name'],
      [200, 'invalid_name'],
      ['a.example'.length, 'invalid_attributes'],
    ])
  })

  test('of attributes without end is refused as a whole', async () => {
    const items = Array.from({ length: 101 }, (_, n) => ({
      domain: `d${n}.example`,
      custom_attributes: { [`a${n}`]: n },
    }))
    expect(
      planProvisioning(await given(JSON.stringify(items)), () => unknownYet, everythingFits),
    ).toMatchObject({
      failure: { code: 'invalid', reason: 'provision-columns' },
    })
  })
})

describe('a schema of attributes', () => {
  const check = (schema: unknown, value: Attributes) => unwrap(fitsOf(JSON.stringify(schema)))(value)

  test.each<[string, unknown, Attributes, string | null]>([
    ['{} lets all through', {}, { a: 1 }, null],
    ['true lets all through', true, { a: 1 }, null],
    ['a type', { type: 'object', properties: { n: { type: 'integer' } } }, { n: 1.5 }, 'n'],
    ['types', { type: 'object', properties: { n: { type: ['string', 'integer'] } } }, { n: true }, 'n'],
    [
      'a pattern',
      { type: 'object', properties: { siret: { type: 'string', pattern: '^\\d{14}$' } } },
      { siret: '12' },
      'siret',
    ],
    ['a length', { type: 'object', properties: { s: { type: 'string', maxLength: 2 } } }, { s: 'abc' }, 's'],
    ['a choice', { type: 'object', properties: { s: { enum: ['a', 1] } } }, { s: 'b' }, 's'],
    ['one value', { type: 'object', properties: { s: { const: 'a' } } }, { s: 'a' }, null],
    [
      'what must be there',
      { type: 'object', properties: { s: { type: 'string' } }, required: ['s'] },
      {},
      's',
    ],
    ['what must be there and is not described', { type: 'object', required: ['s'] }, {}, 's'],
    [
      'no other',
      { type: 'object', properties: { s: { type: 'string' } }, additionalProperties: false },
      { t: '' },
      't',
    ],
    ['others of a type', { type: 'object', additionalProperties: { type: 'string' } }, { t: 1 }, 't'],
    [
      'names by pattern',
      { type: 'object', patternProperties: { '^x-': { type: 'string' } } },
      { 'x-a': 1 },
      'x-a',
    ],
    [
      'how names look',
      { type: 'object', propertyNames: { type: 'string', pattern: '^[a-z]+$' } },
      { A: 1 },
      'A',
    ],
    ['how many', { type: 'object', minProperties: 1 }, {}, ''],
  ])('checks %s', (_what, schema, value, expected) => {
    expect(check(schema, value)).toBe(expected)
  })

  test.each<[string, unknown, string]>([
    [
      'a keyword beside those understood',
      { type: 'object', unevaluatedProperties: false },
      'unevaluatedProperties',
    ],
    ['a misspelt keyword', { type: 'object', requird: ['a'] }, 'requird'],
    ['a condition', { type: 'object', if: {}, else: {} }, 'if, else'],
    ['a reference', { type: 'object', properties: { a: { $ref: '#/$defs/a' } }, $defs: {} }, 'properties.a'],
    [
      'a constraint without a type',
      { type: 'object', properties: { a: { minLength: 1 } } },
      'properties.a.type',
    ],
    ['required without a type', { required: ['a'] }, 'type'],
    [
      'a format that nobody checks',
      { type: 'object', properties: { a: { type: 'string', format: 'siret' } } },
      'format',
    ],
    [
      'a pattern that is none',
      { type: 'object', properties: { a: { type: 'string', pattern: '(' } } },
      'Unterminated',
    ],
    ['a nested object', { type: 'object', properties: { a: { type: 'object' } } }, 'properties.a'],
    ['another draft', { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' }, 'schema'],
    ['nothing it allows', false, ''],
    ['a list', [], ''],
    ['a text', 'object', ''],
    [
      'both ways to name the rest',
      { type: 'object', patternProperties: { a: true }, additionalProperties: { type: 'string' } },
      'patternProperties',
    ],
  ])('that has %s fails, and says where', (_what, schema, cause) => {
    const done = fitsOf(JSON.stringify(schema))
    expect(done).toMatchObject({ failure: { code: 'invalid', reason: 'attributes-schema' } })
    expect(done.ok || String(done.failure.details.cause)).toContain(cause)
  })

  test('that is no JSON fails, and none lets all through', () => {
    expect(fitsOf('{')).toMatchObject({ failure: { reason: 'attributes-schema' } })
    expect(unwrap(fitsOf(null))({ a: 1 })).toBeNull()
  })
})
