import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { createTransport } from 'nodemailer'
import { expect, onTestFinished, test } from 'vitest'
import type { SandboxOptions } from '../../main/sandbox/server.ts'
import { field, open } from './sandbox-wire.ts'

const town = 'belmont-la-roche.example'
const plain = {
  from: 'Mairie <console@mairie.example>',
  to: 'alix@maison.example',
  subject: 'Bonjour à tous',
  text: 'Un essai.',
}

/** A sandbox, and how to give its mail server a message or bytes. */
async function openMailbox(options: SandboxOptions = {}) {
  const all = await open({ domains: 1, ...options })
  const { sandbox } = all
  const { host, port, username, password } = sandbox.mail.smtp
  async function post(message: object, auth: object | undefined = { user: username, pass: password }) {
    const transport = createTransport({ host, port, ...(auth && { auth }) })
    try {
      await transport.sendMail(message)
      return 250
    } catch (error) {
      return Number(Object(error).responseCode)
    } finally {
      transport.close()
    }
  }
  return { ...all, post }
}

test('a plain message is kept as its reader sees it, latest first', async () => {
  const { sandbox, post } = await openMailbox({ now: () => 42 })
  const html = '<p>Voici&nbsp;: <a href="https://w.example/code/Ab-9_z">le lien</a></p>'
  expect(await post(plain)).toBe(250)
  expect(await post({ ...plain, text: 'Voici : https://w.example/ox/code/Ab-9_z.\nFin', html })).toBe(250)
  expect(sandbox.outbox.list()).toEqual([
    {
      ...{ id: 2, at: 42, from: plain.from, to: plain.to, subject: plain.subject },
      ...{ text: 'Voici : https://w.example/ox/code/Ab-9_z.\nFin\n', html: expect.stringContaining(html) },
      link: 'https://w.example/ox/code/Ab-9_z',
    },
    expect.objectContaining({ id: 1, text: 'Un essai.\n', html: '', link: null }),
  ])
})

test.each([
  ['with a wrong password', 535, plain, { user: 'sandbox', pass: 'x' }],
  ['with a file', 554, { ...plain, attachments: [{ filename: 'a.txt', content: 'a' }] }, undefined],
  ['without a subject', 554, { ...plain, subject: '' }, undefined],
  ['without a text', 554, { ...plain, text: '', html: '<p>a</p>' }, undefined],
])('a message %s is refused with %i and not kept', async (_what, code, message, auth) => {
  const { sandbox, post } = await openMailbox()
  expect(await post(message, auth)).toBe(code)
  expect(sandbox.outbox.list()).toEqual([])
})

test('a message from somebody who does not say who they are is refused with 530', async () => {
  const { sandbox } = await openMailbox()
  expect(await postWithout(sandbox.mail.smtp)).toBe(530)
  expect(sandbox.outbox.list()).toEqual([])
})

test('a message of more than a megabyte is refused with 552, though its size was not announced', async () => {
  const { sandbox } = await openMailbox()
  const { port, username, password } = sandbox.mail.smtp
  const auth = Buffer.from(`\0${username}\0${password}`).toString('base64')
  const body = `From: a@b.example\r\nSubject: s\r\n\r\n${'long\r\n'.repeat(200_000)}.`
  const lines = [
    'EHLO a',
    `AUTH PLAIN ${auth}`,
    'MAIL FROM:<a@b.example>',
    'RCPT TO:<c@d.example>',
    'DATA',
    body,
  ]
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const said: string[] = []
  for await (const answer of createInterface({ input: socket })) {
    if (answer.charAt(3) === '-') continue
    said.push(answer.slice(0, 3))
    const next = lines.shift()
    if (next === undefined) break
    socket.write(`${next}\r\n`)
  }
  expect(said).toEqual(['220', '250', '235', '250', '250', '354', '552'])
  expect(sandbox.outbox.list()).toEqual([])
})

/** What the server says to somebody who does not say who they are. */
async function postWithout({ host, port }: { host: string; port: number }): Promise<number> {
  const transport = createTransport({ host, port })
  try {
    await transport.sendMail(plain)
    return 250
  } catch (error) {
    return Number(Object(error).responseCode)
  } finally {
    transport.close()
  }
}

test('as many messages as ordered are refused, in the order of the orders', async () => {
  const { sandbox, post } = await openMailbox()
  sandbox.mail.refuseNext(451, 2)
  sandbox.mail.refuseNext(550)
  expect([await post(plain), await post(plain), await post(plain), await post(plain)]).toEqual([
    451, 451, 550, 250,
  ])
  expect(sandbox.outbox.list()).toHaveLength(1)
})

test('the last 500 messages are kept, and a reset forgets them and the codes', async () => {
  const { sandbox, control } = await openMailbox()
  const raw = Buffer.from('From: a@b.example\r\nSubject: s\r\n\r\nt\r\n')
  for (let n = 0; n < 502; n += 1) await sandbox.outbox.receive(raw, ['c@d.example'])
  const ids = sandbox.outbox.list().map(({ id }) => id)
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([500, 502, 3])
  const { code } = sandbox.codes.issue('a@b.example', 1000, 1)
  await control('POST', 'reset')
  expect(sandbox.outbox.list()).toEqual([])
  expect(sandbox.codes.follow(code).outcome).toBe('unknown')
})

test('the mail server listens on this computer alone, on a port of its own, and ends with the sandbox', async () => {
  const { sandbox } = await openMailbox()
  expect(sandbox.mail.smtp.host).toBe('127.0.0.1')
  expect(String(sandbox.mail.smtp.port)).not.toBe(new URL(sandbox.url).port)
  await sandbox.close()
  await expect(postWithout(sandbox.mail.smtp)).resolves.toBeNaN()
})

test('control lists the outbox and follows the link of a message as its reader would', async () => {
  const { sandbox, ask, token, control, post } = await openMailbox()
  const as = await token()
  const path = `/domains/${town}/mailboxes`
  const box = { givenName: 'Alix', surName: 'Chou', displayName: 'Alix Chou' }
  await ask('POST', `${path}/alix.chou`, { as, body: box })
  const given = await ask('POST', `${path}/alix.chou/code`, { as, body: { expires_in: 60, maxuse: 2 } })
  await post({ ...plain, text: `${sandbox.url}/code/${String(field(given, 'code'))}` })
  await post({ ...plain, text: `${sandbox.url}/code/inconnu` })
  await post(plain)
  const listed = await control('GET', 'outbox')
  expect(field(listed, 'messages')).toEqual(sandbox.outbox.list())
  const follow = async (id: number) => (await control('POST', 'follow', { id })).json
  const address = `alix.chou@${town}`
  expect(await follow(1)).toEqual({ outcome: 'signed-in', address, left: 1 })
  expect(await follow(1)).toEqual({ outcome: 'signed-in', address, left: 0 })
  expect(await follow(1)).toEqual({ outcome: 'used-up', address, left: 0 })
  for (const id of [2, 3]) expect(await follow(id)).toEqual({ outcome: 'unknown', address: null, left: 0 })
  expect((await control('POST', 'follow', { id: 9 })).status).toBe(404)
})
