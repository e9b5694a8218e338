import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createMailbox } from '../../main/mailboxes/create.ts'
import { settleDoubts } from '../../main/mailboxes/settle.ts'
import { retryWaiting } from '../../main/mailboxes/waiting.ts'
import { createMailbox as createBox } from '../../main/sandbox/mailboxes.ts'
import { unwrap } from '../../preload/failure.ts'
import { clientOf, closing } from '../fakes/dimail-client.ts'
import { startFaultProxy } from '../fakes/fault-proxy.ts'
import { filesOf } from '../fakes/folders.ts'
import { workspaceOf } from '../fakes/workspace.ts'
import { at, foreignly, held, journalOf, jumelle, posts, town, turn, typed, ville } from './mailboxes-town.ts'

const alix = `alix.navet@${ville}`
const dialects = ['2024', '0.6.7', '0.6-late'] as const

describe.each(dialects)('on a dimail of %s', (dialect) => {
  test('a mailbox of an enabled domain is made with one POST, its password told once', async () => {
    const work = await town({ dialect })
    const made = unwrap(await createMailbox(work, typed('Alix.Navet')))
    expect(made).toMatchObject({ outcome: 'created', address: alix, mail: { state: 'none' } })
    expect(made.outcome === 'created' && made.password).toMatch(/^[\w-]{16}$/)
    expect(posts(work)).toEqual([`POST /domains/${ville}/mailboxes/alix.navet`])
    expect(held(work)).toEqual(['alix.navet'])
    expect(await work.desk.waiting.list(null)).toEqual([])
    expect(work.cache.mailboxes.read(alix)).toMatchObject({ displayName: 'Alix Navet', imap: 'yes' })
    expect(await journalOf(work, alix)).toMatchObject([
      { action: 'mailbox.create', state: 'done', actor: 'agent-fictif', failure: null },
    ])
    expect(work.toldMailboxes).toContain(ville)
  })

  test('the domain counts one more, when its mailboxes had been counted', async () => {
    const work = await town({ dialect })
    unwrap(await createMailbox(work, typed('alix.navet')))
    expect(work.cache.read(ville)?.row.mailboxes).toBeNull()
    work.cache.storeMailboxCount(ville, 1, work.now())
    unwrap(await createMailbox(work, typed('ange.radis')))
    expect(work.cache.read(ville)?.row.mailboxes).toBe(2)
  })

  test('the display name that is kept is the one that dimail made of it', async () => {
    const work = await town({ dialect })
    unwrap(await createMailbox(work, typed('alix.navet', { displayName: 'Navet, Alix' })))
    const there = at(work).mailboxes[0]?.ox?.displayName
    expect(there).toBe(dialect === '2024' ? 'Alix Navet' : 'Navet, Alix')
    expect(work.cache.mailboxes.read(alix)?.displayName).toBe(there)
  })

  test('dimail D2: the welcome message holds a link that works, or the password where dimail makes none', async () => {
    const work = await town({ dialect })
    const to = 'alix@perso.example'
    const made = unwrap(await createMailbox(work, typed('alix.navet', { secondaryEmail: to }), 'fr'))
    if (made.outcome !== 'created') throw new Error('It was to be created')
    expect(made.mail).toMatchObject({ state: 'sent', to })
    expect(work.letters).toMatchObject([{ kind: 'welcome', to, about: alix, domain: ville, locale: 'fr' }])
    const [letter] = work.letters
    if (dialect === '2024') expect(letter?.facts).toEqual({ password: made.password })
    else {
      expect(letter?.facts).toMatchObject({ maxUse: 3, expiresAt: expect.any(Number) })
      const link = letter && 'link' in letter.facts ? letter.facts.link : ''
      expect(link).toMatch(new RegExp(`^${work.sandbox.url}/code/[\\w-]{20,}$`))
      expect((await fetch(link)).ok).toBe(true)
    }
    expect(await work.desk.secondary.get(alix)).toEqual({ address: alix, email: to })
  })

  test('dimail L3: a display name taken anywhere in the context is named, with its holder', async () => {
    const work = await town({ dialect })
    foreignly(work, 'a.navet', 'Alix Navet', jumelle)
    const refused = await createMailbox(work, typed('alix.navet'))
    expect(refused).toMatchObject({
      failure: { code: 'conflict', reason: 'display-name', details: { address: `a.navet@${jumelle}` } },
    })
    expect(held(work)).toEqual([])
    expect(await work.desk.waiting.get(alix)).toMatchObject({
      state: 'failed',
      failure: { reason: 'display-name' },
    })
    expect(await journalOf(work, alix)).toMatchObject([
      { state: 'failed', failure: { reason: 'display-name' } },
    ])
  })

  test('faults 39: an address that dimail had already is said to exist, and taken up here', async () => {
    const work = await town({ dialect })
    foreignly(work, 'alix.navet', 'Alix Autre')
    const refused = await createMailbox(work, typed('alix.navet'))
    expect(refused).toMatchObject({
      failure: { code: 'conflict', reason: 'mailbox-exists', details: { address: alix } },
    })
    expect(work.cache.mailboxes.read(alix)).toMatchObject({ displayName: 'Alix Autre' })
    expect(posts(work)).toHaveLength(1)
    // Known to exist by now, it is not asked for again, however it is asked.
    for (const again of [await retryWaiting(work, alix), await createMailbox(work, typed('alix.navet'))])
      expect(again).toMatchObject({ failure: { code: 'conflict', reason: 'address-known' } })
    expect(posts(work)).toHaveLength(1)
  })
})

describe('nothing is sent', () => {
  test('dimail L3: for a display name known in the context, whatever its case and its domain', async () => {
    const work = await town()
    unwrap(
      await createMailbox(work, typed('a.navet', { domain: jumelle, givenName: 'Alix', surName: 'Navet' })),
    )
    const before = posts(work).length
    expect(await createMailbox(work, typed('alix.navet', { givenName: 'ALIX' }))).toMatchObject({
      failure: { code: 'conflict', reason: 'display-name', details: { address: `a.navet@${jumelle}` } },
    })
    expect(posts(work)).toHaveLength(before)
    expect(await work.desk.waiting.list(null)).toEqual([])
  })

  test('for an address known here, or one that waits', async () => {
    const work = await town()
    unwrap(await createMailbox(work, typed('alix.navet')))
    await turn(work, 'action_required')
    unwrap(await createMailbox(work, typed('lou.radis')))
    const before = work.sandbox.requests.length
    for (const local of ['ALIX.navet', 'lou.radis'])
      expect(await createMailbox(work, typed(local, { displayName: 'Autre Nom' }))).toMatchObject({
        failure: { code: 'conflict', reason: 'address-known' },
      })
    expect(work.sandbox.requests).toHaveLength(before)
  })

  test('for a domain that is disabled, gone or unknown, with the reason', async () => {
    const work = await town()
    await turn(work, 'disabled')
    work.cache.markGone([jumelle], 5)
    const reasons = await Promise.all(
      [ville, jumelle, 'inconnue.example'].map(async (domain) => {
        const refused = await createMailbox(work, typed('alix.navet', { domain }))
        return refused.ok ? 'made' : `${refused.failure.code}/${refused.failure.reason}`
      }),
    )
    expect(reasons).toEqual(['not-possible/domain-disabled', 'not-possible/gone', 'not-found/domain'])
    expect(posts(work)).toEqual([])
    expect(await work.desk.waiting.list(null)).toEqual([])
  })

  test('for the second of two that ask for the same at once', async () => {
    const work = await town()
    const both = await Promise.all([
      createMailbox(work, typed('alix.navet')),
      createMailbox(work, typed('a.navet', { givenName: 'Alix', surName: 'Navet' })),
      createMailbox(work, typed('alix.navet')),
    ])
    expect(both.map((one) => (one.ok ? 'made' : one.failure.reason))).toEqual([
      'made',
      'display-name',
      'address-known',
    ])
    expect(posts(work)).toHaveLength(1)
  })
})

describe('dimail L1: a 500 is explained by what would clash, never by the local part', () => {
  test('one with no clash is told as it came, though somebody elsewhere has the local part', async () => {
    const work = await town()
    foreignly(work, 'alix.navet', 'Toute Autre', jumelle)
    work.sandbox.answerNext(/^POST .*mailboxes/, { answer: { status: 500, body: 'Internal Server Error' } })
    expect(await createMailbox(work, typed('alix.navet'))).toMatchObject({
      failure: { code: 'server-error', reason: 'status', details: { status: 500 } },
    })
  })

  test.each([[[]], [['conflict-as-409' as const]]])(
    'with quirks %j the holder is found by its name',
    async (quirks) => {
      const work = await town({ quirks })
      foreignly(work, 'quelqu.un', 'Alix Navet')
      expect(await createMailbox(work, typed('alix.navet'))).toMatchObject({
        failure: { reason: 'display-name', details: { address: `quelqu.un@${ville}` } },
      })
    },
  )
})

test('dimail L1: a holder that only the first list shows is found there', async () => {
  const work = await town()
  foreignly(work, 'quelqu.un', 'Alix Navet', jumelle)
  work.sandbox.answerNext(/^GET \/v2\//, { answer: { status: 200, body: '[]' } })
  expect(await createMailbox(work, typed('alix.navet'))).toMatchObject({
    failure: { reason: 'display-name', details: { address: `quelqu.un@${jumelle}` } },
  })
})

test('faults 38: the record and the intent are written before the POST leaves', async () => {
  const work = await town()
  work.sandbox.answerNext(/^POST .*mailboxes/, { delayMs: 80 })
  const creation = createMailbox(work, typed('alix.navet'))
  while (posts(work).length === 0) await turnOfLoop()
  expect(await journalOf(work, alix)).toMatchObject([{ action: 'mailbox.create', state: 'running' }])
  expect(await work.desk.waiting.get(alix)).toMatchObject({
    state: 'sending',
    attemptedAt: expect.any(Number),
  })
  expect(unwrap(await creation)).toMatchObject({ outcome: 'created' })
})

describe('dimail D8: a creation that failed', () => {
  test.each([
    ['with 500', { answer: { status: 500, body: 'no' } }, 'failed'],
    ['with 409', { answer: { status: 409, body: '{"detail":"Mailbox already exists"}' } }, 'failed'],
    ['with 503', { answer: { status: 503, headers: { 'retry-after': '90' } } }, 'waiting'],
    ['on a cut line', { cut: 'before' }, 'failed'],
  ] as const)('%s stays with its reason, and the same agent may try again', async (_title, fault, state) => {
    const work = await town()
    work.sandbox.answerNext(/^POST .*mailboxes/, fault)
    expect((await createMailbox(work, typed('alix.navet'))).ok).toBe(false)
    expect(await work.desk.waiting.get(alix)).toMatchObject({ state, failure: { code: expect.any(String) } })
    expect(unwrap(await createMailbox(work, typed('alix.navet')))).toMatchObject({ outcome: 'created' })
    expect(held(work)).toEqual(['alix.navet'])
    expect(posts(work)).toHaveLength(2)
    expect(await work.desk.waiting.list(null)).toEqual([])
  })

  test('while dimail could not be reached waits, and may be retried', async () => {
    const work = await town()
    const proxy = closing(await startFaultProxy(Number(new URL(work.sandbox.url).port)))
    const credentials = () => ({ username: work.sandbox.username, password: work.sandbox.password })
    work.dimail = clientOf(`http://127.0.0.1:${proxy.port}`, { credentials })
    proxy.downstream({ type: 'down' })
    expect(await createMailbox(work, typed('alix.navet'))).toMatchObject({ failure: { code: 'offline' } })
    expect(await work.desk.waiting.get(alix)).toMatchObject({
      state: 'waiting',
      failure: { code: 'offline' },
    })
    proxy.downstream()
    expect(unwrap(await retryWaiting(work, alix))).toMatchObject({ outcome: 'created' })
  })
})

describe('a creation whose answer is lost', () => {
  test.each([
    ['after it was done', { cut: 'after' }],
    ['in its middle', { cut: 'mid-body' }],
    ['among a gateway', { answer: { status: 504, body: '' }, applied: true }],
  ] as const)('faults 38: %s is found by reading; its password is said to be lost', async (_title, fault) => {
    const work = await town()
    work.sandbox.answerNext(/^POST .*mailboxes/, fault)
    const lost = await createMailbox(work, typed('alix.navet', { secondaryEmail: 'alix@perso.example' }))
    expect(lost).toMatchObject({
      failure: { code: 'unknown-outcome', reason: 'created-password-lost', details: { address: alix } },
    })
    expect(held(work)).toEqual(['alix.navet'])
    expect(posts(work)).toHaveLength(1)
    expect(await work.desk.waiting.list(null)).toEqual([])
    expect(work.cache.mailboxes.read(alix)).toMatchObject({ displayName: 'Alix Navet' })
    expect(await work.desk.secondary.get(alix)).not.toBeNull()
    expect(await journalOf(work, alix)).toMatchObject([{ state: 'done' }])
  })

  test('faults 38: before it was done has failed, and is not sent again by itself', async () => {
    const work = await town()
    work.sandbox.answerNext(/^POST .*mailboxes/, { cut: 'before' })
    expect(await createMailbox(work, typed('alix.navet'))).toMatchObject({
      failure: { reason: 'mailbox-not-made' },
    })
    expect(await settleDoubts(work)).toEqual([])
    expect(posts(work)).toHaveLength(1)
    expect(await work.desk.waiting.get(alix)).toMatchObject({ state: 'failed' })
    expect(await journalOf(work, alix)).toMatchObject([
      { state: 'failed', failure: { reason: 'mailbox-not-made' } },
    ])
  })

  test('faults 38: stays unknown while dimail cannot be read, and is settled once it can', async () => {
    const work = await town()
    work.sandbox.answerNext(/^POST .*mailboxes/, { cut: 'after' })
    const undo = work.sandbox.answerNext(/^GET .*mailboxes/, { answer: { status: 500 } }, 99)
    expect(await createMailbox(work, typed('alix.navet'))).toMatchObject({
      failure: { code: 'unknown-outcome' },
    })
    expect(await work.desk.waiting.get(alix)).toMatchObject({ state: 'unknown' })
    expect(await journalOf(work, alix)).toMatchObject([{ state: 'unknown' }])
    expect(await settleDoubts(work)).toEqual([])
    expect(await work.desk.waiting.get(alix)).toMatchObject({ state: 'unknown' })
    undo()
    expect(await settleDoubts(work)).toEqual([alix])
    expect(await work.desk.waiting.list(null)).toEqual([])
    expect(await journalOf(work, alix)).toMatchObject([{ state: 'done' }])
    expect(await work.desk.inDoubt()).toEqual([])
  })

  test('faults 38: asked again before it is settled, it is read and not made twice', async () => {
    const work = await town()
    work.sandbox.answerNext(/^POST .*mailboxes/, { cut: 'after' })
    const undo = work.sandbox.answerNext(/^GET .*mailboxes/, { answer: { status: 500 } }, 99)
    await createMailbox(work, typed('alix.navet'))
    undo()
    expect(await createMailbox(work, typed('alix.navet'))).toMatchObject({
      failure: { reason: 'created-password-lost' },
    })
    expect(posts(work)).toHaveLength(1)
  })

  test('faults 38: is not taken for made when somebody else has the address since', async () => {
    const work = await town()
    work.sandbox.answerNext(/^POST .*mailboxes/, { cut: 'before' })
    const undo = work.sandbox.answerNext(/^GET .*mailboxes/, { answer: { status: 500 } }, 99)
    await createMailbox(work, typed('alix.navet', { secondaryEmail: 'alix@perso.example' }))
    undo()
    foreignly(work, 'alix.navet', 'Autre Personne')
    expect(await settleDoubts(work)).toEqual([])
    expect(await work.desk.waiting.get(alix)).toMatchObject({
      state: 'failed',
      failure: { code: 'conflict', reason: 'mailbox-exists' },
    })
    // Their password must not be mailed to an address typed for another.
    expect(await work.desk.secondary.get(alix)).toBeNull()
    expect(work.cache.mailboxes.read(alix)).toMatchObject({ displayName: 'Autre Personne' })
    expect(await journalOf(work, alix)).toMatchObject([{ state: 'failed' }])
  })

  test('faults 38: an answer about another mailbox is not believed', async () => {
    const work = await town()
    const body = JSON.stringify({ email: `lou.radis@${ville}`, password: 'celui-d-un-autre' })
    work.sandbox.answerNext(/^POST .*mailboxes/, { answer: { status: 201, body } })
    expect(await createMailbox(work, typed('alix.navet'))).toMatchObject({
      failure: { reason: 'mailbox-not-made' },
    })
  })
})

describe('faults 39: a mailbox that dimail holds by half', () => {
  test('in Open-Xchange and not in Dovecot is said so, with 500, and never sent again by itself', async () => {
    const work = await town()
    work.sandbox.answerNext(/^POST .*mailboxes/, { answer: { status: 500, body: 'no' } })
    const use = {
      ...{ domain_name: ville, user_name: 'alix.navet', is_alias: false, is_mailbox: 'false', is_ox: 'true' },
      ...{ ox_primary_email: alix, ox_senders: [] },
    }
    work.sandbox.answerNext(/\/address\//, { answer: { status: 200, body: JSON.stringify(use) } }, 9)
    expect(await createMailbox(work, typed('alix.navet'))).toMatchObject({
      failure: { code: 'conflict', reason: 'half-made', details: { address: alix } },
    })
    expect(await work.desk.waiting.get(alix)).toMatchObject({
      state: 'failed',
      failure: { reason: 'half-made' },
    })
    await settleDoubts(work)
    expect(posts(work)).toHaveLength(1)
  })

  test('that the first list calls broken is said so, with a 409 too', async () => {
    const work = await town({ dialect: '2024', quirks: ['conflict-as-409'] })
    const ox = { givenName: 'Alix', surName: 'Navet', displayName: 'Alix Navet' }
    at(work).mailboxes.push({ ...createBox('alix.navet', ville, ox), dovecot: false })
    expect(await createMailbox(work, typed('alix.navet'))).toMatchObject({ failure: { reason: 'half-made' } })
  })

  test('and whose answer was lost is not taken for made', async () => {
    const work = await town()
    const ox = { givenName: 'Alix', surName: 'Navet', displayName: 'Alix Navet' }
    work.sandbox.answerNext(/^POST .*mailboxes/, { cut: 'before' })
    at(work).mailboxes.push({ ...createBox('alix.navet', ville, ox), dovecot: false })
    expect(await createMailbox(work, typed('alix.navet'))).toMatchObject({ failure: { reason: 'half-made' } })
    expect(await journalOf(work, alix)).toMatchObject([{ state: 'failed' }])
  })
})

describe('the message to the secondary address', () => {
  const to = 'alix@perso.example'

  test('that fails undoes nothing and is told', async () => {
    const work = await town()
    work.mailFails = true
    const made = unwrap(await createMailbox(work, typed('alix.navet', { secondaryEmail: to })))
    expect(made).toMatchObject({
      outcome: 'created',
      mail: { state: 'failed', to, failure: { code: 'offline' } },
    })
    expect(held(work)).toEqual(['alix.navet'])
  })

  test('for which no code came is told as failed; the password is still shown', async () => {
    const work = await town()
    work.sandbox.answerNext(/\/code$/, { answer: { status: 500, body: 'no' } })
    const made = unwrap(await createMailbox(work, typed('alix.navet', { secondaryEmail: to })))
    expect(made).toMatchObject({
      outcome: 'created',
      mail: { state: 'failed', failure: { code: 'server-error' } },
    })
    expect(work.letters).toEqual([])
  })

  test('holds the password when this profile knows no webmail', async () => {
    const work = { ...(await town()), webmail: () => null }
    const made = unwrap(await createMailbox(work, typed('alix.navet', { secondaryEmail: to })))
    expect(work.letters[0]?.facts).toEqual({ password: made.outcome === 'created' && made.password })
    expect(work.asked(/\/code$/)).toEqual([])
  })
})

test('faults 72: no file of the profile holds a password or a code, and no second answer gives it', async () => {
  const work = await town()
  const made = unwrap(
    await createMailbox(work, typed('alix.navet', { secondaryEmail: 'alix@perso.example' })),
  )
  const password = made.outcome === 'created' ? made.password : ''
  const [letter] = work.letters
  const code = letter && 'link' in letter.facts ? letter.facts.link.split('/').at(-1) : undefined
  if (!password || !code) throw new Error('There was nothing to look for')
  const again = workspaceOf(work.sandbox, work.dimail, work.folder)
  expect(await again.desk.waiting.list(null)).toEqual([])
  const files = filesOf(work.folder)
  expect(files.size).toBeGreaterThan(1)
  for (const [file, bytes] of files) {
    expect(bytes.includes(password), file).toBe(false)
    expect(bytes.includes(code), file).toBe(false)
  }
})
