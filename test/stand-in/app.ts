import { existsSync, readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { App, CommandLine } from 'electron'
import { openChromium } from './chromium.ts'
import { createEmitter, createEvent } from './emitter.ts'
import { standIn } from './partial.ts'
import { becomeReady, isReady } from './ready.ts'
import { takeLock } from './single-instance.ts'
import { closeWindows, mayNavigate, onAllClosed, onContents } from './windows.ts'

const events = createEmitter('app', [
  'ready',
  'second-instance',
  'window-all-closed',
  'web-contents-created',
  'render-process-gone',
  'before-quit',
  'will-quit',
  'quit',
  // macOS only, or never seen here: accepted, not emitted.
  'activate',
  'child-process-gone',
  'certificate-error',
  'login',
])

const manifestFile = nearestManifest(process.argv[1] ?? process.cwd())
const manifest: { name?: string; productName?: string; version?: string } = JSON.parse(
  readFileSync(manifestFile, 'utf8'),
)
const paths = new Map<string, string>()
let name = manifest.productName ?? manifest.name ?? 'Electron'
let quitting = false

function nearestManifest(from: string): string {
  const file = join(dirname(from), 'package.json')
  return existsSync(file) ? file : nearestManifest(dirname(from))
}

function appData(): string {
  if (process.platform === 'win32') return process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  return process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config')
}

function getPath(which: string): string {
  const userData = paths.get('userData') ?? join(appData(), name)
  const known: Record<string, string> = {
    home: homedir(),
    appData: appData(),
    userData,
    sessionData: userData,
    temp: tmpdir(),
    logs: join(userData, 'logs'),
    crashDumps: join(userData, 'Crashpad'),
    exe: process.execPath,
    downloads: join(homedir(), 'Downloads'),
    documents: join(homedir(), 'Documents'),
  }
  const path = paths.get(which) ?? known[which]
  if (!path) throw new Error(`the stand-in has no path '${which}'`)
  return path
}

function locale(): string {
  const asked = commandLine.getSwitchValue('lang')
  const system = (process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || 'en-US').split('.')[0]
  const found = asked || (system ?? '').replace('_', '-')
  return /^[a-z]{2}(-[A-Z]{2})?$/.test(found) ? found : 'en-US'
}

const appended = new Map<string, string>()
const commandLine = standIn<CommandLine>('app.commandLine', {
  appendSwitch(flag, value = '') {
    appended.set(flag, value)
  },
  hasSwitch: (flag) => appended.has(flag) || process.argv.some((arg) => arg.split('=')[0] === `--${flag}`),
  getSwitchValue(flag) {
    const given = process.argv.find((arg) => arg.startsWith(`--${flag}=`))
    return appended.get(flag) ?? given?.slice(flag.length + 3) ?? ''
  },
})

function whenReady(): Promise<void> {
  return becomeReady(async () => {
    await openChromium(getPath('userData'), locale(), mayNavigate)
    queueMicrotask(() => events.emit('ready', createEvent({}), {}))
  })
}

async function quit(): Promise<void> {
  if (quitting) return
  quitting = true
  const before = createEvent({})
  events.emit('before-quit', before)
  if (before.defaultPrevented || !(await closeWindows())) {
    quitting = false
    return
  }
  const will = createEvent({})
  events.emit('will-quit', will)
  quitting = false
  if (!will.defaultPrevented) exit(0)
}

function exit(code = 0): void {
  events.emit('quit', createEvent({}), code)
  // Standard output is asynchronous on some systems; Playwright ends Chromium when this process exits.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}

onAllClosed(() => {
  if (!quitting && !events.emit('window-all-closed')) void quit()
})
onContents((event, ...args) => events.emit(event, ...args))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void quit())

export const app: App = standIn<App>('app', {
  ...events.members((): App => app),
  get name() {
    return name
  },
  set name(value) {
    name = value
  },
  commandLine,
  isPackaged: false,
  getName: () => name,
  setName(value) {
    name = value
  },
  getVersion: () => manifest.version ?? '0.0.0',
  getAppPath: () => dirname(manifestFile),
  getLocale: locale,
  getPreferredSystemLanguages: () => [locale()],
  getPath,
  setPath(which, path) {
    getPath(which)
    paths.set(which, path)
  },
  isReady,
  whenReady,
  requestSingleInstanceLock: (data) =>
    takeLock(getPath('userData'), data, (second) =>
      events.emit('second-instance', createEvent({}), second.argv, second.cwd, second.data),
    ),
  enableSandbox() {
    if (isReady()) throw new Error('app.enableSandbox() can only be called before app is ready')
  },
  // A Windows taskbar matter: nothing to stand for.
  setAppUserModelId() {},
  quit: () => void quit(),
  exit,
})
