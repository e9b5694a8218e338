const toleratedByRuntimes = new Set(['then', 'toJSON'])

/**
 * `members` as the whole Electron object `T`: each is checked against Electron's type, and using one that is
 * not there throws, so that the cast below cannot hide a silent no-op.
 */
export function standIn<T extends object>(name: string, members: Partial<T>): T {
  return new Proxy(members, {
    get(target, key, receiver) {
      if (key in target || typeof key === 'symbol' || toleratedByRuntimes.has(key)) {
        return Reflect.get(target, key, receiver)
      }
      throw new Error(`the stand-in has no ${name}.${key}`)
    },
    set(target, key, value, receiver) {
      if (key in target) return Reflect.set(target, key, value, receiver)
      throw new Error(`the stand-in has no ${name}.${String(key)} to set`)
    },
  }) as T
}
