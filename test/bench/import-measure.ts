import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createDimail } from '../../main/dimail/client.ts'
import { type Comparing, compare, type Importing, importReport } from '../../main/mailboxes/import.ts'
import { createReports } from '../../main/mailboxes/import-reports.ts'
import { type Judgement, openCache } from '../../main/store/cache.ts'
import { openDesk } from '../../main/store/desk.ts'
import { unwrap } from '../../preload/failure.ts'

/**
 * A process that does what main does when an agent compares and imports a large domain, and tells what that cost it:
 * apart from the benchmarks, so that what another one left on the heap is not counted.
 */
const [address = '', username = '', password = '', domain = ''] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'bench-import-'))
const { cache } = unwrap(openCache(join(folder, 'cache.db'), Date.now))
const { desk } = unwrap(openDesk(join(folder, 'desk.db'), Date.now))
const dimail = createDimail({ address, credentials: () => ({ username, password }) })
const work: Comparing & Importing = {
  dimail,
  cache,
  desk,
  person: () => ({ id: username, name: username, email: null, support: true }),
  now: Date.now,
  // What is told to the window is copied, as the channel between the processes does.
  changed: (names) => void structuredClone(names),
  mailboxesChanged: (name) => void structuredClone(name),
}
const judge = (): Judgement => ({ status: 'enabled', failing: [], repair: 'nothing' })
const never = new AbortController().signal
const reports = createReports(work.now)

/** Megabytes and milliseconds that `act` took, at its worst. */
async function cost(act: () => Promise<number>) {
  global.gc?.()
  const before = process.memoryUsage()
  let rss = before.rss
  let held = before.heapUsed + before.external
  const watch = setInterval(() => {
    const now = process.memoryUsage()
    rss = Math.max(rss, now.rss)
    held = Math.max(held, now.heapUsed + now.external)
  }, 5)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const begun = performance.now()
  const mailboxes = await act()
  const ms = performance.now() - begun
  delay.disable()
  clearInterval(watch)
  const megabytes = (bytes: number) => bytes / 1e6
  return {
    mailboxes,
    ms,
    rss: megabytes(rss - before.rss),
    held: megabytes(held - before.heapUsed - before.external),
    p99: delay.percentile(99) / 1e6,
    worst: delay.max / 1e6,
  }
}
try {
  const raw = { name: domain, state: 'ok' }
  cache.storeAnswers([{ name: domain, raw, judge, at: 0, checked: false }])
  const first = await cost(async () => unwrap(await compare(work, reports, domain, never)).mailboxes)
  const addresses = cache.mailboxes.addresses({ domain, text: '', show: 'all' })
  cache.mailboxes.markGone(addresses, Date.now())
  const again = await cost(async () => {
    const { id } = unwrap(await compare(work, reports, domain, never))
    return unwrap(await importReport(work, reports, { domain, report: id, acceptShrink: false }, never)).added
  })
  process.stdout.write(`${JSON.stringify({ first, again })}\n`)
} finally {
  dimail.close()
  cache.close()
  await desk.close()
  rmSync(folder, { recursive: true })
}
