import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { contentSecurityPolicy } from './csp.ts'

export const origin = 'app://bundle'
export const home = `${origin}/index.html`

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

export type Manifest = ReadonlyMap<string, { bytes: Buffer; type: string }>

/** Every file of the built renderer, by its path: a page is looked up here, never on the disk (faults 7). */
export function readManifest(folder: string): Manifest {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return new Map(
    files.flatMap((entry) => {
      const file = join(entry.parentPath, entry.name)
      const type = types[extname(entry.name)]
      const path = `/${relative(folder, file).split(sep).join('/')}`
      return type === undefined ? [] : [[path, { bytes: readFileSync(file), type }] as const]
    }),
  )
}

/** The mark in index.html that each load replaces by a fresh nonce. */
const nonceMark = '__CSP_NONCE__'

/** Answers a request of the page: a file of the manifest, or nothing at all. */
export function answerPage(manifest: Manifest, request: Request): Response {
  const refuse = (status: number) =>
    new Response(null, { status, headers: { 'x-content-type-options': 'nosniff' } })
  if (request.method !== 'GET') return refuse(405)
  const url = URL.canParse(request.url) ? new URL(request.url) : null
  if (url === null || url.protocol !== 'app:' || url.host !== 'bundle') return refuse(400)
  const found = manifest.get(url.pathname)
  if (!found) return refuse(404)
  const nonce = randomBytes(16).toString('base64')
  const body = url.pathname.endsWith('.html')
    ? found.bytes.toString('utf8').replaceAll(nonceMark, nonce)
    : found.bytes
  return new Response(typeof body === 'string' ? body : new Uint8Array(body), {
    headers: {
      'content-type': found.type,
      'content-security-policy': contentSecurityPolicy(nonce),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    },
  })
}
