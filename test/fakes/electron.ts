import { createRequire, registerHooks } from 'node:module'

const require = createRequire(import.meta.url)
const place = Symbol.for('dimail-console.fake-electron')

/**
 * Loads a source file that imports `electron`, with these members in its place. Once per test file: modules are
 * evaluated once, so later loads see the first members.
 */
export function loadWithElectron(electron: Record<string, unknown>, path: string) {
  Reflect.set(globalThis, place, electron)
  const members = Object.keys(electron).join(', ')
  const source = `export const { ${members} } = globalThis[Symbol.for(${JSON.stringify(place.description)})]`
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== 'electron') return next(specifier, context)
      return { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true }
    },
  })
  try {
    return require(path)
  } finally {
    hooks.deregister()
  }
}
