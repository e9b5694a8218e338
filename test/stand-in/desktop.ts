import { spawn } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import type { Clipboard, Menu as ElectronMenu, Net, SafeStorage, Shell } from 'electron'
import { isHeadless } from './chromium.ts'
import { record } from './journal.ts'
import { standIn } from './partial.ts'

export const shell = standIn<Shell>('shell', {
  async openExternal(url) {
    record({ kind: 'opened-link', url: new URL(url).href })
    if (process.env.DIMAIL_NO_BROWSER || isHeadless()) return
    const [command, ...args] = opener(url)
    const child = spawn(command, args, { detached: true, stdio: 'ignore' })
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
  },
})

function opener(url: string): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open', url]
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return ['xdg-open', url]
}

let copied = ''
export const clipboard = standIn<Clipboard>('clipboard', {
  async writeText(text) {
    copied = text
    record({ kind: 'clipboard', text })
  },
  readText: async () => copied,
})

export const net = standIn<Net>('net', {
  isOnline: () =>
    Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal)),
})

const noKeyring = () => new Error('Error while encrypting the text provided to safeStorage: no keyring.')
export const safeStorage = standIn<SafeStorage>('safeStorage', {
  isEncryptionAvailable: () => false,
  isAsyncEncryptionAvailable: async () => false,
  getSelectedStorageBackend: () => 'basic_text',
  encryptString() {
    throw noKeyring()
  },
  decryptString() {
    throw noKeyring()
  },
  encryptStringAsync: () => Promise.reject(noKeyring()),
  decryptStringAsync: () => Promise.reject(noKeyring()),
})

// Kept, never shown: Chromium's window has no menu bar to put it in.
let menu: ElectronMenu | null = null
export const Menu = standIn<typeof ElectronMenu>('Menu', {
  buildFromTemplate: () => standIn<ElectronMenu>('menu', {}),
  setApplicationMenu(next) {
    menu = next
  },
  getApplicationMenu: () => menu,
})
