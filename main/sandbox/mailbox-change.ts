import { hasWebmail, refuseDuplicate } from './context.ts'
import type { Domain } from './domain.ts'
import { Refusal } from './errors.ts'
import type { Activity, Mailbox, OxUser } from './mailboxes.ts'
import type { Call } from './route.ts'

type Given<T> = { [K in keyof T]?: T[K] | null | undefined }
export type Change = { names: Given<OxUser>; active: Activity | null | undefined }

/**
 * Applies a PATCH (docs/dimail.md 4.6). Disabling removes the OX user, so enabling needs the names again.
 * @throws Refusal 404 for names of a mailbox that OX does not know; a duplicate display name as `refuseDuplicate`.
 */
export function change(call: Call, domain: Domain, box: Mailbox, { names, active }: Change): void {
  const { givenName, surName, displayName } = names
  const named = [givenName, surName, displayName].some((name) => typeof name === 'string')
  if (active !== 'no' && named && hasWebmail(domain)) {
    if (box.ox === null && typeof active !== 'string') {
      throw new Refusal(404, 'Mailbox not found in open-xchange')
    }
    const ox = {
      givenName: givenName ?? box.ox?.givenName ?? '',
      surName: surName ?? box.ox?.surName ?? '',
      displayName: displayName ?? box.ox?.displayName ?? '',
    }
    refuseDuplicate(call, domain, ox.displayName, box)
    box.ox = ox
  }
  if (active === 'no') box.ox = null
  box.active = active ?? box.active
}
