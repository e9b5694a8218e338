import { ok, type Result } from '../../preload/failure.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { personAddress } from '../rights/keys.ts'
import { knownDomain } from '../rights/known-domain.ts'

/** A town's support address, in lower case; null, or nothing typed: none. */
export function supportAddress(text: string | null): Result<string | null> {
  return text === null || text.trim() === '' ? ok(null) : personAddress(text)
}

/** Where the town is told of its domain; known to this console alone. Returns the domain's name. */
export async function setSupportEmail(
  workspace: Workspace,
  { name, email }: { name: string; email: string | null },
): Promise<Result<string>> {
  const known = knownDomain(workspace, name)
  if (!known.ok) return known
  const supportEmail = supportAddress(email)
  if (!supportEmail.ok) return supportEmail
  const { towns } = workspace.desk
  if (supportEmail.value === null) await towns.remove(known.value)
  else await towns.put(known.value, known.value, { name: known.value, supportEmail: supportEmail.value })
  workspace.changed([known.value])
  return known
}
