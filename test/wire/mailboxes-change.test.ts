import { describe, expect, test } from 'vitest'
import { updateMailbox } from '../../main/mailboxes/change.ts'
import { setActive, setActiveAsRow } from '../../main/mailboxes/change-active.ts'
import { createMailbox } from '../../main/mailboxes/create.ts'
import { settleDoubts } from '../../main/mailboxes/settle.ts'
import { type Mailbox as Box, oxadmin } from '../../main/sandbox/mailboxes.ts'
import type { SandboxOptions } from '../../main/sandbox/server.ts'
import type { Outcome } from '../../main/store/job-store.ts'
import { unwrap } from '../../preload/failure.ts'
import type { OpenWorkspace } from '../fakes/workspace.ts'
import { at, foreignly, held, journalOf, jumelle, town, turn, typed, ville } from './mailboxes-town.ts'

const alix = `alix.navet@${ville}`
const seen = { status: 'enabled', displayName: 'Alix Navet' } as const
const off = { ...seen, status: 'disabled' } as const
const patches = (work: OpenWorkspace) => work.asked(/^PATCH /)
const there = (work: OpenWorkspace) => at(work).mailboxes.find(({ local }) => local === 'alix.navet')

async function withAlix(options: SandboxOptions = {}) {
  const work = await town(options)
  unwrap(await createMailbox(work, typed('alix.navet')))
  return work
}
const names = (more: object = {}) => ({
  ...{ givenName: 'Alix', surName: 'Navet', displayName: 'Alix Navet', secondaryEmail: null },
  ...more,
})

describe.each(['0.6.7', '0.6-late'] as const)('on a dimail of %s', (dialect) => {
  test('a mailbox is disabled in the words of this dimail, read back, and enabled with its names', async () => {
    const work = await withAlix({ dialect })
    unwrap(await setActive(work, alix, false, seen))
    expect(there(work)).toMatchObject({ active: 'no', ox: null })
    const kept = {
      imap: 'no',
      givenName: 'Alix',
      surName: 'Navet',
      displayName: 'Alix Navet',
      kind: 'person',
    }
    expect(work.cache.mailboxes.read(alix)).toMatchObject(kept)
    unwrap(await setActive(work, alix, true, off))
    expect(there(work)).toMatchObject({ active: 'yes', ox: { displayName: 'Alix Navet' } })
    expect(work.cache.mailboxes.read(alix)).toMatchObject({ ...kept, imap: 'yes' })
    const path = dialect === '0.6-late' ? '/v2/domains' : '/domains'
    expect(patches(work)).toEqual(Array(2).fill(`PATCH ${path}/${ville}/mailboxes/alix.navet`))
    expect((await journalOf(work, alix)).map(({ action, state, after }) => [action, state, after])).toEqual([
      ['mailbox.enable', 'done', { imap: 'yes' }],
      ['mailbox.disable', 'done', { imap: 'no' }],
      ['mailbox.create', 'done', null],
    ])
  })

  test('dimail D4: names that are changed here are sent to dimail, and read back', async () => {
    const work = await withAlix({ dialect })
    unwrap(await updateMailbox(work, alix, names({ surName: 'Poireau', displayName: '' }), seen))
    expect(there(work)?.ox).toMatchObject({ surName: 'Poireau', displayName: 'Alix Poireau' })
    expect(work.cache.mailboxes.read(alix)).toMatchObject({ surName: 'Poireau', displayName: 'Alix Poireau' })
    expect(await journalOf(work, alix)).toMatchObject([
      {
        action: 'mailbox.update',
        state: 'done',
        before: { was: { surName: 'Navet' }, wanted: { surName: 'Poireau' } },
        after: { displayName: 'Alix Poireau' },
      },
      {},
    ])
  })
})

describe('on a dimail of 2024', () => {
  test('a disabling that is answered 200 and does nothing is noticed and said', async () => {
    const work = await withAlix({ dialect: '2024' })
    expect(await setActive(work, alix, false, seen)).toMatchObject({
      failure: { code: 'not-possible', reason: 'no-effect', details: { address: alix } },
    })
    expect(patches(work)).toHaveLength(1)
    expect(await journalOf(work, alix)).toMatchObject([
      { action: 'mailbox.disable', state: 'failed', failure: { reason: 'no-effect' } },
      {},
    ])
    expect(work.cache.mailboxes.read(alix)?.imap).toBe('unknown')
  })

  test('dimail D4: names are sent and read back all the same', async () => {
    const work = await withAlix({ dialect: '2024' })
    unwrap(await updateMailbox(work, alix, names({ surName: 'Poireau', displayName: '' }), seen))
    expect(there(work)?.ox?.surName).toBe('Poireau')
    expect(work.cache.mailboxes.read(alix)?.surName).toBe('Poireau')
  })
})

describe('faults 78: a disabling is decided on what is true now', () => {
  test('refused when dimail cannot be read', async () => {
    const work = await withAlix()
    work.sandbox.answerNext(/^GET .*mailboxes/, { cut: 'before' }, 9)
    expect(await setActive(work, alix, false, seen)).toMatchObject({ failure: { code: 'offline' } })
    expect([patches(work), there(work)?.active]).toEqual([[], 'yes'])
    expect(await journalOf(work, alix)).toHaveLength(1)
  })

  test.each([
    ['was renamed', (box: Box) => Object.assign(box.ox ?? {}, { displayName: 'Alix Chou' })],
    ['was disabled', (box: Box) => Object.assign(box, { active: 'no', ox: null })],
  ])('refused when it %s elsewhere, and what is true is shown', async (_title, change) => {
    const work = await withAlix()
    const box = there(work)
    if (box) change(box)
    expect(await setActive(work, alix, false, seen)).toMatchObject({
      failure: { code: 'conflict', reason: 'changed' },
    })
    expect(patches(work)).toEqual([])
    const known = work.cache.mailboxes.read(alix)
    expect([known?.imap, known?.displayName]).toEqual(box?.ox ? ['yes', 'Alix Chou'] : ['no', 'Alix Navet'])
    expect(work.toldMailboxes.at(-1)).toBe(ville)
  })

  test('dimail D10: refused when it is gone, which is then known', async () => {
    const work = await withAlix()
    at(work).mailboxes.length = 0
    expect(await setActive(work, alix, false, seen)).toMatchObject({ failure: { reason: 'changed' } })
    expect(work.cache.mailboxes.read(alix)?.goneAt).not.toBeNull()
    expect(await setActive(work, alix, false, seen)).toMatchObject({ failure: { reason: 'mailbox-gone' } })
  })

  test('each of a selection, against what is known here', async () => {
    const work = await withAlix()
    unwrap(await createMailbox(work, typed('lou.radis')))
    const box = there(work)
    if (box?.ox) box.ox.displayName = 'Alix Chou'
    const outcomes: Outcome[] = []
    const settle = (outcome: Outcome) => void outcomes.push(outcome)
    const rows = [alix, `lou.radis@${ville}`, `lou.radis@${ville}`, `nul@${ville}`]
    for (const address of rows) await setActiveAsRow(work, address, false, settle)
    expect(outcomes).toMatchObject([
      { state: 'failed', failure: { reason: 'changed' } },
      { state: 'done' },
      { state: 'done' },
      { state: 'failed', failure: { code: 'not-found', reason: 'mailbox' } },
    ])
    expect(patches(work)).toHaveLength(1)
  })

  test('a row that is cancelled before it left ends no row', async () => {
    const work = await withAlix()
    const outcomes: Outcome[] = []
    await setActiveAsRow(work, alix, false, (one) => void outcomes.push(one), AbortSignal.abort())
    expect([outcomes, patches(work)]).toEqual([[], []])
  })
})

test('an enabling that is on its way is a success', async () => {
  const work = await withAlix({ dialect: '0.6-late' })
  unwrap(await setActive(work, alix, false, seen))
  const list = [{ email: alix, features: [], extras: { ox: null }, imap_active: 'wait', smtp_active: 'wait' }]
  const lacks = { answer: { status: 404, body: '{"detail":"Not Found"}' } }
  const line = `GET /domains/${ville}/mailboxes/alix.navet`
  work.sandbox.answerNext(line, lacks, 2)
  work.sandbox.answerNext(/^GET \/v2/, {
    answer: { status: 200, body: JSON.stringify([{ ...list[0], imap_active: 'no' }]) },
  })
  work.sandbox.answerNext(/^GET \/v2/, { answer: { status: 200, body: JSON.stringify(list) } })
  unwrap(await setActive(work, alix, true, off))
  expect(work.cache.mailboxes.read(alix)).toMatchObject({ imap: 'wait', displayName: 'Alix Navet' })
})

describe('a change whose answer is lost', () => {
  test.each([
    ['after', true],
    ['before', false],
  ] as const)('faults 37: cut %s it was done is settled by reading', async (cut, done) => {
    const work = await withAlix()
    work.sandbox.answerNext(/^PATCH /, { cut }, 9)
    const result = await setActive(work, alix, false, seen)
    expect(result.ok || `${result.failure.code}/${result.failure.reason}`).toBe(
      done ? true : 'unknown-outcome/mailbox-not-done',
    )
    expect(await journalOf(work, alix)).toMatchObject([{ state: done ? 'done' : 'failed' }, {}])
    expect(work.cache.mailboxes.read(alix)?.imap).toBe(done ? 'no' : 'yes')
  })

  test.each(['disable', 'rename'] as const)(
    'faults 38: a %s that cannot be read back is settled later',
    async (what) => {
      const work = await withAlix()
      work.sandbox.answerNext(/^PATCH /, { cut: 'after' }, 9)
      const read = `GET /domains/${ville}/mailboxes/alix.navet`
      let reads = 0
      const undo = work.sandbox.answerNext(
        ({ method, path }) => `${method} ${path}` === read && ++reads > 1,
        { answer: { status: 500 } },
        9,
      )
      const lost =
        what === 'disable'
          ? await setActive(work, alix, false, seen)
          : await updateMailbox(work, alix, names({ surName: 'Poireau', displayName: '' }), seen)
      expect(lost).toMatchObject({ failure: { code: 'unknown-outcome' } })
      expect(await work.desk.inDoubt()).toHaveLength(1)
      await settleDoubts(work)
      expect(await work.desk.inDoubt()).toHaveLength(1)
      undo()
      await settleDoubts(work)
      expect(await work.desk.inDoubt()).toEqual([])
      expect((await journalOf(work, alix))[0]).toMatchObject({ state: 'done', failure: null })
      expect(work.cache.mailboxes.read(alix)).toMatchObject(
        what === 'disable' ? { imap: 'no' } : { surName: 'Poireau' },
      )
    },
  )
})

test('a disabling that dimail took and that cannot be seen is not told as done', async () => {
  const work = await withAlix()
  let reads = 0
  work.sandbox.answerNext(
    ({ method, path }) => method === 'GET' && /alix/.test(path) && ++reads > 1,
    {
      answer: { status: 500 },
    },
    9,
  )
  expect(await setActive(work, alix, false, seen)).toMatchObject({ failure: { reason: 'not-read-back' } })
  expect(await work.desk.inDoubt()).toMatchObject([{ action: 'mailbox.disable', state: 'unknown' }])
})

describe('a change of names', () => {
  test('dimail L3: to one that another of the context has is refused here, and by dimail with its holder', async () => {
    const work = await withAlix()
    unwrap(await createMailbox(work, typed('lou.radis', { domain: jumelle })))
    const taken = names({ givenName: 'Lou', surName: 'RADIS', displayName: '' })
    const holder = { failure: { reason: 'display-name', details: { address: `lou.radis@${jumelle}` } } }
    expect(await updateMailbox(work, alix, taken, seen)).toMatchObject(holder)
    expect(patches(work)).toEqual([])
    foreignly(work, 'noe.fenouil', 'Noé Fenouil')
    const unheard = names({ givenName: 'Noé', surName: 'Fenouil', displayName: '' })
    expect(await updateMailbox(work, alix, unheard, seen)).toMatchObject({
      failure: { reason: 'display-name', details: { address: `noe.fenouil@${ville}` } },
    })
    expect(await journalOf(work, alix)).toMatchObject([{ state: 'failed' }, {}])
  })

  test('of the secondary address alone goes nowhere', async () => {
    const work = await withAlix()
    const before = work.sandbox.requests.length
    unwrap(await updateMailbox(work, alix, names({ secondaryEmail: 'alix@perso.example' }), seen))
    expect(await work.desk.secondary.get(alix)).toEqual({ address: alix, email: 'alix@perso.example' })
    unwrap(await updateMailbox(work, alix, names(), seen))
    expect(await work.desk.secondary.get(alix)).toBeNull()
    expect(await updateMailbox(work, alix, names({ secondaryEmail: alix }), seen)).toMatchObject({
      failure: { reason: 'secondary-own' },
    })
    expect(work.sandbox.requests).toHaveLength(before)
  })

  test('of the secondary address alone goes nowhere, however dimail writes the names', async () => {
    const work = await withAlix()
    const known = work.cache.mailboxes.read(alix)
    if (!known) throw new Error('It was made')
    const written = { ...known, givenName: 'Ae\u0301lix ', displayName: 'Ae\u0301lix  Navet ' }
    work.cache.mailboxes.store(ville, [written], 1)
    const before = work.sandbox.requests.length
    // A page shows them as they are, and a form may have trimmed them.
    const shown = { givenName: 'A\u00e9lix', displayName: 'A\u00e9lix  Navet' }
    const asked = names({ ...shown, secondaryEmail: 'alix@perso.example' })
    unwrap(await updateMailbox(work, alix, asked, seen))
    expect(await work.desk.secondary.get(alix)).toEqual({ address: alix, email: 'alix@perso.example' })
    expect(work.sandbox.requests).toHaveLength(before)
  })

  test('is refused for a mailbox that has no person, or that is disabled', async () => {
    const work = await withAlix()
    unwrap(await setActive(work, alix, false, seen))
    expect(await updateMailbox(work, alix, names({ surName: 'Chou' }), off)).toMatchObject({
      failure: { reason: 'mailbox-disabled' },
    })
    const box = { domain: ville, localPart: 'accueil', givenName: '', surName: '', displayName: '' }
    const told = { kind: 'functional', imap: 'yes', smtp: null, state: null } as const
    work.cache.mailboxes.store(
      ville,
      [{ ...box, ...told, address: `accueil@${ville}`, email: `accueil@${ville}` }],
      1,
    )
    expect(await updateMailbox(work, `accueil@${ville}`, names({ surName: 'Chou' }), seen)).toMatchObject({
      failure: { reason: 'functional' },
    })
  })
})

test('the technical user and the mailboxes of a disabled domain are not touched', async () => {
  const work = await withAlix()
  const { local: localPart, ox } = oxadmin(ville)
  const box = { domain: ville, localPart, address: `oxadmin@${ville}`, email: `oxadmin@${ville}`, ...names() }
  const told = { ...ox, kind: 'technical', imap: 'yes', smtp: null, state: 'broken' } as const
  work.cache.mailboxes.store(ville, [{ ...box, ...told }], 1)
  expect(await setActive(work, `oxadmin@${ville}`, false, seen)).toMatchObject({
    failure: { reason: 'technical' },
  })
  await turn(work, 'disabled')
  expect(await setActive(work, alix, false, seen)).toMatchObject({ failure: { reason: 'domain-disabled' } })
  expect(patches(work)).toEqual([])
  expect(held(work)).toEqual(['alix.navet'])
})

test('dimail 7.10: a mailbox that dimail spells with capitals is found and changed under that spelling', async () => {
  const work = await town()
  foreignly(work, 'Alix.Navet', 'Alix Navet')
  const box = { domain: ville, localPart: 'alix.navet', address: alix, email: `Alix.Navet@${ville}` }
  const told = { givenName: 'Alix', surName: 'Navet', displayName: 'Alix Navet', kind: 'person' } as const
  work.cache.mailboxes.store(ville, [{ ...box, ...told, imap: 'yes', smtp: null, state: null }], 1)
  unwrap(await setActive(work, alix.toUpperCase(), false, seen))
  expect(patches(work)).toEqual([`PATCH /domains/${ville}/mailboxes/Alix.Navet`])
  expect(at(work).mailboxes[0]?.active).toBe('no')
})

test('dimail 7.10: what is in doubt of one that dimail spells with capitals is read under that spelling', async () => {
  const work = await town()
  foreignly(work, 'Alix.Navet', 'Alix Navet')
  const box = { domain: ville, localPart: 'alix.navet', address: alix, email: `Alix.Navet@${ville}` }
  const told = { givenName: 'Alix', surName: 'Navet', displayName: 'Alix Navet', kind: 'person' } as const
  work.cache.mailboxes.store(ville, [{ ...box, ...told, imap: 'yes', smtp: null, state: null }], 1)
  const about = { action: 'mailbox.disable', subject: ville, target: alix, actor: 'agent-fictif' } as const
  await work.desk.intend({ ...about, before: null, at: 1 })
  await work.desk.settleAbandoned(2)
  await settleDoubts(work)
  // Not found under another spelling, it would be taken for disabled.
  expect(await work.desk.journal({ subject: ville, target: alix, limit: 1 })).toMatchObject([
    { state: 'failed', failure: { reason: 'mailbox-not-done' } },
  ])
})
