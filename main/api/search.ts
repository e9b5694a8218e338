import type { Handlers } from '../ipc.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'
import { aliasRows } from './aliases.ts'
import { mailboxRows } from './mailboxes.ts'

/** One box for all that the cache holds and the agent may read. */
export function searchHandlers(opened: () => OpenProfile): Pick<Handlers, 'search.find'> {
  return {
    'search.find': async ({ text, limit }) => {
      const profile = opened()
      const within = await profile.permissions.readable()
      const { mailboxes, aliases } = profile.cache
      return {
        mailboxes: await mailboxRows(profile, mailboxes.search(text, within, limit)),
        aliases: aliasRows(profile, aliases.search(text, within, limit)),
      }
    },
  }
}
