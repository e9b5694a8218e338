import type { Codec } from './codec.ts'
import type { OpenWindow } from './deny-windows.ts'

export type Invocation = { id: number; channel: string; args: string }
export type ToMain = Invocation | { preloadError: string } | { openWindow: OpenWindow }
export type ToPage = { id: number; ok: boolean; text: string } | { channel: string; args: string }

type Listener = (event: object, ...args: unknown[]) => void
type PreloadModule = (
  require: (name: string) => unknown,
  module: { exports: object },
  exports: object,
) => void

/**
 * What runs in a page before its own scripts: gives the preload `electron`, and hides the way to main.
 * Self-contained: its source is injected, with `codec` built from the source of createCodec.
 */
export function pageSide(
  codec: Codec,
  send: (text: string) => void,
  receiver: symbol,
  preload: PreloadModule,
): void {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  const listeners = new Map<string, Listener[]>()
  let latest = 0

  function toMain(message: ToMain): void {
    send(JSON.stringify(message))
  }

  const ipcRenderer = {
    invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const id = ++latest
      return new Promise((resolve, reject) => {
        const encoded = codec.encode(args)
        waiting.set(id, {
          resolve,
          reject: (error) => reject(new Error(`Error invoking remote method '${channel}': ${error.message}`)),
        })
        toMain({ id, channel, args: encoded })
      })
    },
    on(channel: string, listener: Listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      return ipcRenderer
    },
    off(channel: string, listener: Listener) {
      listeners.set(channel, listeners.get(channel)?.filter((known) => known !== listener) ?? [])
      return ipcRenderer
    },
  }

  Object.defineProperty(globalThis, receiver, {
    value: (message: ToPage) => {
      if ('channel' in message) {
        const args = codec.decode(message.args)
        for (const listener of listeners.get(message.channel) ?? []) {
          listener(
            { sender: strict('ipcRenderer', ipcRenderer), ports: [] },
            ...(Array.isArray(args) ? args : []),
          )
        }
        return
      }
      const call = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.ok) call?.resolve(codec.decode(message.text))
      else call?.reject(new Error(message.text))
    },
  })

  function strict<T extends object>(name: string, members: T): T {
    return new Proxy(members, {
      get(target, key) {
        if (key in target || typeof key === 'symbol') return Reflect.get(target, key)
        throw new Error(`the stand-in has no ${name}.${key}`)
      },
    })
  }

  /** A copy as the context bridge makes it: own data and functions only, frozen, nothing shared. */
  function copy(value: unknown, seen = new Map<unknown, unknown>(), depth = 0): unknown {
    if (depth > 1000) throw new TypeError('Electron contextBridge recursion depth exceeded.')
    if (typeof value === 'symbol') throw new Error('A symbol cannot pass the context bridge')
    if (typeof value === 'function') {
      return Object.freeze((...args: unknown[]) =>
        copy(
          Reflect.apply(
            value,
            undefined,
            args.map((arg) => copy(arg)),
          ),
        ),
      )
    }
    if (typeof value !== 'object' || value === null) return value
    const known = seen.get(value)
    if (known) return known
    if (value instanceof Promise) {
      return value.then(copyOne, (error: unknown) => {
        throw copy(error)
      })
    }
    if (value instanceof Error) return new Error(value.message)
    const prototype = Object.getPrototypeOf(value)
    if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null)
      return structuredClone(value)
    const made: object = Array.isArray(value) ? [] : {}
    seen.set(value, made)
    for (const [key, item] of Object.entries(value)) {
      Object.defineProperty(made, key, {
        value: copy(item, seen, depth + 1),
        enumerable: true,
        writable: true,
        configurable: true,
      })
    }
    return made
  }

  function copyOne(value: unknown): unknown {
    return copy(value)
  }

  function freeze(value: unknown): unknown {
    if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
      Object.freeze(value)
      Object.values(value).forEach(freeze)
    }
    return value
  }

  const contextBridge = {
    exposeInMainWorld(key: string, api: unknown): void {
      if (key in globalThis) {
        throw new Error(`Cannot bind an API on top of an existing property on the window object: ${key}`)
      }
      Object.defineProperty(globalThis, key, { value: freeze(copy(api)), enumerable: true })
    },
  }

  const electron = strict('electron (in a preload)', {
    ipcRenderer: strict('ipcRenderer', ipcRenderer),
    contextBridge: strict('contextBridge', contextBridge),
  })

  function require(name: string): unknown {
    if (name === 'electron' || name === 'electron/renderer') return electron
    throw new Error(`module not found: ${name} (a sandboxed preload may require electron only)`)
  }

  try {
    const module = { exports: {} }
    preload(require, module, module.exports)
  } catch (error) {
    toMain({ preloadError: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}
