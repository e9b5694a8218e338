import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

/** A server of another's, in the foreground of a folder of its own. */
export type Daemon = { isRunning(): boolean; close(): Promise<void> }

/**
 * Starts `program` on its configuration `file` in `folder`, as whoever runs the tests: another user could not even reach
 * the folder that a whole suite writes into. Closing ends it and removes the folder; a test that is cut short leaves no server
 * behind.
 */
export function startDaemon(program: string, folder: string, file: string): Daemon {
  const child = spawn(program, ['-d', '-c', file], { stdio: 'ignore', cwd: folder })
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const end = () => void (isRunning() && child.kill('SIGTERM'))
  process.once('exit', end)
  return {
    isRunning,
    async close() {
      process.off('exit', end)
      end()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
