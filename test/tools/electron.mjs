import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './bootstrap.mjs'

const folder = join(root, 'node_modules', 'electron')

/** The path of Electron's binary, when it is on this machine. @returns {string | undefined} */
export function findElectron() {
  const file = join(folder, 'path.txt')
  if (!existsSync(file)) return undefined
  const path = join(
    process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'),
    readFileSync(file, 'utf8'),
  )
  return existsSync(path) ? path : undefined
}

/** The same, after one attempt of at most a minute to download it. @returns {string | undefined} */
export function ensureElectron() {
  const found = findElectron()
  if (found) return found
  spawnSync(process.execPath, [join(folder, 'install.js')], {
    timeout: 60_000,
    stdio: 'ignore',
    killSignal: 'SIGKILL',
  })
  return findElectron()
}

/** What Chromium needs to be told on a machine without a display or without another user than root. @param {string[]} args */
export function electronFlags(args) {
  if (process.platform !== 'linux') return []
  const hasDisplay = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
  return [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...(args.includes('--headless') && !hasDisplay ? ['--ozone-platform=headless'] : []),
  ]
}
