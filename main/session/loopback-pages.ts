import { createHash } from 'node:crypto'
import { type CallbackPage, callbackPages } from './loopback-request.ts'

export type Page = { headers: Readonly<Record<string, string | number>>; body: Buffer }
export type Pages = ReadonlyMap<CallbackPage, Page>

/** Every page made before anything listens: no request can make one fail. */
export const renderPages = (html: (page: CallbackPage) => string): Pages =>
  new Map(callbackPages.map((page) => [page, rendered(html(page))]))

export function pageOf(pages: Pages, page: CallbackPage): Page {
  const found = pages.get(page)
  if (found === undefined) throw new Error(`No page ${page}`)
  return found
}

/**
 * The headers of every answer: nothing is loaded, framed, kept or read by another site, and the address, which holds
 * the code, is told to nobody (docs/faults.md 29; RFC 9700 4.2).
 */
function rendered(html: string): Page {
  const body = Buffer.from(html)
  const styles = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(
    ([, style = '']) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  )
  const policy = [
    `default-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    ...(styles.length > 0 ? [`style-src ${styles.join(' ')}`] : []),
  ]
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': body.length,
    'Content-Security-Policy': policy.join('; '),
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    Connection: 'close',
  }
  return { headers, body }
}
