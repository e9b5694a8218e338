import { describe, expect, test } from 'vitest'
import { failed, ok } from '../../preload/failure.ts'
import type { Bridge } from '../../renderer/bridge.ts'
import { isDeclined } from '../../renderer/parts/declined.ts'
import { askFirst } from '../../renderer/session/ask-first.ts'
import { subjectOf } from '../../renderer/session/ask-subject.ts'
import { createAsks } from '../../renderer/session/asks.ts'

type Call = 'domains.repair' | 'aliases.remove'

/** A main process that asks before each change: it lets a call pass once, when this very input was approved. */
function askingMain() {
  const asked = new Map<string, { input: string; approved: boolean }>()
  const made: string[] = []
  const tried: string[] = []
  let names = 0
  const answer = (call: Call) => async (input: unknown) => {
    const text = `${call} ${JSON.stringify(input)}`
    tried.push(text)
    const pass = [...asked].find(([, one]) => one.approved && one.input === text)
    if (pass) {
      asked.delete(pass[0])
      made.push(text)
      return failed('offline', 'other', 'The change was let through.')
    }
    const ask = `ask-${++names}`
    asked.set(ask, { input: text, approved: false })
    return failed('refused', 'ask-first', 'This profile asks before each change.', { ask })
  }
  const bridge = {
    'domains.repair': answer('domains.repair'),
    'aliases.remove': answer('aliases.remove'),
    'domains.counts': async () => failed('refused', 'role', 'Not for this role.'),
    'session.approve': async ({ ask }: { ask: string }) => {
      const one = asked.get(ask)
      if (!one) return failed('not-found', 'ask', 'Too long ago.')
      asked.set(ask, { ...one, approved: true })
      return ok(undefined)
    },
    on: () => () => {},
  }
  const asks = createAsks()
  return {
    // Only these calls are made here.
    page: askFirst(bridge as unknown as Bridge, asks.getState().ask),
    asks,
    made,
    tried,
    forget: () => asked.clear(),
    turns: () => new Promise<void>((done) => setImmediate(done)),
  }
}
const castelnoir = { name: 'castelnoir.example' }
const esson = { name: 'esson.example' }

/** Answers the question in sight. */
async function answer({ asks, turns }: ReturnType<typeof askingMain>, agreed: boolean) {
  await turns()
  const [ask] = asks.getState().waiting
  if (!ask) throw new Error('Nothing is asked')
  asks.getState().answer(ask.id, agreed)
  await turns()
}

describe('a profile that asks before each change', () => {
  test('makes the very call that was agreed to, once', async () => {
    const main = askingMain()
    const reply = main.page['domains.repair'](castelnoir)
    await answer(main, true)
    expect(await reply).toMatchObject({ failure: { code: 'offline' } })
    expect(main.made).toEqual(['domains.repair {"name":"castelnoir.example"}'])
    expect(main.tried).toHaveLength(2)
  })

  test('makes nothing that was not agreed to, and shows no failure for it', async () => {
    const main = askingMain()
    const reply = main.page['domains.repair'](castelnoir)
    await answer(main, false)
    const got = await reply
    expect(got.ok ? null : isDeclined(got.failure)).toBe(true)
    expect(main.made).toEqual([])
    expect(main.tried).toHaveLength(1)
  })

  test('puts one question at a time, and each answer is for its own call', async () => {
    const main = askingMain()
    const first = main.page['domains.repair'](castelnoir)
    const second = main.page['domains.repair'](esson)
    await main.turns()
    expect(main.asks.getState().waiting.map(({ input }) => input)).toEqual([castelnoir, esson])
    await answer(main, false)
    await answer(main, true)
    expect(await first).toMatchObject({ failure: { reason: 'declined' } })
    expect(await second).toMatchObject({ failure: { code: 'offline' } })
    expect(main.made).toEqual(['domains.repair {"name":"esson.example"}'])
  })

  test('asks twice for the same change that was asked for twice', async () => {
    const main = askingMain()
    const replies = [main.page['domains.repair'](castelnoir), main.page['domains.repair'](castelnoir)]
    await answer(main, true)
    expect(main.made).toHaveLength(1)
    expect(main.asks.getState().waiting).toHaveLength(1)
    await answer(main, true)
    await Promise.all(replies)
    expect(main.made).toHaveLength(2)
  })

  test('says so when main no longer knows what was asked', async () => {
    const main = askingMain()
    const reply = main.page['domains.repair'](castelnoir)
    await main.turns()
    main.forget()
    await answer(main, true)
    expect(await reply).toMatchObject({ failure: { code: 'not-found', reason: 'ask' } })
    expect(main.made).toEqual([])
  })

  test('makes nothing of what waits when the agent has left', async () => {
    const main = askingMain()
    const replies = [main.page['domains.repair'](castelnoir), main.page['domains.repair'](esson)]
    await main.turns()
    main.asks.getState().decline()
    for (const reply of await Promise.all(replies))
      expect(reply).toMatchObject({ failure: { reason: 'declined' } })
    expect(main.asks.getState().waiting).toEqual([])
    expect(main.made).toEqual([])
  })

  test('asks nothing of a call that was refused for another reason', async () => {
    const main = askingMain()
    expect(await main.page['domains.counts']()).toMatchObject({ failure: { reason: 'role' } })
    expect(main.asks.getState().waiting).toEqual([])
  })
})

test.each([
  ['a domain', castelnoir, 'castelnoir.example'],
  ['a mailbox', { address: 'accueil@esson.example', seen: {} }, 'accueil@esson.example'],
  ['a mailbox to be', { domain: 'esson.example', localPart: 'accueil' }, 'accueil@esson.example'],
  ['a waiting mailbox', { domain: 'esson.example', id: 'accueil@esson.example' }, 'accueil@esson.example'],
  [
    'a destination',
    { domain: 'esson.example', localPart: 'mairie', destination: 'accueil@esson.example' },
    'mairie@esson.example → accueil@esson.example',
  ],
  [
    'a right',
    { domain: 'esson.example', email: 'eden@prestataire.example', role: 'viewer' },
    'eden@prestataire.example, esson.example',
  ],
  ['an invitation', { domain: 'esson.example', id: '5d9c' }, 'esson.example'],
  ['nothing', undefined, ''],
])('the question names %s', (_what, input, subject) => {
  expect(subjectOf(input).subject).toBe(subject)
})

test('the question of a job says which, and how many rows it has', () => {
  expect(subjectOf({ kind: 'repair', names: ['a.example', 'b.example'] })).toMatchObject({
    job: 'repair',
    count: 2,
  })
})
