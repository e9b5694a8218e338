import type { BrowserWindowConstructorOptions, BrowserWindow as ElectronWindow, WebContents } from 'electron'
import type { Frame, Page } from 'playwright-core'
import { chromiumContext, debuggingPort, isHeadless } from './chromium.ts'
import { createEmitter, createEvent } from './emitter.ts'
import { followTheme } from './native-theme.ts'
import { standIn } from './partial.ts'
import { type Contents, createContents } from './web-contents.ts'

type Entry = { window: ElectronWindow; contents: Contents; closeByUser(): boolean; closed: Promise<void> }
type AppEvent = (event: 'web-contents-created' | 'render-process-gone', ...args: unknown[]) => void

const entries = new Set<Entry>()
let allClosed = () => {}
let appEvent: AppEvent = () => {}
let latest = 0

export const onAllClosed = (listener: () => void) => {
  allClosed = listener
}
export const onContents = (listener: AppEvent) => {
  appEvent = listener
}

export function mayNavigate(frame: Frame, url: string): boolean {
  const entry = [...entries].find(({ contents }) => contents.isPage(frame.page()))
  return entry?.contents.mayNavigate(frame, url) ?? false
}

/** Closes every window as the system's "quit" does; false when one of them refuses. */
export async function closeWindows(): Promise<boolean> {
  const all = [...entries]
  if (!all.every((entry) => entry.closeByUser())) return false
  await Promise.all(all.map((entry) => entry.closed))
  return true
}

/** The page that Chromium opened with, then new ones. */
async function openPage(): Promise<Page> {
  const context = chromiumContext()
  const first = context.pages().find((page) => ![...entries].some(({ contents }) => contents.isPage(page)))
  const page = first ?? (await context.newPage())
  page.on('popup', (popup) => void popup.close().catch(() => undefined))
  return page
}

/** Electron's locks are options; the stand-in has no unlocked window to offer. */
function refuseUnlocked({ webPreferences = {} }: BrowserWindowConstructorOptions): void {
  const { sandbox, contextIsolation, nodeIntegration, nodeIntegrationInWorker, webSecurity, webviewTag } =
    webPreferences
  if (sandbox === false || contextIsolation === false || webSecurity === false) {
    throw new Error('the stand-in has sandboxed, isolated windows only')
  }
  if (nodeIntegration || nodeIntegrationInWorker || webviewTag) {
    throw new Error('the stand-in gives its pages neither Node nor webview')
  }
}

function createWindow(options: BrowserWindowConstructorOptions): ElectronWindow {
  chromiumContext()
  refuseUnlocked(options)
  const events = createEmitter('BrowserWindow', [
    'close',
    'closed',
    'ready-to-show',
    'show',
    'hide',
    // The stand-in's page is never moved by hand: accepted, not emitted.
    'focus',
    'blur',
    'resize',
    'resized',
    'move',
    'moved',
    'maximize',
    'unmaximize',
    'minimize',
    'restore',
    'unresponsive',
  ])
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>()
  let bounds = {
    x: options.x ?? 0,
    y: options.y ?? 0,
    width: options.width ?? 800,
    height: options.height ?? 600,
  }
  let title = options.title ?? ''
  let visible = options.show ?? true
  let shownOnce = false
  let destroyed = false

  const contents = createContents({
    id: ++latest,
    preload: options.webPreferences?.preload,
    inSubFrames: options.webPreferences?.nodeIntegrationInSubFrames ?? false,
    javascript: options.webPreferences?.javascript ?? true,
    open: openPage,
    onClosed: end,
    onLoaded() {
      if (shownOnce) return
      shownOnce = true
      events.emit('ready-to-show')
      if (debuggingPort()) console.error(`the stand-in's window answers on port ${debuggingPort()}`)
    },
    onCrashed: (webContents, details) =>
      appEvent('render-process-gone', createEvent({}), webContents, details),
  })
  const stopFollowing = followTheme(async (colorScheme) =>
    (await contents.page()).emulateMedia({ colorScheme }),
  )
  void applySize()

  async function applySize(): Promise<void> {
    const page = await contents.page()
    if (isHeadless()) await page.setViewportSize({ width: bounds.width, height: bounds.height })
  }

  function end(): void {
    if (destroyed) return
    destroyed = true
    stopFollowing()
    entries.delete(entry)
    events.emit('closed')
    onClosed()
    if (entries.size === 0) allClosed()
  }

  function destroy(): void {
    void contents.close().catch(end)
  }

  function closeByUser(): boolean {
    const event = createEvent({})
    events.emit('close', event)
    if (!event.defaultPrevented) destroy()
    return !event.defaultPrevented
  }

  const window: ElectronWindow = standIn<ElectronWindow>('BrowserWindow', {
    ...events.members((): ElectronWindow => window),
    id: latest,
    webContents: contents.webContents,
    loadURL: contents.load,
    show() {
      visible = true
      events.emit('show')
    },
    showInactive() {
      visible = true
      events.emit('show')
    },
    hide() {
      visible = false
      events.emit('hide')
    },
    isVisible: () => visible,
    focus: () => void contents.page().then((page) => page.bringToFront()),
    isFocused: () => visible,
    restore() {},
    isMinimized: () => false,
    isMaximized: () => false,
    isFullScreen: () => false,
    isDestroyed: () => destroyed,
    getBounds: () => ({ ...bounds }),
    getNormalBounds: () => ({ ...bounds }),
    getContentBounds: () => ({ ...bounds }),
    setBounds(next) {
      bounds = { ...bounds, ...next }
      void applySize()
    },
    setTitle(next) {
      title = next
    },
    getTitle: () => title,
    // The page paints its own background; the stand-in's window has no frame to paint.
    setBackgroundColor() {},
    close: () => void closeByUser(),
    destroy,
  })
  const entry: Entry = { window, contents, closeByUser, closed }
  entries.add(entry)
  appEvent('web-contents-created', createEvent({}), contents.webContents)
  return window
}

const statics = standIn<typeof ElectronWindow>('BrowserWindow', {
  getAllWindows: () => [...entries].map(({ window }) => window),
  fromWebContents: (webContents: WebContents) =>
    [...entries].find(({ contents }) => contents.webContents === webContents)?.window ?? null,
})

export const BrowserWindow = new Proxy(function BrowserWindow() {}, {
  construct: (_target, [options]) => createWindow(options ?? {}),
  get: (_target, key) => Reflect.get(statics, key),
})
