import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../node_modules/.vite',
  test: {
    include: ['unit/**/*.test.ts', 'wire/**/*.test.ts'],
    pool: 'forks',
    setupFiles: ['canaries/each-test.ts'],
    testTimeout: 30_000,
    restoreMocks: true,
  },
})
