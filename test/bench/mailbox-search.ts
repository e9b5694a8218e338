import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { domainName } from '../../main/sandbox/names.ts'
import { person } from '../../main/sandbox/people.ts'
import { createRandom } from '../../main/sandbox/random.ts'
import { createCache, type Judgement } from '../../main/store/cache.ts'
import { cacheShape } from '../../main/store/cache-schema.ts'
import { createMailboxStore } from '../../main/store/create-mailbox-store.ts'
import { openDatabase } from '../../main/store/database.ts'
import type { ListedMailbox, MailboxStore } from '../../main/store/mailbox-store.ts'
import { unwrap } from '../../preload/failure.ts'
import type { Benchmark } from './budgets.ts'
import { interleave, quantile } from './rounds.ts'

/** As many mailboxes as the search box may ask for (preload/contract.ts). */
const limit = 50
const boxesPerDomain = 10
/** How many domains are filled in one transaction. */
const atOnce = 5_000

/**
 * Typing in the search box, over every mailbox of the fleet: each text is asked from its first character to its
 * last. The bare side runs the very statements that the program ran, prepared already, with the same values.
 */
export const mailboxSearch: Benchmark = {
  budgets: {
    'mailbox-search-ratio': { unit: 'x', limit: { atMost: 1.3 } },
    'mailbox-search-p95-ms': { unit: 'ms', limit: { atMost: 10 } },
    'mailbox-search-max-ms': { unit: 'ms', limit: null },
    'mailbox-store-us': { unit: 'us', limit: null },
  },
  async run({ quick, say }) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-mailboxes-'))
    const file = join(folder, 'cache.db')
    try {
      const domains = quick ? 2_000 : 100_000
      const spent = fill(file, domains)
      say(`${domains * boxesPerDomain} mailboxes stored in ${(spent / 1000).toFixed(1)} s`)
      const db = unwrap(openDatabase(file, cacheShape))
      const mailboxes = createMailboxStore(db)
      const ran: (() => void)[] = []
      const recorded = createMailboxStore(recording(db, ran))
      const groups = questions(domains, quick ? 20 : 100)
      const all = Object.values(groups).flat()
      const p95s: number[] = []
      let slowest = 0
      for (const [group, texts] of Object.entries(groups)) {
        const times = texts.map((text) => timed(() => ask(mailboxes, text)))
        const p95 = quantile(times, 0.95)
        const worst = Math.max(...times)
        const at = texts[times.indexOf(worst)]
        say(
          `${group}: ${texts.length} asked, median ${ms(quantile(times, 0.5))}, p95 ${ms(p95)}, worst ${ms(worst)} for ${at}`,
        )
        p95s.push(p95)
        slowest = Math.max(slowest, worst)
      }
      const again = all.filter((_, index) => index % 5 === 0)
      for (const text of again) ask(recorded, text)
      const bare = ran.slice()
      const totals = await interleave(
        5,
        () =>
          timed(() => {
            for (const text of again) ask(mailboxes, text)
          }),
        () =>
          timed(() => {
            for (const run of bare) run()
          }),
      )
      say(`${again.length} asked again: ${ms(totals.ours)}; bare: ${ms(totals.bare)}`)
      db.close()
      return {
        'mailbox-search-ratio': totals.ratio,
        'mailbox-search-p95-ms': Math.max(...p95s),
        'mailbox-search-max-ms': slowest,
        'mailbox-store-us': (spent * 1000) / (domains * boxesPerDomain),
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

const ms = (value: number) => `${value.toFixed(2)} ms`
const ask = (mailboxes: MailboxStore, text: string) => mailboxes.search(text, null, limit)

function timed(work: () => void): number {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

type Statement = Database.Statement<unknown[], unknown>

/** The same database, whose statements leave in `ran` what runs them again with the same values. */
function recording(db: Database.Database, ran: (() => void)[]): Database.Database {
  const followed = (statement: Statement): Statement =>
    new Proxy(statement, {
      get(_, property) {
        if (property === 'pluck') return () => followed(statement.pluck())
        if (property !== 'all' && property !== 'get') return Reflect.get(statement, property)
        return (...values: unknown[]) => {
          ran.push(() => statement[property](...values))
          return statement[property](...values)
        }
      },
    })
  return new Proxy(db, {
    get(_, property) {
      if (property === 'prepare') return (sql: string) => followed(db.prepare<unknown[], unknown>(sql))
      const value = Reflect.get(db, property)
      return typeof value === 'function' ? value.bind(db) : value
    },
  })
}

/** Stores through the program's own code, many domains in one transaction; returns the milliseconds it took. */
function fill(file: string, domains: number): number {
  const db = unwrap(openDatabase(file, cacheShape))
  const cache = createCache(db)
  const names = Array.from({ length: domains }, (_, index) => domainName(index))
  const judged: Judgement = { status: 'enabled', failing: [], repair: 'nothing' }
  const answers = names.map((name) => ({ name, raw: { name }, judge: () => judged, at: 1, checked: false }))
  cache.storeAnswers(answers)
  // Written out less often, the index of trigrams has less to merge: what is measured here comes after.
  db.exec(`INSERT INTO mailbox_text (mailbox_text, rank) VALUES ('hashsize', 67108864)`)
  let spent = 0
  for (let start = 0; start < domains; start += atOnce) {
    const part = names
      .slice(start, start + atOnce)
      .map((name, place) => [name, boxesOf(name, start + place)] as const)
    const store = db.transaction(() => {
      for (const [name, boxes] of part) cache.mailboxes.store(name, boxes, 2)
    })
    spent += timed(store)
  }
  db.pragma('wal_checkpoint(TRUNCATE)')
  cache.close()
  return spent
}

function boxesOf(domain: string, seed: number): ListedMailbox[] {
  return Array.from({ length: boxesPerDomain }, (_, place) => {
    const { givenName, surName, displayName, local } = person(place, seed)
    const address = `${local}@${domain}`
    const names = { givenName, surName, displayName }
    const told = { kind: 'person', imap: 'yes', smtp: 'yes', state: 'ok' } as const
    return { address, domain, localPart: local, email: address, ...names, ...told }
  })
}

/** Addresses and names typed one character after another, pieces of both, and texts that stand everywhere or nowhere. */
function questions(domains: number, count: number): Record<string, string[]> {
  const random = createRandom(3)
  const typed = (text: string, from = 0) =>
    Array.from({ length: Math.min(24, text.length - from) }, (_, end) => text.slice(from, from + end + 1))
  const boxes = Array.from({ length: count }, () => {
    const index = random.below(domains)
    const box = boxesOf(domainName(index), index)[random.below(boxesPerDomain)]
    if (box === undefined) throw new Error('A domain has too few mailboxes')
    return box
  })
  const crossed = boxes.map((box, index) => `${box.surName}.${boxes.at(-1 - index)?.givenName}`)
  return {
    addresses: boxes.flatMap(({ address }) => typed(address)),
    names: boxes.flatMap(({ displayName }) => typed(displayName)),
    pieces: boxes.flatMap(({ address }) => typed(address, random.below(address.length - 4))),
    domains: boxes.flatMap(({ address, localPart }) => typed(address, localPart.length + 1)),
    'everywhere and nowhere': [
      ...['example', '@', '.example', 'xam', 'e.e', 'le.exa', 'zzz', 'éèà', '"""', '%', 'exampleexample'],
      ...crossed,
    ],
  }
}
