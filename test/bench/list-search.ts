import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createRandom } from '../../main/sandbox/random.ts'
import { type Cache, createCache } from '../../main/store/cache.ts'
import { cacheShape } from '../../main/store/cache-schema.ts'
import { openDatabase } from '../../main/store/database.ts'
import { unwrap } from '../../preload/failure.ts'
import { type DomainQuery, sorts, statuses } from '../../preload/shapes.ts'
import type { Benchmark } from './budgets.ts'
import { tellFleet, toStore } from './fleet.ts'
import { interleave, quantile } from './rounds.ts'

/** As many rows as the table reads at once (renderer/domains/store.ts). */
const limit = 100
const filters = [...statuses, 'repairable', 'all'] as const

/**
 * What the window asks at each key typed and each page scrolled to: the page and the counts. The bare side runs
 * the very statements that the program ran, with their values written in them, prepared beforehand.
 */
export const listSearch: Benchmark = {
  budgets: {
    'list-search-ratio': { unit: 'x', limit: { atMost: 1.3 } },
    'list-search-p95-ms': { unit: 'ms', limit: { atMost: 10 } },
  },
  async run({ quick, say }) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-list-'))
    const file = join(folder, 'cache.db')
    try {
      fill(file, quick ? 5_000 : 100_000)
      const ran: string[] = []
      const db = new Database(file, { readonly: true, verbose: (sql) => ran.push(String(sql)) })
      const silent = unwrap(openDatabase(file, cacheShape))
      const cache = createCache(silent)
      const groups = questions(cache, quick ? 20 : 200)
      const recorded = createCache(db)
      const p95s: number[] = []
      const bare: Database.Statement[] = []
      const all: DomainQuery[] = []
      for (const [group, queries] of Object.entries(groups)) {
        const times = queries.map((query) => timed(() => ask(cache, query)))
        const p95 = quantile(times, 0.95)
        say(`${group}: ${queries.length} asked, median ${ms(quantile(times, 0.5))}, p95 ${ms(p95)}`)
        p95s.push(p95)
        all.push(...queries.filter((_, index) => index % 10 === 0))
      }
      for (const query of all) {
        ran.length = 0
        ask(recorded, query)
        // The statements that a virtual table runs for itself come as comments.
        bare.push(...ran.filter((sql) => !sql.startsWith('--')).map((sql) => silent.prepare(sql)))
      }
      const totals = await interleave(
        5,
        () => timed(() => askAll(cache, all)),
        () => timed(() => runAll(bare)),
      )
      say(`${all.length} asked again: ${ms(totals.ours)}; bare: ${ms(totals.bare)}`)
      db.close()
      silent.close()
      return { 'list-search-ratio': totals.ratio, 'list-search-p95-ms': Math.max(...p95s) }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

const ms = (value: number) => `${value.toFixed(2)} ms`

function timed(work: () => void): number {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

function ask(cache: Cache, query: DomainQuery): void {
  cache.list(query)
  cache.counts()
}

function askAll(cache: Cache, queries: readonly DomainQuery[]): void {
  for (const query of queries) ask(cache, query)
}

function runAll(statements: readonly Database.Statement[]): void {
  for (const statement of statements) statement.all()
}

/** A fleet checked at different moments, with a count of mailboxes and some failed attempts. */
function fill(file: string, domains: number): void {
  const random = createRandom(1)
  const at = () => Date.UTC(2026, 10, 1) + random.below(86_400_000)
  const cache = createCache(unwrap(openDatabase(file, cacheShape)))
  const told = tellFleet(domains)
  cache.storeAnswers(told.map(({ checked }) => toStore(checked, at(), true)))
  for (const { name } of told) {
    cache.storeMailboxCount(name, random.below(500), at())
    if (random.below(50) === 0) cache.storeAttempt(name, lost, at())
  }
  cache.setFleetFetchedAt(at())
  cache.close()
}

const lost = { code: 'timeout', reason: 'headers', message: 'No answer in 25 s.', details: {} } as const

/** First pages, pages anywhere, and texts typed one character after another, up to eight. */
function questions(cache: Cache, names: number): Record<string, DomainQuery[]> {
  const random = createRandom(2)
  const views = filters.flatMap((status) =>
    sorts.flatMap((sort) =>
      [false, true].map((descending) => ({ text: '', status, sort, descending, offset: 0, limit })),
    ),
  )
  const anywhere = views.map((view) => {
    const { total } = cache.list(view)
    return { ...view, offset: random.below(Math.max(1, total)) }
  })
  const known = cache.names({ text: '', status: 'all' })
  const typed = Array.from({ length: names }, () => {
    const name = known[random.below(known.length)] ?? ''
    const text = name.slice(random.below(name.length - 8)).slice(0, 8)
    return Array.from({ length: text.length }, (_, end) => text.slice(0, end + 1))
  })
  const search = typed
    .flat()
    .map((text) => ({ text, status: 'all', sort: 'urgency', descending: false, offset: 0, limit }) as const)
  return { 'first pages': views, 'pages anywhere': anywhere, 'search as typed': search }
}
