import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { rememberOpen } from '../../renderer/app/remember-open.ts'
import type { Place } from '../../renderer/app/store.ts'
import { agent, plainProfileOf, sessionOf } from '../fakes/sessions.ts'

const profile = (id: string) => ({ profile: plainProfileOf(id) })
const signedIn = (id: string) => sessionOf({ state: 'signed-in', person: agent(id) })

function agentAt(place: Place) {
  const app = createStore(() => ({ app: profile('one'), place, session: signedIn('robin') }))
  const remembered: (string | null)[] = []
  rememberOpen(app, (open) => remembered.push(open))
  return { app, remembered }
}

test('the domain that the agent opens is remembered, and forgotten when the agent leaves it', () => {
  const { app, remembered } = agentAt({ view: 'domains' })
  app.setState({ place: { view: 'domain', name: 'castelnoir.example' } })
  app.setState({ place: { view: 'domains' } })
  expect(remembered).toEqual(['castelnoir.example', null])
})

test('another profile, taken up while a domain is open, forgets nothing of what it had open itself', () => {
  const { app, remembered } = agentAt({ view: 'domain', name: 'castelnoir.example' })
  app.setState({ app: profile('two'), place: { view: 'domains' } })
  expect(remembered).toEqual([])
})

test('another person who comes while a domain is open forgets nothing of what is remembered', () => {
  const { app, remembered } = agentAt({ view: 'domain', name: 'castelnoir.example' })
  app.setState({ session: signedIn('eden'), place: { view: 'domains' } })
  expect(remembered).toEqual([])
})
