import { realpathSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const standIn = new URL('electron.ts', import.meta.url).href
const entry = pathToFileURL(realpathSync(process.argv[1] ?? '.')).href
const evaluated = "\n;globalThis[Symbol.for('stand-in.entry-evaluated')]()\n"

// What `electron .` sets and a bare Node does not: argv then starts with the program and its entry.
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!/^electron(\/main|\/common)?$/.test(specifier)) return nextResolve(specifier, context)
    return { url: standIn, format: 'module-typescript', shortCircuit: true }
  },
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (url !== entry || loaded.source == null) return loaded
    const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
    return { ...loaded, source: source + evaluated }
  },
})

process.on('exit', (code) => {
  if (code !== 13) return
  console.error(
    'Like Electron, the stand-in is ready once the entry has been evaluated: awaiting app.whenReady()',
  )
  console.error('at its top level waits for ever (electron/electron#40719).')
})
