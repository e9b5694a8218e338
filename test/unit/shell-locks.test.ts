import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { calls, pushes } from '../../preload/channels.ts'
import { loadWithElectron } from '../fakes/electron.ts'

const shell = (name: string) => join(import.meta.dirname, '../../main/shell', name)

type Listener = (...given: unknown[]) => unknown
const exposed = new Map<string, Record<string, Listener>>()
const invoked: unknown[][] = []
const listening = new Map<string, Listener>()
const vaultKey = { available: true, backend: 'gnome_libsecret' }
const electron = {
  app: {},
  session: {},
  BrowserWindow: class {},
  dialog: {},
  contextBridge: {
    exposeInMainWorld: (name: string, value: Record<string, Listener>) => void exposed.set(name, value),
  },
  ipcRenderer: {
    invoke: async (...given: unknown[]) => void invoked.push(given),
    on: (push: string, listener: Listener) => void listening.set(push, listener),
    off: (push: string, listener: Listener) => listening.get(push) === listener && listening.delete(push),
  },
  safeStorage: {
    isEncryptionAvailable: () => vaultKey.available,
    getSelectedStorageBackend: () => vaultKey.backend,
    encryptString: (text: string) => Buffer.from(`chiffré:${Buffer.from(text).toString('base64')}`),
    decryptString: (blob: Buffer) => {
      const [mark, text = ''] = blob.toString().split(':')
      if (mark !== 'chiffré') throw new Error('Error while decrypting the ciphertext')
      return Buffer.from(text, 'base64').toString()
    },
  },
}
const { isOurFrame, isOurPage }: typeof import('../../main/shell/locks.ts') = loadWithElectron(
  electron,
  shell('locks.ts'),
)
const { webPreferences }: typeof import('../../main/shell/window.ts') = loadWithElectron(
  electron,
  shell('window.ts'),
)
loadWithElectron(electron, join(import.meta.dirname, '../../preload/index.ts'))

test('faults 1: the window is locked as it was on the first day', () => {
  expect(webPreferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: false,
  })
})

describe('a frame is ours', () => {
  const top = { url: 'app://bundle/index.html', parent: null }
  test.each<[string, Parameters<typeof isOurFrame>[0], boolean]>([
    ['at the top of our page', top, true],
    ['wherever in our page', { url: 'app://bundle/index.html#/domaines?a', parent: null }, true],
    ['not when it is gone', null, false],
    ['not within another', { ...top, parent: top }, false],
    ['not within anything', { ...top, parent: {} }, false],
    ['not on another host', { url: 'app://autre/index.html', parent: null }, false],
    ['not on a host that begins alike', { url: 'app://bundle.evil.example/', parent: null }, false],
    ['not on another port', { url: 'app://bundle:81/', parent: null }, false],
    ['not under another scheme', { url: 'https://bundle/', parent: null }, false],
    ['not in a file', { url: 'file:///bundle/index.html', parent: null }, false],
    ['not when empty', { url: 'about:blank', parent: null }, false],
    ['not in a document of its own', { url: 'about:srcdoc', parent: null }, false],
    [
      'not in an address that holds its content',
      { url: 'data:text/html,app://bundle/', parent: null },
      false,
    ],
    ['not in a blob', { url: 'blob:app://bundle/1', parent: null }, false],
    ['not without an address', { url: '', parent: null }, false],
    ['not with half an address', { url: 'app:', parent: null }, false],
    ['not when our name is its user', { url: 'app://bundle@evil.example/', parent: null }, false],
  ])('faults 2: %s', (_where, frame, isOurs) => {
    expect(isOurFrame(frame)).toBe(isOurs)
  })

  test.each([
    ['our window', 1, 1, true],
    ['another window', 1, 2, false],
    ['a window that is closed', null, 1, false],
  ])('faults 2: and its call is, from %s', (_which, ours, sender, isOurs) => {
    const page: Parameters<typeof isOurPage>[0] = () =>
      ours === null ? null : Object.assign(Object.create(null), { id: ours })
    const event = Object.assign(Object.create(null), { sender: { id: sender }, senderFrame: top })
    expect(isOurPage(page)(event)).toBe(isOurs)
  })
})

describe('the bridge', () => {
  const bridge = exposed.get('bridge') ?? {}

  test('faults 20: shows the calls of the contract and `on`, and nothing else', () => {
    expect([...exposed.keys()]).toEqual(['bridge'])
    expect(Object.keys(bridge).sort()).toEqual([...calls, 'on'].sort())
    expect(Object.values(bridge).every((member) => typeof member === 'function')).toBe(true)
  })

  test('faults 20: calls by its own name, with one value', async () => {
    invoked.length = 0
    for (const call of calls) await bridge[call]?.({ id: 1 }, 'surplus')
    expect(invoked).toEqual(calls.map((call) => [call, { id: 1 }]))
  })

  test('faults 20: hands over the value of a push without its event, until told to stop', () => {
    for (const push of pushes) {
      const heard: unknown[][] = []
      const stop = bridge.on?.(push, (...given: unknown[]) => heard.push(given))
      listening.get(push)?.({ sender: 'ipcRenderer' }, { names: [] })
      expect(heard).toEqual([[{ names: [] }]])
      if (typeof stop !== 'function') throw new Error('on() gave no way to stop')
      expect(stop()).toBeUndefined()
      expect(listening.has(push)).toBe(false)
    }
  })

  test.each(['app.read', 'autre', '', '__proto__', 'constructor', null, 3])(
    'faults 20: listens to no %j',
    (push) => {
      expect(() => bridge.on?.(push, () => {})).toThrow('Unknown push')
      expect(listening.size).toBe(0)
    },
  )
})
