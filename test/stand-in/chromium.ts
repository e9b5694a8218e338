import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import { findBrowser } from '../tools/browser.mjs'
import { answerRequests, type MayNavigate } from './requests.ts'

const flags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--force-device-scale-factor=1',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  // Whatever interception misses (web sockets, prefetches) ends at a closed port, loopback included.
  '--proxy-server=127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
]

let context: BrowserContext | undefined

/** Chromium's only context, once the program is ready. */
export function chromiumContext(): BrowserContext {
  if (!context) throw new Error('Cannot create BrowserWindow before app is ready')
  return context
}

export const isHeadless = () =>
  process.argv.includes('--headless') ||
  Boolean(process.env.STAND_IN_HEADLESS) ||
  (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)

/** Chromium over a pipe, which it does not outlive; its data under `userData` goes with the next start. */
export async function openChromium(
  userData: string,
  locale: string,
  mayNavigate: MayNavigate,
): Promise<void> {
  const executablePath = await findBrowser()
  if (!executablePath) throw new Error('the stand-in needs Chromium: install it, or set CHROMIUM_PATH')
  const port = debuggingPort()
  const headless = isHeadless()
  const opened = await chromium.launchPersistentContext(ownFolder(userData), {
    executablePath,
    headless,
    locale,
    args: [...flags, ...(port ? [`--remote-debugging-port=${port}`] : [])],
    chromiumSandbox: process.platform !== 'linux' || process.getuid?.() !== 0,
    ...(headless ? { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 } : { viewport: null }),
    serviceWorkers: 'block',
    acceptDownloads: false,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
  await opened.grantPermissions([])
  await answerRequests(opened, mayNavigate)
  context = opened
}

// A folder per process: the one of a killed program may still be locked by its dying Chromium.
function ownFolder(userData: string): string {
  const all = join(userData, 'stand-in')
  mkdirSync(all, { recursive: true })
  for (const name of readdirSync(all)) {
    if (!isAlive(Number(name))) rmSync(join(all, name), { recursive: true, force: true, maxRetries: 3 })
  }
  return join(all, String(process.pid))
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The port on which a test may drive Chromium too, when it asked for one. */
export function debuggingPort(): string | undefined {
  const flag = '--remote-debugging-port='
  return process.argv.find((arg) => arg.startsWith(flag))?.slice(flag.length) ?? process.env.STAND_IN_CDP_PORT
}
