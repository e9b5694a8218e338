import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { failed } from '../../preload/failure.ts'
import { access, invitation } from '../../preload/people-shapes.ts'
import type { JournalAction } from '../../preload/shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { accessKey, invitationKey } from './keys.ts'

/** What rights are kept with: enough for a sign-in, which has no dimail yet. */
export type Keeping = Pick<Workspace, 'desk' | 'now' | 'person' | 'rightsChanged'>

export type RightsAction = Extract<JournalAction, `access.${string}` | `invitation.${string}`>
/** An access or an invitation as it was, and as it is meant to be; null: none. */
const change = z.object({
  was: z.union([access, invitation]).nullable(),
  wanted: z.union([access, invitation]).nullable(),
})
type Change = z.infer<typeof change>

/** Does `work`, which writes `wanted`, between an intent and its settlement, and tells the window. */
export async function journalled(
  { desk, now, person, rightsChanged }: Keeping,
  about: { action: RightsAction; domain: string; target: string } & Change,
  work: () => Promise<unknown>,
): Promise<void> {
  const { action, domain, target, was, wanted } = about
  const before: Change = { was, wanted }
  const actor = person().id
  const intent = await desk.intend({ action, subject: domain, target, actor, before, at: now() })
  await work()
  await desk.settle(intent, { state: 'done', after: null, failure: null, at: now() })
  rightsChanged(domain)
}

/** Settles what a kill left open: the desk itself says whether the change was written. */
export async function settleRightsDoubts({ desk, now }: Pick<Workspace, 'desk' | 'now'>): Promise<void> {
  for (const row of await desk.inDoubt()) {
    const isInvitation = row.action.startsWith('invitation.')
    if (!isInvitation && !row.action.startsWith('access.')) continue
    const meant = change.safeParse(row.before)
    if (!meant.success || row.target === null) continue
    const found = isInvitation
      ? await desk.invitations.get(invitationKey(row.subject, row.target))
      : await desk.accesses.get(accessKey(row.subject, row.target))
    const written = isDeepStrictEqual(found, meant.data.wanted)
    const { failure } = failed('unexpected', 'interrupted', 'The program ended before this was written.')
    await desk.settle(row.id, {
      state: written ? 'done' : 'failed',
      after: null,
      failure: written ? null : failure,
      at: now(),
    })
  }
}
