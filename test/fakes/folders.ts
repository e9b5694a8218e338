import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new folder, removed when the test ends. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'dimail-console-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Every file below a folder, by its path, as bytes. */
export function filesOf(path: string): Map<string, Buffer> {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name)
      return [file, readFileSync(file)]
    }),
  )
}
