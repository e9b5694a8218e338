import { join } from 'node:path'
import { createDimail } from '../../main/dimail/client.ts'
import type { Workspace } from '../../main/jobs/workspace.ts'
import { createMailbox } from '../../main/mailboxes/create.ts'
import { openCache } from '../../main/store/cache.ts'
import { openDesk } from '../../main/store/desk.ts'
import { unwrap } from '../../preload/failure.ts'
import { plainProfile } from '../../preload/profile-shapes.ts'
import { quiet } from '../fakes/quiet.ts'

/** A program that creates mailboxes, four at a time, and tells each that it made: written to be killed. */
const [folder = '', address = '', username = '', password = '', domain = '', count = '0'] =
  process.argv.slice(2)
const work: Workspace = {
  profile: { ...plainProfile, id: 'p', name: 'Fictif', kind: 'dimail', colour: 'blue', address, username },
  dimail: createDimail({ address, credentials: () => ({ username, password }) }),
  cache: unwrap(openCache(join(folder, 'cache.db'), Date.now)).cache,
  desk: unwrap(openDesk(join(folder, 'desk.db'), Date.now)).desk,
  now: Date.now,
  ...quiet,
}
const numbers = Array.from({ length: Number(count) }, (_, n) => n).values()
async function worker(): Promise<void> {
  for (const n of numbers) {
    const names = { givenName: 'Alix', surName: `N${n}`, displayName: '', secondaryEmail: null }
    const made = unwrap(await createMailbox(work, { domain, localPart: `alix.n${n}`, ...names }))
    if (made.outcome === 'created') process.stdout.write(`${made.address}\n`)
  }
}
await Promise.all([worker(), worker(), worker(), worker()])
process.exit(0)
