import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders: string[] = []

/** A profile file with its secrets, outside of every folder that is searched for them; gone when the test ends. */
export function givenProfile(profile: Record<string, unknown> | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'console-given-'))
  folders.push(folder)
  const file = join(folder, 'profile.json')
  writeFileSync(file, typeof profile === 'string' ? profile : JSON.stringify(profile))
  return file
}

/** Called when a test ends. */
export function removeGiven(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}
