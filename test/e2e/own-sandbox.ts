import { type Sandbox, startSandbox } from '../../main/sandbox/server.ts'
import { plantSecretsOf } from '../fakes/planted.ts'
import { givenProfile } from './given.ts'

/** A dimail of the test's own, to be spoiled at will, and what starts the console on a profile of it. */
export async function ownSandbox(): Promise<{ sandbox: Sandbox; args: string[] }> {
  const sandbox = await startSandbox({})
  plantSecretsOf(sandbox)
  const { url: address, username, password } = sandbox
  return { sandbox, args: ['--profile', givenProfile({ name: 'Essai', address, username, password })] }
}
