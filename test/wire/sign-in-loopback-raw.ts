import net from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { type CallbackPage, type LoopbackLimits, listenForCallback } from '../../main/session/loopback.ts'
import { unwrap } from '../../preload/failure.ts'

export const state = '0123456789abcdefghijklmnopqrstuvwxyz-_ABCDE'

export const page = (which: CallbackPage): string =>
  `<!doctype html><title>${which}</title><style>p { color: black }</style><p>${which}</p>`

export type RawAnswer = { status: number | null; head: string; text: string }

/** Sends lines as they are, and reads until the other side closes; `status` null when it said nothing. */
export async function send(port: number, lines: readonly string[]): Promise<RawAnswer> {
  const received: Buffer[] = []
  await new Promise<void>((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () =>
      socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')),
    )
    socket.on('data', (piece) => received.push(piece))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') reject(error)
    })
    socket.on('close', () => resolve())
  })
  const [head = '', ...text] = Buffer.concat(received).toString().split('\r\n\r\n')
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]
  return { status: status === undefined ? null : Number(status), head, text: text.join('\r\n\r\n') }
}

/** Until `isSo`, ten seconds at most. */
export async function waitFor(isSo: () => boolean): Promise<void> {
  for (const began = Date.now(); !isSo() && Date.now() - began < 10_000; ) await after(10)
}

/** A listener of one test, closed with it. */
export async function listen(limits: Partial<LoopbackLimits> = {}, ports: readonly number[] = [0]) {
  const abort = new AbortController()
  const options = { ports, path: '/callback', state, page, signal: abort.signal, limits }
  const loopback = unwrap(await listenForCallback(options))
  onTestFinished(() => loopback.close())
  const port = Number(new URL(loopback.redirectUri).port)
  const host = `127.0.0.1:${port}`
  let isSettled = false
  void loopback.callback.then(() => {
    isSettled = true
  })
  const get = (target: string, headers: string[] = []) =>
    send(port, [`GET ${target} HTTP/1.1`, `Host: ${host}`, ...headers])
  return { loopback, port, host, get, abort, isSettled: () => isSettled }
}

export type Listening = Awaited<ReturnType<typeof listen>>
export const valid = `/callback?code=the-code&state=${state}&iss=https%3A%2F%2Fop.example`

/** The true callback is still taken. */
export async function expectCompletes({ loopback, get }: Listening): Promise<void> {
  expect(await get(valid)).toMatchObject({ status: 200, text: page('done') })
  const query = unwrap(await loopback.callback)
  expect(query.get('code')).toBe('the-code')
}
