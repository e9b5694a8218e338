import { expect, test } from 'vitest'
import { unwrap } from '../../preload/failure.ts'
import { openConsole } from '../fakes/console.ts'
import { letterOf, reader, town } from './mail-open.ts'
import { elsewhere } from './profiles-draft.ts'

const mailbox = { givenName: 'Camille', surName: 'Radis-Essai', displayName: 'Camille Radis-Essai' }

/** The console with the Sandbox profile open and its sandbox running. */
async function openInSandbox() {
  const console = openConsole()
  await console.openSandbox()
  const running = () => {
    const sandbox = console.process.running()
    if (sandbox === null) throw new Error('The sandbox is not running')
    return sandbox
  }
  return { ...console, running }
}

test('in the Sandbox profile a login link is made, mailed, seen in the outbox and followed three times', async () => {
  const { handlers, profiles, running } = await openInSandbox()
  const { dimail, mail } = profiles.opened()
  unwrap(await dimail.createMailbox(town, 'camille.essai', mailbox))
  const address = `camille.essai@${town}`
  const made = unwrap(await dimail.loginCode(town, 'camille.essai', { expiresIn: 3600, maxUse: 3 }))
  const facts = {
    link: `${mail.webmail()}/code/${made.code}`,
    expiresAt: made.expiresAt,
    maxUse: made.maxUse,
  }
  const letter = { domain: town, about: address, to: reader, kind: 'login-link' as const, facts }
  expect((await mail.post.send(letter)).state).toBe('sent')
  const [received] = await handlers['outbox.list'](undefined)
  expect(received).toMatchObject({ to: reader, link: facts.link })
  expect(facts.link.startsWith(running().url)).toBe(true)
  const id = received?.id ?? 0
  const outcomes: unknown[] = []
  for (let n = 0; n < 4; n += 1) outcomes.push(await handlers['outbox.follow']({ id }))
  expect(outcomes).toEqual([
    { outcome: 'signed-in', address, left: 2 },
    { outcome: 'signed-in', address, left: 1 },
    { outcome: 'signed-in', address, left: 0 },
    { outcome: 'used-up', address, left: 0 },
  ])
  await expect(handlers['outbox.follow']({ id: 99 })).rejects.toThrow('not-found/message')
})

test('the outbox and the mail settings go with the sandbox: stopped, a letter is a draft', async () => {
  const { handlers, profiles } = await openInSandbox()
  expect(await handlers['mail.read'](undefined)).toMatchObject({ builtIn: true, smtp: { security: 'none' } })
  await handlers['sandbox.stop'](undefined)
  expect(await handlers['mail.read'](undefined)).toMatchObject({ builtIn: true, smtp: null, webmail: null })
  expect(await handlers['mail.test']({ to: reader })).toMatchObject({ state: 'draft', draft: { to: reader } })
  await expect(async () => handlers['outbox.list'](undefined)).rejects.toThrow('not-possible/sandbox-stopped')
  await handlers['sandbox.start'](undefined)
  expect(await handlers['mail.test']({ to: reader })).toMatchObject({ state: 'sent' })
  expect(profiles.opened().mail.webmail()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
})

test('messages are listed latest first, and sent again only by their own domain', async () => {
  const { handlers, profiles, running } = await openInSandbox()
  const { mail } = profiles.opened()
  running().mail.refuseNext(451)
  const failed = await mail.post.send(letterOf('status'))
  const sent = await mail.post.send(letterOf('invitation'))
  const other = await mail.post.send({ ...letterOf('status'), domain: 'cc-valdore.example' })
  const ids = async (domain: string | null, limit = 9) =>
    (await handlers['mail.list']({ domain, limit })).map(({ id }) => id)
  expect((await ids(null)).toSorted()).toEqual([failed.id, sent.id, other.id].toSorted())
  expect(await ids('cc-valdore.example')).toEqual([other.id])
  expect(await ids(null, 1)).toHaveLength(1)
  const id = failed.id ?? ''
  await expect(handlers['mail.resend']({ domain: 'cc-valdore.example', id })).rejects.toThrow(
    'not-found/message',
  )
  await expect(handlers['mail.resend']({ domain: town, id: 'inconnu' })).rejects.toThrow('not-found/message')
  expect(await handlers['mail.resend']({ domain: town, id })).toMatchObject({ state: 'sent', id })
})

test('the outbox is the sandbox’s: another profile has none, though a sandbox runs', async () => {
  const { handlers, profiles } = openConsole()
  await profiles.save((await elsewhere()).input)
  for (const ask of [() => handlers['outbox.list'](undefined), () => handlers['outbox.follow']({ id: 1 })])
    await expect(async () => ask()).rejects.toThrow('not-possible/sandbox-only')
  expect(await handlers['mail.read'](undefined)).toMatchObject({
    builtIn: false,
    smtp: null,
    hasPassword: false,
  })
})

test('the sandbox corrects the DNS of a domain on demand, and a check then finds it right', async () => {
  const { handlers, profiles } = await openInSandbox()
  const { dimail } = profiles.opened()
  const name = 'cc-valdore.example'
  expect(unwrap(await dimail.checkDomain(name)).state).toBe('broken')
  await handlers['sandbox.heal']({ domain: name })
  expect(unwrap(await dimail.checkDomain(name)).state).toBe('ok')
})
