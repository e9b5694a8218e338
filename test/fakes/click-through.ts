import { type IncomingHttpHeaders, request } from 'node:http'

export type Shown = {
  /** Where it ended, after every redirect. */
  url: URL
  status: number
  headers: IncomingHttpHeaders
  text: string
}
type Cookie = { value: string; path: string }
/** `form`: posted, as a button of the page does. `follow: false` stops at the first answer. */
type Visit = { form?: Record<string, string>; follow?: boolean; language?: string }

/** What a browser does on loopback: it keeps cookies, follows redirects, and says that it opens whole pages. */
export function openBrowser(language = 'fr') {
  const cookies = new Map<string, Cookie>()

  function keep(url: URL, given: string[]) {
    for (const line of given) {
      const [pair = '', ...attributes] = line.split(/; */)
      const [, name = '', value = ''] = pair.match(/^([^=]+)=(.*)$/) ?? []
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? url.pathname
      const isGone = value === '' || attributes.some((one) => /^expires=.*1970/i.test(one))
      if (isGone) cookies.delete(name)
      else cookies.set(name, { value, path })
    }
  }

  async function visit(address: string | URL, how: Visit = {}, hops = 0): Promise<Shown> {
    const url = new URL(address)
    if (url.protocol !== 'http:' || url.hostname !== '127.0.0.1')
      throw new Error(`Not on loopback: ${url.host}`)
    const sent = [...cookies].filter(([, { path }]) => url.pathname.startsWith(path))
    const cookie = sent.map(([name, { value }]) => `${name}=${value}`).join('; ')
    const shown = await ask(url, cookie, how.language ?? language, how.form)
    keep(url, shown.headers['set-cookie'] ?? [])
    const { location } = shown.headers
    if (location === undefined || how.follow === false) return shown
    if (hops > 10) throw new Error('Redirected for ever')
    return visit(new URL(location, url), {}, hops + 1)
  }

  return {
    visit,
    cookies: () => [...cookies.keys()],
    /** Presses a button of a page; what is hidden in its form goes along. */
    press(page: Shown, name: string, value: string): Promise<Shown> {
      const form: Record<string, string> = { [name]: value }
      for (const [input] of page.text.matchAll(/<input type="hidden"[^>]*>/g)) {
        form[input.match(/name="([^"]*)"/)?.[1] ?? ''] = input.match(/value="([^"]*)"/)?.[1] ?? ''
      }
      const action = page.text.match(/<form[^>]* action="([^"]*)"/)?.[1] ?? ''
      return visit(new URL(action, page.url), { form })
    },
  }
}
export type Browser = ReturnType<typeof openBrowser>

/**
 * Signs in at the sandbox's provider as somebody does: opens the page, presses the button of an account, and ends
 * on the console's callback page, of which the text is answered. Only 127.0.0.1 is ever asked.
 */
export async function clickThrough(
  authorization: string | URL,
  agentId: string,
  browser: Browser = openBrowser(),
): Promise<string> {
  const page = await browser.visit(authorization)
  if (!page.text.includes(`value="${agentId}"`)) {
    throw new Error(`No button for ${agentId} on the page (${page.status}): ${page.text.slice(0, 2000)}`)
  }
  return (await browser.press(page, 'account', agentId)).text
}

function ask(url: URL, cookie: string, language: string, form?: Record<string, string>): Promise<Shown> {
  const body = form === undefined ? null : new URLSearchParams(form).toString()
  const headers = {
    accept: 'text/html,application/xhtml+xml',
    'accept-language': language,
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    'sec-fetch-site': 'same-site',
    ...(cookie !== '' && { cookie }),
    ...(body !== null && {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
      origin: url.origin,
    }),
  }
  return new Promise((resolve, reject) => {
    const call = request(url, { method: body === null ? 'GET' : 'POST', headers, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ url, status: answer.statusCode ?? 0, headers: answer.headers, text })
      })
    })
    call.on('error', reject)
    call.end(body ?? undefined)
  })
}
