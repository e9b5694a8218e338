import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { assertNothingPlanted } from './planted.ts'

const made = () => mkdtempSync(join(tmpdir(), 'dimail-console-'))
const remove = (path: string) => rmSync(path, { recursive: true, force: true })

/** A new folder, removed when the test ends, which fails when a secret is written there (docs/faults.md 70). */
export function folder(): string {
  const path = made()
  onTestFinished(() => {
    try {
      assertNothingPlanted(path)
    } finally {
      remove(path)
    }
  })
  return path
}

/** The same for what a test itself writes with secrets in it, to be read by the console. */
export function folderOfSecrets(): string {
  const path = made()
  onTestFinished(() => remove(path))
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
