import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { BrowserWindow, dialog, type WebContents, type WebPreferences } from 'electron'
import type { Push } from '../../preload/channels.ts'
import type { Pushed } from '../../preload/contract.ts'
import { home } from './pages.ts'

/** Never built from anything but these literals (docs/faults.md 1). */
export const webPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  spellcheck: false,
} as const satisfies WebPreferences

/** A page that dies more often than this is not loaded again: it would only die again. */
const deathsAMinute = 3

const paintedWithinMs = 20_000

export type ConsoleWindow = {
  page(): WebContents | null
  show(): void
  /** Sends a push of the contract; nobody listens while the page loads, which reads everything then anyway. */
  push<P extends Push>(push: P, value: Pushed<P>): void
  picture(file: string): Promise<void>
}

/** The one window. A page that dies is loaded again: all it showed is in the main process. */
export function createWindow(out: string, visible: boolean, died: (reason: string) => void): ConsoleWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Console dimail',
    webPreferences: { ...webPreferences, preload: join(out, 'preload', 'index.cjs') },
  })
  if (visible) window.once('ready-to-show', () => window.show())
  let deaths: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    died(reason)
    if (window.isDestroyed() || reason === 'clean-exit') return
    deaths = [...deaths.filter((at) => Date.now() - at < 60_000), Date.now()]
    if (deaths.length <= deathsAMinute) window.webContents.reload()
    else dialog.showErrorBox('Console dimail', 'La fenêtre s’arrête sans cesse. The window keeps stopping.')
  })
  void window.loadURL(home)
  return {
    page: () => (window.isDestroyed() ? null : window.webContents),
    show() {
      if (window.isDestroyed()) return
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
    push(push, value) {
      if (!window.isDestroyed() && !window.webContents.isDestroyed()) window.webContents.send(push, value)
    },
    async picture(file) {
      // A window that was never shown may never be painted: electron/electron#36376.
      const late = delay(paintedWithinMs, null, { ref: false })
      const image = await Promise.race([window.webContents.capturePage(), late])
      if (image === null) throw new Error('the window could not be pictured in time')
      writeFileSync(file, image.toPNG())
    },
  }
}
