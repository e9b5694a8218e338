import { beforeEach, describe, expect, test } from 'vitest'
import { mailboxHandlers } from '../../main/api/mailboxes.ts'
import { createSender } from '../../main/mailboxes/waiting-sender.ts'
import { contract } from '../../preload/contract.ts'
import { Expected } from '../../preload/failure.ts'
import type { MailboxQuery } from '../../preload/mailbox-shapes.ts'
import { jumelle, posts, town, turn, typed, ville } from './mailboxes-town.ts'

const alix = `alix.navet@${ville}`
const seen = { status: 'enabled', displayName: 'Alix Navet' } as const
const all: MailboxQuery = {
  ...{ domain: ville, text: '', show: 'all', sort: 'address', descending: false, offset: 0, limit: 50 },
}
const names = { givenName: 'Alix', surName: 'Navet', displayName: '', secondaryEmail: 'alix@perso.example' }

async function open() {
  const work = await town()
  const sender = createSender(work, {
    sentOut: () => {},
    broke: (error) => {
      throw error
    },
  })
  return { work, sender, calls: mailboxHandlers(() => ({ ...work, sender })) }
}
let given: Awaited<ReturnType<typeof open>>
beforeEach(async () => {
  given = await open()
})

const reasonOf = async (answer: unknown) => {
  try {
    await answer
  } catch (error) {
    if (error instanceof Expected) return `${error.failure.code}/${error.failure.reason}`
    throw error
  }
  return 'ok'
}

test('a mailbox that was made is listed and read, with its secondary address, status and journal', async () => {
  const { calls } = given
  const made = await calls['mailboxes.create']({ ...typed('alix.navet'), ...names, locale: 'fr' })
  expect(contract['mailboxes.create'].output.parse(made)).toEqual(made)
  const row = {
    ...{ address: alix, status: 'enabled', reason: 'active', secondaryEmail: 'alix@perso.example' },
    ...{ kind: 'person', displayName: 'Alix Navet' },
  }
  const list = await calls['mailboxes.list'](all)
  expect(contract['mailboxes.list'].output.parse(list)).toEqual(list)
  expect(list).toMatchObject({ rows: [row], total: 1, all: null, fetchedAt: null })
  expect(await calls['mailboxes.addresses']({ domain: ville, text: 'navet', show: 'all' })).toEqual([alix])
  const read = await calls['mailboxes.read']({ address: alix })
  expect(contract['mailboxes.read'].output.parse(read)).toEqual(read)
  expect(read).toMatchObject({
    mailbox: row,
    journal: [{ action: 'mailbox.login-link' }, { action: 'mailbox.create', before: null }],
  })
  expect(JSON.stringify([list, read])).not.toContain(made.outcome === 'created' ? made.password : '')
})

test('each change answers with the mailbox as it is now', async () => {
  const { calls } = given
  await calls['mailboxes.create'](typed('alix.navet'))
  const renamed = await calls['mailboxes.update']({ address: alix, ...names, surName: 'Chou', seen })
  expect(renamed).toMatchObject({ displayName: 'Alix Chou', secondaryEmail: 'alix@perso.example' })
  const now = { status: renamed.status, displayName: renamed.displayName }
  const off = await calls['mailboxes.disable']({ address: alix, seen: now })
  expect(off).toMatchObject({ status: 'disabled', reason: 'inactive', displayName: 'Alix Chou' })
  const on = await calls['mailboxes.enable']({ address: alix, seen: { ...now, status: 'disabled' } })
  expect(on).toMatchObject({ status: 'enabled' })
  expect(await calls['mailboxes.resetPassword']({ address: alix })).toMatchObject({ mail: { state: 'sent' } })
  expect(await calls['mailboxes.loginLink']({ address: alix })).toMatchObject({ maxUse: 3 })
})

describe('a mailbox that waits', () => {
  test('is listed, edited, sent by itself once edited, retried and removed', async () => {
    const { work, calls, sender } = given
    await turn(work, 'action_required')
    for (const local of ['alix.navet', 'lou.radis', 'noe.fenouil'])
      await calls['mailboxes.create'](typed(local))
    const page = await calls['mailboxes.waiting']({ domain: ville, offset: 1, limit: 1 })
    expect(page).toMatchObject({ rows: [{ id: `lou.radis@${ville}`, state: 'waiting' }], total: 3 })
    await turn(work, 'enabled')
    expect(await calls['mailboxes.edit']({ id: alix, ...typed('alix.chou') })).toMatchObject({
      id: `alix.chou@${ville}`,
    })
    await sender.idle()
    expect(posts(work)).toContain(`POST /domains/${ville}/mailboxes/alix.chou`)
    expect(posts(work)).toHaveLength(3)
  })

  test('is touched through its own domain only', async () => {
    const { work, calls } = given
    await turn(work, 'action_required')
    await calls['mailboxes.create'](typed('alix.navet'))
    const elsewhere = { domain: jumelle, id: alix }
    expect(await reasonOf(calls['mailboxes.retry'](elsewhere))).toBe('not-found/waiting')
    expect(await reasonOf(calls['mailboxes.remove'](elsewhere))).toBe('not-found/waiting')
    expect(await reasonOf(calls['mailboxes.edit']({ ...typed('x.y', { domain: jumelle }), id: alix }))).toBe(
      'not-found/waiting',
    )
    await calls['mailboxes.remove']({ domain: ville, id: alix })
    expect(await work.desk.waiting.list(null)).toEqual([])
    expect(posts(work)).toEqual([])
  })
})

test('what is not known here is not found', async () => {
  const { calls } = given
  const nul = `nul@${ville}`
  const answers = [
    calls['mailboxes.read']({ address: nul }),
    calls['mailboxes.disable']({ address: nul, seen }),
    calls['mailboxes.enable']({ address: 'a@nulle.example', seen }),
    calls['mailboxes.update']({ address: nul, ...names, seen }),
    calls['mailboxes.resetPassword']({ address: nul }),
    calls['mailboxes.loginLink']({ address: nul }),
  ]
  expect(await Promise.all(answers.map(reasonOf))).toEqual(Array(6).fill('not-found/mailbox'))
  const nowhere = { ...all, domain: 'nulle.example' }
  expect(await reasonOf(new Promise((resolve) => resolve(calls['mailboxes.list'](nowhere))))).toBe(
    'not-found/domain',
  )
  expect(await reasonOf(new Promise((resolve) => resolve(calls['mailboxes.waiting']({ ...nowhere }))))).toBe(
    'not-found/domain',
  )
  expect(await reasonOf(calls['mailboxes.create'](typed('a.b', { domain: 'nulle.example' })))).toBe(
    'not-found/domain',
  )
})
