import { mkdirSync } from 'node:fs'
import { app, ipcMain, protocol } from 'electron'
import { answerPage, type Manifest } from './pages.ts'

/** What must be said to Electron before it is ready. `userData` is null for the system's usual place. */
export function prepareProgram({ userData, headless }: { userData: string | null; headless: boolean }): void {
  app.setName('Console dimail')
  app.setAppUserModelId('fr.gouv.lasuite.dimail-console')
  if (userData !== null) {
    mkdirSync(userData, { recursive: true, mode: 0o700 })
    app.setPath('userData', userData)
  }
  if (headless) app.commandLine.appendSwitch('disable-gpu')
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
}

/** False when another console already holds this data: that one is shown instead. */
export function isOnlyInstance(showWindow: () => void): boolean {
  app.on('second-instance', showWindow)
  return app.requestSingleInstanceLock()
}

export function servePages(manifest: Manifest): void {
  protocol.handle('app', (request) => answerPage(manifest, request))
}

/** Ends the program once `leave` is done: databases closed, sandbox ended, repairs answered. */
export function leaveWell(leave: () => Promise<void>): void {
  let state: 'here' | 'leaving' | 'left' = 'here'
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (state === 'left') return
    event.preventDefault()
    // Asked twice, it still waits for what must not be dropped.
    if (state === 'leaving') return
    state = 'leaving'
    void leave().finally(() => {
      state = 'left'
      app.quit()
    })
  })
}

export const ready = (): Promise<void> => app.whenReady()
export const leaveWith = (code: number): void => app.exit(code)
export const calls = ipcMain

/** What the program knows of itself and of where it runs. */
export const programFacts = () => ({
  version: app.getVersion(),
  userData: app.getPath('userData'),
  systemLocale: app.getLocale(),
  standIn: process.versions.electron === undefined,
})
