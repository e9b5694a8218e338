import { join } from 'node:path'
import { createDimail } from '../../main/dimail/client.ts'
import { type Comparing, compare, type Importing, importReport } from '../../main/mailboxes/import.ts'
import { createReports } from '../../main/mailboxes/import-reports.ts'
import { openCache } from '../../main/store/cache.ts'
import { openDesk } from '../../main/store/desk.ts'
import { unwrap } from '../../preload/failure.ts'

/** A program that compares a domain, imports what differs and tells how many rows are stored: made to be killed. */
const [folder = '', address = '', username = '', password = '', domain = ''] = process.argv.slice(2)
const { cache } = unwrap(openCache(join(folder, 'cache.db'), Date.now))
const { desk } = unwrap(openDesk(join(folder, 'desk.db'), Date.now))
const work: Comparing & Importing = {
  dimail: createDimail({ address, credentials: () => ({ username, password }) }),
  cache,
  desk,
  person: () => ({ id: username, name: username, email: null, support: true }),
  now: Date.now,
  changed: () => {},
  mailboxesChanged: () => {},
}
const never = new AbortController().signal
const reports = createReports(work.now)
const { id } = unwrap(await compare(work, reports, domain, never))
const { store } = cache.mailboxes
let stored = 0
cache.mailboxes.store = (name, boxes, at) => {
  store(name, boxes, at)
  stored += boxes.length
  process.stdout.write(`${stored}\n`)
}
unwrap(await importReport(work, reports, { domain, report: id, acceptShrink: false }, never))
work.dimail.close()
cache.close()
await desk.close()
