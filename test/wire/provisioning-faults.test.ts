import net from 'node:net'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Asked } from '../../main/provisioning/apply.ts'
import { path } from '../../main/provisioning/endpoint-app.ts'
import { ok } from '../../preload/failure.ts'
import { portOf } from '../fakes/tcp-server.ts'
import { key, listening, type Running, raw, send } from './provisioning-open.ts'

let running: Running
let asked: string[]
const provision = async ({ name }: Asked) => {
  asked.push(name)
  return ok({ name, outcome: 'created' as const })
}

beforeEach(async () => {
  asked = []
  running = await listening({ provision })
})

const body = JSON.stringify({ domains: ['un.example'] })
const authorization = Buffer.from(`Authorization: Bearer ${key}`).toString('latin1')
const head = (lines: (string | null)[]) => `${lines.filter((line) => line !== null).join('\r\n')}\r\n\r\n`
/** A whole request as DeployCenter would send it, save for what a test changes of its head. */
const request = ({
  line = `POST ${path} HTTP/1.1`,
  host = `Host: 127.0.0.1:${running.port}` as string | null,
  more = [] as string[],
} = {}) =>
  head([
    line,
    host,
    authorization,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
    ...more,
  ]) + body
const statusOf = ({ text }: { text: string }) => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0)
const still = async () => (await send(running.port, { body: { domains: ['encore.example'] } })).status

test('faults 28 (provisioning): the very request that the others spoil is answered', async () => {
  expect(statusOf(await raw(running.port, request()))).toBe(200)
  expect(asked).toEqual(['un.example'])
})

const hosts = (port: number): (string | null)[] => [
  null,
  'Host:',
  'Host: 127.0.0.1',
  `Host: localhost:${port}`,
  `Host: LOCALHOST:${port}`,
  `Host: 127.0.0.1.:${port}`,
  `Host: 127.0.0.1:${port}.`,
  `Host: 127.0.0.1:0${port}`,
  `Host: 127.0.0.1:${port + 1}`,
  `Host: 127.1:${port}`,
  `Host: 127.0.0.2:${port}`,
  `Host: 2130706433:${port}`,
  `Host: 0x7f000001:${port}`,
  `Host: 0.0.0.0:${port}`,
  `Host: [::1]:${port}`,
  `Host: [::ffff:127.0.0.1]:${port}`,
  `Host: evil.example:${port}`,
  `Host: 127.0.0.1:${port}@evil.example`,
  `Host: evil.example@127.0.0.1:${port}`,
  `Host: 127.0.0.1:${port}/`,
  `Host: 127.0.0.1:${port}#`,
  `Host: 127.0.0.1:${port}, evil.example`,
  `Host: 127.0.0.1:${port}\r\nHost: evil.example`,
  `Host: evil.example\r\nHost: 127.0.0.1:${port}`,
  `Host: 127.0.0.1:${port}\r\nHost: 127.0.0.1:${port}`,
  `Host: \xff\xfe`,
]

test('faults 28 (provisioning): no Host but the literal address and port is let in', async () => {
  const all = hosts(running.port)
  expect(all.length).toBeGreaterThanOrEqual(20)
  for (const host of all) {
    const answer = await raw(running.port, request({ host }))
    expect([400, 403], `${host}`).toContain(statusOf(answer))
    expect(answer.text.toLowerCase()).not.toContain('access-control')
  }
  expect(asked).toEqual([])
  expect(await still()).toBe(200)
})

test('faults 28 (provisioning): targets that name a host of their own, and heads that are none, are refused', async () => {
  const { port } = running
  const lines = [
    `POST http://127.0.0.1:${port}${path} HTTP/1.1`,
    `POST http://evil.example${path} HTTP/1.1`,
    `POST https://evil.example${path} HTTP/1.1`,
    `POST //evil.example${path} HTTP/1.1`,
    `POST ${path.slice(1)} HTTP/1.1`,
    `POST * HTTP/1.1`,
    `POST \\${path} HTTP/1.1`,
    `POST /..${path}../ HTTP/1.1`,
    `POST ${path}%00 HTTP/1.1`,
    `POST ${path} HTTP/0.9`,
    `POST ${path} HTTP/1.0`,
    `POST ${path} HTTP/2.0`,
    `CONNECT 127.0.0.1:${port} HTTP/1.1`,
    `POST${path} HTTP/1.1`,
    `\x16\x03\x01\x02`,
    `PRI * HTTP/2.0`,
  ]
  for (const line of lines) {
    const answer = await raw(port, request({ line }))
    expect([0, 400, 403, 404, 505], line).toContain(statusOf(answer))
  }
  expect(asked).toEqual([])
  expect(await still()).toBe(200)
})

test('faults 28 (provisioning): two lengths, or a length beside pieces, are refused', async () => {
  for (const more of [['Content-Length: 5'], ['Transfer-Encoding: chunked'], ['Transfer-Encoding: gzip']])
    expect(statusOf(await raw(running.port, request({ more })))).toBe(400)
  expect(asked).toEqual([])
})

describe('faults 29 (provisioning): a page', () => {
  test.each([
    ['of another origin', { origin: 'https://evil.example' }],
    ['without an origin', { origin: 'null' }],
    ['on this very address', { origin: 'http://127.0.0.1:1234' }],
    ['of our own', { origin: 'app://bundle' }],
    ['across sites', { 'sec-fetch-site': 'cross-site' }],
    ['of the same site', { 'sec-fetch-site': 'same-site' }],
    ['of the same origin', { 'sec-fetch-site': 'same-origin' }],
  ])('%s is refused, even with the key, and no header lets it read', async (_what, headers) => {
    const answer = await send(running.port, { body, headers })
    expect(answer.status).toBe(403)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(asked).toEqual([])
  })

  test('that asks beforehand whether it may is told nothing', async () => {
    const headers = {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    }
    const answer = await send(running.port, {
      method: 'OPTIONS',
      headers: { ...headers, authorization: undefined },
    })
    expect([answer.status, answer.headers['access-control-allow-origin'], answer.headers.allow]).toEqual([
      403,
      undefined,
      undefined,
    ])
  })

  test('that opens a WebSocket is refused', async () => {
    const more = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: x',
      'Sec-WebSocket-Version: 13',
      'Origin: https://evil.example',
    ]
    const answer = await raw(
      running.port,
      head([`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${running.port}`, ...more]),
    )
    expect(statusOf(answer)).toBe(403)
  })

  test('whose form posts without a key learns neither the paths nor whether there is a key', async () => {
    const headers = { authorization: undefined, 'content-type': 'application/x-www-form-urlencoded' }
    const answers = await Promise.all(
      [path, '/', '/autre/'].map((to) =>
        send(running.port, { path: to, body: 'domains=un.example', headers }),
      ),
    )
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(asked).toEqual([])
  })
})

describe('faults 30 (provisioning): a port', () => {
  test('that is taken is a state, and is tried again when it is free', async () => {
    const other = net.createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const { endpoint, state, log } = await listening({ provision, port: portOf(other.address()) })
    expect(state).toMatchObject({ state: 'failed', why: 'port-busy', address: null })
    expect(log[0]).toMatchObject({ level: 'warn', facts: { cause: 'EADDRINUSE' } })
    await new Promise((resolve) => other.close(resolve))
    expect(await endpoint.start()).toMatchObject({ state: 'listening', why: null })
  })

  test('is of the literal 127.0.0.1, and of no other address of this computer', async () => {
    expect(running.state.address).toBe(`http://127.0.0.1:${running.port}${path}`)
    for (const host of ['127.0.0.2', '::1']) {
      const refused = await new Promise((resolve) => {
        const socket = net.connect(running.port, host)
        socket.on('connect', () => resolve(false))
        socket.on('error', () => resolve(true))
        onTestFinished(() => void socket.destroy())
      })
      expect(refused, host).toBe(true)
    }
  })

  test('asked to listen twice at once listens once, and stops when told', async () => {
    const [one, two] = await Promise.all([running.endpoint.start(), running.endpoint.start()])
    expect([one.address, two.address]).toEqual([running.state.address, running.state.address])
    await Promise.all([running.endpoint.stop(), running.endpoint.stop()])
    await expect(send(running.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('faults 31 (provisioning): a caller', () => {
  const patienceMs = 300

  test.each([
    ['sends nothing', ''],
    ['stops in its head', `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1`],
    ['stops in its body', null],
  ])('who %s is cut off', async (_what, bytes) => {
    const hasty = await listening({ provision, patienceMs })
    const host = `Host: 127.0.0.1:${hasty.port}`
    const part =
      bytes ??
      `${head([`POST ${path} HTTP/1.1`, host, authorization, 'Content-Type: application/json', 'Content-Length: 100'])}{`
    const { ms } = await raw(hasty.port, part)
    expect(ms).toBeLessThan(5_000)
    expect(asked).toEqual([])
    expect(hasty.log.filter(({ level }) => level === 'error')).toEqual([])
    expect((await send(hasty.port, { body })).status).toBe(200)
  })

  test('who drips its body is cut off all the same', async () => {
    const hasty = await listening({ provision, patienceMs })
    const from = performance.now()
    await new Promise<void>((resolve) => {
      const socket = net.connect(hasty.port, '127.0.0.1')
      socket.write(
        head([
          `POST ${path} HTTP/1.1`,
          `Host: 127.0.0.1:${hasty.port}`,
          authorization,
          'Content-Type: application/json',
          'Content-Length: 100000',
        ]),
        'latin1',
      )
      const drip = setInterval(() => socket.write(' '), 20)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        clearInterval(drip)
        resolve()
      })
      socket.resume()
    })
    expect(performance.now() - from).toBeLessThan(5_000)
    expect(asked).toEqual([])
  })

  test('who leaves in the middle is no bug', async () => {
    const socket = net.connect(running.port, '127.0.0.1')
    socket.write(
      `${head([
        `POST ${path} HTTP/1.1`,
        `Host: 127.0.0.1:${running.port}`,
        authorization,
        'Content-Type: application/json',
        'Content-Length: 100',
      ])}{`,
      'latin1',
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.resetAndDestroy()
    expect(await still()).toBe(200)
    expect(running.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('with a hundred connections holds ten, and the others are closed unheard', async () => {
    const sockets = Array.from({ length: 100 }, () => net.connect(running.port, '127.0.0.1'))
    onTestFinished(() => sockets.forEach((socket) => void socket.destroy()))
    let closed = 0
    await new Promise<void>((resolve) => {
      for (const socket of sockets) {
        socket.on('error', () => socket.destroy())
        socket.on('close', () => {
          closed++
          if (closed === 90) resolve()
        })
        socket.resume()
      }
    })
    expect(closed).toBe(90)
    for (const socket of sockets) socket.destroy()
    await expect.poll(still).toBe(200)
  })

  test('with a line of a megabyte is answered at once, and no further', async () => {
    const { text, ms } = await raw(running.port, `POST /${'a'.repeat(1_000_000)} HTTP/1.1\r\n\r\n`)
    expect([0, 431]).toContain(statusOf({ text }))
    expect(ms).toBeLessThan(5_000)
    expect(await still()).toBe(200)
  })

  test('who sends a second request behind the first gets one answer', async () => {
    const both = request().replace('Connection: close\r\n', '').repeat(2)
    const { text } = await raw(running.port, both)
    expect(text.match(/"created"/g)?.length).toBe(1)
    expect(asked).toEqual(['un.example'])
  })

  test('who is refused without end fills no log', async () => {
    for (let n = 0; n < 20; n++) await send(running.port, { headers: { authorization: 'Bearer autre' } })
    expect(running.log).toEqual([
      { level: 'warn', event: 'provisioning refused a request', facts: { why: 'key', refused: 1 } },
    ])
    expect(running.endpoint.state().refused).toBe(20)
    expect(JSON.stringify(running.log)).not.toContain('autre')
  })
})
