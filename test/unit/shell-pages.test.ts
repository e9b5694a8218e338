import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentSecurityPolicy } from '../../main/shell/csp.ts'
import { answerPage, type Manifest, readManifest } from '../../main/shell/pages.ts'
import { folder } from '../fakes/folders.ts'

function built(): Manifest {
  const path = folder()
  mkdirSync(join(path, 'renderer/assets'), { recursive: true })
  writeFileSync(join(path, 'secret.html'), 'dehors')
  writeFileSync(join(path, 'renderer/index.html'), '<meta content="__CSP_NONCE__"><i title="__CSP_NONCE__">')
  for (const name of ['a.js', 'a.css', 'a.woff2', 'a.svg', 'a.png', 'a.map', 'a', '.env', 'a.html.bak'])
    writeFileSync(join(path, 'renderer/assets', name), `contenu de ${name}`)
  return readManifest(join(path, 'renderer'))
}
const get = (manifest: Manifest, url: string) => answerPage(manifest, new Request(url))

test('the manifest holds the files of the page, and no other kind of file', () => {
  expect([...built().keys()].sort()).toEqual([
    '/assets/a.css',
    '/assets/a.js',
    '/assets/a.png',
    '/assets/a.svg',
    '/assets/a.woff2',
    '/index.html',
  ])
})

test.each([
  ['/index.html', 'text/html; charset=utf-8'],
  ['/assets/a.js', 'text/javascript; charset=utf-8'],
  ['/assets/a.css', 'text/css; charset=utf-8'],
  ['/assets/a.woff2', 'font/woff2'],
  ['/assets/a.svg', 'image/svg+xml'],
  ['/assets/a.png', 'image/png'],
])('faults 8: %s is sent as %s, never guessed, with its policy', async (path, type) => {
  const answer = get(built(), `app://bundle${path}`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe(type)
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  const nonce = /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1] ?? ''
  expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy(nonce))
  expect(answer.headers.get('cache-control')).toBe('no-store')
})

test('faults 9: the policy lets the page load itself, and nothing else', () => {
  expect(contentSecurityPolicy('N').split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'nonce-N'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ])
})

test('the nonce of a page is in its header, everywhere in the page, and never twice the same', async () => {
  const manifest = built()
  const nonces = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const answer = get(manifest, 'app://bundle/index.html')
      const nonce = /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1] ?? ''
      expect(await answer.text()).toBe(`<meta content="${nonce}"><i title="${nonce}">`)
      return nonce
    }),
  )
  expect(new Set(nonces).size).toBe(50)
  expect(Math.min(...nonces.map((nonce) => Buffer.from(nonce, 'base64').length))).toBeGreaterThanOrEqual(16)
})

const outside = [
  ...['/../secret.html', '/../../secret.html', '/%2e%2e/secret.html', '/%2e%2e%2fsecret.html'],
  ...['/..%2fsecret.html', '/.%2e/secret.html', '/%2E%2E/%2E%2E/etc/passwd', '/..%5csecret.html'],
  ...['/..\\secret.html', '/assets/..\\..\\secret.html', '/assets/%2e%2e/%2e%2e/secret.html'],
  ...['/assets/../../secret.html', '/....//secret.html', '/..;/secret.html', '/%252e%252e/secret.html'],
  ...['/%c0%ae%c0%ae/secret.html', '//etc/passwd', '///etc/passwd', '//autre/index.html', '/etc/passwd'],
  ...['/file:///etc/passwd', '/C:/Windows/win.ini', '/C:%5cWindows', '/index.html%00', '/index.html%00.js'],
  ...['/%00', '/index.html/', '/index.html/.', '/INDEX.HTML', '/index', '/', '', '/assets', '/assets/'],
  ...['/assets/a.map', '/assets/a', '/assets/.env', '/assets/a.html.bak', '/index.html%20', '/%69ndex.html'],
  ...['/index.html;a', '/index.html%23', '/index.html%3f', '/__proto__', '/constructor', '/toString'],
  ...[`/${'a'.repeat(10_000)}`, `/${'../'.repeat(2000)}secret.html`, '/\u202Elmth.xedni', '/ındex.html'],
].map((path) => `app://bundle${path}`)
const elsewhere = [
  ...['app://autre/index.html', 'app://bundle.evil/index.html', 'app://bundle:81/index.html'],
  ...[
    'app://bundle@evil.example/index.html'.replace('bundle@', ''),
    'app://BUNDLE/index.html',
    'app://bundle./index.html',
  ],
  ...[
    'app:///index.html',
    'app:index.html',
    'app:/index.html',
    'https://bundle/index.html',
    'http://bundle/index.html',
  ],
  ...[
    'file:///etc/passwd',
    'data:text/html,a',
    'about:blank',
    'blob:app://bundle/index.html',
    'apps://bundle/index.html',
  ],
]

describe('nothing outside the manifest is ever served', () => {
  test('faults 7: the table has at least 40 addresses', () => {
    expect(new Set([...outside, ...elsewhere]).size).toBeGreaterThanOrEqual(40)
  })

  test.each([...outside, ...elsewhere].map((url) => ({ shown: url.slice(0, 60), url })))(
    'faults 7: $shown',
    async ({ url }) => {
      const answer = get(built(), url)
      expect([400, 404]).toContain(answer.status)
      expect(await answer.text()).toBe('')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    },
  )

  test.each(['POST', 'PUT', 'HEAD', 'DELETE', 'OPTIONS'])('faults 7: with the method %s', (method) => {
    expect(answerPage(built(), new Request('app://bundle/index.html', { method })).status).toBe(405)
  })

  test('faults 7: an address that goes round within the page still gives a file of the manifest', async () => {
    const answer = get(built(), 'app://bundle/assets/../assets/a.js?v=1#x')
    expect(await answer.text()).toBe('contenu de a.js')
  })
})
