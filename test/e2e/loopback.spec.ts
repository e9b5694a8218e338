import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, expect, type Page, test } from '@playwright/test'
import { type CallbackPage, type Loopback, listenForCallback } from '../../main/session/loopback.ts'
import { unwrap } from '../../preload/failure.ts'
import { findBrowser } from '../tools/browser.mjs'

const state = '0123456789abcdefghijklmnopqrstuvwxyz-_ABCDE'
const style = 'p { color: rgb(1, 2, 3) }'
const page = (which: CallbackPage) =>
  `<!doctype html><title>${which}</title><style>${style}</style><p>${which}</p>`

type Attempt = { loopback: Loopback; callback: string; rebound: string; settled: () => boolean }

/** One attempt to sign in, with the address of its callback, also by the name of another site. */
async function attempt(): Promise<Attempt & { close: () => void }> {
  const { signal } = new AbortController()
  const loopback = unwrap(await listenForCallback({ ports: [0], path: '/callback', state, page, signal }))
  const callback = `${loopback.redirectUri}?code=the-code&state=${state}`
  let isSettled = false
  void loopback.callback.then(() => {
    isSettled = true
  })
  const rebound = callback.replace('127.0.0.1', 'evil.test')
  return { loopback, callback, rebound, settled: () => isSettled, close: loopback.close }
}

/** Another site: an empty page, and a redirect to where it is told, as the provider's. */
async function startOther() {
  const server = createServer((request, response) => {
    const to = new URLSearchParams(request.url?.split('?')[1]).get('to')
    if (to === null) response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>other</title>')
    else response.writeHead(303, { Location: to }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { address: `http://evil.test:${port}/`, close: () => server.closeAllConnections() ?? server.close() }
}

let browser: Browser
test.beforeAll(async () => {
  const executablePath = await findBrowser()
  browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ['--host-resolver-rules=MAP evil.test 127.0.0.1'],
    chromiumSandbox: process.platform !== 'linux' || process.getuid?.() !== 0,
  })
})
test.afterAll(() => browser.close())

/** Status and header names of every answer the browser got from us, those it keeps from the page included. */
async function answersSeen(page: Page): Promise<string[]> {
  const answers: string[] = []
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  session.on('Network.responseReceivedExtraInfo', ({ statusCode, headers }) => {
    const names = Object.keys(headers).join().toLowerCase()
    // The other site's own answers have no such header.
    if (names.includes('x-frame-options')) answers.push(`${statusCode} ${names}`)
  })
  session.on('Network.webSocketFrameError', ({ errorMessage }) =>
    answers.push(/code: (\d+)/.exec(errorMessage)?.[1] ?? errorMessage),
  )
  return answers
}

/** What a page of another site can do with an address; each tells what it could read of the answer. */
const attacks: Record<string, (page: Page, url: string) => Promise<unknown>> = {
  fetch: (page, url) =>
    page.evaluate(async (url) => {
      try {
        return await (await fetch(url)).text()
      } catch {
        return 'unread'
      }
    }, url),
  'fetch that reads nothing': (page, url) =>
    page.evaluate(async (url) => {
      const { type } = await fetch(url, { mode: 'no-cors' }).catch(() => ({ type: 'opaque' }))
      return type === 'opaque' ? 'unread' : type
    }, url),
  'fetch with headers of its own': (page, url) =>
    page.evaluate(async (url) => {
      const headers = { 'X-Own': '1', Authorization: 'Bearer x' }
      return fetch(url, { method: 'POST', headers }).then(
        (answer) => answer.text(),
        () => 'unread',
      )
    }, url),
  'web socket': (page, url) =>
    page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const socket = new WebSocket(url.replace('http', 'ws'))
          socket.onopen = () => resolve('open')
          socket.onerror = () => resolve('unread')
        }),
      url,
    ),
  picture: (page, url) =>
    page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const picture = new Image()
          picture.onload = () => resolve('shown')
          picture.onerror = () => resolve('unread')
          picture.src = url
        }),
      url,
    ),
  frame: async (page, url) => {
    await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const frame = document.createElement('iframe')
          frame.onload = resolve
          frame.src = url
          document.body.append(frame)
        }),
      url,
    )
    const texts = await Promise.all(page.frames().map((frame) => frame.locator('body').innerText()))
    return texts.join('') === '' || !texts.join('').includes('done') ? 'unread' : texts
  },
  form: async (page, url) => {
    const answer = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.evaluate((url) => {
      const form = document.createElement('form')
      form.method = 'post'
      form.action = url
      document.body.append(form)
      form.submit()
    }, url)
    return (await answer).status() === 403 ? 'unread' : 'taken'
  },
}

for (const [what, attack] of Object.entries(attacks)) {
  test(`faults 29: ${what} from another site has no effect on the sign-in`, async () => {
    const other = await startOther()
    const { loopback, callback, rebound, settled, close } = await attempt()
    const context = await browser.newContext()
    for (const url of [callback, rebound]) {
      const tab = await context.newPage()
      await tab.goto(other.address)
      const answers = await answersSeen(tab)
      expect(await attack(tab, url)).toBe('unread')
      await expect.poll(() => answers.length).toBeGreaterThan(0)
      for (const answer of answers) expect(answer).toMatch(/^403(?!.*access-control)/s)
    }
    expect(settled()).toBe(false)

    const tab = await context.newPage()
    await tab.goto(`${other.address}?to=${encodeURIComponent(callback)}`)
    await expect(tab).toHaveTitle('done')
    expect(unwrap(await loopback.callback).get('code')).toBe('the-code')
    await context.close()
    close()
    other.close()
  })
}

test('faults 29: the name of another site that leads here is refused, and its page holds no script', async () => {
  const { callback, rebound, settled, close } = await attempt()
  const tab = await browser.newPage()
  const refused = await tab.goto(rebound)
  expect(refused?.status()).toBe(403)
  expect(settled()).toBe(false)
  const taken = await tab.goto(callback)
  expect(taken?.status()).toBe(200)
  await expect(tab.locator('p')).toHaveCSS('color', 'rgb(1, 2, 3)')
  expect(taken?.headers()['content-security-policy']).toContain("frame-ancestors 'none'")
  await tab.close()
  close()
})
