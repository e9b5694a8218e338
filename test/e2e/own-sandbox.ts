import { writeFileSync } from 'node:fs'
import { type Sandbox, startSandbox } from '../../main/sandbox/server.ts'
import { test } from './launch.ts'

/** A dimail of the test's own, to be spoiled at will, and what starts the console on a profile of it. */
export async function ownSandbox(): Promise<{ sandbox: Sandbox; args: string[] }> {
  const sandbox = await startSandbox({})
  const { url: address, username, password } = sandbox
  const file = test.info().outputPath('profile.json')
  writeFileSync(file, JSON.stringify({ name: 'Essai', address, username, password }))
  return { sandbox, args: ['--profile', file] }
}
