import type { Locale } from '../../preload/shapes.ts'
import type { Handlers } from '../ipc.ts'
import { passwordsOf } from '../profiles/job-work.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'
import { aliasHandlers } from './aliases.ts'
import { type AppDeps, appHandlers } from './app.ts'
import { type CsvDeps, csvHandlers } from './csv.ts'
import { domainHandlers, readDomain } from './domains.ts'
import { driftHandlers } from './drift.ts'
import { jobHandlers } from './jobs.ts'
import { mailHandlers } from './mail.ts'
import { mailboxHandlers } from './mailboxes.ts'
import { renew } from './renew.ts'
import { rightsHandlers } from './rights.ts'
import { searchHandlers } from './search.ts'
import { sessionHandlers } from './session.ts'
import { setupHandlers } from './setup.ts'

export type Dialogs = Pick<CsvDeps<OpenProfile>, 'chooseFile' | 'chooseTarget'>

/** Everything that answers the page. */
export function allHandlers(deps: AppDeps, dialogs: Dialogs): Handlers {
  const { profiles, registry, sandbox } = deps
  const { opened } = profiles
  const locale = (): Locale => registry.read().locale
  return {
    ...appHandlers(deps),
    ...domainHandlers(opened),
    ...jobHandlers(opened),
    ...mailboxHandlers(opened),
    ...aliasHandlers(opened),
    ...driftHandlers(opened),
    ...csvHandlers(opened, {
      ...dialogs,
      locale,
      startJob(profile, addresses, wanted) {
        const job = profile.queue.start('create-mailboxes', addresses)
        if (wanted) profile.jobLocales.set(job.id, wanted)
        return job
      },
      passwords: (profile, job, domain) => profile.passwords.take(passwordsOf(job, domain)),
    }),
    ...searchHandlers(opened),
    ...sessionHandlers(opened),
    ...rightsHandlers(opened),
    ...setupHandlers(opened, readDomain),
    ...mailHandlers(opened, sandbox, renew),
  }
}
