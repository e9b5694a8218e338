import { expect, test } from 'vitest'
import { expectCompletes, listen, send, valid } from './sign-in-loopback-raw.ts'

type Raw = (host: string, port: number) => string[]
const get = `GET ${valid} HTTP/1.1`
const hostile: [what: string, status: number | null, raw: Raw][] = [
  ['another host', 403, () => [get, 'Host: evil.test']],
  ['another host, our port', 403, (_, port) => [get, `Host: evil.test:${port}`]],
  ['localhost', 403, (_, port) => [get, `Host: localhost:${port}`]],
  ['no port', 403, () => [get, 'Host: 127.0.0.1']],
  ['another port', 403, (_, port) => [get, `Host: 127.0.0.1:${port + 1}`]],
  ['a decimal address', 403, (_, port) => [get, `Host: 2130706433:${port}`]],
  ['a hexadecimal address', 403, (_, port) => [get, `Host: 0x7f000001:${port}`]],
  ['an octal address', 403, (_, port) => [get, `Host: 0177.0.0.1:${port}`]],
  ['a short address', 403, (_, port) => [get, `Host: 127.1:${port}`]],
  ['all addresses', 403, (_, port) => [get, `Host: 0.0.0.0:${port}`]],
  ['IPv6', 403, (_, port) => [get, `Host: [::1]:${port}`]],
  ['IPv4 in IPv6', 403, (_, port) => [get, `Host: [::ffff:127.0.0.1]:${port}`]],
  ['a trailing dot', 403, (_, port) => [get, `Host: 127.0.0.1.:${port}`]],
  ['somebody before the host', 403, (host) => [get, `Host: user@${host}`]],
  ['something behind the host', 403, (host) => [get, `Host: ${host}/callback`]],
  ['a host that is no host', 403, () => [get, 'Host: %%%[:::']],
  ['an empty host', 403, () => [get, 'Host:']],
  ['two hosts', 400, (host) => [get, `Host: ${host}`, 'Host: evil.test']],
  ['twice our host', 400, (host) => [get, `Host: ${host}`, `Host: ${host}`]],
  ['no host', 400, () => [get]],
  ['HTTP/1.0', 400, (host) => [`GET ${valid} HTTP/1.0`, `Host: ${host}`]],
  ['HTTP/1.0 without host', 400, () => [`GET ${valid} HTTP/1.0`]],
  ['HTTP/0.9', 400, () => [`GET ${valid}`]],
  ['HTTP/2.0', 400, (host) => [`GET ${valid} HTTP/2.0`, `Host: ${host}`]],
  ['an absolute target', 404, (host) => [`GET http://evil.test${valid} HTTP/1.1`, `Host: ${host}`]],
  ['our own absolute target', 404, (host) => [`GET http://${host}${valid} HTTP/1.1`, `Host: ${host}`]],
  ['a target without scheme', 404, (host) => [`GET //evil.test${valid} HTTP/1.1`, `Host: ${host}`]],
  ['a slash too many', 404, (host) => [`GET /${valid} HTTP/1.1`, `Host: ${host}`]],
  ['a slash behind', 404, (host) => [`GET ${valid.replace('?', '/?')} HTTP/1.1`, `Host: ${host}`]],
  ['dots in the path', 404, (host) => [`GET /x/..${valid} HTTP/1.1`, `Host: ${host}`]],
  ['an escaped path', 404, (host) => [`GET ${valid.replace('c', '%63')} HTTP/1.1`, `Host: ${host}`]],
  ['another case', 404, (host) => [`GET ${valid.replace('/c', '/C')} HTTP/1.1`, `Host: ${host}`]],
  ['an asterisk', 404, (host) => ['GET * HTTP/1.1', `Host: ${host}`]],
  ['the root', 404, (host) => ['GET / HTTP/1.1', `Host: ${host}`]],
  ['the picture that browsers ask for', 404, (host) => ['GET /favicon.ico HTTP/1.1', `Host: ${host}`]],
  ['POST', 405, (host) => [`POST ${valid} HTTP/1.1`, `Host: ${host}`, 'Content-Length: 0']],
  ['HEAD', 405, (host) => [`HEAD ${valid} HTTP/1.1`, `Host: ${host}`]],
  ['OPTIONS', 405, (host) => [`OPTIONS ${valid} HTTP/1.1`, `Host: ${host}`]],
  ['TRACE', 405, (host) => [`TRACE ${valid} HTTP/1.1`, `Host: ${host}`]],
  ['CONNECT', null, (host) => [`CONNECT ${host} HTTP/1.1`, `Host: ${host}`]],
  ['a method that is none', 400, (host) => [`get ${valid} HTTP/1.1`, `Host: ${host}`]],
  ['a body', 400, (host) => [get, `Host: ${host}`, 'Content-Length: 5', '', 'hello']],
  ['a body in pieces', 400, (host) => [get, `Host: ${host}`, 'Transfer-Encoding: chunked', '', '0', '']],
  ['two lengths', 400, (host) => [get, `Host: ${host}`, 'Content-Length: 5', 'Content-Length: 6']],
  ['a header on two lines', 400, (host) => [get, `Host: ${host}`, 'X: y', ' z: {"']],
  ['no request at all', 400, () => ['\u0016\u0003\u0001\u0002\u0000']],
  ['20 kB of headers', 431, (host) => [get, `Host: ${host}`, `X: ${'x'.repeat(20_000)}`]],
]

test.each(hostile)('faults 28: %s: refused with %s', async (_what, status, raw) => {
  const listening = await listen()
  const answer = await send(listening.port, raw(listening.host, listening.port))
  expect(answer.status).toBe(status)
  expect(answer.head.includes('\r\nAllow: GET')).toBe(status === 405)
  expect(answer.head.toLowerCase()).not.toContain('access-control')
  expect(listening.isSettled()).toBe(false)
  expect(listening.loopback.redirectUri).toBe(`http://127.0.0.1:${listening.port}/callback`)
  await expectCompletes(listening)
})

const crossSite: [what: string, headers: string[]][] = [
  ['a script', ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: empty']],
  ['a script with CORS', ['Origin: https://evil.test', 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty']],
  ['a script of an old browser', ['Origin: https://evil.test']],
  ['a script without origin', ['Origin: null']],
  ['a frame', ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe']],
  ['a picture', ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image']],
  ['a web socket', ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']],
  ['half of a navigation', ['Sec-Fetch-Mode: navigate']],
  ['two modes', ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: document']],
]

test.each(crossSite)('faults 29: %s of another site: refused', async (_what, headers) => {
  const listening = await listen()
  const answer = await listening.get(valid, headers)
  expect(answer.status).toBe(403)
  expect(answer.head.toLowerCase()).not.toContain('access-control')
  expect(listening.isSettled()).toBe(false)
  await expectCompletes(listening)
})

test('faults 29: the redirect of the provider, itself another site, is let in', async () => {
  const listening = await listen()
  const answer = await listening.get(valid, [
    'Origin: null',
    'Sec-Fetch-Site: cross-site',
    'Sec-Fetch-Mode: navigate',
    'Sec-Fetch-Dest: document',
  ])
  expect(answer.status).toBe(200)
})

test('faults 29: every answer forbids to be framed, kept, told or added to', async () => {
  const { get, port } = await listen()
  const answers = [await get('/'), await get(valid), await send(port, ['nonsense'])]
  for (const { head } of answers) {
    expect(head).toMatch(/content-security-policy: default-src 'none'; .*frame-ancestors 'none'/i)
    expect(head).toMatch(/style-src 'sha256-[\w+/]{43}='\r/)
    expect(head).toMatch(/x-frame-options: deny/i)
    expect(head).toMatch(/referrer-policy: no-referrer/i)
    expect(head).toMatch(/cache-control: no-store/i)
    expect(head).toMatch(/x-content-type-options: nosniff/i)
    expect(head).toMatch(/connection: close/i)
    expect(head.toLowerCase()).not.toContain('access-control')
  }
})
