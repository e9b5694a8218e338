import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { accessKey } from '../../main/rights/keys.ts'
import { accounts } from '../../main/sandbox/accounts.ts'
import type { Reply } from '../../preload/contract.ts'
import { unwrap } from '../../preload/failure.ts'
import type { Message } from '../../preload/people-shapes.ts'
import type { Quota, Session } from '../../preload/session-shapes.ts'
import { type AppState, type Job, sorts } from '../../preload/shapes.ts'
import { loopback, openConsole } from '../fakes/console.ts'
import { letterOf, reader } from './mail-open.ts'

const viewer = accounts.find(({ id }) => id === 'viewer') ?? { sub: '', email: '' }
/** The viewer reads this one alone; `several` own it, and a few others. */
const port = 'port-salin.example'

/** The console in its Sandbox profile, signed in as support, with its fleet read, and every call as the page makes it. */
async function openInSandbox() {
  const console = openConsole()
  await console.openSandbox()
  const profile = console.profiles.opened()
  unwrap(await profile.refresh(false))
  const ask = loopback(console.handlers, () => true, console.log, console.profiles.permit)
  /** Another agent signs in at the provider, and has what of the fleet they may see. */
  async function signIn(agent: string): Promise<void> {
    console.atBrowser.agent = agent
    expect(answerOf<Session>(await ask('session.signIn'))).toMatchObject({ state: 'signed-in' })
    const within = await profile.permissions.readable()
    await vi.waitFor(() => {
      const known = profile.cache.names({ text: '', status: 'all' })
      expect(known.length).toBe(within?.length ?? console.process.running()?.world.names().length)
    })
  }
  return { ...console, profile, ask, signIn }
}
const failureOf = (reply: unknown) => (reply as Reply<unknown> & { failure?: unknown }).failure
const answerOf = <T>(reply: unknown) => unwrap(reply as Reply<T>)

test.each([
  ['viewer', { code: 'refused', reason: 'role' }],
  ['several', undefined],
])('a job is stopped only by who might have started it: %s', async (agent, refusal) => {
  const { profile, ask, signIn } = await openInSandbox()
  const { id } = profile.queue.start('check', [port])
  await profile.queue.ended(id)
  await signIn(agent)
  expect(answerOf<{ job: Job }>(await ask('jobs.read', { id, offset: 0, limit: 9 })).job.total).toBe(1)
  const failure = failureOf(await ask('jobs.cancel', { id }))
  expect(failure === undefined ? failure : { ...Object(failure), message: '', details: {} }).toEqual(
    refusal && { ...refusal, message: '', details: {} },
  )
})

test('passwords of a job are told of the domain asked for, and of no other', async () => {
  const { profile, ask, signIn } = await openInSandbox()
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
  await signIn('several')
  const told = await ask('csv.passwords', { domain: port, job: id })
  expect(answerOf(told)).toMatchObject([{ address: addresses[0] }])
  await signIn('support')
  expect(answerOf(await ask('csv.passwords', { domain: elsewhere, job: id }))).toMatchObject([
    { address: addresses[1] },
  ])
})

test('the journal of who may read one domain is as long as that of support', async () => {
  const { profile, ask, signIn } = await openInSandbox()
  const write = (subject: string, at: number) =>
    profile.desk.intend({ action: 'domain.adopt', subject, target: null, actor: 'a', before: null, at })
  await write(port, 1)
  for (let at = 2; at < 6; at++) await write('clairvaux-les-granges.example', at)
  await signIn('viewer')
  expect(answerOf(await ask('journal.list', { subject: null, limit: 3 }))).toMatchObject([{ subject: port }])
})

test('what the window is told unasked names no domain that the person may not read', async () => {
  const { profile, signIn, pushes } = await openInSandbox()
  const others = profile.cache.names({ text: '', status: 'all' }).filter((name) => name !== port)
  await signIn('viewer')
  unwrap(await profile.refresh(false))
  const from = pushes.length
  for (const names of [[port], others]) await profile.queue.ended(profile.queue.start('check', names).id)
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
  const { ask, signIn, process } = await openInSandbox()
  process.running()?.mail.refuseNext(451)
  expect(answerOf(await ask('mail.test', { to: reader }))).toMatchObject({ state: 'failed' })
  const [message] = answerOf<Message[]>(await ask('mail.list', { domain: null, limit: 9 }))
  const { id = '', domain } = message ?? {}
  await signIn('several')
  expect(failureOf(await ask('mail.resend', { domain, id }))).toMatchObject({ code: 'invalid' })
  await signIn('support')
  expect(answerOf(await ask('mail.resend', { domain, id }))).toMatchObject({ state: 'sent', id })
})

test('the letter about DNS is sent again by who may send it to the town, and by nobody else', async () => {
  const { ask, signIn, process } = await openInSandbox()
  const { accesses } = answerOf<{ accesses: { person: string; email: string | null }[] }>(
    await ask('rights.read', { domain: port }),
  )
  const person = accesses.find(({ email }) => email === viewer.email)?.person
  answerOf(await ask('accesses.change', { domain: port, person, role: 'administrator' }))
  answerOf(await ask('dns.diagnose', { name: port }))
  process.running()?.mail.refuseNext(451)
  const letter = { name: port, to: reader, locale: 'fr', note: '' }
  expect(answerOf(await ask('dns.sendLetter', letter))).toMatchObject({ mail: { state: 'failed' } })
  const [message] = answerOf<Message[]>(await ask('mail.list', { domain: port, limit: 9 }))
  const again = { domain: port, id: message?.id }
  await signIn('viewer')
  expect(failureOf(await ask('mail.resend', again))).toMatchObject({ code: 'refused', reason: 'role' })
  await signIn('several')
  expect(answerOf(await ask('mail.resend', again))).toMatchObject({ state: 'sent' })
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
  const address = viewer.email
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

test('faults 77: a job on a domain that is taken from the agent meanwhile stops, and none is left running', async () => {
  const { profile, signIn, process } = await openInSandbox()
  await signIn('several')
  const within = (await profile.permissions.readable()) ?? []
  const others = within.filter((name) => name !== port)
  expect(others.length).toBeGreaterThan(0)
  const person = profile.person().id
  process.running()?.answerNext(/check/, { delayMs: 3_000 }, 99)
  const { id } = profile.queue.start('check', [port, ...others])
  const alone = profile.queue.start('check', [port])
  await vi.waitFor(() => expect(profile.cache.jobs.row(id, 0)?.state).toBe('running'))
  await profile.desk.accesses.remove(accessKey(port, person))
  profile.rightsChanged(port)
  expect((await profile.queue.ended(id)).state).toBe('cancelled')
  expect((await profile.queue.ended(alone.id)).state).toBe('cancelled')
  await vi.waitFor(() => expect(profile.cache.read(port)).toBeNull())
  expect(profile.cache.jobs.list().filter(({ state }) => state === 'running')).toEqual([])
})

test('faults 77: what was asked for the agent before is neither told nor kept for the next when it comes', async () => {
  const { profile, ask, signIn, process } = await openInSandbox()
  const elsewhere = 'clairvaux-les-granges.example'
  process.running()?.answerNext(/check/, { delayMs: 3_000 })
  const late = ask('domains.check', { name: elsewhere })
  await nextTurn()
  await signIn('viewer')
  expect(failureOf(await late)).toMatchObject({ code: 'not-found', reason: 'domain' })
  await vi.waitFor(() => expect(profile.cache.read(elsewhere)).toBeNull())
  expect(profile.cache.read(port)).not.toBeNull()
})

test('notices that name or count domains, mailboxes or people are for support', async () => {
  const { ask, signIn, notices, pushes } = await openInSandbox()
  notices.add('call-interrupted', { domains: 'clairvaux-les-granges.example' })
  notices.add('password-unseen', { addresses: 'lou.essai@clairvaux-les-granges.example' })
  notices.add('journal-altered', { rows: 'accesses clairvaux-les-granges.example 7f3a' })
  notices.add('fleet-shrunk', { gone: '400', known: '1200' })
  notices.add('job-interrupted')
  const reasons = async () => answerOf<AppState>(await ask('app.read')).notices.map(({ reason }) => reason)
  expect(await reasons()).toHaveLength(5)
  await signIn('viewer')
  expect(await reasons()).toEqual(['job-interrupted'])
  notices.add('job-stopped')
  const told = pushes.findLast(({ push }) => push === 'app.changed')
  expect(JSON.stringify(told)).toContain('job-stopped')
  expect(JSON.stringify(told)).not.toContain('clairvaux')
  await signIn('support')
  expect(await reasons()).toHaveLength(6)
})

test('who may read every domain by name finds and sorts them as support does', async () => {
  const { profile, ask, signIn } = await openInSandbox()
  const names = profile.cache.names({ text: '', status: 'all' })
  const checked = profile.queue.start('check', names.slice(0, 20))
  await profile.queue.ended(checked.id)
  // Counted behind everything else, which changes the order by mailboxes.
  await vi.waitFor(() => expect(profile.cache.namesToCount(0, 100)).toEqual([]), 5_000)
  for (const domain of names) {
    const access = {
      domain,
      ...{ person: viewer.sub, name: 'Ange', email: viewer.email },
      role: 'viewer',
      by: 'sandbox',
      at: 1,
    } as const
    await profile.desk.accesses.put(accessKey(domain, viewer.sub), domain, access)
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
  await signIn('viewer')
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

/** Of support alone: the domain that the viewer may not read, with a mailbox read and attributes that only it has. */
const elsewhere = 'clairvaux-les-granges.example'
async function withMuchElsewhere() {
  const opened = await openInSandbox()
  const { profile, ask } = opened
  for (const domain of [port, elsewhere]) answerOf(await ask('drift.compare', { domain }))
  for (const [domain, siret] of [
    [port, '99900000600016'],
    [elsewhere, '99900000400011'],
  ] as const) {
    const provisioned = { domain, attributes: { siret }, oidcAutojoin: true, identitySync: false, at: 1 }
    await profile.desk.provisioned.put(domain, domain, provisioned)
    profile.attributesChanged(provisioned)
  }
  return opened
}
const list = { text: '', status: 'all', sort: 'name', descending: false, offset: 0, limit: 100 } as const

test('what is searched is what may be read: mailboxes, aliases, and the attributes of domains', async () => {
  const { ask, signIn } = await withMuchElsewhere()
  const found = async () => ({
    boxes: JSON.stringify(answerOf(await ask('search.find', { text: 'contact', limit: 50 }))),
    attributes: namesOf(await ask('domains.list', { ...list, text: '99900000' })).names,
    names: answerOf<string[]>(await ask('domains.names', { text: '99900000400011', status: 'all' })),
  })
  const asSupport = await found()
  expect(asSupport.boxes).toContain(`@${elsewhere}`)
  expect(asSupport).toMatchObject({ attributes: [elsewhere, port], names: [elsewhere] })
  await signIn('viewer')
  const asViewer = await found()
  expect(asViewer.boxes).not.toContain(elsewhere)
  expect(asViewer).toMatchObject({ attributes: [port], names: [] })
  await signIn('support')
  expect(await found()).toMatchObject({ attributes: [elsewhere, port], names: [elsewhere] })
})

test('jobs, messages and the list of what support did elsewhere are not those of an agent who reads one domain', async () => {
  const { profile, ask, signIn } = await withMuchElsewhere()
  const { id } = profile.queue.start('check', [elsewhere])
  await profile.queue.ended(id)
  await profile.post.send({ ...letterOf('status'), domain: elsewhere, about: elsewhere })
  await signIn('viewer')
  expect(answerOf(await ask('jobs.list'))).toEqual([])
  expect(failureOf(await ask('jobs.read', { id, offset: 0, limit: 9 }))).toMatchObject({ reason: 'job' })
  expect(answerOf(await ask('mail.list', { domain: null, limit: 9 }))).toEqual([])
  expect(failureOf(await ask('mail.list', { domain: elsewhere, limit: 9 }))).toMatchObject({
    ...{ code: 'not-found', reason: 'domain' },
  })
  expect(failureOf(await ask('journal.list', { subject: elsewhere, limit: 9 }))).toMatchObject({
    ...{ code: 'not-found', reason: 'domain' },
  })
})

test('a view that another agent left open is not shown to the next one', async () => {
  const { ask, signIn } = await openInSandbox()
  const view = { text: 'clairv', status: 'all', sort: 'name', descending: false, open: elsewhere }
  answerOf(await ask('view.write', view))
  expect(answerOf(await ask('view.read'))).toEqual(view)
  await signIn('viewer')
  expect(JSON.stringify(answerOf(await ask('view.read')))).not.toContain('clairv')
})

test('provisioning is for support alone: its plans, its job and its endpoint', async () => {
  const { profile, ask, signIn } = await withMuchElsewhere()
  const names = { text: `${elsewhere}\nneuve-fictive.example`, oidcAutojoin: true, identitySync: false }
  const { id: plan } = answerOf<{ id: number }>(await ask('provisioning.preview', names))
  await signIn('several')
  const page = { verdict: null, offset: 0, limit: 9 }
  for (const asked of [
    await ask('provisioning.preview', names),
    await ask('provisioning.read', { plan, ...page }),
    await ask('provisioning.run', { plan }),
    await ask('provisioning.endpoint'),
  ])
    expect(failureOf(asked)).toMatchObject({ code: 'refused', reason: 'role' })
  expect((await profile.desk.provisioned.list(null)).map(({ domain }) => domain)).not.toContain(
    'neuve-fictive.example',
  )
  await signIn('support')
  expect(answerOf(await ask('provisioning.read', { plan, ...page }))).toMatchObject({ total: 2 })
})

test('who is signed out is told nothing unasked, and is answered nothing of what is kept', async () => {
  const { profile, ask, pushes } = await withMuchElsewhere()
  answerOf(await ask('session.signOut'))
  const from = pushes.length
  profile.changed([port, elsewhere])
  profile.mailboxesChanged(port)
  profile.rightsChanged(port)
  await vi.waitFor(() => expect(pushes.slice(from).map(({ push }) => push)).toContain('rights.changed'))
  expect(JSON.stringify(pushes.slice(from))).not.toMatch(/port-salin|clairvaux/)
  for (const asked of [
    await ask('domains.list', list),
    await ask('domains.counts'),
    await ask('search.find', { text: 'contact', limit: 9 }),
    await ask('jobs.list'),
    await ask('journal.list', { subject: null, limit: 9 }),
    await ask('mail.list', { domain: null, limit: 9 }),
    await ask('view.read'),
    await ask('provisioning.endpoint'),
  ])
    expect(failureOf(asked)).toMatchObject({ code: 'refused', reason: 'signed-out' })
})

describe('entitlements 86: the room that a mailbox takes', () => {
  const asked = (console: Awaited<ReturnType<typeof openInSandbox>>) =>
    console.process.running()?.deployCenter.requests.filter(({ method }) => method === 'POST').length
  const unknown = { code: 'not-found', reason: 'domain' }

  test('entitlements 86: is told to who may read the domain, however its address is written', async () => {
    const { ask, signIn } = await withMuchElsewhere()
    await signIn('viewer')
    const quota = answerOf<Quota>(await ask('quota.read', { address: `contact@${port}` }))
    expect(quota).toMatchObject({ mailbox: { used: expect.any(Number) }, organization: expect.any(Object) })
    const otherwise = await ask('quota.read', { address: ` contact@${port.toUpperCase()} ` })
    expect(answerOf<Quota>(otherwise)).toMatchObject({ organization: quota.organization })
  })

  test.each([
    `contact@${elsewhere}`,
    `contact@${elsewhere.toUpperCase()}`,
    'contact@inconnue.example',
    `contact@${port}@${elsewhere}`,
  ])(
    'entitlements 86: of %s is not told to who may not read it: 404, and DeployCenter is not asked',
    async (address) => {
      const opened = await withMuchElsewhere()
      await opened.signIn('viewer')
      const before = asked(opened)
      expect(failureOf(await opened.ask('quota.read', { address }))).toMatchObject(unknown)
      expect(asked(opened)).toBe(before)
    },
  )

  test('entitlements 86: is asked of no text that is no address, whatever follows its last @', async () => {
    const opened = await withMuchElsewhere()
    await opened.signIn('viewer')
    const before = asked(opened)
    for (const address of [`contact@${elsewhere}@${port}`, `@${port}`, `a b@${port}`])
      expect(failureOf(await opened.ask('quota.read', { address }))).toMatchObject({ code: 'invalid' })
    expect(asked(opened)).toBe(before)
  })

  test('entitlements 86: is not told to who is signed out: 401', async () => {
    const opened = await withMuchElsewhere()
    answerOf(await opened.ask('session.signOut'))
    const before = asked(opened)
    for (const address of [`contact@${port}`, `contact@${elsewhere}`])
      expect(failureOf(await opened.ask('quota.read', { address }))).toMatchObject({
        ...{ code: 'refused', reason: 'signed-out' },
      })
    expect(asked(opened)).toBe(before)
  })
})
