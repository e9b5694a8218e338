import type { NativeImage, PrintToPDFOptions, WebContents, WebFrameMain } from 'electron'
import type { Frame, Page } from 'playwright-core'
import { bridgePreload } from './bridge.ts'
import type { OpenWindow } from './deny-windows.ts'
import { createEmitter, createEvent } from './emitter.ts'
import { createFrames } from './frames.ts'
import { record } from './journal.ts'
import { standIn } from './partial.ts'
import { toMain, toPage } from './scheme.ts'
import { denyPermissions, session } from './session.ts'

type WindowOpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0]

export type ContentsOptions = {
  id: number
  preload: string | undefined
  inSubFrames: boolean
  /** False: the page's scripts do not run. */
  javascript: boolean
  open: () => Promise<Page>
  onClosed: () => void
  onCrashed: (webContents: WebContents, details: { reason: 'crashed'; exitCode: number }) => void
  onLoaded: () => void
}

export type Contents = ReturnType<typeof createContents>

/** One page of Chromium with Electron's names. A page that crashed is replaced by a new one at `reload`. */
export function createContents(options: ContentsOptions) {
  const events = createEmitter('webContents', [
    'will-navigate',
    'will-frame-navigate',
    'render-process-gone',
    'did-finish-load',
    'did-fail-load',
    'console-message',
    'preload-error',
    'destroyed',
    // Never seen in Chromium's pages: accepted, not emitted.
    'will-redirect',
    'will-attach-webview',
    'unresponsive',
    'responsive',
    'before-input-event',
    'did-create-window',
  ])
  const frames = createFrames()
  let onWindowOpen: WindowOpenHandler | undefined
  let current: { page: Page; send(channel: string, args: unknown[]): void } | undefined
  let attached = attach()
  let loading = false
  let crashed = false
  let destroyed = false
  let lastUrl = ''
  // loadURL and reload raise no will-navigate: only what the page itself starts does.
  let expected: string | undefined

  async function attach() {
    const page = await options.open()
    const cdp = await page.context().newCDPSession(page)
    await frames.follow(cdp)
    if (!options.javascript) await cdp.send('Emulation.setScriptExecutionDisabled', { value: true })
    const { send } = await bridgePreload({
      cdp,
      frames,
      preload: options.preload,
      inSubFrames: options.inSubFrames,
      sender: () => webContents,
      onOpenWindow: openWindow,
      onPreloadError: (error) => {
        console.error(`Unable to load preload script: ${options.preload}`, error)
        events.emit('preload-error', createEvent({}), options.preload, error)
      },
    })
    // What the page's own hooks missed: the window exists by then, and windows.ts closes it.
    cdp.on('Page.windowOpen', ({ url, windowName, windowFeatures }) =>
      openWindow({ url, frameName: windowName, features: windowFeatures.join(',') }),
    )
    page.on('load', () => {
      loading = false
      events.emit('did-finish-load')
      options.onLoaded()
    })
    page.on('console', (message) => {
      const { url: sourceId, lineNumber } = message.location()
      const level = message.type()
      events.emit(
        'console-message',
        createEvent({ message: message.text(), level, lineNumber, sourceId, frame: frames.main }),
      )
    })
    page.on('crash', () => {
      crashed = true
      const details = { reason: 'crashed', exitCode: 5 } as const
      events.emit('render-process-gone', createEvent({}), details)
      options.onCrashed(webContents, details)
    })
    page.on('close', () => {
      if (current?.page === page) end()
    })
    current = { page, send }
    return current
  }

  function end(): void {
    if (destroyed) return
    destroyed = true
    events.emit('destroyed')
    options.onClosed()
  }

  function openWindow({ url, frameName, features }: OpenWindow): void {
    const answer = onWindowOpen?.({
      url: toMain(url),
      frameName,
      features,
      disposition: 'foreground-tab',
      referrer: { url: '', policy: 'strict-origin-when-cross-origin' },
    })
    if (answer?.action !== 'deny')
      throw new Error(`the stand-in opens no window from a page: ${url} must be denied`)
    record({ kind: 'denied-window', url: toMain(url) })
  }

  async function load(url: string): Promise<void> {
    lastUrl = url
    loading = true
    const { page } = await attached
    denyPermissions(webContents, url)
    expected = url
    const failed = await page.goto(toPage(url)).then(
      () => undefined,
      (error: unknown) => error,
    )
    expected = undefined
    if (failed === undefined) return
    loading = false
    events.emit('did-fail-load', createEvent({}), -2, String(failed), url, true)
    throw failed
  }

  async function reload(): Promise<void> {
    if (!crashed) return load(lastUrl)
    crashed = false
    const { page } = await attached
    // The order keeps Chromium alive: it ends with its last page.
    attached = attach()
    await attached
    await page.close()
    await load(lastUrl)
  }

  /** Whether the program's handlers let `frame` go to `url`; loads and reloads of its own always may. */
  function mayNavigate(frame: Frame, url: string): boolean {
    const isMainFrame = frame.parentFrame() === null
    if (isMainFrame && (url === expected || url === frames.main.url)) return true
    const subject: WebFrameMain | null = isMainFrame ? frames.main : null
    const event = createEvent({ url, isMainFrame, isSameDocument: false, frame: subject })
    events.emit('will-frame-navigate', event)
    if (isMainFrame && !event.defaultPrevented) events.emit('will-navigate', event, url)
    return !event.defaultPrevented
  }

  const webContents: WebContents = standIn<WebContents>('webContents', {
    ...events.members((): WebContents => webContents),
    id: options.id,
    mainFrame: frames.main,
    session: session.defaultSession,
    send(channel, ...args) {
      if (!destroyed && !crashed) current?.send(channel, args)
    },
    getURL: () => frames.main.url,
    getTitle: () => '',
    isLoading: () => loading,
    isDestroyed: () => destroyed,
    isCrashed: () => crashed,
    reload: () => void reload().catch((error: unknown) => console.error('The page did not reload:', error)),
    setWindowOpenHandler(handler) {
      onWindowOpen = handler
    },
    async capturePage() {
      const { page } = await attached
      return imageOf(await page.screenshot())
    },
    async printToPDF(given) {
      const { page } = await attached
      return page.pdf(pdfOptions(given))
    },
  })

  return {
    webContents,
    load,
    mayNavigate,
    page: () => attached.then(({ page }) => page),
    isPage: (page: Page) => current?.page === page,
    async close(): Promise<void> {
      const { page } = await attached
      await page.close()
      end()
    },
  }
}

/** Electron's words for a print in Playwright's; one that is not translated here throws. */
function pdfOptions(given: PrintToPDFOptions): Parameters<Page['pdf']>[0] {
  const {
    pageSize,
    printBackground,
    preferCSSPageSize,
    generateTaggedPDF,
    generateDocumentOutline,
    ...rest
  } = given
  const [strange] = Object.keys(rest)
  if (strange !== undefined || typeof pageSize === 'object')
    throw new Error(`the stand-in cannot print with ${strange ?? 'a page size of its own'}`)
  return {
    format: pageSize ?? 'Letter',
    printBackground: printBackground ?? false,
    preferCSSPageSize: preferCSSPageSize ?? false,
    tagged: generateTaggedPDF ?? false,
    outline: generateDocumentOutline ?? false,
  }
}

function imageOf(png: Buffer): NativeImage {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  return standIn<NativeImage>('nativeImage', {
    toPNG: () => png,
    getSize: () => ({ width, height }),
    isEmpty: () => png.length === 0,
  })
}
