let ready = false
let starting: Promise<void> | undefined

const { promise: evaluated, resolve } = Promise.withResolvers<void>()
// Called by the end of the entry itself, as register.mjs arranges.
Object.defineProperty(globalThis, Symbol.for('stand-in.entry-evaluated'), { value: resolve })

export const isReady = () => ready

/** Runs `start` once, after the entry was evaluated; every call resolves when it is over. */
export function becomeReady(start: () => Promise<unknown>): Promise<void> {
  starting ??= evaluated.then(start).then(() => {
    ready = true
  })
  return starting
}
