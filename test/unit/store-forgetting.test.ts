import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type Cache, createCache } from '../../main/store/cache.ts'
import { cacheShape } from '../../main/store/cache-schema.ts'
import { openDatabase } from '../../main/store/database.ts'
import { failed, unwrap } from '../../preload/failure.ts'
import { statuses } from '../../preload/shapes.ts'
import { diagnosisOf, readingOf } from '../fakes/diagnoses.ts'
import { folder } from '../fakes/folders.ts'
import {
  answered,
  everyMailbox,
  everything,
  listedAlias,
  listedMailbox,
  openCacheIn,
  rawOf,
} from '../fakes/stores.ts'

type Fiction = {
  name: string
  status: (typeof statuses)[number]
  gone: boolean
  people: string[]
  lost: boolean
}

const text = ['valdore', 'étangs', 'camille', 'exa', 'régie', 'accueil', 'ca', 'v', '', 'dossier']
const { failure } = failed('timeout', 'headers', 'No answer.')

/** Writes of these domains everything that a cache holds, one job over all of them included. */
function fill(cache: Cache, domains: readonly Fiction[]): void {
  const answers = (at: number) =>
    domains.map(({ name, status }) =>
      answered(name, rawOf(name, at === 1 ? 'pending' : status, { context_name: 'commun' }), at),
    )
  cache.storeAnswers(answers(1))
  cache.storeAnswers(answers(2))
  for (const { name, people, lost } of domains) {
    const addresses = people.map((local) => `${local}@${name}`)
    cache.mailboxes.store(
      name,
      addresses.map((address) => listedMailbox(address)),
      3,
    )
    cache.mailboxes.completed(name, 3)
    if (addresses[0]) cache.mailboxes.markGone([addresses[0]], 4)
    for (const address of addresses) cache.mailboxes.setSecondary(address, `autre.${address}`)
    cache.aliases.store(
      name,
      addresses.map((address) => listedAlias(`accueil@${name}`, address)),
      3,
    )
    cache.storeRecords(name, [{ target: name, type: 'mx', value: `mx.${name}` }], 3)
    if (lost) cache.storeAttempt(name, failure, 5)
    cache.putAttributes({
      domain: name,
      attributes: { a: `Régie ${name}` },
      oidcAutojoin: false,
      identitySync: false,
      at: 1,
    })
    const diagnosis = diagnosisOf([[lost ? 'wrong' : 'right']], { domain: name })
    cache.storeDiagnosis(diagnosis, readingOf(diagnosis))
    cache.countUnknown([{ check: 'mx', code: `code_${name}`, domain: name }], 5)
  }
  cache.markGone(
    domains.filter(({ gone }) => gone).map(({ name }) => name),
    6,
  )
  const job = cache.jobs.create(
    'check',
    domains.map(({ name }) => name),
    7,
  )
  for (const [position, { lost }] of domains.entries()) {
    const outcome = lost
      ? ({ state: 'failed', failure, at: 8 } as const)
      : ({ state: 'done', status: null, at: 8 } as const)
    cache.jobs.settle(job.id, position, outcome)
  }
  cache.jobs.end(job.id, 'done', 9)
  cache.setFleetFetchedAt(10)
}

/** A job of each domain alone, about its mailboxes: forgotten with it. */
function enable(cache: Cache, { name, people }: Fiction): void {
  const job = cache.jobs.create(
    'enable-mailboxes',
    people.map((local) => `${local}@${name}`),
    7,
  )
  cache.jobs.end(job.id, 'cancelled', 9)
}

/** Everything that can be asked of a cache, without the numbers that it gives to jobs. */
function told(cache: Cache, names: readonly string[]) {
  const lists = text.map((typed) => ({
    domains: cache.list({ ...everything, text: typed }),
    failing: cache.list({ ...everything, text: typed, status: 'failed', sort: 'urgency' }),
    names: cache.names({ text: typed, status: 'all' }),
    held: cache.attributeMatches(typed),
    mailboxes: cache.mailboxes.search(typed, null, 50),
    aliases: cache.aliases.search(typed, null, 50),
  }))
  const domains = names.map((name) => ({
    read: cache.read(name),
    diagnosis: cache.readDiagnosis(name),
    context: cache.contextOf(name),
    mailboxes: cache.mailboxes.list({ ...everyMailbox(name), sort: 'secondary' }),
    aliases: cache.aliases.of(name),
    namesakes: cache.mailboxes.namedAlike(name, 'camille dossier'),
  }))
  const jobs = cache.jobs
    .list()
    .map(({ id, ...job }) => ({ ...job, rows: cache.jobs.rows(id, 0, 99) }))
    .filter(({ total }) => total > 0)
  const codes = cache.unknownCodes().map(({ code, domain }) => ({ code, domain }))
  return { lists, domains, jobs, codes, counts: cache.counts(), latest: cache.latest() }
}

function inMemory(): Cache {
  return createCache(unwrap(openDatabase(':memory:', cacheShape)))
}

const fiction: fc.Arbitrary<Fiction> = fc.record({
  name: fc
    .constantFrom('valdore', 'étangs', 'lac', 'mont', 'exacte', 'dossier')
    .map((label) => `${label.replace('é', 'e')}.example`),
  status: fc.constantFrom(...statuses),
  gone: fc.boolean(),
  people: fc.uniqueArray(fc.constantFrom('camille.dossier', 'dominique.lac', 'élodie.valdore', 'accueil'), {
    maxLength: 4,
  }),
  lost: fc.boolean(),
})
const fleet = fc.uniqueArray(fiction, { selector: ({ name }) => name, maxLength: 6 })

test('a cache that forgot domains tells what one that never knew them tells', () => {
  fc.assert(
    fc.property(fleet, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (all, keeps) => {
      const kept = all.filter((_, index) => keeps[index])
      const names = all.map(({ name }) => name)
      const [cache, never] = [inMemory(), inMemory()]
      fill(cache, all)
      fill(never, kept)
      for (const one of all) enable(cache, one)
      for (const one of kept) enable(never, one)
      const removed = cache.forgetOutside([...kept.map(({ name }) => name), 'inconnu.example'])
      expect(removed).toBe(all.length - kept.length)
      expect(told(cache, names)).toEqual(told(never, names))
      // What was forgotten may be told again, and is written as if for the first time.
      fill(cache, all)
      fill(never, all)
      expect({ ...told(cache, names), jobs: [] }).toEqual({ ...told(never, names), jobs: [] })
      cache.close()
      never.close()
    }),
    { numRuns: 40 },
  )
})

const secret: Fiction = {
  name: 'introuvable.example',
  status: 'failed',
  gone: false,
  people: ['zacharie.invisible', 'ancienne.cachette'],
  lost: true,
}
const open: Fiction = {
  name: 'valdore.example',
  status: 'enabled',
  gone: false,
  people: ['camille.dossier'],
  lost: false,
}

/** How often each word stands in the files of a cache, in either case. */
function standing(path: string, words: readonly string[]): number[] {
  const files = readdirSync(path).filter((name) => name.startsWith('cache.db'))
  const bytes = files
    .map((name) => readFileSync(join(path, name)).toString('latin1').toLowerCase())
    .join('\n')
  return words.map((word) => bytes.split(word).length - 1)
}
const words = ['introuvable', 'zacharie', 'invisible', 'cachette', 'introuv', 'ntrouvabl']

test('no byte of a forgotten domain is left in the files, while they are open as after', () => {
  const path = folder()
  const cache = openCacheIn(path)
  const many = Array.from({ length: 300 }, (_, n) => ({
    ...secret,
    name: `introuvable-${n}.example`,
    gone: n % 9 === 0,
  }))
  fill(cache, [open, secret, ...many])
  enable(cache, secret)
  for (const count of standing(path, words)) expect(count).toBeGreaterThan(0)
  expect(cache.forgetOutside([open.name])).toBe(301)
  expect(standing(path, words)).toEqual(words.map(() => 0))
  expect(cache.mailboxes.search('camille', null, 9)).toHaveLength(0)
  expect(cache.list({ ...everything, text: 'valdore' }).total).toBe(1)
  cache.close()
  expect(standing(path, words)).toEqual(words.map(() => 0))
  expect(openCacheIn(path).names({ text: '', status: 'all' })).toEqual([open.name])
})

test('killed before the file was written anew, the next call does it', () => {
  const path = folder()
  const db = unwrap(openDatabase(join(path, 'cache.db'), cacheShape))
  onTestFinished(() => void db.close())
  const cache = createCache(db)
  fill(cache, [open, secret])
  // As a kill would have it: another program reads, so that the file cannot be written whole.
  const reader = new Database(join(path, 'cache.db'), { readonly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM domain').get()
  db.pragma('busy_timeout = 50')
  expect(cache.forgetOutside([open.name])).toBe(1)
  expect(standing(path, words)[0]).toBeGreaterThan(0)
  reader.close()
  expect(cache.forgetOutside([open.name])).toBe(0)
  expect(standing(path, words)).toEqual(words.map(() => 0))
})

test('with nothing to forget, nothing is written', () => {
  const path = folder()
  const cache = openCacheIn(path)
  fill(cache, [open])
  const sizes = () => readdirSync(path).map((name) => [name, readFileSync(join(path, name)).length])
  const before = sizes()
  expect(cache.forgetOutside([open.name, secret.name])).toBe(0)
  expect(sizes()).toEqual(before)
})

test('somebody with no domain at all leaves an empty cache', () => {
  const cache = inMemory()
  fill(cache, [open, secret])
  expect(cache.forgetOutside([])).toBe(2)
  expect([cache.counts().all, cache.jobs.list(), cache.latest()]).toEqual([0, [], []])
})
