import { app } from './app.ts'
import { clipboard, Menu, net, safeStorage, shell } from './desktop.ts'
import { dialog } from './dialog.ts'
import { ipcMain } from './ipc-main.ts'
import { nativeTheme } from './native-theme.ts'
import { Notification } from './notification.ts'
import { standIn } from './partial.ts'
import { protocol } from './scheme.ts'
import { session } from './session.ts'
import { utilityProcess } from './utility-process.ts'
import { BrowserWindow } from './windows.ts'

const members = {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  net,
  Notification,
  protocol,
  safeStorage,
  session,
  shell,
  utilityProcess,
}

export {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeTheme,
  net,
  protocol,
  safeStorage,
  session,
  shell,
  utilityProcess,
}
export default standIn<typeof members>('electron', members)
