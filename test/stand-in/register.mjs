import { registerHooks } from 'node:module'

const standIn = new URL('electron.ts', import.meta.url).href

// What `electron .` sets and a bare Node does not: argv then starts with the program and its entry.
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!/^electron(\/main|\/common)?$/.test(specifier)) return nextResolve(specifier, context)
    return { url: standIn, format: 'module-typescript', shortCircuit: true }
  },
})
