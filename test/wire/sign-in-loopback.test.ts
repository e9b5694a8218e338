import { createServer } from 'node:http'
import net from 'node:net'
import { networkInterfaces } from 'node:os'
import { setTimeout as after } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { listenForCallback } from '../../main/session/loopback.ts'
import { unwrap } from '../../preload/failure.ts'
import { portOf } from '../fakes/tcp-server.ts'
import { expectCompletes, listen, page, send, state, valid, waitFor } from './sign-in-loopback-raw.ts'

const wrong: [what: string, target: string][] = [
  ['another state', `/callback?code=c&state=${state.replace('0', '1')}`],
  ['a state that is longer', `/callback?code=c&state=${state}0`],
  ['a state that is shorter', `/callback?code=c&state=${state.slice(1)}`],
  ['an empty state', '/callback?code=c&state='],
  ['no state', '/callback?code=c'],
  ['the same state twice', `/callback?code=c&state=${state}&state=${state}`],
  ['another state before', `/callback?code=c&state=x&state=${state}`],
  ['another state behind', `/callback?code=c&state=${state}&state=x`],
  ['the code twice', `/callback?code=c&code=d&state=${state}`],
  ['a code and an error', `/callback?code=c&error=access_denied&state=${state}`],
  ['neither code nor error', `/callback?state=${state}`],
  ['an empty code', `/callback?code=&state=${state}`],
  ['no query', '/callback'],
  ['an error with another state', '/callback?error=access_denied&state=x'],
]

test.each(wrong)('faults 22: %s: told so, and the valid callback still completes', async (_what, target) => {
  const listening = await listen()
  expect(await listening.get(target)).toMatchObject({ status: 400, text: page('mismatched') })
  expect(listening.isSettled()).toBe(false)
  await expectCompletes(listening)
})

test('faults 22: the callback serves once, in a second tab as on replay', async () => {
  const listening = await listen()
  await expectCompletes(listening)
  expect(await listening.get(valid)).toMatchObject({ status: 410, text: page('over') })
  const other = `/callback?code=another&state=${state}`
  expect(await listening.get(other)).toMatchObject({ status: 410, text: page('over') })
  expect(unwrap(await listening.loopback.callback).get('code')).toBe('the-code')
})

test('faults 22: what the provider refuses is a callback, which the console reads', async () => {
  const listening = await listen()
  const target = `/callback?error=access_denied&error_description=non&state=${state}`
  expect(await listening.get(target)).toMatchObject({ status: 200, text: page('failed') })
  expect(unwrap(await listening.loopback.callback).get('error')).toBe('access_denied')
})

async function takenPort(host = '127.0.0.1', port = 0): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(port, host, resolve)
  })
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())))
  return portOf(server.address())
}

test('faults 30: a port that is taken is passed over', async () => {
  const taken = await takenPort()
  const listening = await listen({}, [taken, 0])
  expect(listening.port).not.toBe(taken)
  await expectCompletes(listening)
})

test('faults 30: with no port free, the ports that were tried are told', async () => {
  const ports = [await takenPort(), await takenPort()]
  const { signal } = new AbortController()
  const answer = await listenForCallback({ ports, path: '/callback', state, page, signal })
  expect(answer).toMatchObject({
    failure: { code: 'not-possible', reason: 'sign-in-ports', details: { ports: ports.join(', ') } },
  })
})

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)

test.runIf(hasIpv6)('faults 30: who holds the port on [::1] is not where the browser is sent', async () => {
  const listening = await listen()
  await takenPort('::1', listening.port)
  expect(new URL(listening.loopback.redirectUri).hostname).toBe('127.0.0.1')
  await expectCompletes(listening)
})

test('faults 31: connections that drip or say nothing are closed in time', async () => {
  const { port, host } = await listen({ connection: 300 })
  const began = Date.now()
  const slow = net.connect(port, '127.0.0.1')
  const silent = net.connect(port, '127.0.0.1')
  const drip = setInterval(() => slow.write('X'), 50)
  slow.write(`GET /callback HTTP/1.1\r\nHost: ${host}\r\nX: `)
  await Promise.all(
    [slow, silent].map((socket) => {
      socket.on('error', () => {})
      socket.resume()
      return new Promise((resolve) => socket.on('close', resolve))
    }),
  )
  clearInterval(drip)
  expect(Date.now() - began).toBeLessThan(2000)
})

test('faults 31: of 1,000 connections 20 are held, and the browser gets in', async () => {
  const listening = await listen()
  const sockets = Array.from({ length: 1000 }, () => net.connect(listening.port, '127.0.0.1'))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  let open = sockets.length
  for (const socket of sockets) {
    socket.on('error', () => {})
    socket.on('close', () => open--)
    socket.resume()
  }
  await waitFor(() => open <= 20)
  expect(open).toBe(20)
  await expectCompletes(listening)
})

test('faults 31: a request line of 1 MB is refused', async () => {
  const listening = await listen()
  const answer = await listening.get(`/callback?code=${'x'.repeat(1024 * 1024)}`)
  // The refusal may be lost when the connection is closed upon what was still being sent.
  expect([431, null]).toContain(answer.status)
  await expectCompletes(listening)
})

test('faults 31: the whole waits no longer than its limit', async () => {
  const { loopback, port } = await listen({ whole: 60 })
  expect(await loopback.callback).toMatchObject({ failure: { code: 'timeout', reason: 'sign-in' } })
  await expect(send(port, ['GET / HTTP/1.1'])).rejects.toThrow('ECONNREFUSED')
})

test('faults 31: a second at most after the callback nobody listens', async () => {
  const listening = await listen()
  const lingering = net.connect(listening.port, '127.0.0.1')
  lingering.on('error', () => {})
  const isClosed = new Promise((resolve) => lingering.on('close', resolve))
  lingering.resume()
  await expectCompletes(listening)
  await Promise.race([isClosed, after(1000)])
  await expect(listening.get('/')).rejects.toThrow('ECONNREFUSED')
})

test('an attempt that is cancelled says so, and frees its port', async () => {
  const { loopback, port, abort } = await listen()
  abort.abort()
  expect(await loopback.callback).toMatchObject({ failure: { code: 'cancelled', reason: 'sign-in' } })
  await expect(send(port, ['GET / HTTP/1.1'])).rejects.toThrow('ECONNREFUSED')
})

test('an attempt that was cancelled before it began does not listen', async () => {
  const options = { ports: [0], path: '/callback', state, page, signal: AbortSignal.abort() }
  expect(await listenForCallback(options)).toMatchObject({
    failure: { code: 'cancelled', reason: 'sign-in' },
  })
})
