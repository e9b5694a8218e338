import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Dimail } from '../../main/dimail/client.ts'
import { clientOf, closing, healthy, tokenOf } from '../fakes/dimail-client.ts'
import { json, startHttpServer } from '../fakes/http-server.ts'
import { httpAnswer, startTcpServer } from '../fakes/tcp-server.ts'

const name = 'commune.example'
const spec = [{ target: '', type: 'mx', value: 'mx.platform.example.' }]
const token = { access_token: tokenOf(4_000_000_000), token_type: 'bearer' }

type Call = { what: string; call: (client: Dimail) => Promise<{ ok: boolean }>; good: unknown }
const calls: Call[] = [
  { what: 'token', call: (client) => client.token(), good: token },
  { what: 'domains', call: (client) => client.listDomains(), good: [healthy(name)] },
  { what: 'check', call: (client) => client.checkDomain(name), good: healthy(name) },
  { what: 'spec', call: (client) => client.spec(name), good: spec },
]
const fix: Call = { what: 'fix', call: (client) => client.fixDomain(name), good: healthy(name) }

/** A client of a server that answers every request with these bytes, then closes. */
async function answering(bytes: Buffer | string) {
  const server = closing(await startTcpServer((socket) => void socket.end(bytes)))
  return { client: clientOf(`http://127.0.0.1:${server.port}`), server }
}
const bad = (reason: string) => ({ failure: { code: 'bad-response', reason } })

describe.each(calls)('$what', ({ call, good }) => {
  const text = JSON.stringify(good)
  const type = 'Content-Type: application/json'

  test('is read with or without a content type, and whatever its charset', async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
    const answers = [
      httpAnswer(200, text),
      httpAnswer(200, `\ufeff${text}`, [type]),
      httpAnswer(200, text, ['Content-Type: text/plain; charset=latin1']),
      httpAnswer(200, utf16, ['Content-Type: application/json; charset=utf-16']),
      httpAnswer(200, gzipSync(text), ['Content-Encoding: gzip']),
      httpAnswer(200, deflateSync(text), ['Content-Encoding: deflate']),
      httpAnswer(200, brotliCompressSync(text), ['Content-Encoding: br']),
    ]
    for (const answer of answers) {
      const { client } = await answering(answer)
      expect(await call(client)).toMatchObject({ ok: true })
    }
  })

  test.each([
    ['html', httpAnswer(200, '<!doctype html><title>Portail</title>', ['Content-Type: text/html'])],
    ['html', httpAnswer(200, '<html><title>Portail</title>')],
    ['html', httpAnswer(200, 'Bonjour', ['Content-Type: text/html'])],
    ['empty', httpAnswer(200, '')],
    ['empty', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['not-json', httpAnswer(200, "{'name': None}", [type])],
    ['not-json', httpAnswer(200, 'Bonjour', ['Content-Type: text/plain'])],
  ])('faults 42: an answer that is %s says so', async (reason, answer) => {
    const { client } = await answering(answer)
    const result = await call(client)
    expect(result).toMatchObject(bad(reason))
    expect(JSON.stringify(result)).not.toContain('<')
  })

  test('faults 42: of an HTML 500 only the title is told', async () => {
    const page = '<html><title>502 <b>Bad Gateway</title><script>alert(1)</script>'
    const { client } = await answering(httpAnswer(500, page, ['Content-Type: text/html']))
    const result = await call(client)
    expect(result).toMatchObject({ failure: { code: 'server-error', details: { status: 500 } } })
    expect(JSON.stringify(result)).not.toMatch(/script|</)
  })

  test.each([
    ['latin1 under utf-8', httpAnswer(200, Buffer.from(text.replace('{', '{"é":1,'), 'latin1'), [type])],
    ['invalid utf-8', httpAnswer(200, Buffer.from([0x22, 0xff, 0x22]), [type])],
    ['an unknown charset', httpAnswer(200, text, ['Content-Type: application/json; charset=klingon'])],
  ])('faults 44: %s is refused and nothing is replaced', async (_, answer) => {
    const { client } = await answering(answer)
    const result = await call(client)
    expect(result).toMatchObject({ ok: false })
    expect(JSON.stringify(result)).not.toContain('\ufffd')
  })

  test.each(['"a string"', '42', 'null', 'true', '{"name":1}', '{"access_token":1}', '["a"]'])(
    'faults 45: %s is not the shape that is expected',
    async (body) => {
      const { client } = await answering(httpAnswer(200, body))
      const result = await call(client)
      if (body === '["a"]' && result.ok) expect(result).toMatchObject({ value: { rejected: 1 } })
      else expect(result).toMatchObject(bad('shape'))
    },
  )

  test('faults 45: a body 100,000 deep is refused', async () => {
    const { client } = await answering(httpAnswer(200, '['.repeat(100_000)))
    expect(await call(client)).toMatchObject(bad('shape'))
  })

  test('faults 45: __proto__ changes no prototype', async () => {
    const { client } = await answering(httpAnswer(200, text.replace('{', '{"__proto__":{"polluted":true},')))
    expect(await call(client)).toMatchObject({ ok: true })
    expect({}).not.toHaveProperty('polluted')
  })

  test.each([301, 302, 303, 307, 308])('faults 48: a %s is told and not followed', async (status) => {
    const other = closing(await startHttpServer((_, response) => json(response, 200, good)))
    const first = closing(
      await startHttpServer((_, response) => {
        response.writeHead(status, { Location: `${other.address}/secret?token=abc` }).end()
      }),
    )
    expect(await call(clientOf(first.address))).toMatchObject({
      failure: {
        code: 'bad-response',
        reason: 'redirect',
        details: { status, host: new URL(other.address).host },
      },
    })
    expect(first.requests).toHaveLength(1)
    expect(other.requests).toHaveLength(0)
  })

  test.each(['/loop', 'http://%', '', '//other.example/'])(
    'faults 48: an odd Location, %j, is not followed either',
    async (location) => {
      const { client, server } = await answering(httpAnswer(307, '', [`Location: ${location}`]))
      expect(await call(client)).toMatchObject(bad('redirect'))
      expect(server.requests).toHaveLength(1)
    },
  )

  test.each([
    ['one header of 20 kB', httpAnswer(200, text, [`X-Long: ${'a'.repeat(20_000)}`])],
    [
      '10,000 headers',
      httpAnswer(
        200,
        text,
        Array.from({ length: 10_000 }, (_, at) => `X-${at}: a`),
      ),
    ],
    ['bad chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nboum\r\n'],
    ['no HTTP at all', '220 mx.platform.example ESMTP\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
    ['an unknown compression', httpAnswer(200, text, ['Content-Encoding: rot13'])],
    ['a compression that is not', httpAnswer(200, text, ['Content-Encoding: gzip'])],
  ])('faults 47: %s gives a failure of its own', async (_, answer) => {
    const { client } = await answering(answer)
    expect(await call(client)).toMatchObject({ failure: { code: 'bad-response' } })
  })

  test('faults 47: a second answer glued to the first is given to nobody', async () => {
    const evil = httpAnswer(200, JSON.stringify({ ...healthy(name), state: 'evil' }))
    const server = closing(
      await startTcpServer((socket) => void socket.write(Buffer.concat([httpAnswer(200, text), evil]))),
    )
    const client = clientOf(`http://127.0.0.1:${server.port}`)
    for (let at = 0; at < 3; at++) expect(JSON.stringify(await call(client))).not.toContain('evil')
  })
})

describe('a repair whose good answer cannot be read', () => {
  test.each([
    ['html', httpAnswer(200, '<html>')],
    ['empty', httpAnswer(200, '')],
    ['shape', httpAnswer(200, '[]')],
    ['charset', httpAnswer(200, Buffer.from([0xff]))],
    ['other-domain', httpAnswer(200, JSON.stringify(healthy('other.example')))],
  ])('faults 42: because it is %s has an unknown outcome', async (reason, answer) => {
    const { client, server } = await answering(answer)
    expect(await fix.call(client)).toMatchObject({
      failure: {
        code: 'unknown-outcome',
        reason: 'unreadable-answer',
        details: { cause: `bad-response/${reason}` },
      },
    })
    expect(server.requests).toHaveLength(1)
  })
  test('faults 42: but a redirect did nothing', async () => {
    const { client, server } = await answering(httpAnswer(307, '', ['Location: http://127.0.0.1/x']))
    expect(await fix.call(client)).toMatchObject(bad('redirect'))
    expect(server.requests).toHaveLength(1)
  })
})

describe('a body of 2 kB cut at every byte', () => {
  const whole = Buffer.from(JSON.stringify({ ...healthy(name), note: 'é'.repeat(930) }))
  const chunk = (bytes: Buffer) =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
  const heads = {
    'a content length': (bytes: Buffer) =>
      Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${whole.length}\r\n\r\n`), bytes]),
    chunks: (bytes: Buffer) =>
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'), chunk(bytes)]),
    'the end of the connection': (bytes: Buffer) =>
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n'), bytes]),
  }
  test.each(Object.entries(heads))('faults 43: announced by %s is always noticed', async (_, head) => {
    expect(whole.length).toBeGreaterThan(2000)
    let cut = 0
    const server = closing(await startTcpServer((socket) => void socket.end(head(whole.subarray(0, cut)))))
    const address = `http://127.0.0.1:${server.port}`
    // A probe is never repeated, and a client of its own each time keeps the breaker out of it.
    for (cut = 0; cut < whole.length; cut++) {
      const client = clientOf(address)
      const result = await client.fixDomain(name)
      expect(result, `cut at ${cut}`).toMatchObject({ failure: { code: 'unknown-outcome' } })
      client.close()
    }
    expect(server.requests).toHaveLength(whole.length)
  })
  test('faults 43: compressed, it is noticed too, up to the check sum that follows the data', async () => {
    const packed = gzipSync(whole)
    let cut = 0
    const server = closing(
      await startTcpServer((socket) => {
        const head = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\n\r\n'
        socket.end(Buffer.concat([Buffer.from(head), packed.subarray(0, cut)]))
      }),
    )
    for (cut = 0; cut < packed.length; cut++) {
      const client = clientOf(`http://127.0.0.1:${server.port}`)
      expect(await client.fixDomain(name), `cut at ${cut}`).toMatchObject({ ok: false })
      client.close()
    }
  })
})

describe('a body that has no end', () => {
  const bombs = {
    gzip: gzipSync(Buffer.alloc(200_000_000), { level: 1 }),
    br: brotliCompressSync(Buffer.alloc(200_000_000), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
    deflate: deflateSync(Buffer.alloc(50_000_000), { level: 1 }),
  }
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
  test.each(Object.entries(bombs))(
    'faults 46: %s: cut at 10 MB, within 64 MB of memory',
    async (encoding, bomb) => {
      for (const { call } of calls) {
        const { client } = await answering(httpAnswer(200, bomb, [`Content-Encoding: ${encoding}`]))
        const memory = await grown(async () => {
          expect(await call(client)).toMatchObject(bad('too-large'))
        })
        expect(memory).toBeLessThan(64_000_000)
      }
    },
  )
  test.each(Object.entries(bombs))(
    'faults 46: %s: an error is cut at 64 kB and keeps its meaning',
    async (encoding, bomb) => {
      const { client } = await answering(httpAnswer(409, bomb, [`Content-Encoding: ${encoding}`]))
      const memory = await grown(async () => {
        expect(await fix.call(client)).toMatchObject({ failure: { code: 'conflict' } })
      })
      expect(memory).toBeLessThan(64_000_000)
    },
  )
  test('faults 46: not compressed, it is cut as soon as it is too long', async () => {
    let sent = 0
    const server = closing(
      await startTcpServer((socket) => {
        const more = () => {
          for (let room = true; room && !socket.destroyed; sent += 65_536)
            room = socket.write(Buffer.alloc(65_536, 32))
        }
        socket.on('drain', more)
        socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n')
        more()
      }),
    )
    const client = clientOf(`http://127.0.0.1:${server.port}`)
    expect(await client.checkDomain(name)).toMatchObject(bad('too-large'))
    expect(sent).toBeLessThan(30_000_000)
  })
})

describe('what dimail says of a fleet', () => {
  const said = async (rows: unknown[]) => {
    const { client } = await answering(httpAnswer(200, JSON.stringify(rows)))
    return client.listDomains()
  }
  test('faults 52: rows that are not domains, or repeat one, are counted and cost nothing to the others', async () => {
    const rows = [
      healthy('a.example'),
      null,
      1,
      {},
      { name: 'b.example' },
      healthy('A.example'),
      healthy('b b'),
    ]
    const list = await said([...rows, healthy('c.example')])
    expect(list).toMatchObject({ ok: true, value: { rejected: 6 } })
    expect(list.ok && list.value.domains.map((domain) => domain.name)).toEqual(['a.example', 'c.example'])
  })
  test('faults 52: an unknown state, string booleans and new keys are kept as they are', async () => {
    const odd = {
      ...healthy('a.example'),
      state: 'thinking',
      valid: 'false',
      active: 'true',
      context_name: 'null',
      quux: [1],
    }
    expect(await said([odd])).toMatchObject({
      value: {
        domains: [{ state: 'thinking', valid: false, active: true, contextName: null, raw: odd }],
      },
    })
  })
  test('faults 52: a list shrunk to nothing is a list: the one who replaces the cache decides', async () => {
    expect(await said([])).toEqual({ ok: true, value: { domains: [], rejected: 0 } })
  })
  test.each([
    ['check', (client: Dimail) => client.checkDomain(name)],
    ['read', (client: Dimail) => client.readDomain(name)],
  ])('faults 52: the answer of a %s for another domain is refused', async (_, call) => {
    const server = closing(
      await startHttpServer((request, response) =>
        json(response, 200, request.url === '/token/' ? token : healthy('other.example')),
      ),
    )
    expect(await call(clientOf(server.address))).toMatchObject(bad('other-domain'))
  })
  test('faults 52: a domain is the one asked whatever its case', async () => {
    const { client } = await answering(httpAnswer(200, JSON.stringify(healthy(name.toUpperCase()))))
    expect(await client.checkDomain(name)).toMatchObject({ ok: true, value: { name } })
  })
  test('faults 52: a record without its value is a change of format', async () => {
    const { client } = await answering(httpAnswer(200, JSON.stringify([...spec, { target: '', type: 'mx' }])))
    expect(await client.spec(name)).toMatchObject(bad('shape'))
  })
})
