let ready = false
let starting: Promise<void> | undefined

export const isReady = () => ready

/** Runs `start` at the first call; every call resolves once it is over. */
export function becomeReady(start: () => Promise<unknown>): Promise<void> {
  starting ??= start().then(() => {
    ready = true
  })
  return starting
}
