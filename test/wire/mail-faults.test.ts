import net from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { expect, onTestFinished, test } from 'vitest'
import { openMail } from '../../main/mail/open-mail.ts'
import { portOf, startTcpServer } from '../fakes/tcp-server.ts'
import { certificates } from './mail-certificates.ts'
import { letterOf, openMailHere, reader, secrets, town } from './mail-open.ts'

const quick = { timeouts: { connect: 300, greeting: 300, idle: 300, whole: 1500 } }
const reset = letterOf('password-reset')
const failedAs = (code: string, reason: string) => ({ state: 'failed', failure: { code, reason } })

/** Another SMTP server than the sandbox's, as a test wants it. */
async function smtpServer(options: SMTPServerOptions) {
  const server = new SMTPServer({ logger: false, closeTimeout: 20, disableReverseLookup: true, ...options })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => server.close(resolve)))
  return portOf(server.server.address())
}

test('nobody at the address of the mail server', async () => {
  const { mail, configure } = await openMailHere({ smtp: quick })
  const gone = await startTcpServer(() => {})
  await gone.close()
  await configure({ port: gone.port })
  expect(await mail.post.send(reset)).toMatchObject(failedAs('offline', 'mail-server'))
})

test('a name that no DNS knows', async () => {
  const { mail, base } = await openMailHere({ smtp: quick })
  const smtp = { ...base.smtp, host: 'nulle-part.invalid', security: 'tls' as const }
  await mail.configure({ ...base, smtp, password: 'x' })
  const outcome = await mail.post.send(reset)
  expect(['offline', 'timeout']).toContain(outcome.failure?.code)
})

test('a server that is silent from the first', async () => {
  const { mail, sandbox, configure } = await openMailHere({ smtp: quick })
  await configure()
  sandbox.mail.goSilent()
  expect(await mail.post.send(reset)).toMatchObject(failedAs('timeout', 'mail-slow'))
  sandbox.mail.goSilent(false)
  expect((await mail.post.send(reset)).state).toBe('sent')
})

test('a server that drips its answers is left after the limit for the whole', async () => {
  const { mail, configure } = await openMailHere({ smtp: quick })
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', () => {})
    socket.write('220 drip\r\n')
    const dripping = setInterval(() => socket.write('250-x\r\n'), 50)
    socket.on('close', () => clearInterval(dripping))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await configure({ port: portOf(server.address()) })
  const began = performance.now()
  expect(await mail.post.send(reset)).toMatchObject(failedAs('timeout', 'mail-slow'))
  expect(performance.now() - began).toBeLessThan(4000)
})

test.each([
  [451, 'server-error', 'mail-later'],
  [550, 'refused', 'mail-message'],
] as const)(
  'a message refused with %i is told as %s/%s, and may be sent again as it was',
  async (code, kind, reason) => {
    const { mail, sandbox, desk, configure } = await openMailHere()
    await configure()
    sandbox.mail.refuseNext(code)
    const outcome = await mail.post.send(reset)
    expect(outcome).toMatchObject({ ...failedAs(kind, reason), draft: { to: reader } })
    expect(outcome.failure?.details).toMatchObject({ status: code })
    const [record] = await desk.messages.list(town)
    expect(record).toMatchObject({ state: 'failed', attempts: 1, failure: outcome.failure })
    expect(await mail.again(outcome.id ?? '')).toMatchObject({ state: 'sent', id: outcome.id })
    expect(await desk.messages.list(town)).toMatchObject([{ state: 'sent', attempts: 2, failure: null }])
    expect(sandbox.outbox.list()[0]?.text).toContain(secrets.password)
  },
)

test('a recipient, then a sender, that the server refuses', async () => {
  const refuse = Object.assign(new Error('No such user <camille@maison.example>'), { responseCode: 550 })
  const refusing = (options: SMTPServerOptions) =>
    smtpServer({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], ...options })
  const recipient = await refusing({ onRcptTo: (_address, _session, done) => done(refuse) })
  const sender = await refusing({ onMailFrom: (_address, _session, done) => done(refuse) })
  const { mail, configure } = await openMailHere()
  await configure({ port: recipient, username: '' })
  const outcome = await mail.post.send(reset)
  expect(outcome).toMatchObject(failedAs('refused', 'mail-recipient'))
  // The server repeats the address; the record of a failure must not.
  expect(JSON.stringify(outcome.failure)).not.toContain(reader)
  await configure({ port: sender, username: '' })
  expect(await mail.post.send(reset)).toMatchObject(failedAs('refused', 'mail-sender'))
})

test.each([
  ['login-link', `554 Message blocked: https://webmail.example/code/${secrets.code} is on a list`],
  ['login-link', `554 Message blocked: webmail[.]example/code/${secrets.code}`],
  ['password-reset', `554 Spam words: "${secrets.password}"`],
] as const)(
  'a server that repeats the secret of a %s letter puts it in no failure: %s',
  async (kind, says) => {
    const [status, ...words] = says.split(' ')
    const port = await smtpServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData(stream, _session, done) {
        const refusal = Object.assign(new Error(words.join(' ')), { responseCode: Number(status) })
        stream.resume().on('end', () => done(refusal))
      },
    })
    const { mail, desk, configure } = await openMailHere()
    await configure({ port, username: '' })
    const outcome = await mail.post.send(letterOf(kind))
    expect(outcome).toMatchObject(failedAs('refused', 'mail-message'))
    expect(outcome.failure?.details.excerpt).toContain('[secret]')
    const kept = JSON.stringify([outcome.failure, await desk.messages.list(town)])
    for (const secret of [secrets.code, secrets.password]) expect(kept).not.toContain(secret)
  },
)

test('a wrong password, no password, and no name where one is wanted', async () => {
  const { mail, sandbox, configure } = await openMailHere()
  for (const [change, secret] of [
    [{}, 'wrong'],
    [{}, ''],
    [{ username: '' }, ''],
  ] as const) {
    await configure(change, secret)
    expect(await mail.post.send(reset)).toMatchObject(failedAs('refused', 'mail-credentials'))
  }
  expect(sandbox.outbox.list()).toEqual([])
})

test.each([
  ['HTTP/1.1 400 Bad Request\r\n\r\n', 'bad-response', 'mail-protocol'],
  ['554 No service here\r\n', 'refused', 'mail-message'],
  ['421 Too busy\r\n', 'server-error', 'mail-later'],
])('a server that greets with %j', async (greeting, code, reason) => {
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.end(greeting)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { mail, configure } = await openMailHere({ smtp: quick })
  await configure({ port: portOf(server.address()) })
  expect(await mail.post.send(reset)).toMatchObject(failedAs(code, reason))
})

test('a reader whose address has accents, before a server that knows them and one that does not', async () => {
  const { mail, sandbox, configure } = await openMailHere()
  await configure()
  const to = 'élodie@mairie-évidente.example'
  expect((await mail.post.send({ ...reset, to })).state).toBe('sent')
  expect(sandbox.outbox.list()).toHaveLength(1)
  const old = await smtpServer({
    authOptional: true,
    hideSMTPUTF8: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo(_address, _session, done) {
      done(Object.assign(new Error('Only ASCII here'), { responseCode: 553 }))
    },
  })
  await configure({ port: old, username: '' })
  expect(await mail.post.send({ ...reset, to })).toMatchObject(failedAs('refused', 'mail-recipient'))
})

test('a server without TLS gets neither password nor message from settings that want TLS', async () => {
  const { mail, sandbox, configure } = await openMailHere({ smtp: quick })
  for (const security of ['starttls', 'tls']) {
    await configure({ security })
    const outcome = await mail.post.send(reset)
    expect(outcome).toMatchObject(failedAs('offline', 'mail-tls'))
  }
  expect(sandbox.outbox.list()).toEqual([])
})

test('STARTTLS that a man in the middle strips from the greeting is not done without', async () => {
  const heard: string[] = []
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.write('220 mail.example\r\n')
    socket.on('data', (piece) => {
      heard.push(String(piece))
      socket.write(String(piece).startsWith('EHLO') ? '250-mail.example\r\n250 AUTH PLAIN\r\n' : '502 no\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { mail, configure } = await openMailHere()
  await configure({ port: portOf(server.address()), security: 'starttls' })
  expect(await mail.post.send(reset)).toMatchObject(failedAs('offline', 'mail-tls'))
  expect(heard.join('')).not.toMatch(/AUTH|MAIL/)
})

test.each(['tls', 'starttls'] as const)(
  'over %s a certificate is checked: known, unknown, of another host',
  async (security) => {
    const { good, elsewhere, authority } = certificates()
    const heard: string[] = []
    const server = (pair: { key: string; cert: string }) =>
      smtpServer({
        ...pair,
        secure: security === 'tls',
        onAuth({ password }, _session, done) {
          heard.push(String(password))
          done(null, { user: 'sandbox' })
        },
        onData(stream, _session, done) {
          stream.resume().on('end', () => done())
        },
      })
    const [right, wrong] = [await server(good), await server(elsewhere)]
    const trusting = await openMailHere({ smtp: { authority } })
    await trusting.configure({ port: wrong, security })
    expect(await trusting.mail.post.send(reset)).toMatchObject(failedAs('offline', 'mail-tls'))
    const strange = await openMailHere()
    await strange.configure({ port: right, security })
    expect(await strange.mail.post.send(reset)).toMatchObject(failedAs('offline', 'mail-tls'))
    expect(heard).toEqual([])
    await trusting.configure({ port: right, security })
    expect((await trusting.mail.post.send(reset)).state).toBe('sent')
    expect(heard).toHaveLength(1)
  },
)

test('a program that ends while it sends leaves a message of unknown outcome, and does not wait for ever', async () => {
  const { mail, sandbox, desk, configure } = await openMailHere()
  await configure()
  sandbox.mail.goSilent()
  const sending = mail.post.send(reset)
  // Written before the first byte leaves.
  while ((await desk.messages.list(town)).length === 0) await nextTurn()
  const [during] = await desk.messages.list(town)
  expect(during?.failure).toMatchObject({ code: 'unknown-outcome', reason: 'mail-interrupted' })
  await mail.close()
  expect(await sending).toMatchObject(failedAs('unknown-outcome', 'mail-interrupted'))
  expect(await desk.messages.list(town)).toMatchObject([{ state: 'failed', attempts: 1 }])
})

test('a desk that cannot be written fails the message, never the act that it is about', async () => {
  const broken = new Error('disk full')
  const { deps, path: _path } = await openMailHere()
  const messages = { ...deps.desk.messages, put: () => Promise.reject(broken) }
  const lines: unknown[] = []
  const mail = await openMail({
    ...deps,
    desk: { ...deps.desk, messages },
    log: { ...deps.log, error: (event, error) => void lines.push([event, error]) },
  })
  expect(await mail.post.send(reset)).toMatchObject(failedAs('unexpected', 'mail-bug'))
  expect(lines).toEqual([['sending a message failed', broken]])
})
