import { join } from 'node:path'
import { createDimail } from '../../main/dimail/client.ts'
import { checkDomain } from '../../main/jobs/check.ts'
import { createQueue } from '../../main/jobs/queue.ts'
import type { Workspace } from '../../main/jobs/workspace.ts'
import { openCache } from '../../main/store/cache.ts'
import { openDesk } from '../../main/store/desk.ts'
import { unwrap } from '../../preload/failure.ts'
import { plainProfile } from '../../preload/profile-shapes.ts'
import { noMailboxJobs, quiet } from './quiet.ts'

/** A program that checks many domains on stores of its own and tells each result: made to be killed. */
const [folder = '', address = '', username = '', password = '', count = '0'] = process.argv.slice(2)
const names = Array.from({ length: Number(count) }, (_, index) => `d${index}.example`)

const { cache } = unwrap(openCache(join(folder, 'cache.db'), Date.now))
const { desk } = unwrap(openDesk(join(folder, 'desk.db'), Date.now))
const work: Workspace = {
  profile: { id: 'p', name: 'Fictif', kind: 'dimail', colour: 'blue', address, username, ...plainProfile },
  dimail: createDimail({ address, credentials: () => ({ username, password }) }),
  cache,
  desk,
  now: Date.now,
  ...quiet,
}
const queue = createQueue(
  cache.jobs,
  {
    check: (name, signal, settle) => checkDomain(work, name, signal, settle),
    repair: async () => {},
    ...noMailboxJobs,
  },
  Date.now,
  (job) => process.stdout.write(`${job.done}\n`),
  (error) => {
    throw error
  },
)
for (const name of names.slice(0, 3))
  await desk.intend({
    action: 'repair',
    subject: name,
    target: null,
    actor: username,
    before: null,
    at: Date.now(),
  })
await queue.ended(queue.start('check', names).id)
work.dimail.close()
cache.close()
await desk.close()
