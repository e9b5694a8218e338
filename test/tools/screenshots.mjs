import { bootstrap, build } from './bootstrap.mjs'

await bootstrap()
const { ensureBrowser } = await import('./browser.mjs')
await ensureBrowser()
if (await build()) {
  const { takeScreenshots } = await import('../e2e/screenshots.ts')
  await takeScreenshots(process.argv.slice(2))
} else process.exitCode = 1
