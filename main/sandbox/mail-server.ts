import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import type { Outbox } from './outbox.ts'

export type Smtp = { host: string; port: number; username: string; password: string }
export type MailServer = {
  smtp: Smtp
  /** Answers the next `times` messages with this refusal in place of keeping them. */
  refuseNext(code: 451 | 550, times?: number): void
  /** From now on new connections are accepted and hear nothing, not even a greeting; `false` ends it. */
  goSilent(on?: boolean): void
  close(): Promise<void>
}
const size = 1024 * 1024

/**
 * A real SMTP server on 127.0.0.1, on a port of the system's choosing, without TLS and with credentials made for
 * this run. What it accepts goes to the outbox and nowhere else.
 */
export async function startMailServer(outbox: Outbox): Promise<MailServer> {
  const username = 'sandbox'
  const password = randomBytes(18).toString('base64url')
  let refusals: (451 | 550)[] = []
  let silent = false

  const server = new SMTPServer({
    name: 'sandbox.example',
    banner: 'Sandbox',
    size,
    rejectOversized: true,
    logger: false,
    // TLS proves nothing on the way from a computer to itself.
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN'],
    disableReverseLookup: true,
    maxClients: 50,
    closeTimeout: 20,
    onConnect(_session, callback) {
      if (!silent) callback()
    },
    onAuth(auth, _session, callback) {
      if (auth.username === username && equal(auth.password ?? '', password))
        callback(null, { user: username })
      else callback(refusal(535, 'Wrong username or password'))
    },
    onData(stream, { envelope }, callback) {
      take(
        stream,
        envelope.rcptTo.map(({ address }) => address),
      ).then(
        () => callback(),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
      )
    },
  })
  // A client that breaks off is no concern of ours.
  server.on('error', () => {})

  async function take(stream: SMTPServerDataStream, recipients: readonly string[]): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of stream) if (!stream.sizeExceeded) pieces.push(Buffer.from(piece))
    if (stream.sizeExceeded) throw refusal(552, 'Message too large')
    const [code, ...rest] = refusals
    if (code !== undefined) {
      refusals = rest
      throw refusal(code, code === 451 ? 'Try again later' : 'Message refused')
    }
    if (!(await outbox.receive(Buffer.concat(pieces), recipients))) {
      throw refusal(554, 'Only plain messages with a sender, a subject and a text are taken')
    }
  }

  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const bound = listener.address()
  if (bound === null || typeof bound === 'string') throw new Error('The mail server has no port')
  return {
    smtp: { host: '127.0.0.1', port: bound.port, username, password },
    refuseNext(code, times = 1) {
      refusals.push(...Array<451 | 550>(times).fill(code))
    },
    goSilent(on = true) {
      silent = on
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

const refusal = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

function equal(a: string, b: string): boolean {
  const [one, two] = [Buffer.from(a), Buffer.from(b)]
  return one.length === two.length && timingSafeEqual(one, two)
}
