import type { Person } from '../../preload/people-shapes.ts'
import { type Profile, profile as profileShape } from '../../preload/profile-shapes.ts'
import type { RightsPlan, Session } from '../../preload/session-shapes.ts'

/** A profile of which nothing has been said but its dimail. */
export const plainProfileOf = (id: string): Profile =>
  profileShape.parse({
    ...{ id, name: id, kind: 'dimail', colour: 'blue', address: 'https://dimail.example', username: 'a' },
  })

export const agent = (id: string, support = false): Person => ({ id, name: id, email: null, support })

/** What main says of a session, as the page is told it. */
export const sessionOf = (change: Partial<Session> = {}): Session => ({
  state: 'signed-out',
  by: 'provider',
  person: null,
  since: 0,
  failure: null,
  refusal: null,
  may: [],
  lock: 'none',
  flags: { create: false, manageAccesses: false },
  flagsFailure: null,
  plan: null,
  ...change,
})

/** What a reading of rights told, when it told nothing. */
export const planOf = (change: Partial<RightsPlan> = {}): RightsPlan => ({
  id: 1,
  at: 0,
  state: 'unchanged',
  answer: 'list',
  reason: null,
  trouble: null,
  answeredAt: 0,
  stale: false,
  add: [],
  remove: [],
  unknown: [],
  unchecked: [],
  differs: [],
  unreadable: 0,
  account: null,
  ...change,
})
