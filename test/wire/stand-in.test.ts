import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Driven, drive } from '../stand-in/drive.ts'

const here = (path: string) => fileURLToPath(new URL(`../stand-in/${path}`, import.meta.url))
const entry = here('fixture/main.ts')
let data: string
let program: Driven

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'stand-in-data-'))
  program = await drive(entry, [], { FIXTURE_DATA: data })
})

afterAll(async () => {
  await program.kill()
  rmSync(data, { recursive: true, force: true, maxRetries: 5 })
})

/** Runs an expression in the page, as its scripts would. */
const inPage = (expression: string): Promise<unknown> => program.page.evaluate(expression)
const refusal = (expression: string) => inPage(`Promise.resolve().then(() => ${expression}).catch(String)`)
const seen = () => inPage('bridge.invoke("seen")')

test('the preload ran before the first script of the page, and left it neither require nor the way to main', async () => {
  expect(await inPage('atFirst')).toEqual({ bridge: 'object', require: 'undefined', bindings: [] })
})

test('faults 20: the preload may require electron only, and of it the bridge and ipcRenderer only', async () => {
  expect(await inPage('bridge.refusals')).toEqual({
    fs: expect.stringContaining('module not found: node:fs'),
    shell: expect.stringContaining('the stand-in has no electron (in a preload).shell'),
    taken: expect.stringContaining('Cannot bind an API on top of an existing property'),
  })
})

test('faults 20: what the preload exposed is frozen and cannot be replaced', async () => {
  expect(await inPage('[bridge, bridge.nested, bridge.nested.list].every(Object.isFrozen)')).toBe(true)
  expect(await refusal('{ "use strict"; window.bridge = 1 }')).toContain('read only property')
  expect(await inPage('typeof bridge.invoke')).toBe('function')
})

test('a value crosses both ways as a structured clone: dates, maps, sets, bytes, cycles, odd numbers', async () => {
  const ok = await inPage(`(async () => {
    const value = { date: new Date(5), map: new Map([[{ a: 1 }, new Set([1n])]]), bytes: new Uint8Array([1, 255]), odd: [NaN, -0, Infinity, undefined, , 'x\\ud800'] }
    value.self = value
    Object.defineProperty(value, '__proto__', { value: 1, enumerable: true })
    const back = await bridge.invoke('echo', value)
    const [[key, set]] = back.map
    return [
      back !== value, back.self === back, back.date.getTime() === 5, key.a === 1, set.has(1n),
      back.bytes[1] === 255, Number.isNaN(back.odd[0]), Object.is(back.odd[1], -0), back.odd[2] === Infinity,
      3 in back.odd, !(4 in back.odd), back.odd[5] === 'x\\ud800', Object.hasOwn(back, '__proto__'),
    ]
  })()`)
  expect(ok).toEqual(new Array(13).fill(true))
})

test('the bridge carries a value 900 levels deep, and refuses one beyond the 1,000 that Electron allows', async () => {
  const echo = (levels: number) => `(async () => {
    let value = 'bottom'
    for (let level = 0; level < ${levels}; level++) value = [value]
    let back = await bridge.invoke('echo', value)
    let depth = 0
    while (Array.isArray(back)) { back = back[0]; depth++ }
    return [back, depth]
  })()`
  expect(await inPage(echo(900))).toEqual(['bottom', 900])
  expect(await refusal(echo(2000))).toContain('recursion depth exceeded')
})

test('a function crosses in neither direction', async () => {
  expect(await refusal('bridge.invoke("echo", { call: new WeakMap() })')).toContain('could not be cloned')
  expect(await refusal('bridge.invoke("function")')).toContain('could not be cloned')
})

test('a rejection reaches the page in the words of Electron, and so does a call that nobody handles', async () => {
  expect(await refusal('bridge.invoke("fail")')).toBe(
    "Error: Error invoking remote method 'fail': Error: the mock has no such thing",
  )
  expect(await refusal('bridge.invoke("nobody")')).toBe(
    "Error: Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
  )
})

test('what main sends reaches the listeners of the preload', async () => {
  await inPage('bridge.invoke("push", { at: new Date(7) })')
  await expect.poll(() => inPage('bridge.pushed().map(({ at }) => at.getTime())')).toEqual([7])
})

test('faults 2: a call carries the frame it came from, the main one being the window’s own', async () => {
  const main = {
    url: 'app://bundle/index.html',
    origin: 'app://bundle',
    parent: null,
    isMain: true,
    isWindow: true,
  }
  expect(await inPage('bridge.invoke("sender")')).toEqual(main)
  const fromFrame = await inPage(`new Promise((resolve) => {
    addEventListener('message', ({ data }) => resolve(data), { once: true })
    document.body.append(Object.assign(document.createElement('iframe'), { src: '/frame.html' }))
  })`)
  expect(fromFrame).toEqual({
    ...main,
    url: 'app://bundle/frame.html',
    parent: 'app://bundle/index.html',
    isMain: false,
  })
})

test('faults 9: the real policy header is enforced: an inline script did not run, nor does one added later', async () => {
  expect(await inPage('typeof window.inline')).toBe('undefined')
  const blocked = inPage(`new Promise((resolve) => {
    addEventListener('securitypolicyviolation', ({ blockedURI }) => resolve(blockedURI), { once: true })
    document.body.append(Object.assign(document.createElement('script'), { text: 'window.later = 1' }))
  })`)
  expect(await blocked).toBe('inline')
  expect(await inPage('typeof window.later')).toBe('undefined')
})

test('a notification is told to the test, which can click it, once', async () => {
  expect(await inPage('bridge.invoke("notify")')).toBe(true)
  expect(program.notifications()).toEqual([{ title: 'Fixture', body: 'Something happened' }])
  program.clickNotification(0)
  program.clickNotification(0)
  const heard = async () => [await seen()].flat().filter((one) => String(one).startsWith('notification'))
  await expect.poll(heard).toEqual(['notification clicked', 'notification closed'])
})

test('a request to any other origin is aborted, loopback too', async () => {
  for (const url of ['https://elsewhere.example/x', 'https://127.0.0.1:9/x']) {
    expect(await refusal(`fetch('${url}', { mode: 'no-cors' })`)).toContain('Failed to fetch')
    expect(program.journal()).toContainEqual({ kind: 'aborted-request', url })
  }
})

test('faults 12: a navigation that the program denies leaves the page where it is', async () => {
  const attempts = {
    'https://elsewhere.example/': 'location.href = "https://elsewhere.example/"',
    'app://bundle/other.html':
      'document.body.append(Object.assign(document.createElement("a"), { href: "/other.html", id: "link" })) || link.click()',
    'https://form.example/':
      'document.body.append(Object.assign(document.createElement("form"), { action: "https://form.example/", method: "post", id: "form" })) || form.submit()',
  }
  for (const [url, attempt] of Object.entries(attempts)) {
    await inPage(`void (${attempt})`)
    await expect.poll(seen).toContain(`navigation ${url}`)
  }
  expect(await inPage('document.querySelector("h1").textContent')).toBe('Fixture')
  expect(await inPage('bridge.invoke("sender").then(({ url }) => url)')).toBe('app://bundle/index.html')
})

test('faults 13: window.open, target=_blank and a middle click reach the handler once, and open nothing', async () => {
  expect(await inPage('window.open("https://elsewhere.example/script")')).toBeNull()
  await inPage(`{
    const link = document.createElement('a')
    Object.assign(link, { href: 'https://elsewhere.example/link', target: '_blank', textContent: 'Elsewhere' })
    document.body.append(link)
  }`)
  const link = program.page.getByRole('link', { name: 'Elsewhere' })
  await link.click()
  await link.evaluate((element) => element.setAttribute('href', 'https://elsewhere.example/middle'))
  await link.click({ button: 'middle' })
  const windows = ['script', 'link', 'middle'].map((path) => `window https://elsewhere.example/${path}`)
  await expect
    .poll(async () =>
      Object.values(Object(await seen())).filter((entry) => String(entry).startsWith('window')),
    )
    .toEqual(windows)
  expect(program.browser.contexts().flatMap((context) => context.pages())).toHaveLength(1)
})

test('faults 13: a window that escapes the page’s own refusal is closed', async () => {
  await inPage(
    'void Object.assign(document.createElement("a"), { href: "https://elsewhere.example/loose", target: "_blank" }).click()',
  )
  await expect.poll(seen).toContain('window https://elsewhere.example/loose')
  await expect.poll(() => program.browser.contexts().flatMap((context) => context.pages()).length).toBe(1)
})

test('faults 15: the handlers are asked for each permission, and Chromium denies it', async () => {
  expect(await seen()).toEqual(
    expect.arrayContaining(['permission media', 'permission geolocation', 'permission hid']),
  )
  expect(
    await inPage('navigator.permissions.query({ name: "geolocation" }).then(({ state }) => state)'),
  ).toBe('denied')
  expect(await inPage('Notification.permission')).toBe('denied')
})

test('what the stand-in lacks or Electron forbids throws', async () => {
  const refused = {
    missing: 'the stand-in has no app.dock',
    unlocked: 'sandboxed, isolated windows only',
    late: 'before app is ready',
    twice: 'second handler',
  }
  for (const [channel, words] of Object.entries(refused))
    expect(await refusal(`bridge.invoke('${channel}')`)).toContain(words)
})

test('links opened and text copied are told to the test, the theme reaches the page, the window can be pictured', async () => {
  await inPage('bridge.invoke("outside")')
  expect(program.journal()).toEqual(
    expect.arrayContaining([
      { kind: 'clipboard', text: 'copied text' },
      { kind: 'opened-link', url: 'https://docs.example/page' },
    ]),
  )
  await inPage('bridge.invoke("dark")')
  await expect.poll(() => inPage('matchMedia("(prefers-color-scheme: dark)").matches')).toBe(true)
  expect(await inPage('[innerWidth, innerHeight, devicePixelRatio]')).toEqual([900, 500, 1])
  expect(await inPage('bridge.invoke("picture")')).toBe('PNG')
})

test('a letter is printed as a real PDF, tagged and with an outline; nothing in it runs or fetches, its window is gone', async () => {
  const letter = `<!doctype html><html lang="fr"><head><title>Reglages DNS</title></head><body><h1>Lettre</h1>
    <script>document.title = 'ran'</script><img src="https://elsewhere.example/tracker"><h2>Suite</h2></body></html>`
  const pdf = String(
    await inPage(`bridge.invoke('print', ${JSON.stringify(letter)}).then((pdf) =>
      Array.from(pdf, (byte) => String.fromCharCode(byte)).join(''))`),
  )
  expect(pdf.slice(0, 5)).toBe('%PDF-')
  expect(pdf).toContain('/Title (Reglages DNS)')
  expect(pdf).toContain('/StructTreeRoot')
  expect(pdf).toContain('/Outlines')
  expect(pdf).toMatch(/\/MediaBox \[0 0 59[4-6][.\d]* 84[12][.\d]*\]/)
  await expect.poll(() => program.browser.contexts().flatMap((context) => context.pages()).length).toBe(1)
})

test('a utility process gets its own arguments and environment, speaks on its output, and tells its end', async () => {
  const { lines, ...rest } = Object(await inPage('bridge.invoke("child")'))
  expect(rest).toEqual({ code: 7 })
  expect(JSON.parse(lines[0])).toEqual(['given', 'from main', null])
})

test('faults 17: a second instance is refused and its arguments reach the first', async () => {
  const args = ['--import', here('register.mjs'), entry, 'dimail://second']
  const second = spawnSync(process.execPath, args, { env: { ...process.env, FIXTURE_DATA: data } })
  expect(second.status).toBe(3)
  await expect.poll(seen).toContain('second dimail://second')
})

test('an entry that awaits readiness at its top level waits for ever, as in Electron, and is told why', () => {
  const args = ['--import', here('register.mjs'), here('fixture/deadlock.mjs')]
  const { status, stderr } = spawnSync(process.execPath, args)
  expect(status).toBe(13)
  expect(String(stderr)).toContain('electron/electron#40719')
})

test('faults 16: a page that crashes is told as gone, and comes back at reload', async () => {
  const fresh = program.page.context().waitForEvent('page')
  await program.page.goto('chrome://crash').catch(() => undefined)
  program.page = await fresh
  await program.page.getByRole('heading', { name: 'Fixture' }).waitFor()
  expect(await seen()).toContain('gone crashed')
})

test('faults 20: a frame within the page gets no preload, as the console asks', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-data-'))
  const other = await drive(entry, [], { FIXTURE_DATA: folder, FIXTURE_FRAMES: 'bare' })
  const bridges = other.page.evaluate(`new Promise((resolve) => {
    const frame = Object.assign(document.createElement('iframe'), { src: '/frame.html' })
    frame.addEventListener('load', () => resolve([typeof bridge, typeof frame.contentWindow.bridge]))
    document.body.append(frame)
  })`)
  expect(await bridges).toEqual(['object', 'undefined'])
  await other.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

test('asked to end by the system, the program ends well and its Chromium with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-data-'))
  const other = await drive(entry, [], { FIXTURE_DATA: folder })
  expect(await other.close()).toBe(0)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

test('killed, the program takes its Chromium with it and the lock is free again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-data-'))
  const first = await drive(entry, [], { FIXTURE_DATA: folder })
  await first.kill()
  const again = await drive(entry, [], { FIXTURE_DATA: folder })
  expect(await again.page.title()).toBe('')
  await again.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})
