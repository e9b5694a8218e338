import { unwrap } from '../../preload/failure.ts'
import type { Domain } from '../../preload/shapes.ts'
import type { Handlers } from '../ipc.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { Front } from '../profiles/front.ts'
import { adoptDomain, createDomain, finishDomain } from '../setup/create.ts'
import { previewDomain } from '../setup/preview.ts'
import { setSupportEmail } from '../setup/support-email.ts'

type Calls = `domains.${'preview' | 'create' | 'adopt' | 'finish' | 'setSupportEmail'}`

/** New domains; `readDomain` is how the rest of the page reads one. */
export function setupHandlers<W extends Workspace & Pick<Front, 'session'>>(
  opened: () => W,
  readDomain: (workspace: W, name: string) => Promise<Domain>,
): Pick<Handlers, Calls> {
  return {
    'domains.preview': ({ name }) => previewDomain(opened(), name),
    'domains.create': async (asked) => unwrap(await createDomain(opened(), asked)),
    'domains.adopt': async (asked) => unwrap(await adoptDomain(opened(), asked)),
    'domains.finish': async ({ name }) => {
      const profile = opened()
      return unwrap(await finishDomain(profile, name, profile.session.standpoint().flags.create))
    },
    'domains.setSupportEmail': async (asked) => {
      const profile = opened()
      return readDomain(profile, unwrap(await setSupportEmail(profile, asked)))
    },
  }
}
