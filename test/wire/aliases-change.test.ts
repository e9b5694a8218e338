import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createAliases } from '../../main/aliases/create.ts'
import { removeAlias, removeAll } from '../../main/aliases/remove.ts'
import { settleAliasDoubts } from '../../main/aliases/settle.ts'
import { aliasRows } from '../../main/api/aliases.ts'
import { createDimail } from '../../main/dimail/client.ts'
import { quiet } from '../../main/jobs/alone.ts'
import { createMailbox } from '../../main/mailboxes/create.ts'
import { compare } from '../../main/mailboxes/import.ts'
import { createReports } from '../../main/mailboxes/import-reports.ts'
import { unwrap } from '../../preload/failure.ts'
import { closing } from '../fakes/dimail-client.ts'
import { workspaceOf } from '../fakes/workspace.ts'
import { at, type Town, town, turn, typed, ville } from './mailboxes-town.ts'

const dialects = ['2024', '0.6.7', '0.6-late'] as const
const three = ['a@b.example', 'devnull@devnull', 'Lou.Radis@partenaire.example']

const make = (
  work: Town,
  destinations: string[],
  more: { localPart?: string; allowToSend?: boolean; domain?: string } = {},
) => createAliases(work, { domain: ville, localPart: 'contact', destinations, allowToSend: false, ...more })
const remove = (work: Town, destination: string, localPart = 'contact') =>
  removeAlias(work, { domain: ville, localPart, destination })
const removeThem = (work: Town, destinations: string[], localPart = 'contact') =>
  removeAll(work, { domain: ville, localPart, destinations })

/** What dimail has, and what is known here, in the same words. */
const held = (work: Town) => at(work).aliases.map(({ username, destination }) => `${username} ${destination}`)
const known = (work: Town) =>
  work.cache.aliases.of(ville).map(({ localPart, destination }) => `${localPart} ${destination}`)
const posts = (work: Town) => work.asked(/^POST .*aliases/)
const deletions = (work: Town) => work.asked(/^DELETE/)
const journal = async (work: Town) =>
  (await work.desk.journal({ subject: ville, limit: 20 })).filter(({ action }) => action.startsWith('alias.'))
const reasons = (results: readonly { failure: { code: string; reason: string } | null }[]) =>
  results.map(({ failure }) => failure && `${failure.code}/${failure.reason}`)
const there = (work: Town, username: string, destination: string, allowToSend = false) =>
  void at(work).aliases.push({ username, destination, allowToSend })

/** A town whose aliases were read. */
async function read(work: Town): Promise<Town> {
  unwrap(await compare(work, createReports(work.now), ville, new AbortController().signal))
  return work
}

describe.each(dialects)('on a dimail of %s', (dialect) => {
  test('an alias with three destinations is made with three calls, each with its own result', async () => {
    const work = await town({ dialect })
    const { results } = unwrap(await make(work, three, { localPart: ' Contact ' }))
    expect(results).toEqual(three.map((destination) => ({ destination, failure: null })))
    expect(held(work)).toEqual(three.map((to) => `contact ${to}`))
    expect(known(work).toSorted()).toEqual(held(work).toSorted())
    expect(posts(work)).toHaveLength(3)
    expect(await journal(work)).toMatchObject(
      three.toReversed().map((to) => ({
        action: 'alias.create',
        target: `contact@${ville} -> ${to}`,
        state: 'done',
        actor: 'agent-fictif',
      })),
    )
    expect(work.toldMailboxes).toContain(ville)
  })

  test('dimail L8: the right to send is asked for, and kept as dimail tells it', async () => {
    const work = await town({ dialect })
    unwrap(await make(work, ['a@b.example'], { allowToSend: true }))
    unwrap(await make(work, ['c@d.example']))
    expect(at(work).aliases.map(({ allowToSend }) => allowToSend)).toEqual([true, false])
    const rights = work.cache.aliases.of(ville).map(({ allowToSend }) => allowToSend)
    // The server of 2024 does not tell it, and nothing is made up in its place.
    expect(rights).toEqual(dialect === '2024' ? [null, null] : [true, false])
  })

  test('one destination is deleted, at dimail first and here after; then all the others', async () => {
    const work = await read(await town({ dialect }))
    unwrap(await make(work, three))
    expect(unwrap(await remove(work, 'a@b.example'))).toEqual({
      outcome: 'removed',
      destinations: ['a@b.example'],
    })
    expect(held(work)).toEqual(three.slice(1).map((to) => `contact ${to}`))
    expect(known(work).toSorted()).toEqual(held(work).toSorted())
    expect(unwrap(await removeThem(work, three.slice(1)))).toMatchObject({ outcome: 'removed' })
    expect([held(work), known(work)]).toEqual([[], []])
    expect(await journal(work)).toMatchObject([
      { action: 'alias.delete-all', target: `contact@${ville}`, state: 'done' },
      { action: 'alias.delete', target: `contact@${ville} -> a@b.example`, state: 'done' },
      {},
      {},
      {},
    ])
  })

  test('an alias that dimail had already is said to be there, and is not made twice', async () => {
    const work = await town({ dialect })
    there(work, 'contact', 'a@b.example')
    const { results } = unwrap(await make(work, ['a@b.example', 'c@d.example']))
    expect(reasons(results)).toEqual(['conflict/alias-exists', null])
    expect(held(work)).toEqual(['contact a@b.example', 'contact c@d.example'])
  })

  test('faults 38: an answer that was lost is settled by reading, and the call is not repeated', async () => {
    const work = await town({ dialect })
    work.sandbox.answerNext(/^POST .*aliases/, { cut: 'after' })
    work.sandbox.answerNext(/^POST .*aliases/, { cut: 'before' })
    const { results } = unwrap(await make(work, three))
    // The second was never made: it is the one that the agent may send again.
    expect(reasons(results)).toEqual([null, 'bad-response/alias-not-made', null])
    expect(posts(work)).toHaveLength(3)
    expect(held(work)).toEqual([`contact ${three[0]}`, `contact ${three[2]}`])
    expect(known(work).toSorted()).toEqual(held(work).toSorted())
    expect((await journal(work)).map(({ state }) => state)).toEqual(['done', 'failed', 'done'])
  })
})

describe('nothing is sent', () => {
  test('for a destination that is none, the alias itself, or known already whatever its case', async () => {
    const work = await town()
    unwrap(await make(work, ['a@b.example']))
    const wrong = ['', 'a@', 'a b@c.example', 'a@b', `Contact@${ville}`, 'A@B.example', 'devnull@ailleurs']
    const { results } = unwrap(await make(work, wrong))
    expect(reasons(results)).toEqual([
      ...Array(4).fill('invalid/destination'),
      'invalid/alias-itself',
      'conflict/alias-known',
      'invalid/destination',
    ])
    expect(posts(work)).toHaveLength(1)
    expect(await journal(work)).toHaveLength(1)
  })

  test('for the second of two that ask for the same at once', async () => {
    const work = await town()
    const both = await Promise.all([make(work, ['a@b.example']), make(work, ['A@b.example'])])
    expect(both.map((each) => reasons(unwrap(each).results))).toEqual([[null], ['conflict/alias-known']])
    expect(posts(work)).toHaveLength(1)
  })

  test('for a destination typed twice, although nobody knows whether the first was made', async () => {
    const work = await town()
    work.sandbox.answerNext(/^POST .*aliases/, { cut: 'before' })
    work.sandbox.answerNext(/^GET .*aliases/, { answer: { status: 500 } }, 99)
    const { results } = unwrap(await make(work, ['a@b.example', 'A@b.example']))
    expect(reasons(results)).toEqual(['unknown-outcome/lost-answer', 'conflict/alias-known'])
    expect(posts(work)).toHaveLength(1)
  })

  test('for a destination typed twice, but once', async () => {
    const work = await town()
    const { results } = unwrap(await make(work, ['a@b.example', 'A@b.example ']))
    expect(reasons(results)).toEqual([null, 'conflict/alias-known'])
    expect(posts(work)).toHaveLength(1)
  })

  test.each([
    ['', 'local-empty'],
    ['é', 'local-characters'],
    ['a@b', 'local-characters'],
    ['../mailboxes/x?', 'local-characters'],
    ['..', 'local-dots'],
    ['a..b', 'local-dots'],
    ['x'.repeat(65), 'local-too-long'],
  ])('dimail S1: for an alias called %j', async (localPart, reason) => {
    const work = await town()
    const before = work.sandbox.requests.length
    expect(await make(work, ['a@b.example'], { localPart })).toMatchObject({
      failure: { code: 'invalid', reason },
    })
    expect(work.sandbox.requests).toHaveLength(before)
  })

  test('dimail D6: for a disabled domain, a gone one, one that is not created; any other status will do', async () => {
    const work = await town()
    await turn(work, 'action_required')
    expect(reasons(unwrap(await make(work, ['a@b.example'])).results)).toEqual([null])
    await turn(work, 'disabled')
    expect(await make(work, ['c@d.example'])).toMatchObject({
      failure: { code: 'not-possible', reason: 'domain-disabled' },
    })
    const setup = {
      name: ville,
      supportEmail: null,
      creator: 'agent-fictif',
      createdAt: 1,
      failure: null,
      adopted: false,
    }
    await work.desk.setups.put(ville, ville, { ...setup, missing: ['create', 'access'] })
    expect(await make(work, ['c@d.example'])).toMatchObject({ failure: { reason: 'not-created' } })
    expect(await make(work, ['c@d.example'], { domain: 'inconnue.example' })).toMatchObject({
      failure: { code: 'not-found', reason: 'domain' },
    })
    expect(posts(work)).toHaveLength(1)
  })
})

describe('one that fails', () => {
  test('dimail D6: is told as dimail says it, and stops no other', async () => {
    const work = await town()
    const crash = { status: 500, body: 'Internal Server Error' }
    work.sandbox.answerNext(/^POST .*aliases/, { answer: crash })
    work.sandbox.answerNext(/^POST .*aliases/, { answer: { status: 422, body: '{"detail":"non"}' } })
    const { results } = unwrap(await make(work, three))
    expect(reasons(results)).toEqual(['server-error/status', 'refused/invalid', null])
    expect(results[1]?.failure?.details).toMatchObject({ excerpt: 'non' })
    expect(known(work)).toEqual([`contact ${three[2]}`])
  })

  test('because dimail cannot be reached, or refuses the password, sends none of the rest', async () => {
    const work = await town({ tokenLifetimeS: 0 })
    const user = work.sandbox.world.users.get(work.sandbox.username)
    if (user) user.password = 'changed'
    const { results } = unwrap(await make(work, three))
    expect(reasons(results)).toEqual(['refused/credentials', 'cancelled/not-sent', 'cancelled/not-sent'])
    expect(results.map(({ destination }) => destination)).toEqual(three)
    expect(held(work)).toEqual([])
    expect((await journal(work)).map(({ state }) => state)).toEqual(['failed'])
  })

  test('dimail D5: to be deleted stays known here, with the failure', async () => {
    const work = await town()
    unwrap(await make(work, three))
    const refused = { answer: { status: 403, body: '{"detail":"Permission denied"}' } }
    work.sandbox.answerNext(/^DELETE/, refused, 9)
    expect(await remove(work, 'a@b.example')).toMatchObject({
      failure: { code: 'refused', reason: 'forbidden' },
    })
    expect(await removeThem(work, three)).toMatchObject({ failure: { code: 'refused' } })
    expect([known(work).length, held(work).length]).toEqual([3, 3])
    expect((await journal(work)).slice(0, 2).map(({ state }) => state)).toEqual(['failed', 'failed'])
  })
})

describe('deleting', () => {
  test.each([
    ['one', (work: Town) => remove(work, 'a@b.example')],
    ['all', (work: Town) => removeThem(work, ['a@b.example'])],
  ])('what dimail no longer has says so and goes from here: %s', async (_what, act) => {
    const work = await town()
    unwrap(await make(work, ['a@b.example']))
    at(work).aliases.splice(0)
    expect(unwrap(await act(work))).toEqual({ outcome: 'already-gone', destinations: ['a@b.example'] })
    expect([known(work), deletions(work)]).toEqual([[], []])
  })

  test.each([
    ['one', (work: Town) => remove(work, 'a@b.example')],
    ['all', (work: Town) => removeThem(work, ['a@b.example'])],
  ])('404, when it went between the reading and the call, means already gone: %s', async (_what, act) => {
    const work = await town()
    unwrap(await make(work, ['a@b.example']))
    const gone = {
      status: 404,
      body: '{"detail":"Not found"}',
      headers: { 'content-type': 'application/json' },
    }
    work.sandbox.answerNext(/^DELETE/, { answer: gone })
    expect(unwrap(await act(work))).toMatchObject({ outcome: 'already-gone' })
    expect(known(work)).toEqual([])
    expect((await journal(work))[0]).toMatchObject({ state: 'done' })
  })

  test('faults 78: all of an alias is refused when dimail has other destinations than those seen, which are then shown', async () => {
    const work = await town()
    unwrap(await make(work, ['a@b.example', 'c@d.example']))
    at(work).aliases.shift()
    there(work, 'contact', 'nouvelle@d.example', true)
    expect(await removeThem(work, ['a@b.example', 'c@d.example'])).toMatchObject({
      failure: { code: 'conflict', reason: 'alias-changed' },
    })
    expect(deletions(work)).toEqual([])
    expect(known(work)).toEqual(['contact c@d.example', 'contact nouvelle@d.example'])
    expect(unwrap(await removeThem(work, ['nouvelle@d.example', 'c@d.example']))).toMatchObject({
      outcome: 'removed',
    })
    expect(held(work)).toEqual([])
  })

  test('faults 78: is refused when dimail cannot be read', async () => {
    const work = await town()
    unwrap(await make(work, ['a@b.example']))
    work.sandbox.answerNext(/^GET .*aliases/, { cut: 'before' }, 99)
    expect(await remove(work, 'a@b.example')).toMatchObject({ failure: { code: 'offline' } })
    expect(await removeThem(work, ['a@b.example'])).toMatchObject({ failure: { code: 'offline' } })
    expect([known(work).length, deletions(work)]).toEqual([1, []])
  })

  test('faults 78: all of an alias is refused while a row of the list cannot be read; one of them is not', async () => {
    const work = await town()
    unwrap(await make(work, ['a@b.example']))
    const rows = [
      { username: 'contact', domain: ville, destination: 'a@b.example' },
      { username: 'contact', domain: ville },
    ]
    const answer = {
      status: 200,
      body: JSON.stringify(rows),
      headers: { 'content-type': 'application/json' },
    }
    work.sandbox.answerNext(/^GET .*aliases/, { answer }, 2)
    expect(await removeThem(work, ['a@b.example'])).toMatchObject({
      failure: { code: 'not-possible', reason: 'alias-unreadable' },
    })
    expect(unwrap(await remove(work, 'a@b.example'))).toMatchObject({ outcome: 'removed' })
    expect(held(work)).toEqual([])
  })

  test('faults 38: whose answer was lost is settled by reading, and not repeated', async () => {
    const work = await town()
    unwrap(await make(work, three))
    work.sandbox.answerNext(/^DELETE/, { cut: 'after' })
    work.sandbox.answerNext(/^DELETE/, { cut: 'before' })
    expect(unwrap(await remove(work, 'a@b.example'))).toMatchObject({ outcome: 'removed' })
    expect(await removeThem(work, three.slice(1))).toMatchObject({
      failure: { code: 'bad-response', reason: 'alias-not-done' },
    })
    expect(deletions(work)).toHaveLength(2)
    expect(known(work).toSorted()).toEqual(held(work).toSorted())
    expect((await journal(work)).slice(0, 2).map(({ state }) => state)).toEqual(['failed', 'done'])
  })

  test('takes the spelling that dimail has, and no other', async () => {
    const work = await town()
    there(work, 'Contact', 'a@b.example')
    there(work, 'contact', 'a@b.example')
    await read(work)
    unwrap(await remove(work, 'a@b.example', 'Contact'))
    expect([held(work), known(work)]).toEqual([['contact a@b.example'], ['contact a@b.example']])
  })

  test.each([
    ['../mailboxes/x?', 'a@b.example'],
    ['..', 'a@b.example'],
    ['contact', 'all'],
    ['contact', 'a/b@c.example'],
    ['contact', 'a@b.example#x'],
    ['a%2fb', 'a@b.example'],
  ])(
    'dimail S1: %s -> %s, which dimail holds, is shown, and never becomes a path',
    async (localPart, destination) => {
      const work = await town()
      there(work, localPart, destination)
      await read(work)
      expect(known(work)).toEqual([`${localPart} ${destination}`])
      const before = work.sandbox.requests.length
      expect(await remove(work, destination, localPart)).toMatchObject({
        failure: { code: 'not-possible', reason: 'alias-unsafe' },
      })
      if (localPart !== 'contact')
        expect(await removeThem(work, [destination], localPart)).toMatchObject({
          failure: { reason: 'alias-unsafe' },
        })
      expect(work.sandbox.requests).toHaveLength(before)
    },
  )
})

test('a call about an alias that has left is waited for before the profile closes', async () => {
  const work = await read(await town())
  work.sandbox.answerNext(/^POST .*aliases/, { delayMs: 50 })
  void make(work, three)
  while (posts(work).length === 0) await turnOfLoop()
  await quiet(work.desk)
  expect(held(work)).toEqual(three.map((to) => `contact ${to}`))
  work.sandbox.answerNext(/^DELETE/, { delayMs: 50 })
  void remove(work, 'a@b.example')
  while (deletions(work).length === 0) await turnOfLoop()
  await quiet(work.desk)
  expect(known(work)).toHaveLength(2)
  expect((await journal(work)).map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done'])
})

describe('what was left in doubt', () => {
  test('faults 38: one that dimail spells in another case is found all the same', async () => {
    const work = await town()
    there(work, 'contact', 'a@b.example')
    work.cache.aliases.completed(ville, 1)
    await work.desk.intend({
      action: 'alias.create',
      subject: ville,
      target: `contact@${ville} -> A@b.example`,
      actor: 'agent-fictif',
      before: { localPart: 'contact', destination: 'A@b.example', allowToSend: false },
      at: 1,
    })
    await work.desk.settleAbandoned(2)
    await settleAliasDoubts(work)
    expect((await journal(work)).map(({ state }) => state)).toEqual(['done'])
    expect(known(work)).toEqual(['contact a@b.example'])
  })

  test('faults 38: is settled at the next start by reading: made or not, deleted or not', async () => {
    const { sandbox, folder, ...work } = await town()
    for (const to of ['made@b.example', 'kept@b.example', 'left@b.example'])
      sandbox.world.domain(ville)?.aliases.push({ username: 'contact', destination: to, allowToSend: true })
    const left = (action: 'alias.create' | 'alias.delete', destination: string) =>
      work.desk.intend({
        action,
        subject: ville,
        target: destination,
        actor: 'agent-fictif',
        before: { localPart: 'contact', destination, allowToSend: true },
        at: 1,
      })
    await left('alias.create', 'made@b.example')
    await left('alias.create', 'unmade@b.example')
    await left('alias.delete', 'kept@b.example')
    await left('alias.delete', 'deleted@b.example')
    await work.desk.intend({
      action: 'alias.delete-all',
      subject: ville,
      target: 'autre',
      actor: 'agent-fictif',
      before: { localPart: 'autre', destinations: [{ destination: 'x@y.example', allowToSend: null }] },
      at: 1,
    })
    const credentials = () => ({ username: sandbox.username, password: sandbox.password })
    const next = workspaceOf(sandbox, closing(createDimail({ address: sandbox.url, credentials })), folder)
    expect(await next.desk.settleAbandoned(2)).toHaveLength(5)

    const heal = sandbox.answerNext(/aliases/, { cut: 'before' }, 99)
    await settleAliasDoubts(next)
    expect(await next.desk.inDoubt()).toHaveLength(5)

    heal()
    await settleAliasDoubts(next)
    expect(await next.desk.inDoubt()).toEqual([])
    expect((await journal(next)).map(({ state }) => state)).toEqual([
      'done',
      'done',
      'failed',
      'failed',
      'done',
    ])
    expect(known(next)).toEqual(['contact kept@b.example', 'contact made@b.example'])
    expect(posts(next)).toEqual([])
    expect(deletions(next)).toEqual([])
  })
})

test('an alias that is also a mailbox is shown so, whatever the case', async () => {
  const work = await town()
  unwrap(await createMailbox(work, typed('contact')))
  there(work, 'Contact', 'a@b.example')
  there(work, 'direction', 'a@b.example')
  await read(work)
  const { rows } = work.cache.aliases.list({
    domain: ville,
    text: '',
    sort: 'alias',
    descending: false,
    offset: 0,
    limit: 10,
  })
  expect(aliasRows(work, rows).map(({ localPart, isMailbox }) => [localPart, isMailbox])).toEqual([
    ['Contact', true],
    ['direction', false],
  ])
})
