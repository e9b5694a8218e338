import { platformActionsOf } from '../../main/api/standings.ts'
import type { Identity } from '../../main/session/identity.ts'
import { type Arrival, openSession } from '../../main/session/session.ts'
import type { SignIn } from '../../main/session/sign-in-types.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { type Profile, plainProfile, type SignInSettings } from '../../preload/profile-shapes.ts'
import type { Session } from '../../preload/session-shapes.ts'
import { planOf } from './sessions.ts'
import { openDeskIn } from './stores.ts'

export const signIn: SignInSettings = {
  issuer: 'https://connexion.example',
  clientId: 'console',
  client: 'public',
  pkce: true,
  ports: [47_610],
  path: '/callback',
  scopes: 'openid',
  algorithm: 'ES256',
  userinfo: 'json',
  acr: [],
  acrRequest: 'none',
}
export const ordinary: Profile = {
  id: 'p',
  name: 'Fictif',
  kind: 'dimail',
  colour: 'blue',
  address: 'https://dimail.example',
  username: 'la_regie',
  ...plainProfile,
}
export const withProvider: Profile = { ...ordinary, signIn }

export const identityOf = (sub: string): Identity => ({
  sub,
  issuer: signIn.issuer,
  name: `${sub} Fictif`,
  email: `${sub}@valmont.example`,
  emailVerified: true,
  claims: {},
})
export const plan = planOf()
export const everything = { create: true, manageAccesses: true }
export const welcome: Arrival = { plan, refusal: null, flags: everything, flagsFailure: null }
export const offline = failed('offline', 'provider', 'The provider does not answer.')
export const over = failed('refused', 'session-over', 'The session is over.')

/** A provider's client that answers what the test says. */
export function clientOf(answers: {
  start?: Result<Identity>
  resume?: Result<Identity>
  out?: 'told' | 'offline'
}) {
  const calls: string[] = []
  const client: SignIn = {
    start: async () => {
      calls.push('start')
      return answers.start ?? ok(identityOf('lou'))
    },
    cancel: () => void calls.push('cancel'),
    canResume: () => answers.resume !== undefined,
    resume: async () => {
      calls.push('resume')
      return answers.resume ?? over
    },
    signOut: async () => {
      calls.push('signOut')
      return answers.out ?? 'told'
    },
    forget: () => void calls.push('forget'),
    close: () => void calls.push('close'),
  }
  return { client, calls, answers }
}

export type Given = Partial<Parameters<typeof openSession>[0]>
/** A session on a desk of its own, with everything that it tells and calls. */
export async function openSessionWith(given: Given = {}) {
  const pushed: Session[] = []
  const events: string[] = []
  const clock = { now: 1_000_000 }
  const desk = given.desk ?? openDeskIn()
  const session = await openSession({
    profile: withProvider,
    now: () => clock.now,
    client: clientOf({}).client,
    arrive: async ({ sub }) => {
      events.push(`arrive ${sub}`)
      return welcome
    },
    isSupport: () => true,
    flags: async () => ({ flags: everything, failure: null }),
    arrived: async ({ id }) => void events.push(`arrived ${id}`),
    left: async ({ id }) => void events.push(`left ${id}`),
    changed: (next) => void pushed.push(next),
    may: platformActionsOf,
    broke: (error) => {
      throw error
    },
    ...given,
    desk,
  })
  return { session, pushed, events, clock, desk }
}
