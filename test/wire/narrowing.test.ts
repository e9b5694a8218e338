import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { sandboxPeople } from '../../main/session/sandbox-people.ts'
import type { Reply } from '../../preload/contract.ts'
import { unwrap } from '../../preload/failure.ts'
import type { Message } from '../../preload/people-shapes.ts'
import { type AppState, type Job, sorts } from '../../preload/shapes.ts'
import { loopback, openConsole } from '../fakes/console.ts'
import { letterOf, reader } from './mail-open.ts'

const [, , viewer, several] = sandboxPeople.map(({ id }) => id)
/** The viewer reads this one alone; `several` own it, and a few others. */
const port = 'port-salin.example'

/** The console in its Sandbox profile, with its fleet read, and every call as the page makes it. */
async function openInSandbox() {
  const console = openConsole()
  await console.profiles.open('sandbox')
  await console.profiles.awake()
  const profile = console.profiles.opened()
  unwrap(await profile.refresh(false))
  const ask = loopback(console.handlers, () => true, console.log, console.profiles.permit)
  const become = (person = '') => console.handlers['session.become']({ person })
  return { ...console, profile, ask, become }
}
const failureOf = (reply: unknown) => (reply as Reply<unknown> & { failure?: unknown }).failure
const answerOf = <T>(reply: unknown) => unwrap(reply as Reply<T>)

test('a job is stopped only by who might have started it', async () => {
  const { profile, ask, become } = await openInSandbox()
  const { id } = profile.queue.start('check', [port])
  await profile.queue.ended(id)
  await become(viewer)
  expect(answerOf<{ job: Job }>(await ask('jobs.read', { id, offset: 0, limit: 9 })).job.total).toBe(1)
  expect(failureOf(await ask('jobs.cancel', { id }))).toMatchObject({ code: 'refused', reason: 'role' })
  await become(several)
  expect(answerOf(await ask('jobs.cancel', { id }))).toMatchObject({ id })
})

test('passwords of a job are told of the domain asked for, and of no other', async () => {
  const { profile, ask, become } = await openInSandbox()
  const elsewhere = 'clairvaux-les-granges.example'
  const addresses = [`lou.essai@${port}`, `lou.essai@${elsewhere}`]
  for (const domain of [port, elsewhere]) {
    const names = { givenName: 'Lou', surName: `Essai ${domain}`, displayName: '', secondaryEmail: null }
    const record = { ...names, id: `lou.essai@${domain}`, domain, localPart: 'lou.essai', by: 'sandbox' }
    await profile.desk.waiting.put(record.id, domain, {
      ...record,
      ...{
        displayName: `Lou Essai ${domain}`,
        state: 'failed',
        failure: null,
        createdAt: 1,
        attemptedAt: null,
      },
    })
  }
  const { id } = profile.queue.start('create-mailboxes', addresses)
  expect(await profile.queue.ended(id)).toMatchObject({ done: 2 })
  await become(several)
  const told = await ask('csv.passwords', { domain: port, job: id })
  expect(answerOf(told)).toMatchObject([{ address: addresses[0] }])
  await become('sandbox')
  expect(answerOf(await ask('csv.passwords', { domain: elsewhere, job: id }))).toMatchObject([
    { address: addresses[1] },
  ])
})

test('the journal of who may read one domain is as long as that of support', async () => {
  const { profile, ask, become } = await openInSandbox()
  const write = (subject: string, at: number) =>
    profile.desk.intend({ action: 'domain.adopt', subject, target: null, actor: 'a', before: null, at })
  await write(port, 1)
  for (let at = 2; at < 6; at++) await write('clairvaux-les-granges.example', at)
  await become(viewer)
  expect(answerOf(await ask('journal.list', { subject: null, limit: 3 }))).toMatchObject([{ subject: port }])
})

test('what the window is told unasked names no domain that the person may not read', async () => {
  const { profile, become, pushes } = await openInSandbox()
  const others = profile.cache.names({ text: '', status: 'all' }).filter((name) => name !== port)
  const { id } = profile.queue.start('check', [...others, port])
  await become(viewer)
  const from = pushes.length
  await profile.queue.ended(id)
  profile.mailboxesChanged(others[0] ?? '')
  profile.rightsChanged(others[0] ?? '')
  profile.mailboxesChanged(port)
  await nextTurn()
  const told = pushes.slice(from).map((one) => JSON.stringify(one))
  expect(told).toContain(JSON.stringify({ push: 'domains.changed', value: { names: [port] } }))
  expect(told).toContain(JSON.stringify({ push: 'mailboxes.changed', value: { domain: port } }))
  // Their own access may just have gone: they are told to look, and not where.
  expect(told).toContain(JSON.stringify({ push: 'rights.changed', value: { domain: null } }))
  expect(others.filter((name) => told.some((line) => line.includes(`"${name}"`)))).toEqual([])
})

test('a trial message that failed is sent again, by support alone', async () => {
  const { ask, become, process } = await openInSandbox()
  process.running()?.mail.refuseNext(451)
  expect(answerOf(await ask('mail.test', { to: reader }))).toMatchObject({ state: 'failed' })
  const [message] = answerOf<Message[]>(await ask('mail.list', { domain: null, limit: 9 }))
  const { id = '', domain } = message ?? {}
  await become(several)
  expect(failureOf(await ask('mail.resend', { domain, id }))).toMatchObject({ code: 'invalid' })
  await become('sandbox')
  expect(answerOf(await ask('mail.resend', { domain, id }))).toMatchObject({ state: 'sent', id })
})

test('the message of an invitation that was revoked is not sent again', async () => {
  const { ask, process } = await openInSandbox()
  process.running()?.mail.refuseNext(451)
  await ask('accesses.grant', { domain: port, email: reader, role: 'viewer' })
  const messages = async () => answerOf<Message[]>(await ask('mail.list', { domain: port, limit: 9 }))
  const [message] = await messages()
  const { id = '', state } = message ?? {}
  expect(state).toBe('failed')
  const rights = answerOf<{ invitations: { id: string }[] }>(await ask('rights.read', { domain: port }))
  const resent = answerOf(await ask('mail.resend', { domain: port, id }))
  expect(resent).toMatchObject({ state: 'sent', id })
  expect(await messages()).toMatchObject([{ id, state: 'sent', attempts: 2 }])
  await ask('invitations.revoke', { domain: port, id: rights.invitations[0]?.id })
  expect(failureOf(await ask('mail.resend', { domain: port, id }))).toMatchObject({
    code: 'not-found',
    reason: 'invitation',
  })
  expect(process.running()?.outbox.list()).toHaveLength(1)
})

test('a login link that has expired is not sent again: a fresh one is', async () => {
  const { ask, profile, process } = await openInSandbox()
  const outbox = () =>
    process
      .running()
      ?.outbox.list()
      .map(({ link }) => link) ?? []
  const address = viewer ?? ''
  answerOf(await ask('drift.compare', { domain: port }))
  const link = `${profile.webmail()}/code/${'perdu'.repeat(4)}`
  const letter = { ...letterOf('login-link'), domain: port, about: address }
  const sent = await profile.post.send({
    ...letter,
    kind: 'login-link',
    facts: { link, expiresAt: Date.now() - 1, maxUse: 3 },
  })
  await profile.desk.secondary.put(address, port, { address, email: reader })
  expect(answerOf(await ask('mail.resend', { domain: port, id: sent.id }))).toMatchObject({ state: 'sent' })
  expect(outbox()).toHaveLength(2)
  expect(outbox()[0]).not.toBe(link)
})

test('notices that name domains or mailboxes are for support', async () => {
  const { ask, become, notices, profile } = await openInSandbox()
  notices.add('call-interrupted', { domains: 'clairvaux-les-granges.example' })
  notices.add('password-unseen', { addresses: 'lou.essai@clairvaux-les-granges.example' })
  notices.add('job-interrupted')
  const reasons = async () => answerOf<AppState>(await ask('app.read')).notices.map(({ reason }) => reason)
  expect(await reasons()).toEqual(['call-interrupted', 'password-unseen', 'job-interrupted'])
  await become(viewer)
  expect(await reasons()).toEqual(['job-interrupted'])
  await become(profile.session.read().people[0]?.id)
  expect(await reasons()).toHaveLength(3)
})

test('who may read every domain by name finds and sorts them as support does', async () => {
  const { profile, ask, become } = await openInSandbox()
  const names = profile.cache.names({ text: '', status: 'all' })
  const checked = profile.queue.start('check', names.slice(0, 20))
  await profile.queue.ended(checked.id)
  for (const domain of names) {
    const access = {
      domain,
      person: viewer ?? '',
      name: 'Ange',
      role: 'viewer',
      by: 'sandbox',
      at: 1,
    } as const
    await profile.desk.accesses.put(`${domain} ${viewer}`, domain, access)
  }
  const filters = ['', 'a', 'ro', 'val', '-', 'RO'].flatMap((text) =>
    (['all', 'failed', 'repairable', 'enabled'] as const).map((status) => ({ text, status })),
  )
  const queries = sorts.flatMap((sort) =>
    [true, false].flatMap((descending) =>
      filters.map((filter) => ({ ...filter, sort, descending, offset: 2, limit: 9 })),
    ),
  )
  const all = async () => ({
    lists: await Promise.all(queries.map((query) => ask('domains.list', query))),
    names: await Promise.all(filters.map((filter) => ask('domains.names', filter))),
    counts: await ask('domains.counts'),
  })
  const asSupport = await all()
  await become(viewer)
  const asViewer = await all()
  for (const [index, query] of queries.entries())
    expect([query, namesOf(asViewer.lists[index])]).toEqual([query, namesOf(asSupport.lists[index])])
  for (const [index, filter] of filters.entries())
    expect([filter, answerOf<string[]>(asViewer.names[index]).sort()]).toEqual([
      filter,
      answerOf<string[]>(asSupport.names[index]).sort(),
    ])
  expect(asViewer.counts).toEqual(asSupport.counts)
})
const namesOf = (reply: unknown) => {
  const { rows, total } = answerOf<{ rows: { name: string }[]; total: number }>(reply)
  return { total, names: rows.map(({ name }) => name) }
}
