import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bootstrap, build, root, run } from './bootstrap.mjs'

await bootstrap()
const args = process.argv.slice(2)
process.exitCode = (await build()) ? await start() : 1

async function start() {
  const { electronFlags, ensureElectron } = await import('./electron.mjs')
  const electron = process.env.STAND_IN ? undefined : ensureElectron()
  if (electron) return run(electron, [...electronFlags(args), root, ...args])
  console.error("Electron's binary cannot be had here: the stand-in (Chromium) runs instead.")
  const { ensureBrowser } = await import('./browser.mjs')
  try {
    await ensureBrowser()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
  const register = pathToFileURL(join(root, 'test', 'stand-in', 'register.mjs')).href
  return run(process.execPath, ['--import', register, join(root, 'out', 'main', 'index.js'), ...args])
}
