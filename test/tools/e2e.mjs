import { join } from 'node:path'
import { bootstrap, build, root, run } from './bootstrap.mjs'

await bootstrap()
const args = process.argv.slice(2).filter((arg) => arg !== '--real')
const real = process.argv.includes('--real')
process.exitCode = await e2e()

async function e2e() {
  if (real) {
    const { ensureElectron } = await import('./electron.mjs')
    if (!ensureElectron()) {
      console.error(
        "npm run e2e -- --real needs Electron's binary: it is not in node_modules and could not be downloaded.",
      )
      return 1
    }
  } else {
    await (await import('./browser.mjs')).ensureBrowser()
  }
  if (!(await build())) return 1
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js')
  const config = join(root, 'test', 'e2e', 'playwright.config.ts')
  return run(process.execPath, [cli, 'test', '--config', config, ...args], {
    env: { ...process.env, ...(real ? { E2E_REAL: '1' } : {}) },
  })
}
