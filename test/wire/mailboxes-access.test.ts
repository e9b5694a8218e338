import { describe, expect, test } from 'vitest'
import { loginLink, resetPassword } from '../../main/mailboxes/access.ts'
import { updateMailbox } from '../../main/mailboxes/change.ts'
import { setActive } from '../../main/mailboxes/change-active.ts'
import { createMailbox } from '../../main/mailboxes/create.ts'
import { settleDoubts } from '../../main/mailboxes/settle.ts'
import type { SandboxOptions } from '../../main/sandbox/server.ts'
import { unwrap } from '../../preload/failure.ts'
import { clientOf, closing } from '../fakes/dimail-client.ts'
import { startFaultProxy, type Toxic } from '../fakes/fault-proxy.ts'
import { filesOf } from '../fakes/folders.ts'
import { journalOf, town, turn, typed, ville } from './mailboxes-town.ts'

const alix = `alix.navet@${ville}`
const to = 'alix@perso.example'
const seen = { status: 'enabled', displayName: 'Alix Navet' } as const
const resets = /reset_password/

async function withAlix(options: SandboxOptions = {}, secondaryEmail: string | null = null) {
  const work = await town(options)
  unwrap(await createMailbox(work, typed('alix.navet')))
  const names = { givenName: 'Alix', surName: 'Navet', displayName: 'Alix Navet' }
  unwrap(await updateMailbox(work, alix, { ...names, secondaryEmail }, seen))
  return work
}

describe.each(['0.6.7', '0.6-late'] as const)('on a dimail of %s', (dialect) => {
  test('dimail D3: the password of a reset is the one told and mailed, and none is kept here', async () => {
    const work = await withAlix({ dialect }, to)
    const reset = unwrap(await resetPassword(work, alix, 'en'))
    expect(reset).toMatchObject({ address: alix, mail: { state: 'sent', to } })
    expect(work.asked(resets)).toEqual([`POST /domains/${ville}/mailboxes/alix.navet/reset_password/`])
    expect(work.letters).toMatchObject([
      { kind: 'password-reset', facts: { password: reset.password }, locale: 'en' },
    ])
    expect(await journalOf(work, alix)).toMatchObject([
      { action: 'mailbox.reset-password', state: 'done' },
      {},
    ])
    for (const [file, bytes] of filesOf(work.folder)) expect(bytes.includes(reset.password), file).toBe(false)
  })

  test('a login link opens the webmail, three times', async () => {
    const work = await withAlix({ dialect }, to)
    const made = unwrap(await loginLink(work, alix))
    expect(made).toMatchObject({ address: alix, maxUse: 3, mail: { state: 'sent', to } })
    expect(made.expiresAt).toBeGreaterThan(Date.now() + 3_500_000)
    expect(work.letters).toMatchObject([{ kind: 'login-link', facts: { link: made.link, maxUse: 3 } }])
    const answers = []
    for (let n = 0; n < 4; n += 1) answers.push((await fetch(made.link)).ok)
    expect(answers).toEqual([true, true, true, false])
    const code = made.link.split('/').at(-1) ?? ''
    for (const [file, bytes] of filesOf(work.folder)) expect(bytes.includes(code), file).toBe(false)
    expect(await journalOf(work, alix)).toMatchObject([{ action: 'mailbox.login-link', state: 'done' }, {}])
  })
})

test('on a dimail of 2024 neither is possible, and it is said', async () => {
  const work = await withAlix({ dialect: '2024' })
  expect(await resetPassword(work, alix)).toMatchObject({ failure: { code: 'not-found', reason: 'route' } })
  expect(await loginLink(work, alix)).toMatchObject({ failure: { code: 'not-possible', reason: 'no-codes' } })
  expect((await journalOf(work, alix)).map(({ state }) => state)).toEqual(['failed', 'failed', 'done'])
})

test('without a secondary address both are shown to the agent and mailed to nobody', async () => {
  const work = await withAlix()
  expect(unwrap(await resetPassword(work, alix))).toMatchObject({ mail: { state: 'none' } })
  expect(unwrap(await loginLink(work, alix))).toMatchObject({ mail: { state: 'none' } })
  expect(work.letters).toEqual([])
})

test('a message that fails takes nothing back', async () => {
  const work = await withAlix({}, to)
  work.mailFails = true
  const reset = unwrap(await resetPassword(work, alix))
  expect(reset).toMatchObject({ password: expect.any(String), mail: { state: 'failed', to } })
})

test('nothing is asked for a mailbox that is disabled, unknown, or of a disabled domain', async () => {
  const work = await withAlix()
  unwrap(await setActive(work, alix, false, seen))
  const reasonsOf = async (address: string) =>
    (await Promise.all([resetPassword(work, address), loginLink(work, address)])).map((one) =>
      one.ok ? 'done' : one.failure.reason,
    )
  expect(await reasonsOf(alix)).toEqual(['mailbox-disabled', 'mailbox-disabled'])
  expect(await reasonsOf(`nul@${ville}`)).toEqual(['mailbox', 'mailbox'])
  await turn(work, 'disabled')
  expect(await reasonsOf(alix)).toEqual(['domain-disabled', 'domain-disabled'])
  expect(work.asked(/reset_password|code/)).toEqual([])
  const { webmail: _webmail, ...without } = await withAlix()
  expect(await loginLink({ ...without, webmail: () => null }, alix)).toMatchObject({
    failure: { reason: 'no-webmail' },
  })
})

describe('a reset whose answer is lost', () => {
  test.each([
    ['before the headers', { type: 'reset_peer', timeout: 0 }],
    ['after the headers', { type: 'limit_data', bytes: 120, reset: true }],
    ['in the middle of its body', { type: 'limit_data', bytes: 190 }],
  ] as const)('faults 37: %s is asked once, unknown, and to be reset again', async (_title, toxic: Toxic) => {
    const work = await withAlix({}, to)
    const proxy = closing(await startFaultProxy(Number(new URL(work.sandbox.url).port)))
    const credentials = () => ({ username: work.sandbox.username, password: work.sandbox.password })
    const behind = { ...work, dimail: clientOf(`http://127.0.0.1:${proxy.port}`, { credentials }) }
    unwrap(await behind.dimail.readMailbox(ville, 'alix.navet'))
    proxy.downstream(toxic)
    expect(await resetPassword(behind, alix)).toMatchObject({
      failure: { code: 'unknown-outcome', reason: 'reset', details: { address: alix } },
    })
    expect(work.asked(resets)).toHaveLength(1)
    expect(work.letters).toEqual([])
    proxy.downstream()
    await settleDoubts(behind)
    expect((await journalOf(work, alix))[0]).toMatchObject({
      action: 'mailbox.reset-password',
      state: 'unknown',
    })
    expect(unwrap(await resetPassword(behind, alix))).toMatchObject({ password: expect.any(String) })
    expect(work.asked(resets)).toHaveLength(2)
  })

  test('faults 37: on a line that swallows everything is unknown once its time is over', async () => {
    const work = await withAlix()
    work.sandbox.answerNext(resets, { silent: true, applied: true })
    const credentials = () => ({ username: work.sandbox.username, password: work.sandbox.password })
    const hasty = { ...work, dimail: clientOf(work.sandbox.url, { credentials, timeouts: { headers: 200 } }) }
    expect(await resetPassword(hasty, alix)).toMatchObject({ failure: { reason: 'reset' } })
    expect(work.asked(resets)).toHaveLength(1)
  })

  test('faults 37: and a reading that is cut is asked again', async () => {
    const work = await withAlix()
    work.sandbox.answerNext(/^GET .*alix/, { cut: 'before' })
    expect(unwrap(await work.dimail.readMailbox(ville, 'alix.navet'))).toMatchObject({ address: alix })
    expect(work.asked(/^GET .*alix/)).toHaveLength(2)
  })
})
