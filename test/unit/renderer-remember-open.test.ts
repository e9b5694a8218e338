import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Profile } from '../../preload/profile-shapes.ts'
import { rememberOpen } from '../../renderer/app/remember-open.ts'
import type { Place } from '../../renderer/app/store.ts'

const profile = (id: string): { profile: Profile } => ({
  profile: { id, name: id, kind: 'dimail', colour: 'blue', address: 'https://dimail.example', username: 'a' },
})

function agentAt(place: Place) {
  const app = createStore(() => ({ app: profile('one'), place }))
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
