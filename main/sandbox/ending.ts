import type { Sandbox } from './server.ts'

/** Ends the process on SIGINT and SIGTERM, and with its parent when asked to: when stdin ends. */
export function endWith(sandbox: Sandbox, followParent: boolean): void {
  let ending = false
  function end() {
    if (ending) return
    ending = true
    // Whatever still holds the event loop, nobody is served any more.
    setTimeout(() => process.exit(0), 500).unref()
    void sandbox.close().then(() => process.exit(0))
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  if (!followParent) return
  process.stdin.on('end', end).on('close', end).on('error', end).resume()
}
