import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { repairDomain } from '../../main/jobs/repair.ts'
import { createMailbox, recordOf } from '../../main/mailboxes/create.ts'
import { validateMailbox } from '../../main/mailboxes/rules.ts'
import { editWaiting, listWaiting, removeWaiting, retryWaiting } from '../../main/mailboxes/waiting.ts'
import { createPasswords } from '../../main/mailboxes/waiting-passwords.ts'
import { heldBack, sendAsRow } from '../../main/mailboxes/waiting-send.ts'
import { createSender, type SentOut } from '../../main/mailboxes/waiting-sender.ts'
import type { Outcome } from '../../main/store/job-store.ts'
import { failed, unwrap } from '../../preload/failure.ts'
import type { OpenWorkspace } from '../fakes/workspace.ts'
import { foreignly, held, journalOf, jumelle, posts, town, turn, typed, ville } from './mailboxes-town.ts'

const alix = `alix.navet@${ville}`
const lou = `lou.radis@${ville}`

function senderOf(work: OpenWorkspace) {
  const out: SentOut[] = []
  const broke = (error: unknown) => {
    throw error
  }
  const sender = createSender(work, { sentOut: (what) => void out.push(what), broke })
  onTestFinished(() => sender.close())
  const look = async (...names: string[]) => {
    sender.look(names)
    await sender.idle()
  }
  return { ...sender, out, look }
}

/** Two mailboxes typed while the domain needs its DNS corrected. */
async function twoWaiting() {
  const work = await town()
  await turn(work, 'action_required')
  const kept = [
    unwrap(await createMailbox(work, typed('alix.navet'))),
    unwrap(await createMailbox(work, typed('lou.radis'))),
  ]
  return { work, kept, sender: senderOf(work) }
}

test.each(['action_required', 'failed'] as const)(
  'dimail 8.3: a mailbox of a domain that is %s is kept, and nothing is sent',
  async (status) => {
    const work = await town()
    await turn(work, status)
    const kept = unwrap(await createMailbox(work, typed('alix.navet', { secondaryEmail: 'a@perso.example' })))
    expect(kept).toMatchObject({
      outcome: 'kept',
      mailbox: {
        id: alix,
        state: 'waiting',
        failure: null,
        by: 'agent-fictif',
        secondaryEmail: 'a@perso.example',
      },
    })
    expect(posts(work)).toEqual([])
    const page = { offset: 0, limit: 10 }
    expect(await listWaiting(work, ville, page)).toMatchObject({ rows: [{ id: alix }], total: 1 })
    expect(await listWaiting(work, jumelle, page)).toEqual({ rows: [], total: 0 })
    const sender = senderOf(work)
    await sender.look()
    expect([posts(work), sender.out]).toEqual([[], []])
  },
)

describe('what waits goes out', () => {
  test('field D2: when a check finds its domain enabled', async () => {
    const { work, sender } = await twoWaiting()
    await turn(work, 'enabled')
    await sender.look(ville)
    expect(held(work)).toEqual(['alix.navet', 'lou.radis'])
    expect(await work.desk.waiting.list(null)).toEqual([])
  })

  test('dimail D1: field D2: when a repair has enabled its domain', async () => {
    const work = await town()
    await turn(work, 'failed')
    unwrap(await createMailbox(work, typed('alix.navet')))
    const sender = senderOf(work)
    expect(unwrap(await repairDomain(work, ville))).toMatchObject({ after: { status: 'enabled' } })
    await sender.look(ville)
    expect(held(work)).toEqual(['alix.navet'])
    expect(await journalOf(work, alix)).toMatchObject([{ action: 'mailbox.create', state: 'done' }])
  })

  test('dimail D2: its person can sign in: a link is mailed, or the password waits for the agent, told once', async () => {
    const { work, sender } = await twoWaiting()
    unwrap(await createMailbox(work, typed('noe.fenouil', { secondaryEmail: 'noe@perso.example' })))
    await turn(work, 'enabled')
    await sender.look()
    expect(work.letters).toMatchObject([{ kind: 'welcome', to: 'noe@perso.example', facts: { maxUse: 3 } }])
    expect(sender.out).toEqual([
      { domain: ville, made: [alix, lou, `noe.fenouil@${ville}`], failed: 0, awaiting: 2 },
    ])
    const passwords = sender.takePasswords(ville)
    expect(passwords.map(({ address }) => address)).toEqual([alix, lou])
    expect(passwords[0]?.password).toMatch(/^[\w-]{16}$/)
    expect([sender.takePasswords(ville), sender.awaiting(ville)]).toEqual([[], 0])
  })

  test('each on its own: one that fails stays with its reason and stops nothing', async () => {
    const { work, sender } = await twoWaiting()
    foreignly(work, 'a.navet', 'Alix Navet', jumelle)
    await turn(work, 'enabled')
    await sender.look(ville)
    expect(held(work)).toEqual(['lou.radis'])
    expect(await work.desk.waiting.get(alix)).toMatchObject({
      state: 'failed',
      failure: { reason: 'display-name' },
    })
    expect(sender.out).toMatchObject([{ made: [lou], failed: 1 }])
    // It needs the agent: looking again sends nothing.
    await sender.look(ville)
    expect(posts(work)).toHaveLength(2)
  })

  test('but not what has been taken since it was typed: of that nothing is sent', async () => {
    const { work, sender } = await twoWaiting()
    const [box] = [...work.cache.mailboxes.of(ville)]
    expect(box).toBeUndefined()
    const taken = {
      address: alix,
      email: alix,
      domain: ville,
      localPart: 'alix.navet',
      givenName: '',
      surName: '',
    }
    const more = { displayName: '', kind: 'functional', imap: 'yes', smtp: null, state: null } as const
    work.cache.mailboxes.store(ville, [{ ...taken, ...more }], 9)
    await turn(work, 'enabled')
    await sender.look(ville)
    expect(posts(work)).toEqual([`POST /domains/${ville}/mailboxes/lou.radis`])
    expect(await work.desk.waiting.get(alix)).toMatchObject({
      state: 'failed',
      failure: { reason: 'mailbox-exists' },
    })
  })

  test('once, however often the domain is looked at meanwhile', async () => {
    const { work, sender } = await twoWaiting()
    await turn(work, 'enabled')
    for (let n = 0; n < 20; n += 1) {
      void sender.look(n % 2 === 0 ? ville : jumelle)
      await turnOfLoop()
    }
    await Promise.all([sender.look(), retryWaiting(work, alix), sender.look(ville)])
    expect(posts(work).toSorted()).toEqual([
      `POST /domains/${ville}/mailboxes/alix.navet`,
      `POST /domains/${ville}/mailboxes/lou.radis`,
    ])
  })

  test('again by itself after a minute when dimail asked to wait, and no sooner', async () => {
    const { work, sender } = await twoWaiting()
    await turn(work, 'enabled')
    work.sandbox.answerNext(/^POST .*alix/, { answer: { status: 503, headers: { 'retry-after': '90' } } })
    await sender.look(ville)
    expect(await work.desk.waiting.get(alix)).toMatchObject({
      state: 'waiting',
      failure: { reason: 'retry-later' },
    })
    await sender.look(ville)
    expect(posts(work)).toHaveLength(2)
    const record = await work.desk.waiting.get(alix)
    if (!record) throw new Error('It was to wait')
    await work.desk.waiting.put(alix, ville, { ...record, attemptedAt: work.now() - 60_000 })
    await sender.look(ville)
    expect(held(work)).toEqual(['lou.radis', 'alix.navet'])
  })

  test('not all of it while dimail is silent or refuses the password: the first one tells', async () => {
    const { work, sender } = await twoWaiting()
    await turn(work, 'enabled')
    work.sandbox.answerNext(/^POST .*mailboxes/, {
      answer: { status: 503, headers: { 'retry-after': '90' } },
    })
    await sender.look(ville)
    expect(posts(work)).toHaveLength(1)
    expect(await work.desk.waiting.get(lou)).toMatchObject({ state: 'waiting', attemptedAt: null })
    expect(await journalOf(work, lou)).toEqual([])
  })

  test('faults 79: at once when the clock was set back after it was tried', async () => {
    const { work, sender } = await twoWaiting()
    await turn(work, 'enabled')
    const record = await work.desk.waiting.get(alix)
    const { failure } = failed('offline', 'refused', 'Nobody listened.')
    if (!record) throw new Error('It was to wait')
    // So far ahead that no timer of the system can wait for it.
    const attemptedAt = work.now() + 40 * 24 * 3_600_000
    await work.desk.waiting.put(alix, ville, { ...record, failure, attemptedAt })
    await sender.look(ville)
    expect(held(work)).toEqual(['alix.navet', 'lou.radis'])
  })

  test('and stops before the next one when the sender closes', async () => {
    const { work, sender } = await twoWaiting()
    await turn(work, 'enabled')
    work.sandbox.answerNext(/^POST .*alix/, { delayMs: 50 })
    void sender.look(ville)
    while (posts(work).length === 0) await turnOfLoop()
    await sender.close()
    expect(held(work)).toEqual(['alix.navet'])
    expect(await work.desk.waiting.get(lou)).toMatchObject({ state: 'waiting' })
  })
})

describe('a mailbox that waits', () => {
  test('is edited under the rules of a new one, its local part included', async () => {
    const { work } = await twoWaiting()
    const edited = unwrap(
      await editWaiting(work, alix, typed('alix.poireau', { secondaryEmail: 'a@perso.example' })),
    )
    expect(edited).toMatchObject({
      id: `alix.poireau@${ville}`,
      displayName: 'Alix Poireau',
      state: 'waiting',
    })
    expect((await work.desk.waiting.list(ville)).map(({ id }) => id)).toEqual([lou, `alix.poireau@${ville}`])
    const wrong = [typed('lou.radis'), typed('x.y', { givenName: 'LOU', surName: 'Radis' }), typed('é')]
    const reasons = wrong.map(async (input) => {
      const result = await editWaiting(work, edited.id, input)
      return result.ok ? 'edited' : result.failure.reason
    })
    expect(await Promise.all(reasons)).toEqual(['address-known', 'display-name', 'local-characters'])
    const swapped = [
      editWaiting(work, edited.id, typed('lou.radis')),
      editWaiting(work, lou, typed('alix.poireau')),
    ]
    expect((await Promise.all(swapped)).map(({ ok }) => ok)).toEqual([false, false])
    expect(await editWaiting(work, edited.id, typed('x.y', { domain: jumelle }))).toMatchObject({
      failure: { code: 'invalid', reason: 'domain-fixed' },
    })
    expect(posts(work)).toEqual([])
  })

  test('is neither edited nor removed while it is on the wire', async () => {
    const { work } = await twoWaiting()
    await turn(work, 'enabled')
    work.sandbox.answerNext(/^POST .*alix/, { delayMs: 80 })
    const sending = retryWaiting(work, alix)
    while (posts(work).length === 0) await turnOfLoop()
    const refused = [editWaiting(work, alix, typed('alix.poireau')), removeWaiting(work, alix)]
    for (const one of refused)
      expect(await one).toMatchObject({ failure: { code: 'not-possible', reason: 'waiting-sending' } })
    expect((await sending).ok).toBe(true)
    expect(await removeWaiting(work, alix)).toMatchObject({
      failure: { code: 'not-found', reason: 'waiting' },
    })
  })

  test('is removed, and is then nowhere', async () => {
    const { work, sender } = await twoWaiting()
    unwrap(await removeWaiting(work, alix))
    await turn(work, 'enabled')
    await sender.look()
    expect(held(work)).toEqual(['lou.radis'])
  })

  test('faults 38: whose outcome is unknown is read before it is removed or retried', async () => {
    const { work } = await twoWaiting()
    await turn(work, 'enabled')
    work.sandbox.answerNext(/^POST .*alix/, { cut: 'after' })
    work.sandbox.answerNext(/^POST .*lou/, { cut: 'before' })
    const undo = work.sandbox.answerNext(/^GET .*mailboxes/, { answer: { status: 500 } }, 99)
    for (const id of [alix, lou]) await retryWaiting(work, id)
    expect((await work.desk.waiting.list(ville)).map(({ state }) => state)).toEqual(['unknown', 'unknown'])
    expect(await removeWaiting(work, alix)).toMatchObject({ failure: { code: 'server-error' } })
    undo()
    expect(await removeWaiting(work, alix)).toMatchObject({ failure: { reason: 'created-password-lost' } })
    expect(unwrap(await retryWaiting(work, lou))).toMatchObject({ outcome: 'created' })
    expect(held(work)).toEqual(['alix.navet', 'lou.radis'])
    expect(posts(work)).toHaveLength(3)
  })

  test('on a domain that has been disabled since is not sent, and says why', async () => {
    const { work, sender } = await twoWaiting()
    await turn(work, 'disabled')
    expect(await retryWaiting(work, alix)).toMatchObject({ failure: { reason: 'domain-disabled' } })
    await sender.look()
    expect(posts(work)).toEqual([])
  })
})

describe('a bulk creation', () => {
  async function bulk(...locals: string[]) {
    const work = await town()
    const records = locals.map((local) => heldBack(recordOf(work, unwrap(validateMailbox(typed(local))))))
    expect(
      await work.desk.waiting.addAll(
        records.map((value) => ({ key: value.id, domain: value.domain, value })),
      ),
    ).toEqual([])
    const passwords = createPasswords<number>()
    const outcomes: Outcome[] = []
    const row = (id: string) =>
      sendAsRow(
        work,
        id,
        (outcome) => void outcomes.push(outcome),
        (made) => passwords.put(1, made),
      )
    return { work, passwords, outcomes, row }
  }

  test('ends each row on its own, and tells the passwords once', async () => {
    const { work, passwords, outcomes, row } = await bulk('alix.navet', 'lou.radis')
    foreignly(work, 'l.radis', 'Lou Radis', jumelle)
    for (const id of [alix, lou]) await row(id)
    expect(outcomes).toMatchObject([
      { state: 'done' },
      { state: 'failed', failure: { reason: 'display-name' } },
    ])
    expect(passwords.count(1)).toBe(1)
    expect(passwords.take(1)).toMatchObject([{ address: alix, password: expect.any(String) }])
    expect(passwords.take(1)).toEqual([])
  })

  test('that is cancelled or killed stops: the sender sends nothing of what it left, and the agent may', async () => {
    const { work, outcomes, row } = await bulk('alix.navet', 'lou.radis')
    const sender = senderOf(work)
    await Promise.all([sender.look(ville), row(alix)])
    await sender.look()
    expect(held(work)).toEqual(['alix.navet'])
    expect(await work.desk.waiting.get(lou)).toMatchObject({
      state: 'failed',
      failure: { code: 'cancelled' },
    })
    expect(unwrap(await retryWaiting(work, lou))).toMatchObject({ outcome: 'created' })
    expect(outcomes).toMatchObject([{ state: 'done' }])
  })

  test('whose rows run twice at once sends each once', async () => {
    const { work, outcomes, row } = await bulk('alix.navet', 'lou.radis')
    await Promise.all([row(alix), row(lou), row(alix), row(lou)])
    expect(posts(work)).toHaveLength(2)
    expect(outcomes.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done'])
  })

  test('ends a row whose mailbox was removed as failed, and keeps that of a domain that is not enabled', async () => {
    const { work, outcomes, row } = await bulk('alix.navet', 'lou.radis')
    unwrap(await removeWaiting(work, alix))
    await turn(work, 'failed')
    for (const id of [alix, lou]) await row(id)
    expect(outcomes).toMatchObject([{ state: 'failed', failure: { reason: 'waiting' } }, { state: 'done' }])
    expect(await work.desk.waiting.get(lou)).toMatchObject({ state: 'waiting' })
    expect(posts(work)).toEqual([])
  })
})
