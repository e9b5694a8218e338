import { spawnSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { writeAtomically } from '../../main/csv/atomic-file.ts'
import { type Export, exportCsv } from '../../main/csv/export.ts'
import { planCsv } from '../../main/csv/plan.ts'
import { ok, unwrap } from '../../preload/failure.ts'
import { folder } from '../fakes/folders.ts'
import { listedAlias, listedMailbox, openCacheIn, openDeskIn, withDomains } from '../fakes/stores.ts'

const town = 'ville.example'
const asked: Export = { domain: town, what: 'mailboxes', exact: false, locale: 'fr' }

/** Both stores with two mailboxes, one that dimail lists no more, and an alias. */
async function stores() {
  const workspace = { cache: openCacheIn(), desk: openDeskIn() }
  withDomains(workspace.cache, [town])
  const boxes = [
    listedMailbox(`ana.roy@${town}`, { givenName: '=cmd|calc', surName: ' @Roy', displayName: 'Ana; "Roy"' }),
    listedMailbox(`bob.lune@${town}`, { imap: 'no', smtp: null, kind: 'functional' }),
    listedMailbox(`partie@${town}`),
  ]
  workspace.cache.mailboxes.store(town, boxes, 1)
  workspace.cache.mailboxes.markGone([`partie@${town}`], 2)
  workspace.cache.aliases.store(town, [listedAlias(`contact@${town}`, `ana.roy@${town}`, true)], 1)
  const address = `ana.roy@${town}`
  await workspace.desk.secondary.put(address, town, { address, email: 'ana@ailleurs.example' })
  return workspace
}

const written = async (more: Partial<Export>) => {
  const path = join(folder(), 'liste.csv')
  const { rows } = unwrap(await exportCsv(await stores(), { ...asked, ...more }, path))
  return [rows, readFileSync(path, 'utf8')]
}

test('faults 68: the list for people is what French Excel opens, formulas tamed, in French and in English', async () => {
  expect(await written({})).toEqual([
    2,
    [
      '\uFEFFAdresse;Prénom;Nom;Nom affiché;Sorte;Réception (IMAP);Envoi (SMTP);Adresse secondaire',
      `ana.roy@${town};'=cmd|calc;' @Roy;"Ana; ""Roy""";personnelle;oui;oui;ana@ailleurs.example`,
      `bob.lune@${town};bob;lune;bob lune;fonctionnelle;non;;`,
      '',
    ].join('\r\n'),
  ])
  expect(await written({ what: 'aliases', locale: 'en' })).toEqual([
    1,
    `\uFEFFAlias;Destination;May send\r\ncontact@${town};ana.roy@${town};yes\r\n`,
  ])
})

test('faults 68: the exact list keeps every cell, and can be read as an import', async () => {
  const [, text] = await written({ exact: true })
  expect(text).toBe(
    [
      'address,givenName,surName,displayName,kind,imap,smtp,secondaryEmail',
      `ana.roy@${town},=cmd|calc, @Roy,"Ana; ""Roy""",person,yes,yes,ana@ailleurs.example`,
      `bob.lune@${town},bob,lune,bob lune,functional,no,,`,
      '',
    ].join('\n'),
  )
  const plan = await planCsv(town, { text: String(text) }, () => ok('send'), new AbortController().signal)
  expect(unwrap(plan).lines.page(null, 0, 10).rows).toMatchObject([
    { failure: { reason: 'line-formula' } },
    { localPart: 'bob.lune', givenName: 'bob', surName: 'lune', verdict: 'create' },
  ])
})

test('faults 69: a file is written whole, for the agent alone, and what was there is replaced', async () => {
  const path = join(folder(), 'liste.csv')
  writeFileSync(path, 'avant', { mode: 0o644 })
  unwrap(await writeAtomically(path, Readable.from(['après'])))
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['après', 0o600])
  expect(readdirSync(join(path, '..'))).toEqual(['liste.csv'])
})

test('faults 69: a link is replaced, and what it leads to is left', async () => {
  const place = folder()
  const [target, link] = [join(place, 'ailleurs.txt'), join(place, 'liste.csv')]
  writeFileSync(target, 'à garder')
  symlinkSync(target, link)
  unwrap(await writeAtomically(link, Readable.from(['liste'])))
  expect(readFileSync(target, 'utf8')).toBe('à garder')
  expect([lstatSync(link).isSymbolicLink(), readFileSync(link, 'utf8')]).toEqual([false, 'liste'])
})

test('faults 69: a link to nowhere is no way to write there', async () => {
  const place = folder()
  const link = join(place, 'liste.csv')
  symlinkSync(join(place, 'absent'), link)
  expect(readlinkSync(link)).toContain('absent')
  unwrap(await writeAtomically(link, Readable.from(['liste'])))
  expect(readdirSync(place)).toEqual(['liste.csv'])
})

test('faults 69: a place that cannot be written is told, and nothing is left beside it', async () => {
  const place = folder()
  mkdirSync(join(place, 'dossier.csv'))
  writeFileSync(join(place, 'fichier'), '')
  const refused = {
    [join(place, 'absent', 'liste.csv')]: 'ENOENT',
    [join(place, 'fichier', 'liste.csv')]: 'ENOTDIR',
    [join(place, 'dossier.csv')]: 'EISDIR',
  }
  for (const [path, cause] of Object.entries(refused))
    expect(await writeAtomically(path, Readable.from(['liste']))).toMatchObject({
      failure: { code: 'storage', reason: 'export', details: { cause } },
    })
  expect(readdirSync(place).toSorted()).toEqual(['dossier.csv', 'fichier'])
})

test('faults 69: a reading that fails midway leaves the old file as it was, and is no failure of the disk', async () => {
  const path = join(folder(), 'liste.csv')
  writeFileSync(path, 'avant')
  async function* broken() {
    yield 'début'
    throw new RangeError('a bug')
  }
  await expect(writeAtomically(path, Readable.from(broken()))).rejects.toThrow('a bug')
  expect([readFileSync(path, 'utf8'), readdirSync(join(path, '..'))]).toEqual(['avant', ['liste.csv']])
})

test.runIf(process.platform !== 'win32')(
  'faults 69: a disk that fills midway leaves the old file as it was',
  () => {
    const path = join(folder(), 'liste.csv')
    writeFileSync(path, 'avant')
    const module = new URL('../../main/csv/atomic-file.ts', import.meta.url).href
    const script = `
      const { writeAtomically } = await import(${JSON.stringify(module)})
      const { Readable } = await import('node:stream')
      const content = Readable.from(Array.from({ length: 64 }, () => 'x'.repeat(64 * 1024)))
      console.log(JSON.stringify(await writeAtomically(${JSON.stringify(path)}, content)))`
    // The system's limit on the size of files stops a write where a full disk would.
    const { stdout, stderr } = spawnSync(
      'sh',
      ['-c', 'ulimit -f 256; exec "$0" "$@"', process.execPath, '--input-type=module', '--eval', script],
      { encoding: 'utf8' },
    )
    expect(JSON.parse(stdout || `"${stderr}"`)).toMatchObject({
      failure: { code: 'storage', reason: 'export', details: { cause: 'EFBIG' } },
    })
    expect([readFileSync(path, 'utf8'), readdirSync(join(path, '..'))]).toEqual(['avant', ['liste.csv']])
  },
)
