type Listener = (...args: never[]) => unknown

export type Emitter = ReturnType<typeof createEmitter>

/** Events of the stand-in's object `name`; listening to one that is not in `events` throws. */
export function createEmitter(name: string, events: readonly string[]) {
  const listeners = new Map<string, { listener: Listener; once: boolean }[]>()

  function add(event: string, listener: Listener, once: boolean): void {
    if (!events.includes(event)) throw new Error(`the stand-in's ${name} has no event '${event}'`)
    listeners.set(event, [...(listeners.get(event) ?? []), { listener, once }])
  }

  function remove(event: string, listener: Listener): void {
    const kept = listeners.get(event)?.filter((entry) => entry.listener !== listener)
    if (kept) listeners.set(event, kept)
  }

  /** Calls every listener in order, as Node's emitter does; true when there was one. */
  function emit(event: string, ...args: unknown[]): boolean {
    const called = listeners.get(event) ?? []
    for (const { listener, once } of called) {
      if (once) remove(event, listener)
      Reflect.apply(listener, undefined, args)
    }
    return called.length > 0
  }

  return {
    emit,
    /** The members that Electron's emitters have, each answering `self()`. */
    members<T>(self: () => T) {
      const then =
        (change: (event: string, listener: Listener) => void) => (event: string, listener: Listener) => {
          change(event, listener)
          return self()
        }
      const off = then(remove)
      return {
        on: then((event, listener) => add(event, listener, false)),
        once: then((event, listener) => add(event, listener, true)),
        off,
        removeListener: off,
        listenerCount: (event: string | symbol) => listeners.get(String(event))?.length ?? 0,
      }
    },
  }
}

/** Electron's event: `details` with a `preventDefault` whose effect the emitter reads back. */
export function createEvent<T extends object>(details: T) {
  let defaultPrevented = false
  const preventDefault = () => {
    defaultPrevented = true
  }
  const event = Object.assign(details, { preventDefault, defaultPrevented })
  return Object.defineProperty(event, 'defaultPrevented', { get: () => defaultPrevented })
}
