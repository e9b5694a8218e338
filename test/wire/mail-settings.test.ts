import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openMail } from '../../main/mail/open-mail.ts'
import { filesOf } from '../fakes/folders.ts'
import { letterOf, letters, openMailHere, reader, secrets, town } from './mail-open.ts'

const refusedAs = (reason: string) => ({ ok: false, failure: { code: 'invalid', reason } })

test('without SMTP a letter becomes a draft to copy, and is remembered as one', async () => {
  const { mail, desk, told } = await openMailHere()
  expect(mail.state()).toEqual({
    smtp: null,
    webmail: null,
    locale: 'fr',
    hasPassword: false,
    builtIn: false,
  })
  const outcome = await mail.post.send(letterOf('login-link'))
  expect(outcome).toMatchObject({ state: 'draft', failure: null, draft: { to: reader } })
  expect(outcome.draft?.text).toContain(secrets.code)
  expect(await desk.messages.list(town)).toMatchObject([{ state: 'draft', kind: 'login-link', to: reader }])
  expect(told()).toBe(1)
})

test('a letter to nobody is none, and leaves no record', async () => {
  const { mail, desk } = await openMailHere()
  for (const to of [null, '', '  ']) {
    const outcome = await mail.post.send({ ...letterOf('welcome'), to })
    expect(outcome).toEqual({ state: 'none', id: null, to: null, failure: null, draft: null })
  }
  expect(await desk.messages.list(null)).toEqual([])
})

test('settings outlive the program, their password in the vault alone', async () => {
  const { mail, deps, smtp, sandbox, configure, vault, path } = await openMailHere()
  await configure()
  const { password } = sandbox.mail.smtp
  expect(vault.read('p:smtp')).toBe(password)
  await mail.close()
  const again = await openMail(deps)
  expect(again.state()).toMatchObject({ smtp, hasPassword: true, builtIn: false })
  expect((await again.test(reader)).state).toBe('sent')
  expect([...filesOf(path).values()].filter((bytes) => bytes.includes(password))).toEqual([])
})

test('the password stays for the same server and name, and goes to no other', async () => {
  const { mail, configure } = await openMailHere()
  await configure()
  await configure({ from: `autre@${town}` }, null)
  expect(mail.state().hasPassword).toBe(true)
  for (const change of [{ host: 'localhost' }, { username: 'autre' }]) {
    await configure()
    await configure(change, null)
    expect(mail.state().hasPassword).toBe(false)
  }
  await configure()
  await mail.configure({ smtp: null, webmail: null, locale: 'fr', password: null })
  await configure({}, null)
  expect(mail.state().hasPassword).toBe(false)
})

test('a password typed for a server that could not be kept stays with no other', async () => {
  const { mail, vault, desk, configure } = await openMailHere()
  await configure()
  await desk.close()
  await expect(configure({ host: 'localhost' }, 'du-nouveau')).rejects.toThrow()
  expect(mail.state().smtp?.host).toBe('127.0.0.1')
  expect(vault.read('p:smtp')).not.toBe('du-nouveau')
})

test('settings changed twice at once end with a server and the password given for it', async () => {
  const { mail, vault, configure } = await openMailHere()
  await configure({}, 'du-premier')
  await Promise.all([configure({ host: 'localhost' }, 'du-second'), configure({}, null)])
  expect(mail.state().smtp?.host).toBe('127.0.0.1')
  expect(vault.read('p:smtp')).not.toBe('du-second')
})

test.each([
  ['mail-security', { host: 'mail.example', security: 'none' }],
  ['mail-security', { host: '127.0.0.1.example', security: 'none' }],
  ['mail-host', { host: 'https://mail.example', security: 'tls' }],
  ['mail-host', { host: 'mail.example:25', security: 'tls' }],
  ['mail-host', { host: 'mail example\r\n', security: 'tls' }],
  ['mail-host', { host: '', security: 'tls' }],
  ['mail-from', { from: 'pas une adresse' }],
  ['mail-from', { from: 'a@b.example, c@d.example' }],
  ['mail-from', { from: 'A\r\nBcc: x@y.example <a@b.example>' }],
])('settings are refused with %s: %j', async (reason, change) => {
  const { mail, configure, desk } = await openMailHere()
  expect(await configure(change)).toMatchObject(refusedAs(reason))
  expect([mail.state().smtp, await desk.readSetting('mail')]).toEqual([null, undefined])
})

test.each([
  { host: 'localhost' },
  { host: '::1' },
  { host: 'Mail.Example', security: 'starttls' },
  { from: 'Élu <a@b.example>' },
])('settings are taken: %j', async (change) => {
  const { configure } = await openMailHere()
  expect((await configure(change)).ok).toBe(true)
})

test.each([
  ['https://webmail.example/', 'https://webmail.example'],
  [' https://a.example/ox/ ', 'https://a.example/ox'],
  ['http://127.0.0.1:8001', 'http://127.0.0.1:8001'],
  ['', null],
])('the webmail %j is kept as %j', async (typed, kept) => {
  const { mail, base } = await openMailHere()
  expect((await mail.configure({ ...base, webmail: typed, password: null })).ok).toBe(true)
  expect(mail.webmail()).toBe(kept)
})

test.each([
  'http://webmail.example',
  'https://a:b@webmail.example',
  'https://webmail.example/?code=',
  'webmail',
])('the webmail %j is refused', async (webmail) => {
  const { mail, base } = await openMailHere()
  expect(await mail.configure({ ...base, webmail, password: null })).toMatchObject(refusedAs('mail-webmail'))
  expect(mail.webmail()).toBe(null)
})

test('settings that were changed under the program are not believed', async () => {
  const { desk, deps, smtp } = await openMailHere()
  for (const stored of [
    'x',
    { smtp: { ...smtp, host: 'mail.example', security: 'none' }, webmail: null, locale: 'fr' },
    { smtp: null, webmail: 'javascript:alert(1)', locale: 'fr' },
  ]) {
    await desk.writeSetting('mail', stored)
    const mail = await openMail(deps)
    expect([mail.state().smtp, mail.webmail()]).toEqual([null, null])
  }
})

test('the sandbox’s own mail is built in: only its language may be chosen, and it goes with the sandbox', async () => {
  const { sandbox, deps, base } = await openMailHere()
  let isRunning = true
  const profile = { ...deps.profile, id: 'sandbox', kind: 'sandbox' as const }
  const mail = await openMail({
    ...{ ...deps, profile },
    sandbox: {
      smtp: () => (isRunning ? sandbox.mail.smtp : null),
      webmail: () => (isRunning ? sandbox.url : null),
    },
  })
  const state = mail.state()
  expect(state).toMatchObject({ builtIn: true, hasPassword: true, webmail: sandbox.url, locale: 'fr' })
  expect(JSON.stringify(state)).not.toContain(sandbox.mail.smtp.password)
  expect((await mail.test(reader)).state).toBe('sent')
  const { smtp, webmail } = state
  expect(await mail.configure({ smtp, webmail, locale: 'en', password: null })).toMatchObject({ ok: true })
  const other = { ...base, locale: 'fr' as const, password: 'x' }
  expect(await mail.configure({ ...other, smtp: { ...base.smtp, port: 1 } })).toMatchObject({
    failure: { code: 'not-possible', reason: 'mail-built-in' },
  })
  expect(mail.state().locale).toBe('en')
  isRunning = false
  expect(mail.state()).toMatchObject({ smtp: null, webmail: null, hasPassword: false })
  expect((await mail.post.send(letterOf('test'))).state).toBe('draft')
})

test('no password, code or link is in the desk or the log, whatever became of the letters', async () => {
  const { mail, sandbox, path, configure, desk } = await openMailHere()
  for (const letter of Object.values(letters)) await mail.post.send(letter)
  await configure()
  for (const letter of Object.values(letters)) await mail.post.send(letter)
  sandbox.mail.refuseNext(550, 2)
  for (const name of ['password-reset', 'welcome']) await mail.post.send(letterOf(name))
  await desk.close()
  const files = filesOf(path)
  expect([...files.keys()].map((file) => file.split('/').at(-1))).toEqual(
    expect.arrayContaining(['desk.db', 'console.log']),
  )
  expect(readFileSync(join(path, 'console.log'), 'utf8')).toContain('refused/mail-message')
  for (const [file, bytes] of files) {
    for (const secret of [secrets.password, secrets.code, sandbox.mail.smtp.password, '/code/'])
      expect([file, secret, bytes.includes(secret)]).toEqual([file, secret, false])
  }
})

test('a letter of an earlier run, or older than the last 1,000, cannot be sent again word for word', async () => {
  const { mail, deps } = await openMailHere()
  const first = await mail.post.send(letterOf('test'))
  const known = { state: 'draft', id: first.id }
  expect(await mail.again(first.id ?? '')).toMatchObject(known)
  expect(await (await openMail(deps)).again(first.id ?? '')).toBe(null)
  await Promise.all(Array.from({ length: 999 }, () => mail.post.send(letterOf('test'))))
  expect(await mail.again(first.id ?? '')).toMatchObject(known)
  await Promise.all(Array.from({ length: 1000 }, () => mail.post.send(letterOf('test'))))
  expect(await mail.again(first.id ?? '')).toBe(null)
})

test('asked twice at once, a message is sent once', async () => {
  const { mail, sandbox, configure } = await openMailHere()
  const { id } = await mail.post.send(letterOf('test'))
  await configure()
  const [one, two] = await Promise.all([mail.again(id ?? ''), mail.again(id ?? '')])
  expect(one).toEqual(two)
  expect(sandbox.outbox.list()).toHaveLength(1)
})
