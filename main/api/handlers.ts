import type { Locale } from '../../preload/shapes.ts'
import type { Handlers } from '../ipc.ts'
import { passwordsOf } from '../profiles/job-work.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'
import { aliasHandlers } from './aliases.ts'
import { type AppDeps, appHandlers, appState } from './app.ts'
import { type CsvDeps, csvHandlers } from './csv.ts'
import { type DnsDeps, dnsHandlers } from './dns.ts'
import { domainHandlers, readDomain } from './domains.ts'
import { driftHandlers } from './drift.ts'
import { jobHandlers } from './jobs.ts'
import { mailHandlers } from './mail.ts'
import { mailboxHandlers } from './mailboxes.ts'
import { type ProfileDeps, profileHandlers } from './profiles.ts'
import { provisioningHandlers } from './provisioning.ts'
import { renew } from './renew.ts'
import { rightsHandlers } from './rights.ts'
import { searchHandlers } from './search.ts'
import { sessionHandlers } from './session.ts'
import { setupHandlers } from './setup.ts'

export type Dialogs = Pick<CsvDeps<OpenProfile>, 'chooseFile' | 'chooseTarget'> &
  Pick<ProfileDeps, 'chooseProfile' | 'chooseProfileTarget'> &
  Pick<DnsDeps, 'chooseForm'>

/** Everything that answers the page. */
export function allHandlers(deps: AppDeps, dialogs: Dialogs): Handlers {
  const { profiles, registry, sandbox } = deps
  const { opened } = profiles
  const locale = (): Locale => registry.read().locale
  return {
    ...appHandlers(deps),
    ...profileHandlers({ ...dialogs, profiles, state: () => appState(deps), locale }),
    ...domainHandlers(opened),
    ...dnsHandlers(opened, {
      ...dialogs,
      locale,
      print: deps.print,
      openLetter: deps.openLetter,
      copy: (text) => deps.copy(text, false),
    }),
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
    ...sessionHandlers(opened, profiles.awake),
    ...provisioningHandlers(opened, {
      ...dialogs,
      locale,
      startJob: (profile, names) => profile.queue.start('provision', names),
    }),
    ...rightsHandlers(opened),
    ...setupHandlers(opened, readDomain),
    ...mailHandlers(opened, sandbox, renew),
  }
}
