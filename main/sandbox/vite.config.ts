import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const at = (path: string) => resolve(import.meta.dirname, path)

export default defineConfig({
  root: import.meta.dirname,
  build: {
    ssr: at('index.ts'),
    target: 'node24',
    outDir: at('../../out/sandbox'),
    emptyOutDir: true,
    rollupOptions: { output: { entryFileNames: 'index.js' } },
  },
})
