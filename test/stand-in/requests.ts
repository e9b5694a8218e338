import type { BrowserContext, Frame, Request as PageRequest, Route } from 'playwright-core'
import { record } from './journal.ts'
import { handlerFor, toMain } from './scheme.ts'

/** Whether the program lets `frame` go to `url`, which it knows as app://… */
export type MayNavigate = (frame: Frame, url: string) => boolean

/** Answers every request of every page with the handler of its scheme; all others are aborted. */
export async function answerRequests(context: BrowserContext, mayNavigate: MayNavigate): Promise<void> {
  await context.route('**/*', (route) => answer(route, mayNavigate))
}

async function answer(route: Route, mayNavigate: MayNavigate): Promise<void> {
  const request = route.request()
  const url = toMain(request.url())
  if (request.isNavigationRequest()) {
    const frame = frameOf(request)
    // A window that a page has just opened is closed once it shows something, be it an error.
    if (!frame) return route.abort('blockedbyclient')
    // 'aborted' leaves the document in place, where any other reason shows an error page.
    if (!mayNavigate(frame, url)) return route.abort('aborted')
  }
  const handler = handlerFor(url)
  if (!handler) {
    record({ kind: 'aborted-request', url })
    return route.abort('blockedbyclient')
  }
  try {
    const response = await handler(await toRequest(request, url))
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    })
  } catch (error) {
    console.error(`The handler of ${url} failed:`, error)
    await route.abort('failed').catch(() => undefined)
  }
}

/** None yet for a window that a page has just opened. */
function frameOf(request: PageRequest): Frame | undefined {
  try {
    return request.frame()
  } catch {
    return undefined
  }
}

async function toRequest(request: PageRequest, url: string): Promise<Request> {
  const body = request.postDataBuffer()
  return new Request(url, {
    method: request.method(),
    headers: await request.allHeaders().then(withoutPseudoHeaders),
    ...(body ? { body: new Uint8Array(body) } : {}),
  })
}

function withoutPseudoHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')))
}
