// Loaded before the program by a test: once EXPIRE_AFTER_MS have passed, thirteen hours have, and the proof of who is
// signed in is to be renewed at once.
const renewEveryMs = 20 * 60_000
const { setTimeout: later } = globalThis
const { now } = Date
let skewMs = 0
Date.now = () => now() + skewMs

function sooner(work: () => void, ms?: number, ...rest: []): NodeJS.Timeout {
  if (ms !== renewEveryMs) return later(work, ms, ...rest)
  return later(() => {
    skewMs = 13 * 3_600_000
    work()
  }, Number(process.env.EXPIRE_AFTER_MS))
}
globalThis.setTimeout = Object.assign(sooner, later)
