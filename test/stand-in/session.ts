import type { Session, session as SessionClass, WebContents } from 'electron'
import { standIn } from './partial.ts'
import { protocol } from './scheme.ts'

type RequestHandler = Exclude<Parameters<Session['setPermissionRequestHandler']>[0], null>
type CheckHandler = Exclude<Parameters<Session['setPermissionCheckHandler']>[0], null>
type Permission = Parameters<RequestHandler>[1] & Parameters<CheckHandler>[1]

const asked: readonly Permission[] = [
  'clipboard-read',
  'clipboard-sanitized-write',
  'display-capture',
  'fileSystem',
  'geolocation',
  'hid',
  'idle-detection',
  'keyboardLock',
  'media',
  'midi',
  'notifications',
  'openExternal',
  'pointerLock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
]

let onRequest: RequestHandler | null = null
let onCheck: CheckHandler | null = null

const defaultSession = standIn<Session>('session.defaultSession', {
  protocol,
  setPermissionRequestHandler(handler) {
    onRequest = handler
  },
  setPermissionCheckHandler(handler) {
    onCheck = handler
  },
  // Chromium is given no device and no capture whatever these would say.
  setDevicePermissionHandler() {},
  setDisplayMediaRequestHandler() {},
})

export const session = standIn<typeof SessionClass>('session', { defaultSession })

/**
 * Asks the program's own handlers about every permission, as a page would; throws unless each is denied once,
 * since Electron grants everything without a handler and the stand-in can grant nothing.
 */
export function denyPermissions(webContents: WebContents, url: string): void {
  if (!onRequest || !onCheck) {
    throw new Error('no permission handlers: Electron would grant this page every permission')
  }
  for (const permission of asked) {
    const answers: boolean[] = []
    onRequest(webContents, permission, (granted) => answers.push(granted), {
      isMainFrame: true,
      requestingUrl: url,
    })
    const checked = onCheck(webContents, permission, url, { isMainFrame: true, requestingUrl: url })
    if (checked || answers.length !== 1 || answers[0] !== false) {
      throw new Error(`the stand-in grants no permission: '${permission}' must be denied, once`)
    }
  }
}
