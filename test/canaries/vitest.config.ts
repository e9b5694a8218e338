import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** What is searched after every other level has run (test/tools/canaries.mjs). */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: join(import.meta.dirname, '../../node_modules/.vite-canaries'),
  test: { include: ['*.test.ts'], testTimeout: 300_000 },
})
