import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { brotliCompressSync, constants, createGzip, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Dimail } from '../../main/dimail/client.ts'
import { listLimits } from '../../main/dimail/list-reader.ts'
import { type Result, unwrap } from '../../preload/failure.ts'
import { canary, clientOf, closing, healthy, tokenOf } from '../fakes/dimail-client.ts'
import { json, type Responding, startHttpServer } from '../fakes/http-server.ts'
import { startTcpServer } from '../fakes/tcp-server.ts'

const name = 'commune.example'
const token = tokenOf(4_000_000_000)

/** A client of a server that signs everybody in and answers the rest as told. */
async function setUp(respond: Responding, timeouts = {}) {
  let calls = 0
  const server = closing(
    await startHttpServer((request, response) => {
      if (request.url === '/token/') json(response, 200, { access_token: token, token_type: 'bearer' })
      else return respond(request, response, calls++)
    }),
  )
  return { client: clientOf(server.address, { timeouts }), calls: () => calls }
}
const answering = (body: string | Buffer, headers: Record<string, string> = {}) =>
  setUp((_, response) => void response.writeHead(200, headers).end(body))

/** A mailbox of the second version, as long as a real one. */
const mailbox = (local: string, domain = name) => ({
  type: 'mailbox',
  active: 'yes',
  email: `${local}@${domain}`,
  features: ['ox'],
  extras: { ox: { given_name: 'Élise', sur_name: `Fictive ${local}`, display_name: `Élise ${local}` } },
  dirty_quirks: { 'ox-config': { 'com.openexchange.mail.specialuse.check': 'true' } },
  additionalSenders: [],
  rate_limit: null,
  quota: null,
})
const alias = (username: string, domain = name) => ({ username, domain, destination: 'a@ailleurs.example' })

type List = {
  what: string
  call: (client: Dimail, signal?: AbortSignal) => Promise<Result<unknown>>
  row: object
}
const lists: List[] = [
  { what: 'domains', call: (client, signal) => client.listDomains(signal), row: healthy(name) },
  { what: 'mailboxes', call: (client, signal) => client.listMailboxes(name, signal), row: mailbox('a') },
  {
    what: 'v1 mailboxes',
    call: (client, signal) => client.listMailboxes(name, signal, 1),
    row: mailbox('a'),
  },
  { what: 'aliases', call: (client, signal) => client.listAliases(name, signal), row: alias('a') },
]
const bad = (reason: string) => ({ failure: { code: 'bad-response', reason } })

describe.each(lists)('a list of $what', ({ call, row }) => {
  const text = JSON.stringify(row)
  test.each([
    ['an object', 'shape', '{}'],
    ['a list in an object', 'shape', `{"rows":[${text}]}`],
    ['null', 'shape', 'null'],
    ['100,000 deep', 'shape', '['.repeat(100_000)],
    ['a page', 'html', '<html><title>Portail</title>'],
    ['nothing', 'empty', ''],
    ['spaces', 'empty', '  '],
    ['a Python literal', 'not-json', "[{'type': 'mailbox', 'active': None}]"],
    ['followed by a comma', 'not-json', `[${text},]`],
    ['closed twice', 'not-json', `[${text}]]`],
    ['partly a page', 'not-json', `[${text},<html>]`],
    ['partly NaN', 'not-json', `[${text},NaN]`],
  ])('faults 45: that is %s is told as %s', async (_, reason, body) => {
    const { client, calls } = await answering(body)
    expect(await call(client)).toMatchObject(bad(reason))
    expect(calls()).toBe(1)
  })

  test('is empty when it is, with or without spaces', async () => {
    for (const body of ['[]', ' [ ] ', '\ufeff[]']) {
      const { client } = await answering(body)
      expect(await call(client)).toMatchObject({ ok: true, value: { rejected: 0 } })
    }
  })

  test('faults 37: whose first answer is cut is asked again, and only the whole one is believed', async () => {
    const other = { ...row, email: `b@${name}`, username: 'b', name: 'autre.example' }
    const { client, calls } = await setUp((_, response, before) => {
      const whole = JSON.stringify([before === 0 ? row : other])
      response.writeHead(200, { 'content-length': Buffer.byteLength(whole) }).write(whole.slice(0, -1))
      if (before === 0) response.socket?.end()
      else response.end(']')
    })
    const told = JSON.stringify(unwrap(await call(client)))
    expect(told).toMatch(/b@commune|"b"|autre/)
    expect(told).not.toMatch(/a@commune|"a"|"commune.example","state/)
    expect(calls()).toBe(2)
  })

  test('faults 41: is given up by an agent while it comes', async () => {
    const cancel = new AbortController()
    const { client } = await setUp((_, response) => {
      response.write(`[${JSON.stringify(row)},`, () => setImmediate(() => cancel.abort()))
    })
    expect(await call(client, cancel.signal)).toMatchObject({ failure: { code: 'cancelled' } })
  })
})

describe('a list cut at every byte', () => {
  const whole = Buffer.from(JSON.stringify([{ ...healthy(name), é: ']}"\\' }, healthy('autre.example')]))
  const heads = {
    'a content length': `HTTP/1.1 200 OK\r\nContent-Length: ${whole.length}\r\n\r\n`,
    'the end of the connection': 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n',
  }
  test.each(Object.entries(heads))('faults 43: announced by %s is always noticed', async (_, head) => {
    let cut = 0
    const server = closing(
      await startTcpServer((socket) => {
        socket.end(Buffer.concat([Buffer.from(head), whole.subarray(0, cut)]))
      }),
    )
    for (; cut < whole.length; cut++) {
      const client = clientOf(`http://127.0.0.1:${server.port}`)
      const result = await client.listDomains()
      const reason = cut === 0 && head.includes('close') ? 'empty' : 'truncated'
      expect(result, `cut at ${cut}`).toMatchObject(bad(reason))
      client.close()
    }
  })
})

describe('the charset of a list', () => {
  const text = JSON.stringify([mailbox('a'), { ...mailbox('b'), note: '€😀' }])
  const le = Buffer.from(text, 'utf16le')
  const given = [
    ['utf-8', Buffer.from(text), 'application/json'],
    ['utf-8 with a mark', Buffer.from(`\ufeff${text}`), 'application/json'],
    ['utf-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), le]), 'application/json'],
    [
      'utf-16be with a mark',
      Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(le).swap16()]),
      'text/plain',
    ],
    ['utf-16le as declared', le, 'application/json; charset=utf-16le'],
  ] as const
  test.each(given)('faults 44: %s is read, come it byte by byte', async (_, bytes, type) => {
    const { client } = await setUp((_, response) => {
      response.writeHead(200, { 'content-type': type })
      for (const byte of bytes) response.write(Buffer.of(byte))
      response.end()
    })
    const list = unwrap(await client.listMailboxes(name))
    expect(list.mailboxes.map((box) => box.givenName)).toEqual(['Élise', 'Élise'])
    expect(list.rejected).toBe(0)
  })

  test.each([
    ['latin1 under utf-8', Buffer.from(text.replace('€😀', ''), 'latin1'), 'application/json'],
    ['utf-8 cut in a letter', Buffer.from(`${text} é`).subarray(0, -1), 'application/json'],
    ['an unknown charset', Buffer.from(text), 'application/json; charset=klingon'],
  ])('faults 44: %s is refused, and no row before it is believed', async (_, bytes, type) => {
    const { client } = await answering(bytes, { 'content-type': type })
    expect(await client.listMailboxes(name)).toMatchObject(bad('charset'))
  })
})

describe('what a list tells besides its rows', () => {
  test('faults 52: foreign, doubled and unreadable mailboxes are told apart, without a secret', async () => {
    const rows = [
      mailbox('a'),
      mailbox('voisine', 'autre.example'),
      { email: 'a@b@c', note: canary.password, token, password: 'Xy-1' },
      mailbox('A'),
      null,
      mailbox('b'),
    ]
    for (const version of [1, 2] as const) {
      const { client } = await answering(JSON.stringify(rows))
      await client.token()
      const list = unwrap(await client.listMailboxes(name, undefined, version))
      expect(list).toMatchObject({ rejected: 2, doubled: [`a@${name}`], version, activityField: 'active' })
      expect(list.mailboxes.map((box) => box.localPart)).toEqual(['a', 'b'])
      expect(list.foreign.map((box) => box.address)).toEqual(['voisine@autre.example'])
      expect(list.unreadable).toEqual([expect.stringContaining('a@b@c'), 'null'])
      for (const secret of [canary.password, token, 'Xy-1']) expect(list.unreadable[0]).not.toContain(secret)
    }
  })

  test('faults 52: foreign, doubled and unreadable aliases are told apart', async () => {
    const rows = [
      alias('a'),
      alias('a', 'autre.example'),
      alias('a'),
      { username: 'x' },
      alias('../mailboxes/x?'),
    ]
    const { client } = await answering(JSON.stringify(rows))
    const list = unwrap(await client.listAliases(name))
    expect(list.aliases.map((each) => each.localPart)).toEqual(['a', '../mailboxes/x?'])
    expect(list.foreign).toMatchObject([{ domain: 'autre.example' }])
    expect(list).toMatchObject({
      rejected: 1,
      unreadable: ['{"username":"x"}'],
      doubled: [`a@${name} -> a@ailleurs.example`],
    })
  })
})

test('a list of 50,000 mailboxes is read while it comes, and everybody else has turns', async (context) => {
  const rows = Array.from({ length: 50_000 }, (_, at) => mailbox(`prenom.nom${at}`))
  const body = Buffer.from(JSON.stringify(rows))
  expect(body.length).toBeGreaterThan(15_000_000)
  const { client } = await answering(body)
  await client.token()
  let turns = 0
  let reading = true
  const count = () => {
    turns++
    if (reading) setImmediate(count)
  }
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  count()
  const list = unwrap(await client.listMailboxes(name))
  reading = false
  delay.disable()
  await context.annotate(`event-loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, ${turns} turns`)
  expect(list.mailboxes).toHaveLength(50_000)
  expect(list.mailboxes[49_999]).toMatchObject({ address: `prenom.nom49999@${name}`, imap: 'yes' })
  expect(turns).toBeGreaterThan(50)
})

describe('a list that has no end', () => {
  const grown = async (work: () => Promise<unknown>) => {
    const before = process.memoryUsage.rss()
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss() - before)
    }, 2)
    await work()
    clearInterval(watch)
    return most
  }
  const endlessRow = Buffer.concat([Buffer.from('[{"email":"'), Buffer.alloc(200_000_000, 'a')])
  const bombs = {
    gzip: gzipSync(endlessRow, { level: 1 }),
    br: brotliCompressSync(endlessRow, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  }
  test.each(Object.entries(bombs))(
    'faults 46: %s: one endless row is cut at 64 kB, within 64 MB of memory',
    async (encoding, bomb) => {
      for (const { call } of lists) {
        const { client } = await answering(bomb, { 'content-encoding': encoding })
        await client.token()
        const memory = await grown(async () => {
          expect(await call(client)).toMatchObject(bad('too-large'))
        })
        expect(memory).toBeLessThan(64_000_000)
      }
    },
  )

  /** `piece` again and again after a bracket, compressed, until nobody listens. */
  async function endless(text: string) {
    const piece = Buffer.from(text)
    let pieces = 0
    const { client } = await setUp(async (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const source = Readable.from(
        (function* () {
          yield Buffer.from('[')
          for (;;) {
            pieces++
            yield piece
          }
        })(),
      )
      // The client goes away on purpose.
      await pipeline(source, createGzip({ level: 1 }), response).catch(() => {})
    })
    await client.token()
    let result: Result<unknown> | undefined
    const memory = await grown(async () => {
      result = await client.listMailboxes(name)
    })
    return { result, memory, pieces }
  }
  test('faults 46: rows that never end are cut at their number', async () => {
    const row = `${JSON.stringify({ email: `a@${name}` })},`
    const { result, memory } = await endless(row.repeat(1_000))
    expect(result).toMatchObject(bad('too-large'))
    expect(memory).toBeLessThan(listLimits.bytes)
  })
  test('faults 46: spaces that never end are cut at the bytes of all', async () => {
    const { result, memory, pieces } = await endless(' '.repeat(50_000))
    expect(result).toMatchObject(bad('too-large'))
    expect(memory).toBeLessThan(listLimits.bytes)
    expect(pieces).toBeGreaterThan(listLimits.bytes / 50_000)
  })
})
