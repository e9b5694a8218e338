import { unwrap } from '../../preload/failure.ts'
import { domainOf } from '../../preload/mailbox-shapes.ts'
import type { RightsPlan } from '../../preload/session-shapes.ts'
import { normaliseEmail } from '../dimail/names.ts'
import type { Answer } from '../entitlements/entitlements.ts'
import type { Handlers } from '../ipc.ts'
import { refusalIn } from '../profiles/arrival.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'

type Calls = Extract<keyof Handlers, `session.${string}` | `entitlements.${string}` | 'quota.read'>

/** Who is at the console of the open profile, and what DeployCenter says of them and of mailboxes. */
export function sessionHandlers(
  opened: () => OpenProfile,
  /** The sandbox may still be starting, and its provider with it. */
  awake: () => Promise<void>,
): Pick<Handlers, Calls> {
  /** A plan is of who was there when it was asked: another agent's session does not show it. */
  async function told(
    work: (profile: OpenProfile) => Promise<{ plan: RightsPlan; answer?: Answer }>,
  ): Promise<RightsPlan> {
    const profile = opened()
    const who = profile.person().id
    const { plan, answer } = await work(profile)
    if (profile.person().id === who) await profile.session.planned(plan, answer ? refusalIn(answer) : null)
    return plan
  }
  return {
    'session.read': () => opened().session.read(),
    'session.signIn': async () => {
      const { session } = opened()
      // One that could not start is a provider that does not answer, and is told so.
      await awake().catch(() => {})
      return unwrap(await session.signIn())
    },
    'session.cancel': () => opened().session.cancel(),
    'session.signOut': () => opened().session.signOut(),
    'session.approve': ({ ask }) => unwrap(opened().approvals.approve(ask)),
    'entitlements.plan': () => told(async ({ rights }) => unwrap(await rights.plan())),
    'entitlements.apply': ({ plan }) => told(async ({ rights }) => unwrap(await rights.apply(plan))),
    'entitlements.decline': ({ plan }) =>
      told(async ({ rights }) => ({ plan: unwrap(await rights.decline(plan)) })),
    'quota.read': async ({ address: text }) => {
      const { desk, entitlements, profile } = opened()
      const { entitlements: settings } = profile
      const address = unwrap(normaliseEmail(text))
      const domain = domainOf(address)
      const attributes = (await desk.provisioned.get(domain))?.attributes ?? {}
      const claim = settings.backend === 'deploycenter' ? attributes[settings.organizationClaim] : undefined
      const organization = claim === undefined ? null : String(claim)
      // Nobody measures here what a mailbox holds: nothing false is told to DeployCenter.
      return unwrap(
        await entitlements.quota({ address, organization, usage: { mailbox: null, organization: null } }),
      )
    },
  }
}
