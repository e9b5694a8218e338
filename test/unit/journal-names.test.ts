import { describe, expect, test } from 'vitest'
import { toEntry } from '../../main/api/domains.ts'
import type { JournalRow } from '../../main/store/journal.ts'

const row: JournalRow = {
  id: 1,
  at: 0,
  action: 'access.grant',
  subject: 'montfleury.example',
  target: 'sub-of-robin',
  actor: 'sub-of-camille',
  state: 'done',
  before: null,
  after: null,
  failure: null,
  settledAt: 1,
}
const names = new Map([
  ['sub-of-robin', 'Robin Betterave'],
  ['sub-of-camille', 'Camille Ciboulette'],
])
const named = (id: string) => names.get(id) ?? null

describe('a row of the journal names people', () => {
  test('who has signed in here is told by name, whether they did it or it was done to them', () => {
    expect(toEntry(row, named)).toMatchObject({ target: 'Robin Betterave', actorName: 'Camille Ciboulette' })
  })

  test.each([
    ['a program', 'deploycenter', 'accueil@montfleury.example'],
    ['somebody who is not known', 'sub-of-nobody', null],
  ])('%s, and what is nobody, stay as they are', (_, actor, target) => {
    expect(toEntry({ ...row, actor, target }, named)).toMatchObject({ actor, target, actorName: null })
  })
})
