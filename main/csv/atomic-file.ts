import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { systemCode } from './system-code.ts'

/**
 * Writes a file whole or not at all (docs/faults.md 69): beside it first, flushed, then in its place, readable by
 * the agent alone. A link is replaced, and what it leads to stays: write-file-atomic would follow it, and takes no
 * stream. `storage/export` tells what the system refused; the file that was there is then as it was.
 */
export async function writeAtomically(path: string, content: Readable): Promise<Result<void>> {
  const beside = join(dirname(path), `.${basename(path).slice(0, 80)}.${randomBytes(6).toString('hex')}`)
  try {
    await pipeline(content, createWriteStream(beside, { flags: 'wx', mode: 0o600, flush: true }))
    await rename(beside, path)
    return ok(undefined)
  } catch (error) {
    content.destroy()
    await rm(beside, { force: true }).catch(() => {
      // A folder that refuses this has refused the file too: what matters is told below.
    })
    const cause = systemCode(error)
    if (cause === null) throw error
    return failed('storage', 'export', `The file cannot be written: ${cause}.`, {
      cause,
      file: basename(path),
    })
  }
}
