import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { formsOf } from '../canaries/forms.ts'
import { searcherFor, searchFile, searchFolder } from '../canaries/search.ts'
import { folderOfSecrets } from '../fakes/folders.ts'
import { plant, plantedIn, plantedSecrets, searchForPlanted } from '../fakes/planted.ts'

const secret = 'Clé "fictive"/+&<42> à chercher'
const searcher = searcherFor([[secret, 'the key']])
const around = (written: Buffer) =>
  Buffer.concat([Buffer.from('avant '.repeat(50)), written, Buffer.from(' après')])

test.each([...formsOf(secret).keys()])('faults 70: a secret is found %s, wherever it stands', (form) => {
  const written = formsOf(secret).get(form) ?? Buffer.alloc(0)
  for (let before = 0; before < 40; before++) {
    const bytes = Buffer.concat([Buffer.from('x'.repeat(before)), written])
    expect([...searcher.in(bytes)].map((found) => found.split(', ')[0])).toContain('the key')
  }
  expect(searcher.in(around(written.subarray(0, -1))).has(`the key, ${form}`)).toBe(false)
})

test.each([0, 1, 2, 3, 4, 5])(
  'faults 70: a secret is found in the base64 of what has %i bytes before it',
  (before) => {
    const text = Buffer.from(`${'z'.repeat(before)}${secret} et la suite`)
    for (const encoding of ['base64', 'base64url'] as const)
      expect(searcher.in(around(Buffer.from(text.toString(encoding)))).size).toBeGreaterThan(0)
  },
)

test('faults 70: what is no secret is not found', () => {
  const others = ['Clé "fictive"/+&<42> à cherche', 'clé', '', 'Clé "fictive"/+&<43> à chercher']
  for (const other of others) expect([...searcher.in(around(Buffer.from(other)))]).toEqual([])
})

test('faults 70: each of many secrets is found, beside those that begin as it does', () => {
  const many = Array.from({ length: 3000 }, (_, at) => [`le-meme-debut-${at}`, `secret ${at}`] as const)
  const among = searcherFor(many)
  for (const [text, name] of [many[0], many[1234], many[2999]].map((one) => one ?? ['', ''])) {
    expect([...among.in(around(Buffer.from(`${text} `)))]).toContain(`${name}, as it is`)
  }
})

test('faults 70: a secret is found on both sides of where the reading of a large file stops', () => {
  const file = join(folderOfSecrets(), 'large')
  const [once, step] = [4 * 1024 * 1024, 7]
  for (let before = 0; before <= secret.length + step; before += step) {
    writeFileSync(file, Buffer.alloc(once - before, 0x2e))
    appendFileSync(file, `${secret} et la suite`)
    expect([before, ...searchFile(file, searcher)]).toContain('the key, as it is')
  }
})

test('faults 70: a secret is found in a database, in its journal, in a folder below, and in the name of a file', () => {
  const path = folderOfSecrets()
  const db = new Database(join(path, 'a.db'))
  db.pragma('journal_mode = WAL')
  db.exec('CREATE TABLE t (a TEXT)')
  db.prepare('INSERT INTO t VALUES (?)').run(secret)
  expect(searchFolder(path, searcher)).toEqual([`${join(path, 'a.db-wal')}: the key, as it is`])
  db.close()
  expect(searchFolder(path, searcher)).toEqual([`${join(path, 'a.db')}: the key, as it is`])
  mkdirSync(join(path, 'b', 'c'), { recursive: true })
  writeFileSync(
    join(path, 'b', 'c', `${Buffer.from(secret).toString('hex')}.json`),
    JSON.stringify({ secret }),
  )
  const below = searchFolder(join(path, 'b'), searcher)
  expect(below.map((line) => line.split(': ').at(-1))).toEqual(['the key, hexadecimal', 'the key, in JSON'])
  expect(below.join()).not.toContain(secret)
})

test('faults 70: what a test plants is found from then on, a token by its parts; a short text is none', () => {
  const path = folderOfSecrets()
  const token = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.des-affirmations.une-signature`
  writeFileSync(join(path, 'a'), 'mot-de-passe-planté une-signature court xxxxxxxxxxxxxxxx')
  expect(searchForPlanted(path)).toEqual([])
  plant('SMTP password', 'mot-de-passe-planté')
  plant('ID token', token)
  plant('login code', 'court')
  plant('login code', 'x'.repeat(16))
  expect(searchForPlanted(path).map((line) => line.slice(path.length))).toEqual([
    '/a: SMTP password, as it is',
    '/a: ID token, as it is',
  ])
  expect(new Set(plantedSecrets().values())).toEqual(new Set(['SMTP password', 'ID token']))
  expect(plantedIn('mot-de-passe-planté', ['SMTP password'])).toEqual([])
  expect(plantedIn('mot-de-passe-planté', ['ID token'])).toEqual(['SMTP password, as it is'])
})
