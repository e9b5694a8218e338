import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Session } from '../../preload/session-shapes.ts'
import { followReader, readerOf, type Where } from '../../renderer/session/reader.ts'
import { agent, plainProfileOf, sessionOf } from '../fakes/sessions.ts'

const app = { profile: plainProfileOf('one') }
const nobodyNamed = { organization: null, operator: null, potentialOperators: [] }
const refusal = { reason: 'not_activated', account: nobodyNamed, answeredAt: 0 }

test.each<[string, Session | null, boolean]>([
  ['before the session is known, nobody reads', null, false],
  ['signed out, nobody reads', sessionOf(), false],
  ['signing in for the first time, nobody reads', sessionOf({ state: 'signing-in' }), false],
  ['signed in, one reads', sessionOf({ state: 'signed-in', person: agent('eden') }), true],
  [
    'faults 33: known from an earlier proof, one reads',
    sessionOf({ state: 'known', person: agent('eden') }),
    true,
  ],
  [
    'faults 33: signing in again, a known agent goes on reading',
    sessionOf({ state: 'signing-in', person: agent('eden') }),
    true,
  ],
  [
    'refused by DeployCenter, nobody reads',
    sessionOf({ state: 'refused', person: agent('eden'), refusal }),
    false,
  ],
  [
    'refused and trying again, nobody reads',
    sessionOf({ state: 'signing-in', person: agent('eden'), refusal }),
    false,
  ],
])('%s', (_what, session, reads) => {
  expect(readerOf({ app, session }) !== null).toBe(reads)
  expect(readerOf({ app: { profile: null }, session })).toBe(null)
})

function followed() {
  const store = createStore<Where>()(() => ({ app, session: null }))
  const told: string[] = []
  followReader(
    store,
    (asLeft) => told.push(asLeft ? 'came, as left' : 'came'),
    () => told.push('gone'),
  )
  return { told, become: (session: Session | null) => store.setState({ session }) }
}

test('who is there as the profile opens finds its view as it was left', () => {
  const { told, become } = followed()
  become(sessionOf({ state: 'known', person: agent('eden') }))
  expect(told).toEqual(['came, as left'])
})

test('who signs in later begins a plain view, and what they read goes with them', () => {
  const { told, become } = followed()
  become(sessionOf())
  become(sessionOf({ state: 'signed-in', person: agent('eden') }))
  become(sessionOf())
  expect(told).toEqual(['came', 'gone'])
})

test('faults 33: an agent whose session is over, and who proves it again, keeps pages and drafts', () => {
  const { told, become } = followed()
  for (const state of ['signed-in', 'known', 'signing-in', 'signed-in'] as const)
    become(sessionOf({ state, person: agent('eden') }))
  expect(told).toEqual(['came, as left'])
})

test('another agent, or another standing, sees nothing of what the first had read', () => {
  const { told, become } = followed()
  become(sessionOf({ state: 'signed-in', person: agent('eden') }))
  become(sessionOf({ state: 'signed-in', person: agent('robin') }))
  become(sessionOf({ state: 'signed-in', person: agent('robin', true) }))
  expect(told).toEqual(['came, as left', 'gone', 'came', 'gone', 'came'])
})
